"""The client against the simulator without a socket: what each outcome looks like."""

from __future__ import annotations

import pytest

from escott.clock import SettableClock
from escott.gateway import (
    Client,
    Endpoints,
    Gathering,
    Merchant,
    Ok,
    Refused,
    Secret,
    Timeouts,
    Token,
    Unknown,
    UnknownReason,
)
from escott.simulator import troubles
from escott.simulator.live import LiveGateway
from escott.simulator.magic_cards import DECLINED, DEMO_CARD, TROUBLED
from escott.simulator.transport import InProcessTransport

OUTCOMES = [
    (troubles.SLOW, Ok),
    (troubles.LOST_AFTER, UnknownReason.CONNECTION_LOST),
    (troubles.LOST_BEFORE, UnknownReason.CONNECTION_LOST),
    (troubles.CARRIED_OUT_LATE, UnknownReason.CONNECTION_LOST),
    (troubles.HANGS_AFTER, UnknownReason.READ_TIMEOUT),
    (troubles.HANGS_BEFORE, UnknownReason.READ_TIMEOUT),
    (troubles.ANSWERS_HTML, UnknownReason.MALFORMED),
    (troubles.ANSWERS_ERROR, UnknownReason.HTTP_STATUS),
    (troubles.ANSWERS_HALF, UnknownReason.INCOMPLETE_BODY),
    (troubles.ANSWERS_WITHOUT_CODE, UnknownReason.NO_RESPONSE_CODE),
    (troubles.CHARGED_BUT_K96, UnknownReason.MONEY_MAY_HAVE_MOVED),
]


@pytest.fixture
def gateway(clock: SettableClock) -> LiveGateway:
    return LiveGateway(clock=clock)


@pytest.fixture
def charge(gateway, clock):
    client = Client(
        endpoints=Endpoints.at("http://gateway.example"),
        merchant=Merchant("12345678", Secret("pass1234")),
        transport=InProcessTransport(gateway),
        clock=clock,
        timeouts=Timeouts(read=60),
    )

    def send(card):
        token = Token(Secret(gateway.token_for(card)))
        return client.send(Gathering(transaction_code="000000000042", card=token, amount=3780))

    return send


def test_a_charge_is_ok(charge, gateway):
    outcome = charge(DEMO_CARD)
    assert isinstance(outcome, Ok)
    assert outcome.answer.process_id == gateway.charges()[0].process_id


def test_a_decline_is_refused(charge):
    outcome = charge(DECLINED[0])
    assert isinstance(outcome, Refused)
    assert [code.code for code in outcome.codes] == ["G12"]


@pytest.mark.parametrize(("trouble", "expected"), OUTCOMES)
def test_trouble_looks_as_it_does_on_a_real_line(charge, trouble, expected):
    card = next(card for card in TROUBLED if card.trouble is trouble and not card.on_follow_up)
    outcome = charge(card)
    if expected is Ok:
        assert isinstance(outcome, Ok)
    else:
        assert isinstance(outcome, Unknown)
        assert outcome.reason is expected
