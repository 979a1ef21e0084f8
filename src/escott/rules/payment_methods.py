"""お支払い方法: the ways to pay that this package brings. A payment is made by one of them."""

from __future__ import annotations

from enum import StrEnum


class PaymentMethod(StrEnum):
    """What a payment is made by."""

    CARD = "card"  # クレジットカード
    COLLECTION = "collection"  # オンライン収納代行: convenience stores, Pay-easy, e-money
