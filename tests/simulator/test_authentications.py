"""本人認証 (3-D Secure) in charges: the values serve once, for their card and amount."""

from __future__ import annotations

import base64
import re
from datetime import timedelta

import pytest

from escott.gateway.secure import Authentication
from escott.simulator.brands import Brand
from escott.simulator.magic_cards import APPROVED, DEMO_CARD, MAGIC_CARDS, SECURED
from escott.simulator.merchants import DEMO_CARDS, DEMO_COLLECTION
from escott.simulator.secure_outcomes import (
    ATTEMPT,
    ATTEMPT_REFUSED,
    FRICTIONLESS,
    NOT_ENROLLED,
    NOT_SUPPORTED,
    OUTCOMES,
    REFUSED,
    WITHOUT_RESULT,
)
from tests.simulator.conftest import MEMBER

PAID: dict[str, str | None] = {"Amount": "3780", "PayType": "01"}
DIRECT: dict[str, str | None] = {"CardNo": "4000000000001000", "CardExp": "2812"}


class Shopper:
    """A shopper who is authenticated with a card that the fields name."""

    def __init__(self, merchant):
        self.merchant = merchant
        self.gateway = merchant.gateway
        self.card = {"Token": self.gateway.token_for()}

    def authenticated(self, outcome=FRICTIONLESS, amount=3780, card=None, by=DEMO_CARDS):
        found = self.gateway.look_up_card(by, card or self.card)
        return self.gateway.authenticate(by, found, amount, outcome).values

    def charge(self, values, operation="1Auth", **fields):
        paid = {} if operation == "1Check" else PAID
        return self.merchant.send(operation, **{**paid, **self.card, **values, **fields}).codes


@pytest.fixture
def shopper(merchant):
    return Shopper(merchant)


def test_values_serve_for_the_charge_they_were_made_for(shopper, merchant):
    assert shopper.charge(shopper.authenticated()) == ["OK"]
    (transaction,) = merchant.gateway.transactions()
    assert transaction.secure_result_code == "0"


def test_an_authentication_does_not_use_the_token_up(shopper):
    shopper.authenticated()
    assert shopper.charge(shopper.authenticated()) == ["OK"]


@pytest.mark.parametrize("outcome", [ATTEMPT, NOT_ENROLLED, NOT_SUPPORTED])
def test_results_with_which_a_shop_may_go_on_serve_too(shopper, outcome):
    assert shopper.charge(shopper.authenticated(outcome)) == ["OK"]


def test_a_card_may_be_given_directly(shopper):
    shopper.card = DIRECT
    assert shopper.charge(shopper.authenticated()) == ["OK"]


def test_a_member_may_be_authenticated(shopper, merchant):
    merchant.member_in("valid")
    shopper.card = MEMBER
    assert shopper.charge(shopper.authenticated()) == ["OK"]


def test_a_check_has_no_amount(shopper):
    assert shopper.charge(shopper.authenticated(amount=None), "1Check") == ["OK"]


@pytest.mark.parametrize("operation", ["4MemAdd", "4MemChg"])
def test_a_card_that_is_kept_may_be_authenticated(shopper, merchant, operation):
    merchant.member_in("valid" if operation == "4MemChg" else "none")
    values = shopper.authenticated(amount=None)
    assert merchant.member(operation, **shopper.card, **values).codes == ["OK"]


def test_no_values_are_no_authentication(shopper, merchant):
    assert shopper.charge({}) == ["OK"]
    assert merchant.gateway.transactions()[0].secure_result_code == ""


# -- what a forging shop may try --------------------------------------------------------


@pytest.mark.parametrize(
    "values", [{"SecureResultCode": "0"}, {"CAVV3D": "A" * 28}, {"SecureResultCode": "3"}]
)
def test_invented_values_are_k32(shopper, values):
    assert shopper.charge(values) == ["K32"]


def test_every_value_counts(shopper):
    values = shopper.authenticated(ATTEMPT)
    others = shopper.authenticated(FRICTIONLESS) | {"MessageVersionNo3D": "2.1.0"}
    assert values.keys() == others.keys()
    for name in values:
        assert shopper.charge({**values, name: others[name]}) == ["K32"]
        left_out = {key: value for key, value in values.items() if key != name}
        assert shopper.charge(left_out) == ["K32"]
    assert shopper.charge(values) == ["OK"]


def test_an_attempt_is_not_made_better(shopper):
    values = shopper.authenticated(ATTEMPT) | {"SecureResultCode": "0"}
    assert shopper.charge(values) == ["K32"]


def test_values_serve_once(shopper, merchant):
    values = shopper.authenticated()
    assert shopper.charge(values) == ["OK"]
    assert merchant.charge(**values).codes == ["K35"]
    shopper.card = {"Token": merchant.gateway.token_for()}
    assert shopper.charge(values) == ["K35"]


def test_values_without_details_serve_once_too(shopper):
    shopper.card = DIRECT
    values = shopper.authenticated(NOT_SUPPORTED)
    assert shopper.charge(values) == ["OK"]
    assert shopper.charge(values) == ["K35"]
    shopper.authenticated(NOT_SUPPORTED)
    assert shopper.charge(values) == ["OK"]


def test_a_declined_charge_uses_its_values_up(shopper):
    shopper.card = DIRECT | {"SecCd": "778"}
    values = shopper.authenticated()
    assert shopper.charge(values) == ["K40"]
    assert shopper.charge(values, SecCd="777") == ["K35"]


def test_values_of_another_card_are_k35(shopper, merchant):
    values = shopper.authenticated()
    shopper.card = {"Token": merchant.gateway.token_for()}
    assert shopper.charge(values) == ["K35"]


def test_values_of_another_member_are_k35(shopper, merchant):
    merchant.member_in("valid")
    other: dict[str, str | None] = {"KaiinId": "customer0002", "KaiinPass": "kaiinpass02"}
    merchant.member("4MemAdd", DEMO_CARD, **other)
    values = shopper.authenticated(card=MEMBER)
    shopper.card = other
    assert shopper.charge(values) == ["K35"]


@pytest.mark.parametrize("amount", [3781, 1, None])
def test_values_of_another_amount_are_k35(shopper, amount):
    assert shopper.charge(shopper.authenticated(amount=amount)) == ["K35"]


def test_a_gateway_may_not_look_at_the_amount(serve):
    shopper = Shopper(serve(bind_amount_to_authentication=False))
    assert shopper.charge(shopper.authenticated(amount=1)) == ["OK"]


def test_values_of_another_merchant_are_k32(shopper, merchant):
    found = merchant.gateway.look_up_card(DEMO_CARDS, shopper.card)
    issued = merchant.gateway.authenticate(DEMO_COLLECTION, found, 3780, FRICTIONLESS)
    assert shopper.charge(issued.values) == ["K32"]


@pytest.mark.parametrize(("outcome", "code"), [(REFUSED, "U04"), (ATTEMPT_REFUSED, "U15")])
def test_a_failed_authentication_carries_no_charge(shopper, merchant, outcome, code):
    assert shopper.charge(shopper.authenticated(outcome)) == [code]
    assert merchant.gateway.console() == []


def test_what_was_refused_here_leaves_the_token_unused(shopper):
    assert shopper.charge({"SecureResultCode": "0"}) == ["K32"]
    assert shopper.charge(shopper.authenticated()) == ["OK"]


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("MessageVersionNo3D", "two", "K30"),
        ("EncodeXId3D", "?", "K32"),
        ("TransactionStatus3D", "X", "K33"),
        ("CAVVAlgorithm3D", "?", "K34"),
        ("CAVV3D", "?", "K35"),
        ("ECI3D", "5", "K36"),
    ],
)
def test_a_malformed_value_has_its_own_code(shopper, name, value, code):
    assert shopper.charge(shopper.authenticated() | {name: value}) == [code]


def test_malformed_values_are_joined_in_their_order(shopper):
    values = {"ECI3D": "?", "EncodeXId3D": "?", "MessageVersionNo3D": "?"}
    assert shopper.charge(values, Amount="0") == ["K23", "K30", "K32", "K36"]


# -- what the values look like ----------------------------------------------------------


@pytest.mark.parametrize("outcome", OUTCOMES, ids=lambda outcome: outcome.name)
def test_the_client_can_carry_the_values(shopper, outcome):
    values = shopper.authenticated(outcome)
    if outcome.result_code:
        assert Authentication(values).result_code == outcome.result_code
    else:
        assert values == {}
    assert ("CAVV3D" in values) is (outcome.status in {"Y", "A"})


def test_details_have_the_forms_of_the_standard(shopper):
    values = shopper.authenticated()
    assert len(base64.b64decode(values["CAVV3D"])) == 20
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", values["DSTransactionId"])
    assert shopper.authenticated()["EncodeXId3D"] != values["EncodeXId3D"]


@pytest.mark.parametrize(
    ("brand", "outcome", "eci"),
    [
        (Brand.VISA, FRICTIONLESS, "05"),
        (Brand.JCB, ATTEMPT, "06"),
        (Brand.VISA, REFUSED, "07"),
        (Brand.MASTERCARD, FRICTIONLESS, "02"),
        (Brand.MASTERCARD, ATTEMPT, "01"),
        (Brand.MASTERCARD, NOT_ENROLLED, "00"),
    ],
)
def test_each_brand_has_its_eci(shopper, merchant, brand, outcome, eci):
    card = next(card for card in APPROVED if card.brand is brand)
    token = {"Token": merchant.gateway.token_for(card)}
    assert shopper.authenticated(outcome, card=token)["ECI3D"] == eci


# -- which card ends how ----------------------------------------------------------------


def test_every_outcome_has_a_card():
    assert {card.secure for card in SECURED} == set(OUTCOMES)
    assert len({outcome.name for outcome in OUTCOMES}) == len(OUTCOMES)


def test_the_number_of_a_card_for_3_d_secure_says_so():
    assert [card.number for card in SECURED if card.number[8:10] != "92"] == []
    assert all(card.secure is FRICTIONLESS for card in MAGIC_CARDS.values() if not _shown(card))


def _shown(card):
    return card.number[8:10] == "92" or card is DEMO_CARD


def test_the_demo_card_shows_the_page_with_the_code(merchant):
    found = merchant.gateway.look_up_card(DEMO_CARDS, DIRECT)
    assert merchant.gateway.outcome_for(found).is_challenged


@pytest.mark.parametrize(("unlisted", "succeeds"), [("OK", True), ("C16", False)])
def test_a_card_that_no_issuer_knows_ends_as_its_charge_would(serve, unlisted, succeeds):
    gateway = serve(unlisted_card=unlisted).gateway
    unknown = {"CardNo": "4111111111111111", "CardExp": "2812"}
    found = gateway.look_up_card(DEMO_CARDS, unknown)
    assert gateway.outcome_for(found).succeeded is succeeds


def test_only_ok_and_a_result_that_goes_on_succeed():
    going_on = {outcome.name for outcome in OUTCOMES if outcome.succeeded}
    assert going_on == {"frictionless", "challenged", "attempt", "not_enrolled", "not_supported"}


@pytest.mark.parametrize("card", SECURED, ids=lambda card: card.secure.name)
def test_a_card_for_3_d_secure_is_charged_without_it(merchant, card):
    assert merchant.charge(card=card).codes == ["OK"]


# -- what the pages are given -----------------------------------------------------------


def test_a_card_that_is_looked_up_is_judged_as_in_a_charge(merchant):
    gateway = merchant.gateway
    assert gateway.look_up_card(DEMO_CARDS, {}) == ("KHZ",)
    assert gateway.look_up_card(DEMO_CARDS, {"Token": "short"}) == ("KHX",)
    assert gateway.look_up_card(DEMO_CARDS, MEMBER) == ("K71",)
    merchant.member_in("invalid")
    assert gateway.look_up_card(DEMO_CARDS, MEMBER) == ("K79",)
    token = {"Token": gateway.token_for()}
    merchant.clock.advance(timedelta(hours=1))
    assert gateway.look_up_card(DEMO_CARDS, token) == ("KI3",)


def test_a_member_that_is_to_be_registered_is_not_looked_up(merchant):
    fields = {"OperateId": "4MemAdd", **MEMBER, "Token": merchant.gateway.token_for()}
    found = merchant.gateway.look_up_card(DEMO_CARDS, fields)
    assert found.card.masked == "4000********1000"
    assert fields["Token"] not in repr(found)


@pytest.fixture
def typed(merchant):
    """A card that a shopper typed on a page of the gateway."""
    return merchant.gateway.look_up_card(DEMO_CARDS, DIRECT).card


def telegram(operation, **fields):
    return {"TransactionDate": "20260105", "OperateId": operation, **fields}


def test_a_page_charges_a_card_that_no_field_names(merchant, typed):
    fields = telegram("1Gathering", Amount="3780", PayType="01")
    reply = merchant.gateway.carry_out(DEMO_CARDS, fields, typed)
    assert reply.fields["ResponseCd"] == "OK"
    assert [charge.amount for charge in merchant.gateway.charges()] == [3780]


def test_a_page_charges_another_card_for_a_member(merchant):
    merchant.member_in("valid")
    other = merchant.gateway.look_up_card(DEMO_CARDS, DIRECT | {"CardNo": APPROVED[1].number}).card
    fields = telegram("1Auth", Amount="3780", PayType="01", **MEMBER)
    assert merchant.gateway.carry_out(DEMO_CARDS, fields, other).fields["CompanyCd"] == "Y3"
    (transaction,) = merchant.gateway.transactions()
    assert transaction.kaiin_id == "customer0001"
    assert merchant.member("4MemRefM").fields["CardNo"] == "4000********1000"


def test_a_page_keeps_a_card_for_a_member(merchant, typed):
    fields = telegram("4MemAdd", **MEMBER)
    assert merchant.gateway.carry_out(DEMO_CARDS, fields, typed).fields["ResponseCd"] == "OK"
    assert merchant.member("4MemRefM").fields["CardNo"] == "4000********1000"


def test_a_page_charges_with_the_values_of_its_own_authentication(merchant, typed):
    found = merchant.gateway.look_up_card(DEMO_CARDS, DIRECT)
    issued = merchant.gateway.authenticate(DEMO_CARDS, found, 3780, FRICTIONLESS)
    fields = telegram("1Auth", Amount="3780", PayType="01", **issued.values)
    assert merchant.gateway.carry_out(DEMO_CARDS, fields, typed).fields["ResponseCd"] == "OK"


def test_a_result_without_a_code_gives_nothing_to_carry(shopper):
    assert shopper.authenticated(WITHOUT_RESULT) == {}


def test_results_outlive_the_process(serve, tmp_path):
    state = tmp_path / "state.sqlite3"
    shopper = Shopper(serve(state=state))
    shopper.card = DIRECT
    used, unused = shopper.authenticated(), shopper.authenticated()
    assert shopper.charge(used) == ["OK"]
    serve.stop_all()
    shopper.merchant = serve(state=state)
    assert shopper.charge(used) == ["K35"]
    assert shopper.charge(unused) == ["OK"]
