"""What is wrong with a text that staff have written: which part, what, and where in it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from escott.oscar.mail_texts.defaults import Text
from escott.oscar.mail_texts.kinds import IN_SIGNATURE, KindOfMail
from escott.oscar.mail_texts.places import PLACES, Place

#: A place, a brace that belongs to none, or a pair of full-width braces.
_BRACES: Final = re.compile(r"\{[^{}\n]*\}|[{}]|｛[^｛｝\n]*｝")

#: Nothing that a header or a mail can do without; line ends and tabs may stand in a body.
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")

_NAMED: Final = re.compile(r'(?P<name>[^<>"\\@,;:]*)<(?P<address>[^<>]*)>')


@dataclass(frozen=True, slots=True)
class Problem:
    """One slip.

    Attributes:
        part: sender, subject, body or signature.
        message: what is wrong and what to do, in the language in force.
    """

    part: str
    message: str


def problems_of(kind: KindOfMail, text: Text) -> list[Problem]:
    """Everything that keeps the text from being used for the kind; empty if it may be."""
    return [
        *_sender(text.sender),
        *_subject(kind, text.subject),
        *_body(kind, text.body),
        *(_named("signature", slip) for slip in _slips(text.signature, IN_SIGNATURE)),
        *_control("signature", text.signature, lines=True),
    ]


def _sender(sender: str) -> Iterator[Problem]:
    if not sender:
        return
    if _CONTROL.search(sender):
        yield Problem("sender", _("The sender must stand on one line."))
        return
    named = _NAMED.fullmatch(sender.strip())
    try:
        validate_email(named["address"].strip() if named else sender.strip())
    except ValidationError:
        text = _("Write one address, or a name and the address: Shop <shop@example.com>")
        yield Problem("sender", text)


def _subject(kind: KindOfMail, subject: str) -> Iterator[Problem]:
    if not subject.strip():
        yield Problem("subject", _("The subject is empty."))
    if _CONTROL.search(subject):
        yield Problem("subject", _("The subject must stand on one line."))
        return
    for slip in _slips(subject, kind.in_subject):
        yield _named("subject", slip)


def _body(kind: KindOfMail, body: str) -> Iterator[Problem]:
    if not body.strip():
        yield Problem("body", _("The body is empty."))
        return
    yield from _control("body", body, lines=True)
    for slip in _slips(body, kind.in_body):
        yield _named("body", slip)
    for name in sorted(kind.needs):
        if PLACES[name].written not in body:
            text = _("This mail makes no sense without %(place)s: %(meaning)s")
            place = PLACES[name]
            yield Problem("body", text % {"place": place.written, "meaning": place.meaning})


def _control(part: str, text: str, *, lines: bool) -> Iterator[Problem]:
    kept = re.sub(r"[\n\t]", "", text) if lines else text
    if _CONTROL.search(kept):
        yield Problem(part, _("The text has a control character in it. Please type it anew."))


@dataclass(frozen=True, slots=True)
class _Slip:
    written: str
    line: int
    column: int
    why: str


def _named(part: str, slip: _Slip) -> Problem:
    where = _("line %(line)s, character %(column)s") % {"line": slip.line, "column": slip.column}
    return Problem(part, f"{slip.written} ({where}): {slip.why}")


def _slips(text: str, allowed: Collection[Place]) -> Iterator[_Slip]:
    """Braces that fill no place, with where they stand; lines and characters count from 1."""
    names = {place.name for place in allowed}
    for found in _BRACES.finditer(text):
        why = _why(found[0], names)
        if why:
            before = text[: found.start()]
            yield _Slip(
                found[0][:60],
                before.count("\n") + 1,
                found.start() - (before.rfind("\n") + 1) + 1,
                why,
            )


def _why(written: str, names: Collection[str]) -> str:
    if written.startswith("｛"):
        meant = unicodedata.normalize("NFKC", written)[1:-1].strip().lower()
        return _("Please write it in half-width characters.") if meant in PLACES else ""
    if len(written) == 1:
        return _("This brace has no partner.")
    name = written[1:-1]
    if name in names:
        return ""
    if name in PLACES:
        return _("It cannot be used here.")
    return _("There is no such place.")
