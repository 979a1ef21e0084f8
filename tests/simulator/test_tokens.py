"""The life of a token (protocol.md, section E)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from escott.simulator.magic_cards import DECLINED, DEMO_CARD
from escott.simulator.merchants import DEMO_CARDS
from escott.simulator.tokens import TokenRefused


def charge(merchant, token, operation="1Gathering"):
    fields = {} if operation == "1Check" else {"Amount": "3780", "PayType": "01"}
    return merchant.send(operation, Token=token, **fields).codes


def status(merchant, token):
    fields = merchant.send("1TokenSearch", Token=token).fields
    return fields["ResponseCd"], fields.get("TokenResponseCd")


@pytest.mark.parametrize("operation", ["1Check", "1Auth", "1Gathering"])
def test_a_token_serves_only_once(merchant, operation):
    token = merchant.gateway.token_for()
    assert charge(merchant, token, operation) == ["OK"]
    assert charge(merchant, token) == ["KI2"]
    assert len(merchant.gateway.transactions()) == 1


def test_a_token_lives_thirty_minutes(merchant):
    token = merchant.gateway.token_for()
    merchant.clock.advance(timedelta(minutes=30))
    assert charge(merchant, token) == ["OK"]


def test_after_thirty_minutes_a_token_is_expired(merchant):
    token = merchant.gateway.token_for()
    merchant.clock.advance(timedelta(minutes=30, seconds=1))
    assert charge(merchant, token) == ["KI3"]


def test_a_malformed_token_is_khx(merchant):
    assert charge(merchant, "not a token") == ["KHX"]


@pytest.mark.parametrize("token", [None, "0" * 64])
def test_no_usable_token_is_khz(merchant, token):
    assert charge(merchant, token) == ["KHZ"]


def test_asking_does_not_use_a_token_up(merchant):
    token = merchant.gateway.token_for()
    for _ in range(3):
        assert status(merchant, token) == ("OK", "OK")
    assert charge(merchant, token) == ["OK"]


def test_asking_tells_that_a_token_was_used(merchant):
    token = merchant.gateway.token_for()
    charge(merchant, token)
    assert status(merchant, token) == ("OK", "KI2")


def test_a_used_token_stays_used_after_it_expired(merchant):
    token = merchant.gateway.token_for()
    charge(merchant, token)
    merchant.clock.advance(timedelta(hours=1))
    assert status(merchant, token) == ("OK", "KI2")


def test_asking_tells_that_a_token_expired_unused(merchant):
    token = merchant.gateway.token_for()
    merchant.clock.advance(timedelta(hours=1))
    assert status(merchant, token) == ("OK", "KI3")


def test_a_token_is_forgotten_after_a_month(merchant):
    token = merchant.gateway.token_for()
    merchant.clock.advance(timedelta(days=32))
    assert status(merchant, token) == ("OK", "KHZ")


@pytest.mark.parametrize(("token", "code"), [("?", "KHX"), (None, "KHZ")])
def test_asking_for_no_token_has_no_token_status(merchant, token, code):
    assert status(merchant, token) == (code, None)


def test_a_gateway_may_put_the_token_status_into_both_fields(serve):
    merchant = serve(token_search_says_ok=False)
    token = merchant.gateway.token_for()
    charge(merchant, token)
    assert status(merchant, token) == ("KI2", "KI2")


def test_a_declined_telegram_uses_its_token_up(merchant):
    token = merchant.gateway.token_for(DECLINED[0])
    assert charge(merchant, token) == ["G12"]
    assert charge(merchant, token) == ["KI2"]


def test_a_gateway_may_spare_the_token_of_a_declined_telegram(serve):
    merchant = serve(declined_consumes_token=False)
    token = merchant.gateway.token_for(DECLINED[0])
    assert charge(merchant, token) == ["G12"]
    assert charge(merchant, token) == ["G12"]


def test_a_telegram_with_wrong_fields_does_not_use_its_token_up(merchant):
    token = merchant.gateway.token_for()
    assert merchant.send("1Auth", Token=token, Amount="0", PayType="01").codes == ["K23"]
    assert charge(merchant, token) == ["OK"]


@pytest.mark.parametrize(
    ("wrong", "codes"),
    [
        ({"CardNo": ""}, ("K20",)),
        ({"CardNo": "4000000000001001"}, ("K82",)),
        ({"CardExp": "1228", "SecCd": "77"}, ("K21", "K24")),
        ({"KanaSei": "Yamada"}, ("K25",)),
    ],
)
def test_no_token_is_made_for_a_malformed_card(merchant, wrong, codes):
    card = {"CardNo": DEMO_CARD.number, "CardExp": "2812", "SecCd": "777"} | wrong
    assert merchant.gateway.make_token(DEMO_CARDS.token_code, card) == TokenRefused(codes)


def test_no_token_is_made_for_a_wrong_authentication_code(merchant):
    card = {"CardNo": DEMO_CARD.number, "CardExp": "2812"}
    assert merchant.gateway.make_token("wrong", card) == TokenRefused(("KI1",))
    assert merchant.gateway.make_token("", card) == TokenRefused(("KI1",))


def test_neither_token_nor_pass_shows_in_a_repr(merchant):
    token = merchant.gateway.token_for()
    made = merchant.gateway.make_token(
        DEMO_CARDS.token_code, {"CardNo": DEMO_CARD.number, "CardExp": "2812"}
    )
    assert made.token not in repr(made)
    charge(merchant, token)
    (transaction,) = merchant.gateway.transactions()
    assert transaction.process_pass not in repr(transaction)
