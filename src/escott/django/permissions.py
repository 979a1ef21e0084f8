"""Who may do what with payments. One row per operation; pages, buttons and services read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from escott.rules.card_states import CardOperation
from escott.rules.collection_states import CollectionOperation

VIEW: Final = "escott.view_payment"
CANCEL_PAST_PERIOD: Final = "escott.cancel_past_period"
CHARGE_SAVED_CARD: Final = "escott.charge_saved_card"
REQUEST_PAYMENT: Final = "escott.request_payment"
RECORD_REFUND: Final = "escott.record_refund"
SETTLE: Final = "escott.settle_payment"
RESOLVE: Final = "escott.resolve_case"
CHANGE_SETTINGS: Final = "escott.change_merchantaccount"
CHANGE_MAIL_TEXTS: Final = "escott.change_mailtext"
VIEW_AUDIT: Final = "escott.view_auditentry"
VIEW_LOG: Final = "escott.view_logentry"

#: 変更 of a slip has the permission that Django makes for its rows; 取消 is one for both methods.
TO_OPERATE: Final[Mapping[CardOperation | CollectionOperation, str]] = {
    CardOperation.CAPTURE: "escott.capture_payment",
    CardOperation.CANCEL: "escott.cancel_payment",
    CardOperation.CHANGE_AMOUNT: "escott.change_amount",
    CardOperation.REAUTHORISE: "escott.reauthorise_payment",
    CollectionOperation.CHANGE: "escott.change_slip",
    CollectionOperation.DELETE: "escott.cancel_payment",
}


def may_operate(user: Any, operation: CardOperation | CollectionOperation) -> bool:
    """Whether the user may ask for the operation on any payment."""
    return bool(user.has_perm(TO_OPERATE[operation]))
