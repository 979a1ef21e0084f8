"""本人認証 at the card company: what the shopper, or a tester's hand, makes of it.

The card decides first (``MagicCard.secure``): most come back at once, others show the page
with the code. There every outcome can also be chosen by hand. ``3Secure`` ends with the
result; a combined request (1Auth, 4MemAdd and so on) is carried out if it succeeded, and ends with
the answer to that. Source: protocol.md F.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from escott.gateway.operations import MASTER, OperateId
from escott.simulator.card_sources import CardFound
from escott.simulator.live import LiveGateway
from escott.simulator.presented_cards import PresentedCard
from escott.simulator.secure_outcomes import (
    ATTEMPT,
    ATTEMPT_REFUSED,
    CHALLENGED,
    FAILED_CHALLENGE,
    MAINTENANCE,
    NOT_ENROLLED,
    NOT_ENROLLED_REFUSED,
    NOT_SUPPORTED,
    NOT_SUPPORTED_REFUSED,
    SYSTEM_ERROR,
    WITHOUT_RESULT,
    SecureOutcome,
)
from escott.simulator.telegrams import Refused
from escott.simulator.visit_desk import VisitDesk
from escott.simulator.visit_requests import VisitRequest
from escott.simulator.visits import Ending, Place, Visit

#: What the card company sent to the holder, in the imagination of this simulator.
CODE: Final = "123456"
#: Wrong codes after which the authentication has failed.
TRIES: Final = 3

#: What can be chosen by hand on the page, by the name of the button.
BY_HAND: Final[Mapping[str, SecureOutcome]] = {
    outcome.name: outcome
    for outcome in (
        CHALLENGED,
        FAILED_CHALLENGE,
        ATTEMPT,
        ATTEMPT_REFUSED,
        NOT_ENROLLED,
        NOT_ENROLLED_REFUSED,
        NOT_SUPPORTED,
        NOT_SUPPORTED_REFUSED,
        MAINTENANCE,
        SYSTEM_ERROR,
        WITHOUT_RESULT,
    )
}

#: The one screen.
SCREEN: Final = "3DS"


class SecureVisits:
    """Visits to the page of 本人認証."""

    def __init__(self, gateway: LiveGateway, desk: VisitDesk) -> None:
        self._gateway = gateway
        self._desk = desk

    def begin(self, merchant_id: str, value: str) -> Visit:
        """The visit that a shopper's browser begins; it may have ended when this returns.

        Raises:
            NoWayBack: the request cannot be read.
        """
        return self._desk.begin(Place.SECURE, merchant_id, value, self._receive)

    def enter_code(self, visit_id: str, code: str) -> None:
        """The shopper entered a code. The last wrong one is a failure."""
        with self._desk.acting:
            visit = self._open(visit_id)
            if visit is None:
                return
            if hmac.compare_digest(code.encode(), CODE.encode()):
                self._conclude(visit, self._gateway.outcome_for(_found(visit)))
            elif visit.failures + 1 >= TRIES:
                self._conclude(visit, FAILED_CHALLENGE)
            else:
                self._desk.keep(replace(visit, failures=visit.failures + 1))

    def choose(self, visit_id: str, name: str) -> None:
        """Somebody chose an outcome by hand; a name that is not offered does nothing."""
        with self._desk.acting:
            visit = self._open(visit_id)
            if visit is not None and name in BY_HAND:
                self._conclude(visit, BY_HAND[name])

    def cancel(self, visit_id: str) -> None:
        """The shopper gave up; for the merchant that is a failed authentication."""
        with self._desk.acting:
            visit = self._open(visit_id)
            if visit is not None:
                self._conclude(visit, FAILED_CHALLENGE, Ending.CANCELLED)

    def leave(self, visit_id: str) -> None:
        """The shopper went away without a word."""
        with self._desk.acting:
            visit = self._open(visit_id)
            if visit is not None:
                self._desk.end_without_result(visit, Ending.LEFT)

    def _receive(self, visit: Visit, request: VisitRequest) -> Visit:
        found = self._gateway.look_up_card(request.merchant, request.fields)
        if isinstance(found, tuple):
            raise Refused(*found)
        arrived = replace(visit, screen=SCREEN, card=found.card, card_key=found.key)
        outcome = self._gateway.outcome_for(found)
        if outcome.walks_away:
            return self._desk.end_without_result(arrived, Ending.LEFT)
        if outcome.is_challenged:
            return self._desk.keep(arrived)
        return self._conclude(arrived, outcome)

    def _open(self, visit_id: str) -> Visit | None:
        visit = self._desk.find(visit_id)
        return visit if visit and visit.is_open and visit.place is Place.SECURE else None

    def _conclude(self, visit: Visit, outcome: SecureOutcome, name: str = "") -> Visit:
        if self._desk.has_a_rival(visit):
            return self._desk.end(visit, Ending.NOT_ACCEPTED, "K89")
        merchant = self._desk.merchant_of(visit)
        issued = self._gateway.authenticate(merchant, _found(visit), visit.amount, outcome)
        ending = name or outcome.name
        if visit.operation is OperateId.SECURE or outcome.response_code != "OK":
            return self._desk.end(visit, ending, outcome.response_code, **issued.values)
        reply = self._gateway.carry_out(
            merchant, visit.fields | issued.values, card=_card_without_a_name(visit)
        )
        return self._desk.end_as_delivered(visit, ending, reply, issued.values)


def _found(visit: Visit) -> CardFound:
    if visit.card is None:
        raise LookupError("the visit has no card yet")
    return CardFound(visit.card, visit.card_key)


def _card_without_a_name(visit: Visit) -> PresentedCard | None:
    """The card, where the request named it by its number, which the visit has forgotten."""
    named = "Token" in visit.fields or ("KaiinId" in visit.fields and visit.operation in MASTER)
    return None if named else visit.card
