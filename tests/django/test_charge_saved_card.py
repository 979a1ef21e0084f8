"""登録済みカードで決済: staff charge the saved card of an order's customer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction

from escott.clock import SettableClock
from escott.django.models import (
    AuditArea,
    AuditEntry,
    Member,
    MerchantAccount,
    Operation,
    Payment,
)
from escott.django.services import operate, pay_by_token
from escott.django.services.charge_saved_card import (
    AnotherPayment,
    CardChanged,
    card_seen,
    charge_saved_card,
)
from escott.django.services.claim import SavedCardUnusable
from escott.django.services.members import SavedCardsOff, keep_card
from escott.django.services.recovery import recover_due
from escott.django.services.settle import settle
from escott.gateway import NotSent, NotSentReason, OperateId, Unknown, UnknownReason
from escott.gateway.secret import Secret
from escott.rules.card_states import CardOperation
from escott.simulator.server import SimulatorServer
from tests.cases import attention_of
from tests.django.conftest import NEVER, at_once, states
from tests.django.saved_cards import (
    LOST_AFTER,
    MASTERCARD,
    NewToken,
    Order,
    saved_card,
)
from tests.django.test_saved_card_payments import losing

Charge = Callable[..., Payment]


@pytest.fixture
def staff(account: MerchantAccount) -> Any:
    return get_user_model().objects.create_user("tencho", "tencho@example.com", is_staff=True)


@pytest.fixture
def card(customer: Any, token: NewToken, clock: SettableClock, account: MerchantAccount) -> Member:
    """The customer's saved card; the shop offers saved cards."""
    MerchantAccount.objects.update(saves_cards=True)
    return saved_card(customer, token(), clock)


@pytest.fixture
def order(new_order: Order, customer: Any) -> Any:
    return new_order(customer=customer)


@pytest.fixture
def charge(card: Member, order: Any, staff: Any, clock: SettableClock) -> Charge:
    """Presses the button: 与信売上計上 of the order, unless the test says otherwise."""

    def press(kind: CardOperation = CardOperation.GATHER, **changed: Any) -> Payment:
        given = {
            "seen": card_seen(card),
            "reason": "お電話でのご依頼",
            "key": "press",
            "actor": staff,
            "clock": clock,
        } | changed
        return charge_saved_card(given.pop("order", order), kind, **given)

    return press


@pytest.mark.parametrize(
    ("kind", "state"),
    [(CardOperation.AUTHORISE, "authorised"), (CardOperation.GATHER, "gathered")],
)
def test_staff_choose_whether_the_money_is_taken_at_once(
    charge: Charge, card: Member, simulator: SimulatorServer, kind: CardOperation, state: str
) -> None:
    payment = charge(kind)
    assert (payment.state, payment.amount, payment.member) == (state, 3780, card)
    [charged] = simulator.gateway.charges()
    assert charged.kaiin_id == card.kaiin_id


def test_who_charged_and_who_asked_for_it_stay_written_down(
    charge: Charge, staff: Any, customer: Any
) -> None:
    payment = charge()
    assert payment.operations.get().actor == staff
    assert payment.customer == customer
    [entry] = AuditEntry.objects.filter(area=AuditArea.OPERATION)
    assert (entry.actor, entry.reason) == (staff, "お電話でのご依頼")
    assert payment.transaction_code in entry.subject
    assert "¥3,780" in str(entry.changes)


def test_a_repeat_of_the_press_returns_the_first_result(
    charge: Charge, simulator: SimulatorServer
) -> None:
    first = charge()
    assert charge().pk == first.pk
    assert charge(CardOperation.AUTHORISE).pk == first.pk
    assert len(simulator.gateway.charges()) == 1
    assert AuditEntry.objects.filter(area=AuditArea.OPERATION).count() == 1


@pytest.mark.parametrize("presses", [2, 8])
def test_simultaneous_presses_of_staff_make_one_charge_and_tell_the_others(
    charge: Charge, simulator: SimulatorServer, presses: int
) -> None:
    results = at_once([partial(charge, key=f"press-{number}") for number in range(presses)])
    assert len([each for each in results if isinstance(each, Payment)]) == 1
    assert len([each for each in results if isinstance(each, AnotherPayment)]) == presses - 1
    assert len(simulator.gateway.charges()) == 1


def test_a_double_click_is_one_press(charge: Charge, simulator: SimulatorServer) -> None:
    results = at_once([charge] * 8)
    assert {payment.pk for payment in results} == {Payment.objects.get().pk}
    assert len(simulator.gateway.charges()) == 1


def test_staff_and_shopper_at_once_make_one_charge(
    charge: Charge, order: Any, token: NewToken, clock: SettableClock, simulator: SimulatorServer
) -> None:
    at_once([charge, partial(pay_by_token, order, token(), clock=clock)])
    assert len(simulator.gateway.charges()) == 1


def test_nothing_is_charged_while_a_result_is_unknown(
    charge: Charge, order: Any, token: NewToken, clock: SettableClock
) -> None:
    pay_by_token(order, token(LOST_AFTER), clock=clock)
    with pytest.raises(AnotherPayment):
        charge()
    assert states() == ["unknown"]


def test_a_lost_answer_is_unknown_and_only_the_console_can_tell(
    charge: Charge, clock: SettableClock, staff: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    losing(monkeypatch, OperateId.GATHERING, Unknown(UnknownReason.CONNECTION_LOST, ""))
    payment = charge()
    assert payment.state == "unknown"
    assert attention_of(payment) == "result_unknown"
    clock.advance(timedelta(minutes=20))
    recover_due(clock, NEVER)
    assert states() == ["unknown"], "a charge by member has no token to ask about"
    with pytest.raises(AnotherPayment):
        charge(key="again")
    settle(payment.operations.get().pk, done=True, note="画面で確認", actor=staff, clock=clock)
    assert states() == ["gathered"]


def test_a_charge_that_never_left_makes_room(
    charge: Charge, monkeypatch: pytest.MonkeyPatch
) -> None:
    losing(monkeypatch, OperateId.GATHERING, NotSent(NotSentReason.BUSY, ""))
    assert charge().state == "not_sent"
    assert charge(key="again").state == "gathered"


def test_a_process_that_dies_before_it_sends_leaves_an_unknown_result(
    charge: Charge, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_given: Any, **_named: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("escott.django.services.pay.send", die)
    with pytest.raises(KeyboardInterrupt):
        charge()
    assert states() == ["started"]
    clock.advance(timedelta(minutes=5))
    recover_due(clock, NEVER)
    assert states() == ["unknown"]
    with pytest.raises(AnotherPayment):
        charge(key="again")


def test_a_refused_card_leaves_the_order_free_for_another_payment(
    charge: Charge, simulator: SimulatorServer, order: Any, token: NewToken, clock: SettableClock
) -> None:
    simulator.gateway.with_books(lambda books: books.members.clear())
    assert charge().state == "refused"
    assert pay_by_token(order, token(), clock=clock).state == "gathered"


@pytest.mark.usefixtures("card")
def test_the_card_of_somebody_else_is_never_charged(
    charge: Charge, new_order: Order, card: Member, simulator: SimulatorServer
) -> None:
    other = get_user_model().objects.create_user("taro", "taro@example.com")
    for whose in (other, None):
        with pytest.raises(SavedCardUnusable):
            charge(order=new_order(customer=whose), seen=card_seen(card))
    assert not simulator.gateway.charges()


def test_a_card_of_the_test_mode_is_not_charged_in_production(
    charge: Charge, simulator: SimulatorServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    MerchantAccount.objects.update(mode="production", production_password=Secret("abcd1234"))
    monkeypatch.setattr(MerchantAccount, "missing_for_cards", lambda _account: [])
    with pytest.raises(SavedCardUnusable):
        charge()
    assert not simulator.gateway.charges()


def test_another_card_than_the_one_confirmed_is_not_charged(
    charge: Charge, customer: Any, token: NewToken, clock: SettableClock, simulator: SimulatorServer
) -> None:
    clock.advance(timedelta(minutes=1))
    keep_card(customer, token(MASTERCARD), clock=clock)
    with pytest.raises(CardChanged):
        charge()
    assert not simulator.gateway.charges()


def test_without_the_setting_no_saved_card_is_charged(charge: Charge) -> None:
    MerchantAccount.objects.update(saves_cards=False)
    with pytest.raises(SavedCardsOff):
        charge()


@pytest.mark.parametrize(
    ("kind", "reason"), [(CardOperation.CAPTURE, "依頼"), (CardOperation.GATHER, "  ")]
)
def test_only_a_charge_with_a_reason_is_taken(
    charge: Charge, kind: CardOperation, reason: str
) -> None:
    with pytest.raises(ValueError, match="who asked"):
        charge(kind, reason=reason)
    assert not Operation.objects.exists()


def test_a_card_under_change_is_left_alone(charge: Charge, card: Member) -> None:
    Member.objects.filter(pk=card.pk).update(under_way="delete")
    with pytest.raises(SavedCardUnusable):
        charge()


def test_the_gateway_is_never_asked_inside_a_transaction(charge: Charge) -> None:
    with transaction.atomic(), pytest.raises(transaction.TransactionManagementError):
        charge()


def test_an_authorisation_that_ran_out_makes_room(
    charge: Charge, order: Any, token: NewToken, clock: SettableClock
) -> None:
    first = pay_by_token(order, token(), clock=clock)
    Payment.objects.filter(pk=first.pk).update(state="expired", live=False)
    assert charge().state == "gathered"
    assert states() == ["expired", "gathered"]


def test_the_payment_is_operated_on_like_any_other(charge: Charge, clock: SettableClock) -> None:
    payment = charge(CardOperation.AUTHORISE)
    captured = operate(payment.pk, CardOperation.CAPTURE, key="capture", clock=clock)
    assert captured.state == "ok"
