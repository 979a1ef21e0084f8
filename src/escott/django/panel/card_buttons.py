"""売上計上, 利用額変更, 取消, 再オーソリ: which this user sees, and why one can't be pressed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from escott.django.models import Payment
from escott.django.models.operation import OPERATION_LABELS
from escott.django.panel.buttons import OperationButton, reason_of
from escott.django.permissions import CANCEL_PAST_PERIOD, may_operate
from escott.django.services.card_claims import standing_of
from escott.rules.card_states import CardOperation
from escott.rules.operability import (
    STAFF_OPERATIONS,
    Standing,
    may_be_tried_past_the_period,
    obstacle_to,
)


def card_buttons(payment: Payment, user: Any, now: datetime) -> list[OperationButton]:
    """What this user may ask for, in the order of the buttons; nothing without a permission."""
    standing = standing_of(payment)
    return [
        _button(payment, kind, standing, user, now)
        for kind in STAFF_OPERATIONS
        if may_operate(user, kind)
    ]


def card_button(payment: Payment, kind: CardOperation, user: Any, now: datetime) -> OperationButton:
    """One of them; the permission has been checked."""
    return _button(payment, kind, standing_of(payment), user, now)


def _button(
    payment: Payment, kind: CardOperation, standing: Standing, user: Any, now: datetime
) -> OperationButton:
    label = str(OPERATION_LABELS[kind])
    obstacle = obstacle_to(kind, standing, now)
    if obstacle is None:
        return OperationButton(kind, label)
    if may_be_tried_past_the_period(kind, standing) and user.has_perm(CANCEL_PAST_PERIOD):
        return OperationButton(kind, label, past_period=True)
    return OperationButton(kind, label, reason=reason_of(obstacle, payment))
