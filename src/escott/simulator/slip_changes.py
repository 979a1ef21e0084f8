"""What a telegram, a console or a till makes of a slip, once it is admitted.

Source: protocol.md H. The table in ``slip_law`` decides; here stands the rest: a slip is
changed only once, and a change brings another number and another link.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from escott.gateway.operations import OperateId
from escott.simulator.options import Options
from escott.simulator.slip_law import SlipStep
from escott.simulator.slips import Hand, Slip, SlipAct, SlipEntry
from escott.simulator.telegrams import Refused

#: The single entry of ``codes`` for what was carried out.
ACCEPTED = ("OK",)


def slip_changed(
    slip: Slip,
    operation: OperateId,
    now: datetime,
    options: Options,
    *,
    amount: int,
    pay_limit: datetime,
    kessai_number: str,
    new_id: Callable[[], str],
) -> Slip:
    """``slip`` after 2Chg, 2Del or 2Ref.

    Args:
        amount: yen, for 2Chg.
        pay_limit: the last minute, for 2Chg.
        kessai_number: the number that a changed slip gets.

    Raises:
        Refused: the law does not allow it in this state, or it was changed before (K14).
    """
    cell = options.slip_law[slip.state_at(now)][operation]
    match cell:
        case SlipStep.STAY:
            return slip
        case SlipStep.DELETE:
            return replace(slip, is_deleted=True)
        case SlipStep.CHANGE:
            if slip.changes >= options.slip_changes:
                raise Refused("K14")
            return replace(
                slip,
                amount=amount,
                pay_limit=pay_limit,
                kessai_number=kessai_number,
                link_code=new_link_code(new_id),
                former_link_codes=(*slip.former_link_codes, slip.link_code),
                changes=slip.changes + 1,
            )
        case code:
            raise Refused(code)


def with_slip_entry(
    slip: Slip, act: SlipAct, codes: tuple[str, ...], *, number: str, now: datetime, by: Hand
) -> Slip:
    """``slip`` with one more line in its history; ``number`` is the TransactionId of the line."""
    entry = SlipEntry(
        transaction_id=number,
        at=now,
        act=act,
        codes=codes,
        state=slip.state_at(now),
        amount=slip.amount,
        pay_limit=slip.pay_limit,
        kessai_number=slip.kessai_number,
        by=by,
    )
    return replace(slip, history=(*slip.history, entry))


def new_kessai_number(transaction_id: str) -> str:
    """決済番号: eleven digits that no other slip has."""
    return f"5{transaction_id[-10:]}"


def new_link_code(new_id: Callable[[], str]) -> str:
    """暗号化決済番号: forty letters and digits that nobody can guess."""
    return new_id() + new_id()[:8]
