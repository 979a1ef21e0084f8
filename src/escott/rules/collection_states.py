"""Slips of オンライン収納代行: their states, the operations, and which may follow which state.

A slip is what a shopper pays by, at a convenience store, by Pay-easy or with e-money. The table
below is the only place that says what may be done with one. The service reads it before it asks
the gateway, the buttons read it, and the tests walk it against the gateway's own table.
Source: the manual, オンライン収納代行 決済情報の連携; requirements.md A092 to A097 and A163.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class CollectionState(StrEnum):
    """What is known of a slip that the gateway has registered."""

    UNPAID = "unpaid"  # 未入金
    DEPOSITED = "deposited"  # 入金済
    DELETED = "deleted"  # 取消済み
    LAPSED = "lapsed"  # 期限切れ


class CollectionOperation(StrEnum):
    """What happens to a slip. A deposit is the shopper's; the others are asked of the gateway."""

    REGISTER = "register"  # 登録
    CHANGE = "change"  # 変更, of the due date or the amount
    DELETE = "delete"  # 削除: the button says 取消
    DEPOSIT = "deposit"  # 入金


#: What the shop may ask the gateway to do with a slip; 変更 once only.
ALLOWED: Final[Mapping[CollectionState, frozenset[CollectionOperation]]] = {
    CollectionState.UNPAID: frozenset({CollectionOperation.CHANGE, CollectionOperation.DELETE}),
    CollectionState.DEPOSITED: frozenset(),
    CollectionState.DELETED: frozenset(),
    CollectionState.LAPSED: frozenset(),
}
