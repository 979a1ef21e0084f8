"""A button of 決済情報, and why it can't be pressed."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from escott.clock import in_japan
from escott.django.models import Payment
from escott.django.obstacle_texts import why_not_possible
from escott.django.panel.days import japan_day
from escott.rules.operability import Obstacle


@dataclass(frozen=True, slots=True)
class OperationButton:
    """One button.

    Attributes:
        kind: what is asked for; the value of the button.
        reason: why it can't be pressed; empty where it can.
        past_period: the last day has passed, but this user may still try.
    """

    kind: str
    label: str
    reason: str = ""
    past_period: bool = False


def reason_of(obstacle: Obstacle, payment: Payment) -> str:
    """Why not, in a sentence; with the days of the contract where they have passed."""
    if obstacle is Obstacle.PERIOD_OVER and payment.charged_at and payment.operable_until:
        days = (payment.operable_until - in_japan(payment.charged_at).date()).days
        return _("More than %(days)d days have passed: the last day of operations was %(day)s.") % {
            "days": days,
            "day": japan_day(payment.operable_until),
        }
    return why_not_possible(obstacle)
