"""After a 本人認証: charge the card, or keep it, with the result that the server holds.

The result is bound to the trip: to its order and amount, to its token or saved card, and to this
one use. Source: requirements.md A113, A114 and part 3.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from escott.clock import Clock
from escott.django.models import Trip, TripGoal, TripState
from escott.django.orders import OrderNotPayable
from escott.django.services.agreed_order import agreed_order
from escott.django.services.card_account import MethodUnavailable
from escott.django.services.card_claims import claim_charge
from escott.django.services.claim import (
    NO_SECRET,
    SavedCardUnusable,
)
from escott.django.services.end_trip import end_trip, state_of
from escott.django.services.instruction import CardInstruction
from escott.django.services.members import KeepResult, MemberBusy, SavedCardsOff, keep_card
from escott.django.services.missing_member import look_for_missing_member
from escott.django.services.pay import carry_out
from escott.gateway import Authentication, Return
from escott.gateway.response_codes import parse
from escott.rules.secure_policy import SecurePolicy, accepts

log = logging.getLogger("escott.payments")

#: The time between the issuer's answer and its arrival here.
_ON_THE_WAY: Final = timedelta(minutes=1)

#: Codes for what we refuse by ourselves, in the gateway's own vocabulary.
TIMED_OUT: Final = "U06"
NOT_ACCEPTED: Final = "U04"


def finish_authentication(trip: Trip, returned: Return, clock: Clock) -> None:
    """Judge the result by the shop's policy; charge or keep the card if it is accepted."""
    if trip.state != TripState.OPEN:
        return
    result = returned.authentication
    refused_with = _refusal(trip, returned, clock)
    columns = {
        "response_codes": refused_with or "OK",
        "secure_result_code": result.result_code if result else "",
        "holder_name": NO_SECRET,
    }
    token = trip.token
    if refused_with or result is None:
        state = TripState.REFUSED
        if returned.answer.response_cd == refused_with:
            state = state_of(parse(refused_with))
        if end_trip(trip, state, clock, token=NO_SECRET, **columns):
            look_for_missing_member(trip, clock)
        return
    if not end_trip(trip, TripState.ACCEPTED, clock, token=NO_SECRET, **columns):
        return
    trip.token = token
    if _is_for_another_card(trip):
        log.error("trip %s: the mode or the saved card has changed meanwhile", trip.code)
        _refuse(trip)
    else:
        _FOLLOWS[TripGoal(trip.goal)](trip, result, clock)


def _refusal(trip: Trip, returned: Return, clock: Clock) -> str:
    """The codes that refuse the result; empty if it is accepted."""
    response_cd = returned.answer.response_cd
    if response_cd != "OK":
        return response_cd
    if clock.now() > trip.ends_at + _ON_THE_WAY:
        return TIMED_OUT
    code = returned.authentication.result_code if returned.authentication else None
    policy = SecurePolicy(trip.account.secure_policy)
    return "" if accepts(policy, response_cd=response_cd, result_code=code) else NOT_ACCEPTED


def _is_for_another_card(trip: Trip) -> bool:
    """Whether what would be charged or kept now is not the card that was authenticated.

    A token and a saved card belong to the mode in which the trip began, and a saved card may
    have been changed since.
    """
    if trip.mode != trip.account.mode:
        return True
    return trip.member is not None and trip.member.changed_at > trip.opened_at


def _charge(trip: Trip, result: Authentication, clock: Clock) -> None:
    order = agreed_order(trip)
    if order is None:
        log.error("trip %s: its order can't be paid any more as it was agreed", trip.code)
        _refuse(trip)
        return
    try:
        claim = claim_charge(
            order, trip.account, _instruction(trip), key=f"trip-{trip.code}", now=clock.now()
        )
    except (SavedCardUnusable, OrderNotPayable):
        _refuse(trip)
        return
    if claim.won:
        payment = claim.payment
        payment.secure_result_code = result.result_code
        payment.save(update_fields=["secure_result_code"])
        Trip.objects.filter(pk=trip.pk).update(payment=payment)
        trip.payment = payment
    carry_out(claim, authentication=result, clock=clock)


def _keep(trip: Trip, result: Authentication, clock: Clock) -> None:
    if trip.customer is None:
        _refuse(trip)
        return
    try:
        kept = keep_card(trip.customer, trip.token, authentication=result, clock=clock)
    except (MemberBusy, SavedCardsOff, MethodUnavailable):
        _refuse(trip)
        return
    codes = "|".join(code.code for code in kept.codes)
    state = TripState.REFUSED if kept.result is KeepResult.REFUSED else TripState.ACCEPTED
    Trip.objects.filter(pk=trip.pk).update(
        member=kept.member, state=state, response_codes=codes or trip.response_codes
    )


_FOLLOWS: Final[dict[TripGoal, Callable[[Trip, Authentication, Clock], None]]] = {
    TripGoal.PAY: _charge,
    TripGoal.ADD_CARD: _keep,
    TripGoal.CHANGE_CARD: _keep,
}


def _refuse(trip: Trip) -> None:
    """Authenticated, and yet nothing may follow: what was agreed to has changed meanwhile."""
    trip.state, trip.response_codes = TripState.REFUSED, ""
    Trip.objects.filter(pk=trip.pk).update(state=trip.state, response_codes="")


def _instruction(trip: Trip) -> CardInstruction:
    return CardInstruction(
        token=trip.token or None,
        member=trip.member,
        pay_type=trip.pay_type,
        saves_card=trip.saves_card,
        consent_text=trip.consent.text if trip.consent else "",
    )
