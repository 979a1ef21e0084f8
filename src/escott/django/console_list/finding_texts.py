"""What a finding means, in the words of staff: what the list shows, and what will be done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop
from django.utils.translation import pgettext_lazy

from escott.django.console_list.findings import Finding, Meaning
from escott.rules.console_evidence import ListedState
from escott.rules.drift import Drift

LISTED_LABELS: Final[Mapping[ListedState, object]] = {
    ListedState.AUTHORISED: pgettext_lazy("payment state", "Authorised"),
    ListedState.GATHERED: pgettext_lazy("payment state", "Authorised and captured"),
    ListedState.CAPTURED: pgettext_lazy("payment state", "Captured"),
    ListedState.CANCELLED: pgettext_lazy("payment state", "Cancelled"),
    ListedState.FAILED: pgettext_lazy("console's list", "Failed"),
}

#: What is done about a finding, or why nothing is.
_TEXTS: Final[Mapping[Meaning, str]] = {
    Meaning.DONE: noop("It was carried out. It will be settled as such."),
    Meaning.NOT_DONE: noop("It was not carried out. It will be settled as such."),
    Meaning.CHARGED_AFTER_ALL: noop(
        "The list shows a charge, and our record says that nothing was charged. It becomes a "
        "case for staff: the shopper may have paid twice."
    ),
    Meaning.TWICE: noop(
        "The list has this transaction code more than once: the card may have been charged "
        "twice. Look in the console."
    ),
    Meaning.OTHER_AMOUNT: noop(
        "It stands in the list with another amount than was asked for. Look in the console, and "
        "settle it by itself."
    ),
    Meaning.DOES_NOT_FIT: noop(
        "The list does not tell how it ended. Look in the console, and settle it by itself."
    ),
    Meaning.UNDER_WAY: noop("An operation is being carried out. Compare it again later."),
    Meaning.MOVED_SINCE: noop(
        "It was operated on here later than anything in the list, which may be older. Open the "
        "payment to compare it, or export the list again later."
    ),
    Meaning.NOT_COVERED: noop(
        "The list does not prove anything about it: it must hold a transaction from before the "
        "attempt and one from more than five minutes after it. Export a longer period, or settle "
        "it by itself."
    ),
}

_DRIFT: Final[Mapping[Drift, str]] = {
    Drift.CAPTURED: noop("It was captured in the console."),
    Drift.CANCELLED: noop("It was cancelled in the console."),
    Drift.REAUTHORISED: noop("It was re-authorised in the console."),
    Drift.AMOUNT_CHANGED: noop("Its amount was changed in the console."),
    Drift.GONE: noop("The gateway does not know the payment any more."),
}


def what_was_done(drift: Drift | str) -> str:
    """What somebody did in the console, as a sentence."""
    return _(_DRIFT[Drift(drift)])


def meaning_of(finding: Finding) -> str:
    """What a finding means and what is done about it, as a sentence or two."""
    if finding.drift is not None and finding.meaning is Meaning.DIFFERS:
        return what_was_done(finding.drift)
    return _(_TEXTS[finding.meaning])
