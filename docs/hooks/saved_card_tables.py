"""The rule about deleting saved cards, with the words that staff and customers read."""

from __future__ import annotations

from typing import Final

from django.utils.translation import override
from table_parts import set_up_django, table

from escott.rules.saved_cards import Clause

#: What each clause is about, in a word or two.
_NAMES: Final = {
    Clause.AUTHORISATION: "与信",
    Clause.SUBSCRIPTION: "定期購入",
    Clause.UNFINISHED: "処理中・結果不明",
    Clause.HANDLING_PERIOD: "取扱期間",
}


def saved_card_clauses_in_japanese() -> str:
    """Each clause that keeps a card, in the order of the rule."""
    set_up_django()
    from escott.django.saved_card_texts import clause_for_owner, clause_for_staff

    with override("ja"):
        return table(
            ["", "条件", "担当者の画面", "お客様の画面"],
            (
                [letter, _NAMES[clause], clause_for_staff(clause), clause_for_owner(clause)]
                for letter, clause in zip("abcd", Clause, strict=True)
            ),
        )
