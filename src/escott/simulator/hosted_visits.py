"""The hosted card page (リンク型): enter a card, confirm, and it is charged or kept.

Only a confirmation carries something out, and it does so once. A card that is refused shows
the entry screen again with the reason, until the tries are used up (``Options.hosted_tries``);
a refusal that another card would not cure ends the visit at once. Source: protocol.md G.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from escott.clock import in_japan
from escott.gateway.operations import MASTER
from escott.gateway.response_codes import Category, lookup
from escott.simulator.deliveries import Reply
from escott.simulator.fields import card_codes
from escott.simulator.live import LiveGateway
from escott.simulator.presented_cards import PresentedCard, present, present_again
from escott.simulator.screens import (
    FIRST_SCREEN,
    MEMBER_NOT_FOUND,
    SCREENS,
    Asks,
    Flow,
    Screen,
    flow_of,
)
from escott.simulator.telegrams import Refused
from escott.simulator.visit_desk import VisitDesk
from escott.simulator.visit_requests import VisitRequest
from escott.simulator.visits import Ending, Place, Visit

#: What a shopper can mend by entering something else.
_OF_THE_CARD: Final = frozenset({Category.INPUT_CARD, Category.INPUT_OTHER, Category.DECLINED})


class HostedVisits:
    """Visits to the hosted card page."""

    def __init__(self, gateway: LiveGateway, desk: VisitDesk) -> None:
        self._gateway = gateway
        self._desk = desk

    def begin(self, merchant_id: str, value: str) -> Visit:
        """The visit that a shopper's browser begins; it may have ended when this returns.

        Raises:
            NoWayBack: the request cannot be read.
        """
        return self._desk.begin(Place.HOSTED, merchant_id, value, self._receive)

    def enter(self, visit_id: str, name: str, given: Mapping[str, str]) -> None:
        """The shopper filled in an entry screen: CardNo, CardExp (YYMM), SecCd."""
        with self._desk.acting:
            found = self.at(visit_id, name)
            if found is None or not found[1].is_entry:
                return
            visit, screen = found
            try:
                card = self._card(visit, screen, given)
            except Refused as refused:
                self._fail(visit, screen, refused.codes)
            else:
                self._desk.keep(replace(visit, card=card, screen=screen.beside, codes=()))

    def confirm(self, visit_id: str, name: str) -> float:
        """The shopper confirmed; the seconds until the answer to it is there."""
        with self._desk.acting:
            found = self.at(visit_id, name)
            if found is None or found[1].is_entry:
                return 0.0
            visit, screen = found
            if self._desk.has_a_rival(visit):
                self._desk.end(visit, Ending.NOT_ACCEPTED, "K89")
                return 0.0
            reply = self._gateway.carry_out(
                self._desk.merchant_of(visit), visit.fields, card=visit.card
            )
            self._take(visit, screen, reply)
            return reply.delay

    def cancel(self, visit_id: str, name: str) -> None:
        """The shopper pressed the cancel button of a screen."""
        with self._desk.acting:
            found = self.at(visit_id, name)
            if found is not None:
                visit, screen = found
                self._end(visit, Ending.CANCELLED, screen.cancelled)

    def _receive(self, visit: Visit, request: VisitRequest) -> Visit:
        flow = flow_of_visit(visit)
        card = None
        if flow in {Flow.MEMBER_PAYMENT, Flow.CHANGE}:
            found = self._gateway.look_up_card(request.merchant, _member(visit))
            if isinstance(found, tuple):
                raise Refused(MEMBER_NOT_FOUND)
            card = found.card
        screen = FIRST_SCREEN[flow].name
        return self._desk.keep(replace(visit, screen=screen, own_card=card))

    def at(self, visit_id: str, name: str) -> tuple[Visit, Screen] | None:
        """The open visit and the screen of this name, if it is one of the visit's flow.

        An entry screen may be gone back to at any time; a confirm screen is there only while
        the visit stands at it.
        """
        visit = self._desk.find(visit_id)
        screen = SCREENS.get(name)
        if visit is None or screen is None or not visit.is_open:
            return None
        if visit.place is not Place.HOSTED or screen.flow is not flow_of_visit(visit):
            return None
        return (visit, screen) if screen.is_entry or visit.screen == name else None

    def _card(self, visit: Visit, screen: Screen, given: Mapping[str, str]) -> PresentedCard:
        """The card that an entry screen names, or Refused."""
        codes = self._entry_codes(screen, given)
        if codes:
            raise Refused(*codes)
        if screen.asks is Asks.ASSIST and visit.own_card is not None:
            return present_again(visit.own_card, given)
        return present(given)

    def _entry_codes(self, screen: Screen, given: Mapping[str, str]) -> tuple[str, ...]:
        today = in_japan(self._gateway.clock.now()).date()
        filled = {name: text for name, text in given.items() if text}
        asked = card_codes(filled, self._gateway.options, today)
        if screen.asks is Asks.ASSIST:
            asked = tuple(code for code in asked if code == "K24")
        return asked if "SecCd" in filled else tuple(sorted({*asked, "K24"}))

    def _take(self, visit: Visit, screen: Screen, reply: Reply) -> None:
        codes = tuple(code for code in reply.fields.get("ResponseCd", "").split("|") if code)
        refused = tuple(code for code in codes if code != "OK")
        if not refused:
            extras = _told_on_success(visit)
            self._desk.end_as_delivered(visit, Ending.DONE, reply, extras)
        elif all(lookup(code).category in _OF_THE_CARD for code in refused):
            self._fail(visit, SCREENS[screen.beside], refused)
        else:
            self._end(visit, Ending.FAILED, screen.failed)

    def _fail(self, visit: Visit, entry: Screen, codes: tuple[str, ...]) -> None:
        """Show the entry screen again with the reason, or end where there is no further try."""
        options = self._gateway.options
        failures = visit.failures + 1
        if options.hosted_decline_returns and visit.screen == entry.beside:
            self._end(visit, Ending.FAILED, entry.failed)
        elif failures >= options.hosted_tries:
            self._end(visit, Ending.EXHAUSTED, entry.exhausted)
        else:
            again = replace(visit, screen=entry.name, card=None, failures=failures, codes=codes)
            self._desk.keep(again)

    def _end(self, visit: Visit, ending: Ending, code: str) -> None:
        self._desk.end(visit, ending, code, **_told_always(visit))


def flow_of_visit(visit: Visit) -> Flow:
    """What the shopper came for."""
    return flow_of(visit.operation, has_member="KaiinId" in visit.fields)


def _member(visit: Visit) -> dict[str, str]:
    return {name: visit.fields[name] for name in ("KaiinId", "KaiinPass") if name in visit.fields}


def _told_always(visit: Visit) -> dict[str, str]:
    """A payment's return names the merchant, a member's does not (protocol.md G)."""
    return {"MerchantId": visit.merchant_id} if visit.operation in MASTER else {}


def _told_on_success(visit: Visit) -> dict[str, str]:
    amount = {"Amount": visit.fields["Amount"]} if visit.operation in MASTER else {}
    return _told_always(visit) | amount | _member(visit)
