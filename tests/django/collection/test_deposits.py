"""入金: 2Ref decides, whoever has told of it, and every odd one stands in 要対応."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from escott.clock import JST, SettableClock
from escott.django.models import AuditEntry, Case, Payment
from escott.django.orders import PayableOrder
from escott.django.services.cases import NotForStaff, dismiss
from escott.django.services.claim import KeyReused, NotPossible
from escott.django.services.collection import (
    NothingToTakeOver,
    Told,
    accept_deposit,
    adopt_deletion,
    ask_about_deposit,
    change_slip,
    delete_slip,
)
from escott.django.services.collection.polling import poll_due
from escott.django.signals import payment_changed
from escott.gateway import Client, OperateId
from escott.rules.operability import Obstacle
from escott.simulator.live_collection import LiveCollection
from escott.simulator.slips import SlipPayment as Paying
from tests.cases import attention_of
from tests.django.collection.conftest import Register, again
from tests.django.conftest import NEVER, at_once
from tests.django.test_database_trouble import listening


def lapse(payment: Payment, clock: SettableClock) -> Payment:
    """The slip, some days after its last day of grace."""
    clock.set(datetime(2026, 4, 15, tzinfo=JST))
    poll_due(clock, NEVER)
    lapsed = again(payment)
    assert lapsed.state == "lapsed"
    return lapsed


def test_a_deposit_is_told_with_where_and_when_and_stands_in_the_history(
    register: Register, till: LiveCollection, clock: SettableClock
) -> None:
    payment = register()
    clock.advance(timedelta(hours=3))
    booked = till.pay(payment.transaction_code, Paying(cvs_cd="LSN"))
    assert ask_about_deposit(payment.pk, clock=clock) is Told.PAID
    paid, deposit = again(payment), booked.deposits[0]
    assert (paid.state, paid.live, paid.amount) == ("deposited", True, 3780)
    assert paid.captured_on == date(2026, 4, 1)
    assert paid.slip.deposited_at == deposit.paid_at == clock.now()
    assert (paid.slip.institution, paid.slip.branch) == ("LSN", deposit.tenant_cd)
    assert (paid.slip.receipt_number, paid.slip.due_at) == (deposit.recv_num, None)
    row = paid.operations.get(kind="deposit")
    assert (row.state, row.amount, row.resolved_by) == ("ok", 3780, "search")
    assert row.transaction_id


def test_the_host_shop_is_told_of_each_change_of_state(
    register: Register, till: LiveCollection, clock: SettableClock
) -> None:
    told: list[str] = []
    with listening(lambda payment, **_: told.append(payment.state)):
        payment = register()
        till.pay(payment.transaction_code)
        ask_about_deposit(payment.pk, clock=clock)
        ask_about_deposit(payment.pk, clock=clock)
    assert told == ["unpaid", "deposited"]
    assert not payment_changed.has_listeners(Payment)


def test_an_unpaid_slip_stays_as_it_is(register: Register, clock: SettableClock) -> None:
    payment = register()
    assert ask_about_deposit(payment.pk, clock=clock) is Told.UNPAID
    assert (again(payment).state, payment.operations.count()) == ("unpaid", 1)


def test_nothing_is_asked_where_there_is_no_slip(
    register: Register, till: LiveCollection, clock: SettableClock
) -> None:
    till.trouble("2Add", "lost_after")
    assert ask_about_deposit(register().pk, clock=clock) is Told.NOT_NOW


def test_a_gateway_that_does_not_answer_tells_nothing(
    register: Register, till: LiveCollection, clock: SettableClock
) -> None:
    payment = register()
    till.pay(payment.transaction_code)
    till.trouble("2Ref", "lost_before")
    assert ask_about_deposit(payment.pk, clock=clock) is Told.NO_ANSWER
    assert again(payment).state == "unpaid"


def test_another_amount_does_not_pay_the_order_and_staff_may_accept_it(
    register: Register, till: LiveCollection, clock: SettableClock
) -> None:
    payment, staff = register(), get_user_model().objects.create_user("taro")
    till.pay(payment.transaction_code, Paying(amount=3000))
    assert ask_about_deposit(payment.pk, clock=clock) is Told.AMOUNT_DIFFERS
    odd = again(payment)
    assert (odd.state, odd.amount, odd.slip.deposited_amount) == ("unpaid", 3780, 3000)
    assert attention_of(odd) == "deposit_amount"
    accept = partial(
        accept_deposit, payment.pk, actor=staff, reason="a coupon", key="accept", clock=clock
    )
    accepted = accept()
    paid = again(payment)
    assert (paid.state, paid.amount, attention_of(paid)) == ("deposited", 3000, "")
    assert (accepted.kind, accepted.amount, accepted.resolved_by) == ("deposit", 3000, "staff")
    assert AuditEntry.objects.get().reason == "a coupon"
    assert accept().pk == accepted.pk
    with pytest.raises(NothingToTakeOver):
        accept_deposit(payment.pk, actor=staff, reason="", key="other", clock=clock)


def test_of_two_who_accept_a_deposit_one_does(
    register: Register, till: LiveCollection, clock: SettableClock
) -> None:
    payment = register()
    till.pay(payment.transaction_code, Paying(amount=3000))
    ask_about_deposit(payment.pk, clock=clock)
    ends = at_once(
        [
            partial(accept_deposit, payment.pk, actor=None, reason="", key=key, clock=clock)
            for key in ("one", "other")
        ]
    )
    assert sorted(type(end).__name__ for end in ends) == ["NothingToTakeOver", "Operation"]
    assert payment.operations.filter(kind="deposit").count() == 1


def test_while_another_amount_waits_nothing_expires_and_nothing_is_cancelled(
    register: Register, till: LiveCollection, clock: SettableClock
) -> None:
    payment = register()
    till.pay(payment.transaction_code, Paying(amount=3000))
    ask_about_deposit(payment.pk, clock=clock)
    case = Case.objects.get()
    with pytest.raises(NotForStaff):
        dismiss(case.pk, note="never mind", actor=None, clock=clock)
    for operate in (
        partial(delete_slip, payment.pk, key="delete", actor=None, clock=clock),
        partial(
            change_slip,
            payment.pk,
            amount=3000,
            due_on=date(2026, 4, 9),
            key="change",
            actor=None,
            clock=clock,
        ),
    ):
        with pytest.raises(NotPossible) as refusal:
            operate()
        assert refusal.value.obstacle is Obstacle.DEPOSIT_DIFFERS
    for _ in range(4):
        clock.advance(timedelta(days=7))
        poll_due(clock, NEVER)
    assert again(payment).state == "unpaid"


def test_the_amount_of_a_change_under_way_is_right_too(
    register: Register, till: LiveCollection, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment, send = register(), Client.send

    def paid_before_the_answer_is_recorded(self: Client, telegram: Any) -> Any:
        outcome = send(self, telegram)
        if telegram.operate_id is OperateId.SLIP_CHANGE:
            till.pay(payment.transaction_code)
            assert ask_about_deposit(payment.pk, clock=clock) is Told.PAID
        return outcome

    monkeypatch.setattr(Client, "send", paid_before_the_answer_is_recorded)
    changed = change_slip(
        payment.pk, amount=4000, due_on=date(2026, 4, 20), key="c", actor=None, clock=clock
    )
    paid = again(payment)
    assert (changed.state, paid.state, paid.amount, attention_of(paid)) == (
        "ok",
        "deposited",
        4000,
        "",
    )


def test_a_deposit_after_the_slip_has_lapsed_pays_the_order(
    register: Register, till: LiveCollection, clock: SettableClock
) -> None:
    payment = lapse(register(), clock)
    till.pay(payment.transaction_code, Paying(anyway=True))
    assert ask_about_deposit(payment.pk, clock=clock) is Told.PAID
    paid = again(payment)
    assert (paid.state, paid.live, attention_of(paid)) == ("deposited", True, "")


def test_a_late_deposit_for_an_order_that_is_paid_otherwise_is_for_staff(
    register: Register,
    new_order: Callable[..., PayableOrder],
    till: LiveCollection,
    clock: SettableClock,
) -> None:
    order = new_order()
    payment = lapse(register(order), clock)
    other = register(order)
    till.pay(payment.transaction_code, Paying(anyway=True))
    assert ask_about_deposit(payment.pk, clock=clock) is Told.FOR_STAFF
    late = again(payment)
    assert (late.state, late.live, late.slip.deposited_amount) == ("lapsed", False, 3780)
    assert attention_of(late) == "paid_twice"
    with pytest.raises(NotPossible) as refusal:
        accept_deposit(payment.pk, actor=None, reason="", key="accept", clock=clock)
    assert refusal.value.obstacle is Obstacle.ANOTHER_LIVE
    delete_slip(other.pk, key="delete", actor=None, clock=clock)
    accept_deposit(payment.pk, actor=None, reason="", key="accept", clock=clock)
    assert (again(payment).state, attention_of(late)) == ("deposited", "")


def test_a_late_deposit_of_another_amount_is_for_staff(
    register: Register, till: LiveCollection, clock: SettableClock
) -> None:
    payment = lapse(register(), clock)
    till.pay(payment.transaction_code, Paying(anyway=True, amount=1))
    assert ask_about_deposit(payment.pk, clock=clock) is Told.FOR_STAFF
    assert (again(payment).state, attention_of(payment)) == ("lapsed", "deposit_after_end")


def test_a_slip_that_was_deleted_in_the_console_is_taken_over_by_staff(
    register: Register, till: LiveCollection, clock: SettableClock
) -> None:
    payment = register()
    till.console_operate(payment.transaction_code, OperateId.SLIP_DELETE)
    assert ask_about_deposit(payment.pk, clock=clock) is Told.GONE
    gone = again(payment)
    assert (gone.state, attention_of(gone)) == ("unpaid", "slip_gone")
    adopt = partial(adopt_deletion, payment.pk, actor=None, key="adopt", clock=clock)
    adopted = adopt()
    ended = again(payment)
    assert (ended.state, ended.live, attention_of(ended)) == ("deleted", False, "")
    assert (adopted.kind, adopted.resolved_by) == ("delete", "elsewhere")
    assert adopt().pk == adopted.pk
    with pytest.raises(KeyReused):
        adopt_deletion(register().pk, actor=None, key="adopt", clock=clock)


def test_a_slip_that_the_gateway_knows_is_not_taken_over(
    register: Register, till: LiveCollection, clock: SettableClock
) -> None:
    payment = register()
    with pytest.raises(NothingToTakeOver) as refusal:
        adopt_deletion(payment.pk, actor=None, key="adopt", clock=clock)
    assert refusal.value.told is Told.UNPAID
    till.pay(payment.transaction_code)
    with pytest.raises(NothingToTakeOver) as refusal:
        adopt_deletion(payment.pk, actor=None, key="adopt", clock=clock)
    assert (refusal.value.told, again(payment).state) == (Told.PAID, "deposited")


def test_a_slip_that_the_gateway_knows_again_is_not_gone(
    register: Register, till: LiveCollection, clock: SettableClock
) -> None:
    payment = register()
    till.trouble("2Ref", "K12")
    ask_about_deposit(payment.pk, clock=clock)
    assert attention_of(payment) == "slip_gone"
    ask_about_deposit(payment.pk, clock=clock)
    assert attention_of(payment) == ""


@pytest.mark.parametrize("asking", range(3))
def test_however_many_ask_at_once_the_deposit_is_written_once(
    asking: int, register: Register, till: LiveCollection, clock: SettableClock
) -> None:
    payment = register()
    till.pay(payment.transaction_code)
    told = at_once([partial(ask_about_deposit, payment.pk, clock=clock) for _ in range(4)])
    assert told == [Told.PAID] * 4
    assert payment.operations.filter(kind="deposit").count() == 1
