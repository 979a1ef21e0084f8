"""お支払い案内を再送: tell the customer once more how to pay. The gateway is not asked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from escott.clock import Clock
from escott.django.audit import record_change
from escott.django.clock import the_clock
from escott.django.mail_queue import queue_mail
from escott.django.models import AuditArea, CaseKind, Mail, Payment
from escott.django.models.case import has_open
from escott.django.models.mail import MailKind
from escott.django.models.slip import slip_of
from escott.django.services.claim import NotPossible
from escott.django.services.collection.operations import standing_of_slip
from escott.django.signals import guidance_sent
from escott.rules.operability import Obstacle
from escott.rules.slip_guidance import obstacle_to_guidance


def why_no_guidance(payment: Payment, now: datetime) -> Obstacle | None:
    """What stands in the way of the mail, as the payment stands; ``None`` if nothing does."""
    slip = slip_of(payment)
    if slip is None:
        return Obstacle.OTHER_METHOD
    return obstacle_to_guidance(
        standing_of_slip(payment),
        has_link=bool(slip.link_code) and not has_open(payment, CaseKind.SLIP_GONE),
        due_on=slip.due_on,
        has_address=bool(payment.email),
        now=now,
    )


def send_guidance(payment_id: int, *, key: str, actor: Any, clock: Clock | None = None) -> Mail:
    """Queue the mail with the slip's link, number and due date.

    Args:
        key: names this press of the button; a repeat sends nothing more, and gets the first mail.
        actor: the member of staff.

    Raises:
        NotPossible: by the rule (escott.rules.slip_guidance).
    """
    clock = clock or the_clock()
    with transaction.atomic():
        payment = Payment.objects.select_for_update().get(pk=payment_id)
        mails = Mail.objects.filter(payment=payment, kind=MailKind.SLIP_REGISTERED, occasion=key)
        first = mails.first()
        if first is not None:
            return first
        obstacle = why_no_guidance(payment, clock.now())
        if obstacle is not None:
            raise NotPossible(payment, obstacle)
        queue_mail(MailKind.SLIP_REGISTERED, payment, occasion=key, clock=clock)
        record_change(
            actor,
            _("How to pay was sent again"),
            f"{payment.order_reference} ({payment.transaction_code})",
            {_("E-mail"): ("", payment.email)},
            area=AuditArea.OPERATION,
            clock=clock,
        )
        guidance_sent.send(sender=Payment, payment=payment, actor=actor)
        return mails.get()
