"""注文ステータス: what a shop's order becomes.

Source: requirements.md A054 and A066, part 2 no. 3.
"""

from __future__ import annotations

from enum import StrEnum

from escott.rules.card_states import CardState


class OrderStatus(StrEnum):
    """The statuses that operators know; a host shop maps them to its own words."""

    AWAITING_PAYMENT = "awaiting_payment"  # 支払い待ち: a card order before payment
    ON_HOLD = "on_hold"  # 保留中: an unpaid collection order
    PROCESSING = "processing"  # 処理中
    COMPLETED = "completed"  # 完了
    FAILED = "failed"  # 失敗: refused, payable again
    CANCELLED = "cancelled"  # キャンセル
    REFUNDED = "refunded"  # 払い戻し


def status_after_card_payment(
    state: CardState, *, all_virtual: bool, wanted: OrderStatus = OrderStatus.PROCESSING
) -> OrderStatus:
    """The order's status once its card payment stands.

    Args:
        state: 与信 or 与信売上計上 (or what followed from them).
        all_virtual: every line of the order needs no shipping.
        wanted: the setting 注文ステータス, 処理中 or 完了.

    完了 is given only when it is wanted, everything is virtual, and the money was taken at
    once; otherwise 処理中.
    """
    if wanted is OrderStatus.COMPLETED and all_virtual and state is CardState.GATHERED:
        return OrderStatus.COMPLETED
    return OrderStatus.PROCESSING


def status_after_deposit(
    *, all_virtual: bool, wanted: OrderStatus = OrderStatus.PROCESSING
) -> OrderStatus:
    """The order's status once its slip was paid (requirements.md A066).

    Args:
        all_virtual: every line of the order needs no shipping.
        wanted: collection's own setting 注文ステータス, 処理中 or 完了.

    A deposit is money at once, so 完了 needs no more than that it is wanted and all is virtual.
    """
    return _by_virtual_goods(all_virtual, wanted)


def status_of_free_order(
    *, all_virtual: bool, wanted: OrderStatus = OrderStatus.PROCESSING
) -> OrderStatus:
    """The status of an order of ¥0, which completes without a charge (requirements.md A118)."""
    return _by_virtual_goods(all_virtual, wanted)


def _by_virtual_goods(all_virtual: bool, wanted: OrderStatus) -> OrderStatus:
    if wanted is OrderStatus.COMPLETED and all_virtual:
        return OrderStatus.COMPLETED
    return OrderStatus.PROCESSING
