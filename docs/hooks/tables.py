"""The tables of the documentation that restate code, made from that code."""

from __future__ import annotations

import ast
import csv
import inspect
import textwrap
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from card_tables import instalments_in_japanese
from collection_tables import due_dates_in_japanese, fees_in_japanese, institutions_in_japanese
from operation_tables import operability_in_japanese, slip_operability_in_japanese
from saved_card_tables import saved_card_clauses_in_japanese
from settings_tables import card_settings_in_japanese, collection_settings_in_japanese
from table_parts import both, set_up_django, table, words

from escott.gateway.customer_actions import ADVICE, CustomerAction
from escott.gateway.response_codes import CATALOGUE, Category, Money
from escott.gateway.staff_advice import staff_advice
from escott.rules import collection_operability, collection_states
from escott.rules.card_states import ALLOWED, CHARGES, CardOperation, CardState
from escott.rules.card_testing import LIMITS
from escott.rules.payment_states import LIVE, PAID, UNRESOLVED, PaymentState
from escott.simulator.magic_cards import APPROVED, DECLINED, SECURED, TROUBLED, MagicCard

FEATURES: Final = Path(__file__).parents[1] / "reference" / "features.tsv"
SCRIPTS: Final = Path(__file__).parents[1] / "reference" / "scripts.tsv"

_YES: Final = "●"
_NO: Final = ""

_MONEY: Final[Mapping[Money, str]] = {
    Money.NONE: "none",
    Money.MAYBE: "**perhaps**",
    Money.MOVED: "moved",
}

_CATEGORIES: Final[Mapping[Category, str]] = {
    Category.STATE: "Answers about a payment's state",
    Category.CONFIG: "Contract and settings",
    Category.INPUT_CARD: "Card details",
    Category.INPUT_OTHER: "Other details",
    Category.MEMBER: "Registered cards",
    Category.THREE_DS: "3-D Secure",
    Category.DECLINED: "Declined by the card company",
    Category.COLLECTION: "Convenience store, Pay-easy, e-money",
    Category.LINK_CANCEL: "Left the gateway's page",
    Category.SYSTEM: "Faults",
}

_STATUS: Final[Mapping[str, str]] = {"yes": "●", "part": "◐", "no": "not yet"}


def settings_table() -> str:
    """``settings.ESCOTT``, from the fields of ``EscottSettings`` and their comments."""
    return table(
        ["setting", "default", "meaning"],
        ([f"`{name}`", f"`{default}`", text] for name, default, text in settings_rows()),
    )


@cache
def settings_rows() -> tuple[tuple[str, str, str], ...]:
    """Name, default as it is written in the code, and comment of each setting."""
    from escott.django.conf import EscottSettings

    source = textwrap.dedent(inspect.getsource(EscottSettings))
    lines = source.splitlines()
    rows = []
    for entry in ast.walk(ast.parse(source)):
        if isinstance(entry, ast.AnnAssign) and isinstance(entry.target, ast.Name):
            comment: list[str] = []
            for line in reversed(lines[: entry.lineno - 1]):
                if not line.strip().startswith("#:"):
                    break
                comment.insert(0, line.strip().removeprefix("#:").strip())
            default = ast.unparse(entry.value) if entry.value else ""
            default = "{}" if default.startswith("field(") else default
            rows.append((entry.target.id.upper(), default, " ".join(comment)))
    return tuple(rows)


def card_limits_table() -> str:
    """The limits against card testing."""
    return table(
        ["name", "counted by", "what", "let through", "within", "for"],
        (
            [
                f"`{limit.name}`",
                limit.by.value,
                limit.counts.value,
                str(limit.most),
                f"{limit.within.total_seconds() / 60:.0f} minutes",
                "guests" if limit.guests_only else "everybody",
            ]
            for limit in LIMITS
        ),
    )


def card_operations_table() -> str:
    """Card states times operations."""
    set_up_django()
    from escott.django.models.operation import OPERATION_LABELS
    from escott.django.models.payment import STATE_LABELS

    operations = [operation for operation in CardOperation if operation not in CHARGES]
    return table(
        ["state", *(both(OPERATION_LABELS[operation]) for operation in operations)],
        (
            [
                f"`{state.value}` {both(STATE_LABELS[PaymentState(state.value)])}",
                *(_YES if operation in ALLOWED[state] else _NO for operation in operations),
            ]
            for state in CardState
        ),
    )


def slip_operations_table() -> str:
    """States of slips times operations."""
    set_up_django()
    from escott.django.models.operation import OPERATION_LABELS
    from escott.django.models.payment import STATE_LABELS

    operations = collection_operability.STAFF_OPERATIONS
    return table(
        ["state", *(both(OPERATION_LABELS[operation]) for operation in operations)],
        (
            [
                f"`{state.value}` {both(STATE_LABELS[PaymentState(state.value)])}",
                *(
                    _YES if operation in collection_states.ALLOWED[state] else _NO
                    for operation in operations
                ),
            ]
            for state in collection_states.CollectionState
        ),
    )


def payment_states_table() -> str:
    """Every state of a payment and what it means for the order."""
    set_up_django()
    from escott.django.models.payment import STATE_LABELS

    return table(
        ["state", "English", "日本語", "paid", "live", "unresolved"],
        (
            [
                f"`{state.value}`",
                *words(STATE_LABELS[state]),
                *(_YES if state in group else _NO for group in (PAID, LIVE, UNRESOLVED)),
            ]
            for state in PaymentState
        ),
    )


def response_codes_tables() -> str:
    """The whole catalogue, a section for each category."""
    parts = []
    for category, title in _CATEGORIES.items():
        codes = [code for code in CATALOGUE.values() if code.category is category]
        rows = (
            [
                f"`{code.code}`",
                code.english,
                code.japanese,
                _MONEY[code.money],
                f"`{code.customer_action.value}`",
            ]
            for code in codes
        )
        head = ["code", "English", "日本語", "money", "shopper"]
        parts.append(f"## {title}\n\n{table(head, rows)}")
    return "\n\n".join(parts)


def shopper_advice_table() -> str:
    """What the shopper reads after a refusal, by class."""
    return table(
        ["class", "English", "日本語"],
        (
            [f"`{action.value}`", ADVICE[action].english, ADVICE[action].japanese]
            for action in CustomerAction
        ),
    )


def faq_codes_in_japanese() -> str:
    """The codes that operators ask about, with meaning and remedy."""
    codes = [CATALOGUE[code] for code in ("K06", "K12", "K14", "K39", "K71", "K81", "K99")]
    return table(
        ["コード", "内容", "対処"],
        ([f"`{code.code}`", code.japanese, staff_advice(code).japanese] for code in codes),
    )


def magic_cards_tables() -> str:
    """The simulator's cards."""
    parts = [
        ("Approved", APPROVED),
        ("Declined", DECLINED),
        ("Trouble on the line", TROUBLED),
        ("Results of 3-D Secure", SECURED),
    ]
    return "\n\n".join(f"## {title}\n\n{_cards(cards)}" for title, cards in parts)


def _cards(cards: Iterable[MagicCard]) -> str:
    return table(
        ["number", "brand", "code", "what happens"],
        (
            [f"`{card.number}`", card.brand.value.label, card.security_code, _what_happens(card)]
            for card in cards
        ),
    )


def _what_happens(card: MagicCard) -> str:
    if card.decline:
        return f"declined with {card.decline}: {CATALOGUE[card.decline].english}"
    return card.english


def features_table() -> str:
    """The feature matrix, a section for each area."""
    areas: dict[str, list[list[str]]] = {}
    for row in feature_rows():
        shown = "<br>".join(f"`{_name_of(test)}`" for test in row["shown_by"].split())
        proof = "<br>".join(filter(None, [row["note"], shown]))
        cells = [row["id"], row["feature"], _STATUS[row["status"]], proof]
        areas.setdefault(row["area"], []).append(cells)
    head = ["row", "feature", "status", "shown by, or what is missing"]
    return "\n\n".join(f"## {area}\n\n{table(head, rows)}" for area, rows in areas.items())


def scripts_table() -> str:
    """Every script on a page on which a card is typed or a payment shown."""
    return table(
        ["page", "script", "from", "purpose", "authorised by"],
        (
            [row["page"], f"`{row['script']}`", row["origin"], row["purpose"], row["authorised"]]
            for row in script_rows()
        ),
    )


def _name_of(test: str) -> str:
    return test.partition("::")[2]


@cache
def feature_rows() -> tuple[dict[str, str], ...]:
    """The rows of features.tsv."""
    return _rows_of(FEATURES)


@cache
def script_rows() -> tuple[dict[str, str], ...]:
    """The rows of scripts.tsv."""
    return _rows_of(SCRIPTS)


def _rows_of(path: Path) -> tuple[dict[str, str], ...]:
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


#: Every table by the name under which pages ask for it.
TABLES: Final[Mapping[str, Callable[[], str]]] = {
    "settings": settings_table,
    "card limits": card_limits_table,
    "card operations": card_operations_table,
    "card settings ja": card_settings_in_japanese,
    "instalments ja": instalments_in_japanese,
    "collection settings ja": collection_settings_in_japanese,
    "due dates ja": due_dates_in_japanese,
    "fees ja": fees_in_japanese,
    "institutions ja": institutions_in_japanese,
    "operability ja": operability_in_japanese,
    "slip operations": slip_operations_table,
    "slip operability ja": slip_operability_in_japanese,
    "payment states": payment_states_table,
    "response codes": response_codes_tables,
    "shopper advice": shopper_advice_table,
    "saved card clauses ja": saved_card_clauses_in_japanese,
    "faq codes ja": faq_codes_in_japanese,
    "magic cards": magic_cards_tables,
    "features": features_table,
    "scripts": scripts_table,
}
