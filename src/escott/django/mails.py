"""Mails about payments, sent by the worker: leased, composed, delivered."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.module_loading import import_string

from escott.clock import Clock
from escott.django.conf import escott_settings
from escott.django.mail_facts import is_still_true
from escott.django.models.mail import FOR_THE_SHOP, NO_ORDER, Mail
from escott.django.plain_mails import words_of

log = logging.getLogger("escott.mails")

_LEASE: Final = timedelta(minutes=2)
_MOST_ATTEMPTS: Final = 20
_PAUSE: Final = timedelta(minutes=1)
_A_ROUND: Final = 20

Composer = Callable[[Mail], Sequence[EmailMessage]]


def send_due(clock: Clock, stop: threading.Event) -> int:
    """Send the mails that are due; the number sent."""
    composer: Composer = import_string(escott_settings().mail_composer)
    sent = 0
    for mail in Mail.lease_due(clock.now(), lasting=_LEASE, limit=_A_ROUND):
        sent += _send(mail, composer, clock)
        if stop.is_set():
            break
    return sent


def _send(mail: Mail, composer: Composer, clock: Clock) -> bool:
    try:
        messages = composer(mail) if is_still_true(mail, clock.now()) else ()
        for message in messages:
            _deliver(mail, message)
    except Exception as error:
        log.exception("mail %s (%s) could not be sent", mail.pk, mail.kind)
        Mail.objects.filter(pk=mail.pk).update(last_error=f"{type(error).__name__}"[:200])
        again = clock.now() + _PAUSE * min(mail.attempts, 60)
        mail.release(due_at=again if mail.attempts < _MOST_ATTEMPTS else None)
        return False
    Mail.objects.filter(pk=mail.pk).update(
        sent_at=clock.now(), due_at=None, leased_until=None, last_error=""
    )
    return True


def _deliver(mail: Mail, message: EmailMessage) -> None:
    recipients = ", ".join(message.to)
    if recipients in mail.delivered_to:
        return
    message.send()
    mail.delivered_to = [*mail.delivered_to, recipients]
    mail.save(update_fields=["delivered_to"])


def compose(mail: Mail) -> list[EmailMessage]:
    """The mail as messages, for a site without texts of its own: shopper, and a copy to the shop.

    What is for the shop goes to the shop alone. Templates: ``escott/mails/payment.txt`` and
    ``.html``.
    """
    words = words_of(mail)
    if words is None:
        return []
    payment = mail.payment
    context = {
        "mail": mail,
        "payment": payment,
        "order": "" if mail.order_reference == NO_ORDER else mail.order_reference,
        "headline": words.headline,
        "lines": words.lines,
        "amount": words.amount,
    }
    text = render_to_string("escott/mails/payment.txt", context)
    html = render_to_string("escott/mails/payment.html", context)
    shopper = payment.email if payment is not None and mail.kind not in FOR_THE_SHOP else ""
    messages: list[EmailMessage] = []
    for recipient in filter(None, (shopper, escott_settings().shop_mail)):
        message = EmailMultiAlternatives(words.headline, text, to=[recipient])
        message.attach_alternative(html, "text/html")
        messages.append(message)
    return messages
