"""The filtered list as CSV: UTF-8 with BOM, or Shift_JIS for older spreadsheets and ledgers.

The rows are read a chunk at a time by keyset, so that a million of them need no more memory
than a page, and no transaction stays open while the browser takes its time.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from typing import Any, Final

from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from escott.clock import in_japan
from escott.django.deposit_texts import institution_name
from escott.django.models import Payment, Slip
from escott.django.models.slip import slip_of
from escott.django.pay_type_labels import PAY_TYPE_LABELS
from escott.django.payment_list.conditions import Selection
from escott.django.payment_list.pages import Cursor, keys_of, rows_of
from escott.rules.card_brands import NAMES
from escott.rules.payment_methods import PaymentMethod

_CHUNK: Final = 1000

#: What a spreadsheet would take for the beginning of a formula, half-width or full-width.
_FORMULA: Final = tuple("=+-@\t\r\n＝＋－＠")

#: Signs for which Shift_JIS as Windows knows it (cp932) has a twin.
_TWINS: Final = str.maketrans("—〜−¥‖•‑", "―～－￥∥・-")
#: For a character that Shift_JIS does not have: 〓, as printers used to set it.
_MISSING: Final = "〓".encode("cp932")


def _geta(error: UnicodeError) -> tuple[bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return _MISSING * (error.end - error.start), error.end


codecs.register_error("escott.geta", _geta)


@dataclass(frozen=True, slots=True)
class CsvEncoding:
    """One of the encodings on offer.

    Attributes:
        charset: for the header Content-Type.
        opening: what the file begins with.
    """

    label: Any
    charset: str
    encode: Callable[[str], bytes]
    opening: bytes = b""


CSV_ENCODINGS: Final[Mapping[str, CsvEncoding]] = {
    "utf-8": CsvEncoding(
        gettext_lazy("UTF-8"), "utf-8", lambda text: text.encode(), codecs.BOM_UTF8
    ),
    "shift_jis": CsvEncoding(
        gettext_lazy("Shift_JIS"),
        "Shift_JIS",
        lambda text: text.translate(_TWINS).encode("cp932", errors="escott.geta"),
    ),
}

_Cell = str | int
#: Columns that a host adds to those of the payment, for one chunk of rows.
MoreColumns = Callable[[Sequence[Payment]], Mapping[int, Sequence[_Cell]]]


def _moment(moment: datetime | None) -> str:
    return f"{in_japan(moment):%Y-%m-%d %H:%M:%S}" if moment else ""


def _brand(payment: Payment) -> str:
    return NAMES.get(payment.card_brand, "") if payment.card_brand else ""  # type: ignore[call-overload]


def _instalments(payment: Payment) -> str:
    if payment.method != PaymentMethod.CARD:
        return ""
    return str(PAY_TYPE_LABELS.get(payment.pay_type, payment.pay_type))


def _of_slip(value: Callable[[Slip], _Cell]) -> Callable[[Payment], _Cell]:
    """A column that only a slip has."""

    def cell(payment: Payment) -> _Cell:
        slip = slip_of(payment)
        return "" if slip is None else value(slip)

    return cell


#: Heading and value of each column. Yen are plain numbers, moments are Japan time.
_COLUMNS: Final[tuple[tuple[Any, Callable[[Payment], _Cell]], ...]] = (
    (gettext_lazy("Transaction code"), lambda p: p.transaction_code),
    (gettext_lazy("Order number"), lambda p: p.order_reference),
    (gettext_lazy("State"), lambda p: str(p.get_state_display())),
    (gettext_lazy("Amount"), lambda p: p.amount),
    (gettext_lazy("Test or production"), lambda p: str(p.get_mode_display())),
    (gettext_lazy("Way to pay"), lambda p: str(p.get_method_display())),
    (gettext_lazy("Card brand"), _brand),
    (gettext_lazy("Last four digits"), lambda p: p.last_four),
    (gettext_lazy("Number of payments"), _instalments),
    (gettext_lazy("Order date"), lambda p: _moment(p.created_at)),
    (gettext_lazy("Charged at"), lambda p: _moment(p.charged_at)),
    (gettext_lazy("Sales date"), lambda p: p.captured_on.isoformat() if p.captured_on else ""),
    (
        gettext_lazy("Operations until"),
        lambda p: p.operable_until.isoformat() if p.operable_until else "",
    ),
    (gettext_lazy("Payable until"), _of_slip(lambda slip: slip.due_on.isoformat())),
    (gettext_lazy("Payment number"), _of_slip(lambda slip: slip.kessai_number)),
    (gettext_lazy("Fee"), _of_slip(lambda slip: slip.fee)),
    (gettext_lazy("Paid in at"), _of_slip(lambda slip: _moment(slip.deposited_at))),
    (gettext_lazy("Amount paid in"), _of_slip(lambda slip: slip.deposited_amount or "")),
    (gettext_lazy("Receipt number"), _of_slip(lambda slip: slip.receipt_number)),
    (gettext_lazy("Institution"), _of_slip(lambda slip: institution_name(slip.institution))),
    (gettext_lazy("Needs attention"), lambda p: _("yes") if p.needs_attention else ""),
    (gettext_lazy("E-mail"), lambda p: p.email),
)


def csv_of(
    selection: Selection,
    encoding: CsvEncoding,
    *,
    headings: Sequence[Any] = (),
    more: MoreColumns | None = None,
) -> Iterator[bytes]:
    """The file in parts, in the language of the page that asks.

    Args:
        headings: of the columns that ``more`` adds.
        more: by the payment's number, the cells that the host adds.
    """
    language = get_language()
    yield encoding.opening
    with override(language):
        first = encoding.encode(
            _lines([[str(name) for name, _value in _COLUMNS] + [*map(str, headings)]])
        )
    yield first
    cursor: Cursor | None = None
    while keys := keys_of(selection, size=_CHUNK, cursor=cursor):
        # Whoever takes the parts may be away for long: no language is left switched on.
        with override(language):
            part = encoding.encode(_lines(_cells(rows_of([key for _, key in keys]), more)))
        yield part
        if len(keys) < _CHUNK:
            return
        cursor = Cursor(keys[-1])


def _cells(payments: Sequence[Payment], more: MoreColumns | None) -> Iterator[list[_Cell]]:
    added = more(payments) if more else {}
    for payment in payments:
        yield [*(value(payment) for _name, value in _COLUMNS), *added.get(payment.pk, ())]


def _lines(rows: Iterable[Sequence[_Cell]]) -> str:
    written = StringIO()
    csv.writer(written).writerows([_harmless(cell) for cell in row] for row in rows)
    return written.getvalue()


def _harmless(cell: _Cell) -> _Cell:
    """No text becomes a formula in the spreadsheet that opens it."""
    if isinstance(cell, str) and cell.startswith(_FORMULA):
        return f"'{cell}"
    return cell
