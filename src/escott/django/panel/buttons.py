"""The buttons of 決済情報: which of the four this user sees, and why one can't be pressed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from escott.clock import in_japan
from escott.django.models import Payment
from escott.django.models.operation import OPERATION_LABELS
from escott.django.obstacle_texts import why_not_possible
from escott.django.panel.shown_payment import japan_day
from escott.django.permissions import CANCEL_PAST_PERIOD, may_operate
from escott.django.services.card_claims import standing_of
from escott.rules.card_states import CardOperation
from escott.rules.operability import (
    STAFF_OPERATIONS,
    Obstacle,
    Standing,
    may_be_tried_past_the_period,
    obstacle_to,
)


@dataclass(frozen=True, slots=True)
class OperationButton:
    """One button.

    Attributes:
        reason: why it can't be pressed; empty where it can.
        past_period: the last day has passed, but this user may still try.
    """

    kind: CardOperation
    label: str
    reason: str = ""
    past_period: bool = False


def buttons_for(payment: Payment, user: Any, now: datetime) -> list[OperationButton]:
    """What this user may ask for, in the order of the buttons; nothing without a permission."""
    standing = standing_of(payment)
    return [
        _button(payment, kind, standing, user, now)
        for kind in STAFF_OPERATIONS
        if may_operate(user, kind)
    ]


def button_for(payment: Payment, kind: CardOperation, user: Any, now: datetime) -> OperationButton:
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


def reason_of(obstacle: Obstacle, payment: Payment) -> str:
    """Why not, in a sentence; with the days of the contract where they have passed."""
    if obstacle is Obstacle.PERIOD_OVER and payment.charged_at and payment.operable_until:
        days = (payment.operable_until - in_japan(payment.charged_at).date()).days
        return _("More than %(days)d days have passed: the last day of operations was %(day)s.") % {
            "days": days,
            "day": japan_day(payment.operable_until),
        }
    return why_not_possible(obstacle)
