"""What is said about a saved card: to its owner, and to staff.

The owner reads what happened to the card, that nothing was charged, and what to do; staff read
which clause of the rule keeps a card, and why.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from escott.django.advice import in_language_of_page
from escott.django.models import Trip, TripGoal, TripState
from escott.gateway import CustomerAction, ResponseCode, advice_after_refusal
from escott.gateway.customer_actions import ADVICE
from escott.gateway.staff_advice import staff_advice
from escott.rules.saved_cards import Clause

#: For staff: what keeps the card.
_FOR_STAFF: Final = {
    Clause.AUTHORISATION: noop(
        "The customer has a sale by authorisation (与信) of the last 90 days, or one that is "
        "still open."
    ),
    Clause.SUBSCRIPTION: noop("A subscription that is paid with this card is running."),
    Clause.UNFINISHED: noop("An operation has not ended, or its result is unknown."),
    Clause.HANDLING_PERIOD: noop(
        "Payments made with this card can still be cancelled or changed; without the card they "
        "could not."
    ),
}

#: The same for the card's owner.
_FOR_OWNER: Final = {
    Clause.AUTHORISATION: noop(
        "One of your payments of the last 90 days may still be in progress."
    ),
    Clause.SUBSCRIPTION: noop("A subscription of yours is paid with this card."),
    Clause.UNFINISHED: noop("A payment or a change of the card is being processed."),
    Clause.HANDLING_PERIOD: noop(
        "The shop may still need the card to change or refund an order that you paid with it."
    ),
}

#: What tells about the card itself, and so what its owner can do about it.
_ABOUT_THE_CARD: Final = frozenset(
    {
        CustomerAction.FIX_CARD_NUMBER,
        CustomerAction.FIX_CARD_EXPIRY,
        CustomerAction.FIX_SECURITY_CODE,
        CustomerAction.FIX_CARD_INFO,
        CustomerAction.CARD_UNUSABLE,
        CustomerAction.REENTER_CARD,
        CustomerAction.WAIT_LOCKOUT,
        CustomerAction.THREE_DS_FAILED,
        CustomerAction.CHANGE_PAYMENT_METHOD,
    }
)


def clause_for_staff(clause: Clause) -> str:
    """Which clause keeps the card, and why."""
    return _(_FOR_STAFF[clause])


def clause_for_owner(clause: Clause) -> str:
    """Why the card can't be deleted now."""
    return _(_FOR_OWNER[clause])


def saved(*, changed: bool) -> str:
    """The card is kept."""
    return _("Your card has been changed.") if changed else _("Your card has been saved.")


def refused(codes: Iterable[ResponseCode], *, changed: bool) -> str:
    """The gateway said no."""
    action = next(
        (
            action
            for code in codes
            if (action := CustomerAction(code.customer_action)) in _ABOUT_THE_CARD
        ),
        None,
    )
    if action is None:
        advice = _("Please try again later, or contact the shop.")
    else:
        advice = in_language_of_page(advice_after_refusal([action]))
    return _both(_not_saved(changed=changed), advice)


def not_reached(*, changed: bool) -> str:
    """Nothing was sent."""
    advice = _("The card service cannot be reached at the moment. Please try again after a while.")
    return _both(_not_saved(changed=changed), advice)


def busy() -> str:
    """Another operation on the card has not ended."""
    return _("Your card is being processed at this moment. Please wait a little and look again.")


def unavailable() -> str:
    """Card payment is not set up, or saves no cards."""
    return _("Cards cannot be saved at the moment. Nothing was changed.")


def after_trip(trip: Trip) -> tuple[bool, str]:
    """How a trip that was to save a card ended; whether that is good, and the text.

    The text is empty where the page itself says how the card stands.
    """
    changed = trip.goal == TripGoal.CHANGE_CARD
    match TripState(trip.state):
        case TripState.ACCEPTED if trip.member is not None and trip.member.under_way:
            return True, ""
        case TripState.ACCEPTED if trip.member is not None and trip.member.current:
            return True, saved(changed=changed)
        case TripState.ACCEPTED:
            return False, not_reached(changed=changed)
        case TripState.REFUSED:
            return False, refused(trip.codes, changed=changed)
        case TripState.EXPIRED:
            late = in_language_of_page(ADVICE[CustomerAction.THREE_DS_TIMEOUT_RETRY])
            return False, _both(_not_saved(changed=changed), late)
        case TripState.OPEN | TripState.CANCELLED:
            return False, _("You left before the card was saved. Nothing was changed.")


def code_for_staff(codes: Iterable[ResponseCode]) -> list[str]:
    """What came back last and what to do about it, such as for K71; nothing after OK."""
    return [
        f"{code.code}: {in_language_of_page(staff_advice(code))}"
        for code in codes
        if code.code != "OK"
    ]


def _both(what: str, advice: str) -> str:
    return _("%(what)s %(advice)s") % {"what": what, "advice": advice}


def _not_saved(*, changed: bool) -> str:
    if changed:
        return _("Your card was not changed; the saved card is as it was.")
    return _("Your card was not saved.")
