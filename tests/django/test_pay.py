"""Claim, call, record: one payment, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.db.transaction import TransactionManagementError

from escott.clock import SettableClock
from escott.django.models import MerchantAccount, Operation, Payment
from escott.django.orders import PayableOrder
from escott.django.services import MethodUnavailable, pay_by_token, payments_of
from escott.gateway import (
    Client,
    InvalidTelegram,
    OperateId,
    Secret,
    Unknown,
    UnknownReason,
)
from escott.rules.yen import NotYen
from escott.simulator.server import SimulatorServer
from tests.django.conftest import states

Order = Callable[..., PayableOrder]
NewToken = Callable[..., Secret]

DECLINED_G12 = "4000000007120001"


def test_a_card_is_charged_and_the_gateway_holds_the_same(
    new_order: Order, token: NewToken, clock: SettableClock, simulator: SimulatorServer
) -> None:
    payment = pay_by_token(new_order(3780), token(), clock=clock)
    [charge] = simulator.gateway.charges()
    assert payment.state == "gathered"
    assert payment.is_paid
    assert charge.amount == payment.amount == 3780
    assert charge.merchant_free1 == payment.transaction_code
    assert payment.process_id == charge.process_id


def test_with_the_setting_authorise_nothing_is_billed_yet(
    new_order: Order, token: NewToken, clock: SettableClock, account: MerchantAccount
) -> None:
    MerchantAccount.objects.update(card_charge="authorise")
    assert pay_by_token(new_order(), token(), clock=clock).state == "authorised"


def test_the_history_has_the_charge_with_its_number_and_code(
    new_order: Order, token: NewToken, clock: SettableClock
) -> None:
    payment = pay_by_token(new_order(), token(), clock=clock)
    [operation] = payment.operations.all()
    assert (operation.number, operation.kind, operation.state) == (1, "gather", "ok")
    assert operation.response_codes == "OK"
    assert operation.transaction_id
    assert operation.started_at == clock.now()


def test_the_last_day_of_operations_is_sixty_days_on(
    new_order: Order, token: NewToken, clock: SettableClock
) -> None:
    assert pay_by_token(new_order(), token(), clock=clock).operable_until == date(2026, 5, 31)


def test_a_refused_card_takes_no_money_and_may_be_tried_again(
    new_order: Order, token: NewToken, clock: SettableClock, simulator: SimulatorServer
) -> None:
    order = new_order()
    refused = pay_by_token(order, token(DECLINED_G12), clock=clock)
    assert refused.state == "refused"
    assert refused.may_pay_again
    assert refused.operations.get().response_codes == "G12"
    assert not simulator.gateway.charges()
    assert pay_by_token(order, token(), clock=clock).is_paid
    assert [payment.state for payment in payments_of(order.reference)] == ["gathered", "refused"]


def test_every_attempt_has_a_transaction_code_of_its_own(
    new_order: Order, token: NewToken, clock: SettableClock
) -> None:
    order = new_order()
    pay_by_token(order, token(DECLINED_G12), clock=clock)
    pay_by_token(order, token(), clock=clock)
    codes = set(Payment.objects.values_list("transaction_code", flat=True))
    assert len(codes) == 2
    assert all(len(code) == 12 and code.isdecimal() for code in codes)


def test_the_same_token_a_second_time_gets_the_first_result(
    new_order: Order, token: NewToken, clock: SettableClock
) -> None:
    order, same = new_order(), token(DECLINED_G12)
    first = pay_by_token(order, same, clock=clock)
    assert pay_by_token(order, same, clock=clock).pk == first.pk
    assert Operation.objects.count() == 1


def test_a_token_that_was_used_for_one_order_pays_no_other(
    new_order: Order, token: NewToken, clock: SettableClock, simulator: SimulatorServer
) -> None:
    same = token()
    pay_by_token(new_order(), same, clock=clock)
    other = pay_by_token(new_order(), same, clock=clock)
    assert other.state == "refused"
    assert other.operations.get().response_codes == "KI2"
    assert len(simulator.gateway.charges()) == 1


def test_a_token_of_which_nothing_is_told_is_not_charged(
    new_order: Order,
    token: NewToken,
    clock: SettableClock,
    simulator: SimulatorServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    send = Client.send

    def untold(self: Client, telegram: Any) -> Any:
        if telegram.operate_id is OperateId.TOKEN_SEARCH:
            return Unknown(UnknownReason.READ_TIMEOUT, "")
        return send(self, telegram)

    monkeypatch.setattr(Client, "send", untold)
    payment = pay_by_token(new_order(), token(), clock=clock)
    assert (payment.state, payment.operations.get().reason) == ("not_sent", "token_untold")
    assert not simulator.gateway.charges()


def test_a_paid_order_is_not_paid_again(
    new_order: Order, token: NewToken, clock: SettableClock, simulator: SimulatorServer
) -> None:
    order = new_order()
    first = pay_by_token(order, token(), clock=clock)
    assert pay_by_token(order, token(), clock=clock).pk == first.pk
    assert len(simulator.gateway.charges()) == 1


def test_a_token_is_forgotten_once_the_result_is_known(
    new_order: Order, token: NewToken, clock: SettableClock
) -> None:
    pay_by_token(new_order(), token(), clock=clock)
    pay_by_token(new_order(), token(DECLINED_G12), clock=clock)
    assert not any(operation.token for operation in Operation.objects.all())


def test_nothing_is_sent_inside_a_transaction(
    new_order: Order, token: NewToken, clock: SettableClock, simulator: SimulatorServer
) -> None:
    with pytest.raises(TransactionManagementError, match="ATOMIC_REQUESTS"), transaction.atomic():
        pay_by_token(new_order(), token(), clock=clock)
    assert not simulator.gateway.charges()


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("card_enabled", False),
        ("currency", "USD"),
        ("seller_country", "US"),
        ("merchant_id", ""),
        ("token_code", ""),
        ("test_password", Secret("")),
        ("mode", "production"),
    ],
)
def test_an_incomplete_set_up_charges_nobody_and_says_what_is_missing(
    setting: str,
    value: object,
    new_order: Order,
    token: NewToken,
    clock: SettableClock,
) -> None:
    MerchantAccount.objects.update(**{setting: value})
    with pytest.raises(MethodUnavailable) as refusal:
        pay_by_token(new_order(), token(), clock=clock)
    assert len(refusal.value.reasons) == 1
    assert not Payment.objects.exists()


@pytest.mark.parametrize("amount", [0, -1, 10_000_000, True, 3780.0, "3780"])
def test_an_amount_that_is_no_yen_is_refused_before_anything_is_written(amount: object) -> None:
    with pytest.raises(NotYen):
        PayableOrder(reference="1", amount=amount)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["", "ＡＢＣ", "a b", "x" * 300])
def test_a_token_that_cannot_be_one_writes_nothing(
    text: str, new_order: Order, clock: SettableClock
) -> None:
    with pytest.raises(InvalidTelegram):
        pay_by_token(new_order(), Secret(text), clock=clock)
    assert states() == []
