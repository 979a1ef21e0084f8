"""K71: the gateway has no such member. The test environment deletes members by itself.

In test mode the row is put aside and the shopper enters the card again; in production it is
marked unusable and the log says why (requirements.md A138, protocol.md J).
"""

from __future__ import annotations

import logging

from escott.clock import Clock
from escott.django.models import MemberState, Mode, Operation
from escott.django.services.member_reference import write

log = logging.getLogger("escott.members")


def heal_missing_member(charge: Operation, clock: Clock) -> None:
    """After a charge with a saved card: put the card aside if the gateway does not know it."""
    member = charge.payment.member
    if member is None or "K71" not in charge.response_codes.split("|"):
        return
    state = MemberState.DELETED if member.mode == Mode.TEST else MemberState.INVALID
    log.error("member %s is not known to the gateway (K71); it is %s now", member.kaiin_id, state)
    write(member, {"state": state, "response_codes": "K71"}, clock.now())
