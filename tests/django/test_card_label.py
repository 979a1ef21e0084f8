"""Brand and last four digits of a payment: told by the gateway, never by the browser."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext

from escott.clock import SettableClock
from escott.django.models import Connection, Member, MerchantAccount, Payment, SecureUse
from escott.django.orders import PayableOrder
from escott.django.services import operate, pay_by_token, settle
from escott.django.services.recovery import recover_due
from escott.gateway import (
    Answer,
    Client,
    NotSent,
    NotSentReason,
    Ok,
    Outcome,
    Refused,
    Secret,
    Unknown,
    UnknownReason,
)
from escott.gateway.operations import OperateId
from escott.gateway.response_codes import parse
from escott.rules.card_states import CardOperation
from escott.simulator.options import Options
from escott.simulator.server import SimulatorServer
from tests.django.conftest import NEVER
from tests.django.going import Going
from tests.django.saved_cards import (
    DECLINED_G12,
    LOST_AFTER,
    MASTERCARD,
    pay_with,
    saved_card,
)
from tests.django.test_hosted_cards import VISA, confirms, goes, saves
from tests.django.test_instalment_payments import CARDS
from tests.django.test_saved_card_payments import next_order, pays_saved
from tests.django.test_secure_payments import charges, use_clock

Order = Callable[..., PayableOrder]
NewToken = Callable[..., Secret]

FIRST_STEPS = [OperateId.TOKEN_SEARCH, OperateId.TOKEN_REFERENCE, OperateId.GATHERING]


def label(payment: Payment | None = None) -> tuple[str, str]:
    """What the row holds."""
    row = Payment.objects.get(pk=payment.pk) if payment else Payment.objects.get()
    return row.card_brand, row.last_four


def watch(
    monkeypatch: pytest.MonkeyPatch, instead: Callable[[Callable[[], Outcome]], Outcome]
) -> list[tuple[OperateId, Client]]:
    """What is said to the gateway; ``instead`` of the question about the card."""
    send, said = Client.send, []

    def watched(self: Client, telegram: Any) -> Outcome:
        said.append((telegram.operate_id, self))
        if telegram.operate_id is OperateId.TOKEN_REFERENCE:
            return instead(lambda: send(self, telegram))
        return send(self, telegram)

    monkeypatch.setattr(Client, "send", watched)
    return said


def answered(**fields: str) -> Ok:
    common = {"OperateId": "4MemRefToken", "MerchantFree1": "1", "ResponseCd": "OK"}
    return Ok(Answer.of(common | fields))


@pytest.fixture
def hanako(account: MerchantAccount) -> Any:
    return get_user_model().objects.create_user("hanako", "hanako@example.com", "secret-2028")


@pytest.fixture
def shopper(
    hanako: Any,
    account: MerchantAccount,
    simulator: SimulatorServer,
    clock: SettableClock,
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
) -> Going:
    """Signed in, at a shop with the external link type that saves cards."""
    use_clock(monkeypatch, clock)
    monkeypatch.setattr("tests.django.site.urls.CUSTOMER", hanako)
    settings.ESCOTT = settings.ESCOTT | {"SITE_URL": "http://127.0.0.1:9"}
    account.connection = Connection.LINK
    account.save()
    going = Going(simulator)
    going.site.force_login(hanako)
    return going


# -- by token -----------------------------------------------------------------------------


@pytest.mark.parametrize("brand", CARDS)
def test_the_gateway_tells_the_card_of_a_token(
    brand: Any, new_order: Order, token: NewToken, clock: SettableClock
) -> None:
    payment = pay_by_token(new_order(), token(CARDS[brand]), clock=clock)
    assert payment.is_paid
    assert label(payment) == (payment.card_brand, payment.last_four) == (brand, CARDS[brand][-4:])


def test_it_is_asked_between_the_tokens_state_and_its_charge_and_uses_it_not_up(
    new_order: Order,
    token: NewToken,
    clock: SettableClock,
    simulator: SimulatorServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with_token, used = token(), []

    def ask(really: Callable[[], Outcome]) -> Outcome:
        outcome = really()
        books = simulator.gateway.with_books(lambda books: books.tokens[with_token.reveal()])
        used.append(books.used_at)
        return outcome

    said = watch(monkeypatch, ask)
    pay_by_token(new_order(), with_token, clock=clock)
    assert [operation for operation, _client in said] == FIRST_STEPS
    assert used == [None]
    assert len(simulator.gateway.charges()) == 1


def silent(really: Callable[[], Outcome]) -> Outcome:
    """The answer gets lost after the gateway has given it."""
    really()
    return Unknown(UnknownReason.READ_TIMEOUT, "")


def broken(_really: Callable[[], Outcome]) -> Outcome:
    raise RuntimeError("a defect")


NOT_TOLD = {
    "silent": silent,
    "a defect": broken,
    "refused": lambda _: Refused(answered().answer, parse("K06")),
    "not sent": lambda _: NotSent(NotSentReason.CONNECTION_REFUSED, ""),
    "no number": lambda _: answered(),
    "all masked": lambda _: answered(CardNo="****************"),
    "too short": lambda _: answered(CardNo="***1"),
    "letters": lambda _: answered(CardNo="****12a4"),
}


@pytest.mark.parametrize("how", NOT_TOLD)
def test_where_the_card_is_not_told_it_is_charged_all_the_same(
    how: str,
    new_order: Order,
    token: NewToken,
    clock: SettableClock,
    simulator: SimulatorServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = watch(monkeypatch, NOT_TOLD[how])
    payment = pay_by_token(new_order(), token(), clock=clock)
    assert [operation for operation, _client in said] == FIRST_STEPS
    assert payment.state == "gathered"
    assert label(payment) == ("", "")
    assert len(simulator.gateway.charges()) == 1


@pytest.mark.parametrize(
    ("number", "told"),
    [
        ("400000******1000", ("visa", "1000")),
        ("************1000", ("", "1000")),
        ("4000************", ("visa", "")),
        ("4000000000001000", ("visa", "1000")),
        ("6011000000001000", ("other", "1000")),
    ],
)
def test_of_whatever_the_gateway_shows_only_the_last_four_digits_are_kept(
    number: str,
    told: tuple[str, str],
    new_order: Order,
    token: NewToken,
    clock: SettableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    watch(monkeypatch, lambda _: answered(CardNo=number))
    assert label(pay_by_token(new_order(), token(), clock=clock)) == told


def test_a_gateway_that_shows_no_digits_is_no_obstacle(
    new_order: Order, clock: SettableClock, settings: Any, simulator: SimulatorServer
) -> None:
    discreet = Options(shown_leading_digits=0, shown_last_digits=0)
    with SimulatorServer(options=discreet, clock=clock) as server:
        settings.ESCOTT = settings.ESCOTT | {"TEST_GATEWAY_URL": server.base_url}
        payment = pay_by_token(new_order(), Secret(server.gateway.token_for()), clock=clock)
        assert len(server.gateway.charges()) == 1
    assert (payment.state, label(payment)) == ("gathered", ("", ""))


def test_the_charge_does_not_wait_long_for_it(
    new_order: Order,
    token: NewToken,
    clock: SettableClock,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.ESCOTT = settings.ESCOTT | {"READ_TIMEOUT": 60.0, "CONNECT_TIMEOUT": 5.0}
    said = watch(monkeypatch, lambda really: really())
    pay_by_token(new_order(), token(), clock=clock)
    waits = {operation: client.timeouts for operation, client in said}
    asked, charged = waits[OperateId.TOKEN_REFERENCE], waits[OperateId.GATHERING]
    assert (asked.connect, asked.read) == (2.0, 3.0)
    assert (charged.connect, charged.read) == (5.0, 60.0)


def test_a_claim_that_grows_old_is_charged_without_asking(
    new_order: Order,
    token: NewToken,
    clock: SettableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    send, said = Client.send, []

    def slow(self: Client, telegram: Any) -> Outcome:
        said.append(telegram.operate_id)
        if telegram.operate_id is OperateId.TOKEN_SEARCH:
            clock.advance(timedelta(seconds=14))
        return send(self, telegram)

    monkeypatch.setattr(Client, "send", slow)
    payment = pay_by_token(new_order(), token(), clock=clock)
    assert said == [OperateId.TOKEN_SEARCH, OperateId.GATHERING]
    assert (payment.state, label(payment)) == ("gathered", ("", ""))


def test_a_token_that_is_used_is_not_asked_about_again(
    new_order: Order,
    token: NewToken,
    clock: SettableClock,
    simulator: SimulatorServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    used = token()
    pay_by_token(new_order(), used, clock=clock)
    said = watch(monkeypatch, lambda really: really())
    assert pay_by_token(new_order(), used, clock=clock).state == "refused"
    assert [operation for operation, _client in said] == [OperateId.TOKEN_SEARCH]
    assert len(simulator.gateway.charges()) == 1


def test_a_declined_card_is_told_too(
    new_order: Order, token: NewToken, clock: SettableClock
) -> None:
    payment = pay_by_token(new_order(), token(DECLINED_G12), clock=clock)
    assert (payment.state, label(payment)) == ("refused", ("visa", "0001"))


def test_a_charge_whose_answer_is_lost_keeps_its_card_when_it_is_settled(
    new_order: Order, token: NewToken, clock: SettableClock, simulator: SimulatorServer
) -> None:
    payment = pay_by_token(new_order(), token(LOST_AFTER), clock=clock)
    assert (payment.state, label(payment)) == ("unknown", ("visa", "0001"))
    clock.advance(timedelta(minutes=10))
    recover_due(clock, NEVER)
    assert label(payment) == ("visa", "0001")
    settle(payment.operations.get().pk, done=True, note="seen in the console", clock=clock)
    payment.refresh_from_db()
    assert (payment.state, label(payment)) == ("gathered", ("visa", "0001"))
    assert len(simulator.gateway.charges()) == 1


def test_an_operation_leaves_the_label_alone(
    new_order: Order, token: NewToken, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment = pay_by_token(new_order(), token(MASTERCARD), clock=clock)
    said = watch(monkeypatch, lambda really: really())
    operate(payment.pk, CardOperation.CANCEL, key="press", clock=clock)
    assert [operation for operation, _client in said] == [OperateId.DELETE]
    assert label(payment) == ("mastercard", "1006")


def test_it_is_written_with_the_outcome_in_one_statement(
    new_order: Order, token: NewToken, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def statements() -> list[str]:
        with CaptureQueriesContext(connection) as seen:
            pay_by_token(new_order(), token(), clock=clock)
        return [query["sql"] for query in seen.captured_queries]

    told = statements()
    watch(monkeypatch, lambda _: answered())
    assert len(statements()) == len(told)
    [outcome] = [sql for sql in told if sql.startswith("UPDATE") and '"last_four"' in sql]
    assert '"state"' in outcome


def test_after_a_3d_secure_trip_it_is_told_as_well(
    account: MerchantAccount,
    simulator: SimulatorServer,
    clock: SettableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    use_clock(monkeypatch, clock)
    account.secure_use = SecureUse.USE
    account.save()
    shopper = Going(simulator)
    seen = shopper.leaves(shopper.presses())
    shopper.returns(shopper.there.press(seen, action="code", code="123456"))
    assert label() == ("visa", "1000")
    assert charges(shopper) == [3780]


def test_no_log_and_no_repr_shows_more_than_the_last_four_digits(
    new_order: Order,
    token: NewToken,
    clock: SettableClock,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level(logging.DEBUG)
    outcomes = []

    def ask(_really: Callable[[], Outcome]) -> Outcome:
        outcomes.append(answered(CardNo="4000123456781000"))
        return outcomes[0]

    watch(monkeypatch, ask)
    with_token = token()
    payment = pay_by_token(new_order(), with_token, clock=clock)
    row = Payment.objects.filter(pk=payment.pk).values_list()
    shown = [caplog.text, repr(payment), str(payment), payment.card_label, repr(outcomes), str(row)]
    for text in shown:
        assert "400012" not in text
        assert "45678" not in text
        assert with_token.reveal() not in text
    assert label(payment) == ("visa", "1000")


def test_a_defect_of_the_question_shows_no_secret(
    new_order: Order,
    token: NewToken,
    clock: SettableClock,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level(logging.DEBUG)
    watch(monkeypatch, broken)
    with_token = token()
    assert pay_by_token(new_order(), with_token, clock=clock).is_paid
    assert "could not be asked about" in caplog.text
    assert with_token.reveal() not in caplog.text
    assert "pass1234" not in caplog.text


# -- by saved card ------------------------------------------------------------------------


def test_a_saved_card_is_copied_when_the_charge_is_claimed(
    new_order: Order,
    customer: Any,
    token: NewToken,
    clock: SettableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    member = saved_card(customer, token(MASTERCARD), clock)
    at_the_call = []
    send = Client.send

    def look(self: Client, telegram: Any) -> Outcome:
        at_the_call.append((telegram.operate_id, label()))
        return send(self, telegram)

    monkeypatch.setattr(Client, "send", look)
    payment = pay_with(member, new_order(customer=customer), clock)
    assert at_the_call == [(OperateId.GATHERING, ("mastercard", "1006"))]
    assert (payment.state, label(payment)) == ("gathered", ("mastercard", "1006"))


def test_a_card_that_is_changed_later_changes_no_earlier_payment(
    new_order: Order,
    customer: Any,
    token: NewToken,
    clock: SettableClock,
) -> None:
    member = saved_card(customer, token(MASTERCARD), clock)
    payment = pay_with(member, new_order(customer=customer), clock)
    Member.objects.update(brand="jcb", last_four="9999")
    assert label(payment) == ("mastercard", "1006")


def test_what_the_gateway_did_not_tell_before_is_told_by_the_card_that_is_saved(
    shopper: Going, account: MerchantAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.connection = Connection.TOKEN
    account.save()
    watch(monkeypatch, silent)
    shopper.presses(save_card="on")
    assert Payment.objects.get().saving == "saved"
    assert label() == ("visa", "1000")
    next_order()
    pays_saved(shopper)
    assert label(Payment.objects.get(order_reference="100001")) == ("visa", "1000")


# -- on the gateway's page ----------------------------------------------------------------


def test_a_card_typed_on_the_gateways_page_is_told_by_nobody(shopper: Going) -> None:
    confirms(shopper, shopper.there.enter_card(goes(shopper), VISA))
    assert (Payment.objects.get().state, label()) == ("gathered", ("", ""))
    assert charges(shopper) == [3780]


def test_a_card_typed_there_and_saved_is_told_by_its_member(shopper: Going) -> None:
    confirms(shopper, shopper.there.enter_card(goes(shopper, save_card="on"), VISA))
    assert label() == ("visa", "1000")


def test_another_card_chosen_there_is_not_taken_for_the_saved_one(
    shopper: Going, hanako: Any, clock: SettableClock
) -> None:
    saves(shopper, hanako, clock)
    own = goes(shopper, card="saved")
    seen = shopper.there.get(own.path.replace("SSNP080", "SSNP100"))
    confirms(shopper, shopper.there.enter_card(seen, MASTERCARD))
    assert [charge.card.masked[-4:] for charge in shopper.simulator.gateway.charges()] == ["1006"]
    assert (Payment.objects.get().state, label()) == ("gathered", ("", ""))
