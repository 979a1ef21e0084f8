"""注文ステータス: the words of a shop for the order statuses, and what may follow what.

A shop that uses other words sets them in ``settings.ESCOTT["ORDER_STATUSES"]``. Nothing here
needs Django's apps, so a settings module may import it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from escott.rules.order_status import OrderStatus

#: The words that operators in Japan know (requirements.md, how the host's words translate).
JAPANESE: Final[Mapping[OrderStatus, str]] = {
    OrderStatus.AWAITING_PAYMENT: "支払い待ち",
    OrderStatus.ON_HOLD: "保留中",
    OrderStatus.PROCESSING: "処理中",
    OrderStatus.COMPLETED: "完了",
    OrderStatus.FAILED: "失敗",
    OrderStatus.CANCELLED: "キャンセル",
    OrderStatus.REFUNDED: "払い戻し",
}

#: What staff may choose by hand; a payment moves an order along the same ways. 支払い待ち comes
#: back for an order whose 与信 ran out (期限切れ) and is to be paid anew.
FOLLOWS: Final[Mapping[OrderStatus, tuple[OrderStatus, ...]]] = {
    OrderStatus.AWAITING_PAYMENT: (
        OrderStatus.PROCESSING,
        OrderStatus.COMPLETED,
        OrderStatus.ON_HOLD,
        OrderStatus.FAILED,
        OrderStatus.CANCELLED,
    ),
    OrderStatus.ON_HOLD: (
        OrderStatus.PROCESSING,
        OrderStatus.COMPLETED,
        OrderStatus.AWAITING_PAYMENT,
        OrderStatus.FAILED,
        OrderStatus.CANCELLED,
    ),
    OrderStatus.PROCESSING: (
        OrderStatus.COMPLETED,
        OrderStatus.AWAITING_PAYMENT,
        OrderStatus.ON_HOLD,
        OrderStatus.CANCELLED,
        OrderStatus.REFUNDED,
    ),
    OrderStatus.COMPLETED: (OrderStatus.PROCESSING, OrderStatus.REFUNDED),
    OrderStatus.FAILED: (
        OrderStatus.AWAITING_PAYMENT,
        OrderStatus.PROCESSING,
        OrderStatus.COMPLETED,
        OrderStatus.CANCELLED,
    ),
    OrderStatus.CANCELLED: (OrderStatus.REFUNDED,),
    OrderStatus.REFUNDED: (),
}

#: An order with one of these is not paid yet and may be paid on its payment page.
PAYABLE: Final = frozenset({OrderStatus.AWAITING_PAYMENT, OrderStatus.FAILED})


def words(chosen: Mapping[str, str] | None = None) -> dict[OrderStatus, str]:
    """The shop's word for every status.

    Args:
        chosen: ``settings.ESCOTT["ORDER_STATUSES"]``; keys are values of ``OrderStatus``.

    Raises:
        ValueError: a key is no order status, or two statuses have the same word.
    """
    table = dict(JAPANESE)
    table.update({OrderStatus(status): word for status, word in (chosen or {}).items()})
    if len(set(table.values())) < len(table):
        raise ValueError("two order statuses have the same word")
    return table


def pipeline(chosen: Mapping[str, str] | None = None) -> dict[str, tuple[str, ...]]:
    """``OSCAR_ORDER_STATUS_PIPELINE`` for these words."""
    word = words(chosen)
    return {
        word[status]: tuple(word[following] for following in after)
        for status, after in FOLLOWS.items()
    }
