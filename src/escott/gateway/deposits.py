"""入金: what the gateway tells of a deposit, in the answer to 2Ref and in a deposit notice.

Source: protocol.md H.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from escott.clock import JST
from escott.gateway import received_values as received
from escott.gateway.errors import MalformedTelegram

#: How NyukinDate is written, by its number of digits.
_WRITTEN: Final[Mapping[int, str]] = {8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}

#: The year 1 cannot be told in UTC, so no row could keep it.
_YEARS: Final = range(2000, 2100)


@dataclass(frozen=True, slots=True)
class Deposit:
    """A deposit at a convenience store, a bank or with e-money.

    Attributes:
        paid_at: NyukinDate, in Japan time; midnight where only the day is told.
        recv_num: 受付番号.
        cvs_cd: 収納機関コード, such as LSN; see :mod:`escott.gateway.institutions`.
        tenant_cd: the shop or branch where it was paid.
        stamped: a revenue stamp stands on the receipt.
    """

    paid_at: datetime
    recv_num: str = field(default="", repr=False)
    cvs_cd: str = ""
    tenant_cd: str = ""
    stamped: bool = False


def deposit_of(fields: Mapping[str, str]) -> Deposit | None:
    """The deposit that the fields of an answer or a notice tell of; ``None`` if they tell none.

    Raises:
        MalformedTelegram: a value is not of its kind.
    """
    written = fields.get("NyukinDate", "")
    if not written:
        return None
    return Deposit(
        paid_at=_moment(written),
        recv_num=received.opaque(fields, "RecvNum"),
        cvs_cd=received.opaque(fields, "CvsCd"),
        tenant_cd=received.opaque(fields, "TenantCd"),
        stamped=fields.get("StampFlag", "") == "1",
    )


def _moment(written: str) -> datetime:
    form = _WRITTEN.get(len(written))
    try:
        if form is None or not (written.isascii() and written.isdecimal()):
            raise ValueError
        moment = datetime.strptime(written, form).replace(tzinfo=JST)
        if moment.year not in _YEARS:
            raise ValueError
        return moment
    except ValueError:
        raise MalformedTelegram("NyukinDate is not a date written YYYYMMDDHHMM") from None
