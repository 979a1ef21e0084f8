"""本人認証 in words for staff: what a SecureResultCode says, and why a trip led to no payment.

Source: protocol.md F, SecureResultCode.
"""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from escott.django.advice import in_language_of_page
from escott.django.models import Trip, TripState
from escott.django.services.authenticated import NOT_ACCEPTED
from escott.gateway.customer_actions import Advice
from escott.rules.secure_policy import ACCEPTED, SecurePolicy

_MEANINGS: Final = {
    "0": noop("authenticated"),
    "1": noop("authentication failed"),
    "2": noop("the card holder is not enrolled"),
    "3": noop("the issuer does not support 3-D Secure"),
    "4": noop("attempt: the issuer did not complete the authentication"),
    "8": noop("the authentication system is under maintenance"),
    "9": noop("error of the authentication system"),
}

_STATES: Final = {
    TripState.OPEN: noop("The shopper is at the card company's page, or has left it."),
    TripState.EXPIRED: noop("The shopper did not come back within the time."),
    TripState.CANCELLED: noop("The shopper cancelled."),
    TripState.ACCEPTED: noop("Accepted, but the charge was not begun."),
}

_NOT_ACCEPTED: Final = noop(
    "This result is not accepted by the shop's setting “accepted 3-D Secure results”."
)
_CHANGED: Final = noop(
    "The order, or the saved card, was no longer as it had been agreed to when the shopper came "
    "back."
)


def meaning_of(code: str) -> str:
    """What a SecureResultCode says; an unheard-of one is named as such."""
    return _(_MEANINGS[code]) if code in _MEANINGS else _("unknown result")


def explain_trip(trip: Trip) -> tuple[str, ...]:
    """Why a 本人認証 led to no payment, line by line."""
    state = TripState(trip.state)
    if state in _STATES:
        return (_(_STATES[state]),)
    if not trip.codes:
        return (_(_CHANGED),)
    lines = [
        f"{code.code}: {in_language_of_page(Advice(code.english, code.japanese))}"
        for code in trip.codes
    ]
    if trip.secure_result_code:
        lines.append(
            f"SecureResultCode {trip.secure_result_code}: {meaning_of(trip.secure_result_code)}"
        )
        if _is_refused_by_policy(trip):
            lines.append(_(_NOT_ACCEPTED))
    return tuple(lines)


def _is_refused_by_policy(trip: Trip) -> bool:
    """Whether the shop's setting alone refused it; another code is the gateway's own refusal."""
    acceptable = ACCEPTED[SecurePolicy.STANDARD]
    return trip.response_codes == NOT_ACCEPTED and trip.secure_result_code in acceptable
