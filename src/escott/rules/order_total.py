"""金額不一致: an order's total beside what its payment holds, and the one operation that mends it.

Changing an order in the shop does not touch the payment (requirements.md A087), so the page
says by how much they differ and offers what brings them together.
"""

from __future__ import annotations

from enum import StrEnum

from escott.rules.payment_states import PAID, PaymentState
from escott.rules.yen import COLLECTION_MAXIMUM


class Mending(StrEnum):
    """What brings an order's total and its payment together."""

    CHANGE_AMOUNT = "change_amount"  # 利用額変更
    CANCEL = "cancel"  # 取消: nothing is left to pay
    ORDER_OF_ITS_OWN = "order_of_its_own"  # 差額注文: the payment can't be changed any more
    RECORD_REFUND = "record_refund"  # money goes back outside the gateway
    CHANGE_SLIP = "change_slip"  # 変更, once only
    DELETE_SLIP = "delete_slip"  # 取消 of the slip: nothing is left to pay
    REGISTER_ANEW = "register_anew"  # 取消 of the slip, and the order paid anew


def agrees(*, amount: int, total: int, refunded: int) -> bool:
    """Whether an order's total and its payment need nobody.

    Money that went back outside the gateway may follow a lower total, or the total may stand as
    it was ordered: either is in order, and so is what lies between.

    Args:
        amount: what the gateway holds, in yen.
        total: the order's total, in yen.
        refunded: what was given back outside the gateway, in yen.
    """
    return amount - refunded <= total <= amount


def mending_of(
    state: PaymentState, *, amount: int, total: int, refunded: int, may_be_changed: bool
) -> Mending | None:
    """What to do about what was paid; ``None`` where nothing differs, or nothing was paid.

    Args:
        state: the payment's state.
        amount: what the gateway holds, in yen.
        total: the order's total, in yen; 0 for an order that is cancelled.
        refunded: what was given back outside the gateway, in yen.
        may_be_changed: 利用額変更 and 取消 are still possible.
    """
    if state not in PAID or agrees(amount=amount, total=total, refunded=refunded):
        return None
    if not may_be_changed or refunded:
        return Mending.ORDER_OF_ITS_OWN if total > amount else Mending.RECORD_REFUND
    return Mending.CANCEL if total == 0 else Mending.CHANGE_AMOUNT


def mending_of_slip(
    *, amount: int, total: int, may_be_changed: bool, may_be_deleted: bool
) -> Mending | None:
    """What to do about a slip that asks for another amount; ``None`` where nothing helps.

    Args:
        amount: what the slip asks for, in yen.
        total: the order's total, in yen; 0 for an order that is cancelled.
        may_be_changed: 変更 is still possible.
        may_be_deleted: 取消 of the slip is still possible.
    """
    if total == amount or not (may_be_changed or may_be_deleted):
        return None
    if total == 0:
        return Mending.DELETE_SLIP if may_be_deleted else None
    if may_be_changed and total <= COLLECTION_MAXIMUM:
        return Mending.CHANGE_SLIP
    return Mending.REGISTER_ANEW if may_be_deleted else None
