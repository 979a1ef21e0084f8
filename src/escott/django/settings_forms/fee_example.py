"""合計金額で確かめる: what a total pays by the table as it is typed, before anything is saved.

One function tells it to the page, and to the page's script while somebody types; so there is one
rule, and it is the shop's (:mod:`escott.rules.fee_table`).
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from escott.django.settings_forms.fee_rows import TypedTable, yen_in
from escott.rules.fee_table import FeeTable
from escott.rules.yen import COLLECTION_MAXIMUM, format_yen


@dataclass(frozen=True, slots=True)
class FeeExample:
    """What the example says; empty where nothing was asked.

    Attributes:
        is_answer: it tells a fee, or that the method is not offered.
    """

    says: str = ""
    is_answer: bool = False


def fee_example(typed_total: str, typed: TypedTable, *, charges_fee: bool) -> FeeExample:
    """The fee of a total and what the shopper pays, or why neither can be told.

    Args:
        typed_total: the total with shipping and tax and without the fee, as it was typed.
        charges_fee: the switch 決済手数料を設定する; without it no total pays a fee.
    """
    if not typed_total.strip():
        return FeeExample()
    total = yen_in(typed_total)
    if total is None:
        return FeeExample(_("Enter a total in whole yen, such as 3,780."))
    table = typed.table() if charges_fee else FeeTable()
    if table is None:
        return FeeExample(_("There are mistakes in the table, so no fee can be told yet."))
    return FeeExample(_answer(total, table), is_answer=True)


def _answer(total: int, table: FeeTable) -> str:
    words = {
        "total": format_yen(total),
        "fee": format_yen(table.fee_for(total)),
        "pays": format_yen(table.total_with_fee(total)),
        "most": format_yen(COLLECTION_MAXIMUM),
    }
    if table.can_be_paid(total):
        return _("Total %(total)s: the fee is %(fee)s, the customer pays %(pays)s.") % words
    if total == 0:
        return _("Nothing is to be paid for a total of ¥0, so this method is not offered.")
    return (
        _(
            "Total %(total)s: with the fee of %(fee)s it would be %(pays)s. A slip takes %(most)s "
            "at most, so checkout does not offer this method."
        )
        % words
    )
