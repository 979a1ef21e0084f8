"""K71: the gateway has no such member. The test environment deletes members by itself.

In test mode the row is put aside and the shopper enters the card again; in production it is
marked unusable and the log says why (requirements.md A138, protocol.md J).
"""

from __future__ import annotations

import logging
from typing import Final

from escott.clock import Clock
from escott.django.models import MemberState, Mode, Operation, Trip
from escott.django.services.member_inquiry import ask_about
from escott.django.services.member_reference import write
from escott.django.services.members import MemberBusy

log = logging.getLogger("escott.members")

#: What the browser may bring where there is no such member: from 本人認証, from the card page.
_SAID_BY_BROWSER: Final = frozenset({"K71", "P60"})


def heal_missing_member(charge: Operation, clock: Clock) -> None:
    """After a charge with a saved card: put the card aside if the gateway does not know it."""
    member = charge.payment.member
    if member is None or "K71" not in charge.response_codes.split("|"):
        return
    state = MemberState.DELETED if member.mode == Mode.TEST else MemberState.INVALID
    log.error("member %s is not known to the gateway (K71); it is %s now", member.kaiin_id, state)
    write(member, {"state": state, "response_codes": "K71"}, clock.now())


def look_for_missing_member(trip: Trip, clock: Clock) -> None:
    """After a trip with a saved card: the browser is no witness, so the gateway is asked."""
    if trip.member is None or _SAID_BY_BROWSER.isdisjoint(trip.response_codes.split("|")):
        return
    try:
        ask_about(trip.member, clock=clock)
    except MemberBusy:
        log.info("member %s: what is under way will tell", trip.member.kaiin_id)
