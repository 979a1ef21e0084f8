"""The text in force: what staff have written, or the default.

A stored text that cannot be used any more stops no mail: the default goes out, and an error
stands in the log and on the page of the texts.
"""

from __future__ import annotations

import logging

from escott.django.models import MailText
from escott.django.models.mail import MailKind
from escott.oscar.mail_texts.checking import problems_of
from escott.oscar.mail_texts.defaults import Text, default_signature, default_text
from escott.oscar.mail_texts.kinds import KINDS

log = logging.getLogger("escott.mails")


def text_in_force(kind: MailKind) -> Text:
    """What a mail of the kind says now."""
    row = MailText.objects.filter(kind=kind).first()
    if row is None:
        return default_text(kind)
    text = written_text(row)
    problems = problems_of(KINDS[kind], text)
    if not problems:
        return text
    log.error(
        "the stored text of %s cannot be used, so the default goes out: %s",
        kind,
        "; ".join(f"{problem.part}: {problem.message}" for problem in problems),
    )
    return default_text(kind)


def written_text(row: MailText) -> Text:
    """What staff have written; an empty signature is the shop's."""
    return Text(row.sender, row.subject, row.body, row.signature or default_signature())
