"""The shop's mails about an order, with its lines: to the shopper, and a copy to the shop.

Set ``ESCOTT["MAIL_COMPOSER"] = "escott.oscar.mails.compose"``. The texts are those of the
dashboard's page メール文面 (:mod:`escott.oscar.mail_texts`), in the site's language. What needs
a person goes to the shop alone.
"""

from __future__ import annotations

import logging

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.utils.translation import override

from escott.django.models import Mail
from escott.django.models.mail import MailKind
from escott.oscar.mail_texts.defaults import default_text
from escott.oscar.mail_texts.rendering import Written, written
from escott.oscar.mail_texts.stored import text_in_force
from escott.oscar.mail_texts.values import Facts, facts_of

log = logging.getLogger("escott.mails")


def compose(mail: Mail) -> list[EmailMessage]:
    """The messages of one queued mail; none if there is nothing to tell any more."""
    with override(settings.LANGUAGE_CODE):
        facts = facts_of(mail)
        if facts is None:
            return []
        letter = _written(MailKind(mail.kind), facts)
    return [_message(letter, to) for to in facts.to]


def _written(kind: MailKind, facts: Facts) -> Written:
    """With the text in force; a text that breaks all the same gives way to the default."""
    try:
        return written(text_in_force(kind), facts.values, is_test=facts.is_test)
    except Exception:
        log.exception("the stored text of %s cannot be used, so the default goes out", kind)
        return written(default_text(kind), facts.values, is_test=facts.is_test)


def _message(letter: Written, to: str) -> EmailMessage:
    message = EmailMultiAlternatives(letter.subject, letter.text, letter.sender or None, to=[to])
    message.attach_alternative(letter.html, "text/html")
    return message
