"""The buttons of a slip, and the ways out of an open matter: which this user sees, and why not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop
from django.utils.translation import pgettext

from escott.django.models import CaseKind, Payment
from escott.django.models.case import has_open
from escott.django.models.slip import slip_of
from escott.django.panel.buttons import OperationButton, reason_of
from escott.django.permissions import REQUEST_PAYMENT, RESOLVE, TO_OPERATE
from escott.django.services.collection import standing_of_slip
from escott.django.services.collection.guidance import why_no_guidance
from escott.rules.collection_operability import obstacle_to
from escott.rules.collection_states import CollectionOperation
from escott.rules.operability import Obstacle
from escott.rules.payment_states import PaymentState


class SlipPress(StrEnum):
    """What staff may ask for at the panel of a slip."""

    CHANGE = CollectionOperation.CHANGE.value  # 変更
    DELETE = CollectionOperation.DELETE.value  # 取消
    GUIDANCE = "guidance"  # お支払い案内を再送
    ACCEPT = "accept"  # 入金額を受け入れる
    TREAT_AS_DELETED = "treat_as_deleted"  # 取消済みとして扱う


#: The permission that each needs.
NEEDED: Final[Mapping[SlipPress, str]] = {
    SlipPress.CHANGE: TO_OPERATE[CollectionOperation.CHANGE],
    SlipPress.DELETE: TO_OPERATE[CollectionOperation.DELETE],
    SlipPress.GUIDANCE: REQUEST_PAYMENT,
    SlipPress.ACCEPT: RESOLVE,
    SlipPress.TREAT_AS_DELETED: RESOLVE,
}

#: Always there, disabled with the reason where it can't be pressed.
_OPERATIONS: Final = (SlipPress.CHANGE, SlipPress.DELETE, SlipPress.GUIDANCE)

#: There only while the matter is open that they end.
_WAYS_OUT: Final = (SlipPress.ACCEPT, SlipPress.TREAT_AS_DELETED)


def slip_buttons(payment: Payment, user: Any, now: datetime) -> list[OperationButton]:
    """What this user may ask for, in the order of the buttons; nothing without a permission."""
    presses = (*(press for press in _WAYS_OUT if is_way_out(press, payment)), *_OPERATIONS)
    return [slip_button(payment, press, now) for press in presses if user.has_perm(NEEDED[press])]


def slip_button(payment: Payment, press: SlipPress, now: datetime) -> OperationButton:
    """One of them; the permission has been checked."""
    obstacle = _OBSTACLES[press](payment, now)
    reason = reason_of(obstacle, payment) if obstacle is not None else ""
    return OperationButton(press.value, label_of(press), reason)


def label_of(press: SlipPress) -> str:
    """The word on the button."""
    if press is SlipPress.CHANGE:
        return pgettext("payment operation", "Change slip")
    if press is SlipPress.DELETE:
        return pgettext("payment operation", "Cancel")
    return _(_LABELS[press])


_LABELS: Final[Mapping[SlipPress, str]] = {
    SlipPress.GUIDANCE: noop("Send how to pay again"),
    SlipPress.ACCEPT: noop("Accept what was paid in"),
    SlipPress.TREAT_AS_DELETED: noop("Treat it as cancelled"),
}


def is_way_out(press: SlipPress, payment: Payment) -> bool:
    """Whether an open matter could be ended by it."""
    if press is SlipPress.ACCEPT:
        slip = slip_of(payment)
        told = slip is not None and slip.deposited_amount is not None
        return told and payment.state != PaymentState.DEPOSITED
    return payment.state == PaymentState.UNPAID and has_open(payment, CaseKind.SLIP_GONE)


def _to_operation(operation: CollectionOperation) -> Callable[[Payment, datetime], Obstacle | None]:
    return lambda payment, now: obstacle_to(operation, standing_of_slip(payment), now)


def _to_settlement(payment: Payment, _now: datetime) -> Obstacle | None:
    """An operation that has not ended may change what there is to settle."""
    standing = standing_of_slip(payment)
    if standing.unknown:
        return Obstacle.RESULT_UNKNOWN
    return Obstacle.UNDER_WAY if standing.under_way else None


_OBSTACLES: Final[Mapping[SlipPress, Callable[[Payment, datetime], Obstacle | None]]] = {
    SlipPress.CHANGE: _to_operation(CollectionOperation.CHANGE),
    SlipPress.DELETE: _to_operation(CollectionOperation.DELETE),
    SlipPress.GUIDANCE: why_no_guidance,
    SlipPress.ACCEPT: _to_settlement,
    SlipPress.TREAT_AS_DELETED: _to_settlement,
}
