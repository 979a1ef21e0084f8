"""What staff may do with a payment, state by state, with the reason where it is not possible."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Final

from django.utils.translation import override
from table_parts import set_up_django, table

from escott.rules import collection_operability
from escott.rules.operability import STAFF_OPERATIONS, Standing, obstacle_to
from escott.rules.payment_states import PaymentState

_NOW: Final = datetime(2026, 4, 1, tzinfo=UTC)
_LAST_DAY: Final = date(2026, 5, 31)
_PASSED: Final = date(2026, 3, 1)

_STATES: Final = (
    PaymentState.AUTHORISED,
    PaymentState.GATHERED,
    PaymentState.CAPTURED,
    PaymentState.CANCELLED,
    PaymentState.UNKNOWN,
    PaymentState.EXPIRED,
    PaymentState.REFUSED,
)


def operability_in_japanese() -> str:
    """● where the button can be pressed, otherwise the sentence that stands with it."""
    set_up_django()
    from escott.django.models.operation import OPERATION_LABELS
    from escott.django.models.payment import STATE_LABELS

    with override("ja"):
        rows = [
            _row(f"**{STATE_LABELS[state]}**", Standing(state, last_day=_LAST_DAY))
            for state in _STATES
        ]
        rows.append(_row("操作期限を過ぎた決済", Standing(_STATES[1], last_day=_PASSED)))
        head = ["状態", *(str(OPERATION_LABELS[operation]) for operation in STAFF_OPERATIONS)]
        return table(head, rows)


_SLIP_STATES: Final = (
    PaymentState.UNPAID,
    PaymentState.DEPOSITED,
    PaymentState.DELETED,
    PaymentState.LAPSED,
    PaymentState.LOST,
)


def slip_operability_in_japanese() -> str:
    """The same of slips (オンライン収納代行)."""
    set_up_django()
    from escott.django.models.payment import STATE_LABELS

    standing = collection_operability.CollectionStanding
    with override("ja"):
        rows = [_slip_row(f"**{STATE_LABELS[s]}**", standing(s)) for s in _SLIP_STATES]
        unpaid = f"**{STATE_LABELS[PaymentState.UNPAID]}**"
        rows[1:1] = [
            _slip_row(f"{unpaid}（変更したあと）", standing(PaymentState.UNPAID, changed=True)),
            _slip_row(f"{unpaid}（処理の結果不明）", standing(PaymentState.UNPAID, unknown=True)),
            _slip_row(
                f"{unpaid}（操作期限を過ぎた）",
                standing(PaymentState.UNPAID, last_day=_PASSED),
            ),
        ]
        return table(["状態", "変更", "取消"], rows)


def _slip_row(name: str, standing: collection_operability.CollectionStanding) -> list[str]:
    from escott.django.obstacle_texts import why_not_possible

    obstacles = [
        collection_operability.obstacle_to(operation, standing, _NOW)
        for operation in collection_operability.STAFF_OPERATIONS
    ]
    return [name, *("●" if each is None else why_not_possible(each) for each in obstacles)]


def _row(name: str, standing: Standing) -> list[str]:
    from escott.django.obstacle_texts import why_not_possible

    obstacles = [obstacle_to(operation, standing, _NOW) for operation in STAFF_OPERATIONS]
    return [name, *("●" if each is None else why_not_possible(each) for each in obstacles)]
