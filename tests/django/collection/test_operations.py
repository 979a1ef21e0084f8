"""変更 and 削除: once, by whoever comes first, and right whatever becomes of the answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.transaction import TransactionManagementError

from escott.clock import SettableClock
from escott.django.models import AuditEntry, Mail, Operation, Payment
from escott.django.orders import PayableOrder
from escott.django.services.claim import KeyReused, NotPossible, Overtaken, SameAmount
from escott.django.services.collection import (
    NotADueDate,
    Told,
    adopt_deletion,
    ask_about_deposit,
    begin_slip,
    change_slip,
    delete_slip,
    go_on_with_slip,
)
from escott.django.services.recovery import recover_due
from escott.django.services.settle import settle
from escott.gateway import Answer, Client, Ok, OperateId
from escott.rules.operability import Obstacle
from escott.rules.unknown_outcome import GRACE
from escott.rules.yen import NotYen
from escott.simulator.live_collection import LiveCollection
from tests.cases import attention_of
from tests.django.collection.conftest import Register, again, instruction
from tests.django.conftest import NEVER, at_once

DUE_ON = date(2026, 4, 20)


@pytest.fixture
def change(clock: SettableClock) -> Callable[..., Operation]:
    """Changes a slip to ¥4,000, payable until 20 April, unless told otherwise."""

    def make(payment: Payment, **given: Any) -> Operation:
        wanted = {"amount": 4000, "due_on": DUE_ON, "key": "change", "actor": None} | given
        return change_slip(payment.pk, clock=clock, **wanted)

    return make


@pytest.fixture
def delete(clock: SettableClock) -> Callable[..., Operation]:
    """Deletes a slip."""

    def make(payment: Payment, **given: Any) -> Operation:
        return delete_slip(payment.pk, clock=clock, **({"key": "delete", "actor": None} | given))

    return make


Do = Callable[..., Operation]


def recover(clock: SettableClock, after: timedelta = timedelta(minutes=10)) -> None:
    """The worker, some time later."""
    clock.advance(after)
    recover_due(clock, NEVER)


def test_a_change_brings_another_number_link_amount_and_last_day(
    register: Register, change: Do, till: LiveCollection
) -> None:
    payment = again(register())
    number, link = payment.slip.kessai_number, payment.slip.link_code
    assert change(payment).state == "ok"
    changed, booked = again(payment), till.slip(payment.transaction_code)
    assert (changed.state, changed.amount, changed.slip.due_on) == ("unpaid", 4000, DUE_ON)
    assert (booked.amount, booked.pay_limit.date()) == (4000, DUE_ON)
    assert changed.slip.kessai_number == booked.kessai_number != number
    assert changed.slip.link_code == booked.link_code != link
    assert changed.slip.changed
    assert changed.slip.former_number == number


def test_the_shopper_is_always_told_of_a_change_and_of_a_deletion_if_staff_want_it(
    register: Register, change: Do, delete: Do
) -> None:
    first, second = register(), register()
    change(first)
    delete(first, tells_customer=True)
    delete(second, key="silent")
    kinds = list(Mail.objects.order_by("pk").values_list("payment_id", "kind"))
    assert kinds == [(first.pk, "slip_changed"), (first.pk, "slip_deleted")]


def test_a_slip_is_changed_once_only(register: Register, change: Do) -> None:
    payment = register()
    change(payment)
    with pytest.raises(NotPossible) as refusal:
        change(payment, key="again", amount=5000)
    assert refusal.value.obstacle is Obstacle.CHANGED_ONCE


def test_a_change_of_nothing_or_beyond_the_rule_is_refused(register: Register, change: Do) -> None:
    payment = again(register())
    for refusal, wanted in (
        (SameAmount, {"amount": 3780, "due_on": payment.slip.due_on}),
        (NotADueDate, {"due_on": date(2026, 3, 31)}),
        (NotADueDate, {"due_on": date(2026, 6, 1)}),
        (NotYen, {"amount": 300_000}),
        (NotYen, {"amount": 0}),
    ):
        with pytest.raises(refusal):
            change(payment, **wanted)
    assert payment.operations.count() == 1


def test_a_deleted_slip_leaves_room_for_another_payment(
    register: Register, delete: Do, till: LiveCollection
) -> None:
    payment = register()
    assert delete(payment).state == "ok"
    deleted = again(payment)
    assert (deleted.state, deleted.live, deleted.slip.due_at) == ("deleted", False, None)
    assert till.slip(payment.transaction_code).is_deleted


@pytest.mark.parametrize("operation", ["change", "delete"])
def test_a_repeat_of_a_press_returns_the_first_result(
    operation: str, register: Register, request: pytest.FixtureRequest, till: LiveCollection
) -> None:
    payment, do = register(), request.getfixturevalue(operation)
    first, second = do(payment), do(payment)
    assert first.pk == second.pk
    assert len(till.slip(payment.transaction_code).history) == 2
    with pytest.raises(KeyReused):
        do(register())


def test_who_has_not_seen_the_last_operation_is_overtaken(
    register: Register, change: Do, delete: Do
) -> None:
    payment = register()
    with pytest.raises(Overtaken):
        change(payment, amount_seen=3000)
    change(payment, after=1)
    with pytest.raises(Overtaken):
        delete(payment, after=1)


@pytest.mark.parametrize("operation", ["change", "delete"])
def test_of_two_members_of_staff_at_once_one_operates(
    operation: str,
    register: Register,
    request: pytest.FixtureRequest,
    till: LiveCollection,
) -> None:
    payment, do = register(), request.getfixturevalue(operation)
    ends = at_once([partial(do, payment, key=key) for key in ("one", "other")])
    assert [type(end) for end in ends].count(Operation) == 1
    assert [type(end) for end in ends].count(NotPossible) == 1
    assert len(till.slip(payment.transaction_code).history) == 2


def test_change_and_deletion_at_once_end_as_at_the_gateway(
    register: Register, change: Do, delete: Do, till: LiveCollection
) -> None:
    payment = register()
    at_once([partial(change, payment), partial(delete, payment)])
    booked, ours = till.slip(payment.transaction_code), again(payment)
    assert (ours.state == "deleted") is booked.is_deleted
    assert ours.amount == booked.amount


def test_what_staff_ask_for_stands_in_the_audit_log_and_a_jobs_work_does_not(
    register: Register, change: Do, delete: Do
) -> None:
    payment = register()
    staff = get_user_model().objects.create_user("taro")
    change(payment, actor=staff)
    delete(payment)
    [entry] = AuditEntry.objects.all()
    assert entry.actor == staff
    assert list(entry.changes.values()) == [
        ["¥3,780", "¥4,000"],
        ["2026-04-08", "2026-04-20"],
    ]


@pytest.mark.parametrize("operation", ["change", "delete"])
@pytest.mark.parametrize("state", ["deposited", "deleted", "lost"])
def test_only_an_unpaid_slip_is_operated_on(
    operation: str,
    state: str,
    register: Register,
    request: pytest.FixtureRequest,
    till: LiveCollection,
    clock: SettableClock,
    delete: Do,
) -> None:
    if state == "lost":
        till.trouble("2Add", "lost_after")
    payment = register()
    if state == "deposited":
        till.pay(payment.transaction_code)
        ask_about_deposit(payment.pk, clock=clock)
    if state == "deleted":
        delete(payment, key="before")
    with pytest.raises(NotPossible):
        request.getfixturevalue(operation)(payment)


# What is lost


def test_a_lost_change_counts_as_the_one_change_at_once_and_its_link_is_void(
    register: Register, change: Do, till: LiveCollection
) -> None:
    payment = register()
    till.trouble("2Chg", "lost_after")
    assert change(payment).state == "unknown"
    ours = again(payment)
    assert (ours.state, ours.live, ours.slip.changed, ours.slip.link_code) == (
        "unpaid",
        True,
        True,
        "",
    )
    assert attention_of(ours) == "result_unknown"


@pytest.mark.parametrize("arrived", [False, True])
def test_the_amount_that_the_gateway_tells_shows_whether_a_lost_change_was_done(
    arrived: bool, register: Register, change: Do, till: LiveCollection, clock: SettableClock
) -> None:
    payment = register()
    till.trouble("2Chg", "lost_after" if arrived else "lost_before")
    lost = change(payment)
    recover(clock)
    lost.refresh_from_db()
    ours = again(payment)
    assert lost.state == ("ok" if arrived else "not_done")
    assert ours.amount == till.slip(payment.transaction_code).amount
    assert ours.slip.due_on == (DUE_ON if arrived else date(2026, 4, 8))
    assert (ours.slip.changed, ours.slip.link_code) == (True, "")
    assert attention_of(ours) == "slip_link_lost"


def test_a_lost_change_is_not_called_undone_before_the_grace_is_over(
    register: Register, change: Do, till: LiveCollection, clock: SettableClock
) -> None:
    payment = register()
    till.trouble("2Chg", "lost_before")
    lost = change(payment)
    recover(clock, after=GRACE - timedelta(seconds=1))
    lost.refresh_from_db()
    assert lost.state == "unknown"
    recover(clock)
    lost.refresh_from_db()
    assert lost.state == "not_done"


def test_a_lost_change_of_the_last_day_alone_is_never_told_and_the_later_day_counts(
    register: Register, change: Do, delete: Do, till: LiveCollection, clock: SettableClock
) -> None:
    payment = register()
    till.trouble("2Chg", "lost_before")
    lost = change(payment, amount=3780)
    recover(clock)
    lost.refresh_from_db()
    ours = again(payment)
    assert (lost.state, ours.slip.due_on) == ("lost", DUE_ON)
    assert attention_of(ours) == "slip_link_lost"
    assert delete(payment).state == "ok"


@pytest.mark.parametrize("arrived", [False, True])
def test_what_became_of_a_lost_deletion_is_told_by_the_gateway(
    arrived: bool, register: Register, delete: Do, till: LiveCollection, clock: SettableClock
) -> None:
    payment = register()
    till.trouble("2Del", "lost_after" if arrived else "lost_before")
    lost = delete(payment, tells_customer=True)
    assert (lost.state, again(payment).live) == ("unknown", True)
    recover(clock)
    lost.refresh_from_db()
    ours = again(payment)
    assert (lost.state, ours.state, ours.live) == (
        ("ok", "deleted", False) if arrived else ("not_done", "unpaid", True)
    )
    assert Mail.objects.filter(kind="slip_deleted").exists() is arrived
    assert attention_of(ours) == ""


def test_a_deposit_told_while_a_deletion_is_unknown_wins(
    register: Register, delete: Do, till: LiveCollection, clock: SettableClock
) -> None:
    payment = register()
    till.trouble("2Del", "lost_before")
    lost = delete(payment)
    till.pay(payment.transaction_code)
    assert ask_about_deposit(payment.pk, clock=clock) is Told.PAID
    lost.refresh_from_db()
    assert (lost.state, again(payment).state) == ("not_done", "deposited")
    assert attention_of(payment) == ""


def test_a_gateway_that_deletes_what_it_has_told_to_be_paid_takes_no_deposit_back(
    register: Register,
    delete: Do,
    till: LiveCollection,
    clock: SettableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    payment, send = register(), Client.send

    def contradicts_itself(self: Client, telegram: Any) -> Any:
        if telegram.operate_id is not OperateId.SLIP_DELETE:
            return send(self, telegram)
        till.pay(payment.transaction_code)
        ask_about_deposit(payment.pk, clock=clock)
        return Ok(Answer("2Del", payment.transaction_code, "OK"))

    monkeypatch.setattr(Client, "send", contradicts_itself)
    assert delete(payment).state == "ok"
    ours = again(payment)
    assert (ours.state, ours.live) == ("deposited", True)
    assert attention_of(ours) == "deposit_after_end"


def test_nothing_is_said_to_the_gateway_inside_a_transaction(
    register: Register, change: Do, delete: Do, clock: SettableClock, till: LiveCollection
) -> None:
    payment = register()
    claim = begin_slip(payment_order(payment), instruction(), clock=clock)
    for call in (
        partial(go_on_with_slip, claim, clock=clock),
        partial(change, payment),
        partial(delete, payment),
        partial(ask_about_deposit, payment.pk, clock=clock),
        partial(adopt_deletion, payment.pk, actor=None, key="a", clock=clock),
    ):
        with transaction.atomic(), pytest.raises(TransactionManagementError):
            call()
    assert payment.operations.count() == 1
    assert len(till.slip(payment.transaction_code).history) == 1


def payment_order(payment: Payment) -> PayableOrder:
    """The order of a payment."""
    return PayableOrder(reference=payment.order_reference, amount=payment.amount)


@pytest.mark.parametrize("operation", ["change", "delete"])
def test_a_process_that_dies_after_its_claim_leaves_the_rest_to_recovery(
    operation: str,
    register: Register,
    request: pytest.FixtureRequest,
    clock: SettableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    payment, do = register(), request.getfixturevalue(operation)

    def dies(self: Client, telegram: Any) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(Client, "send", dies)
        with pytest.raises(KeyboardInterrupt):
            do(payment)
    recover(clock)
    left = payment.operations.get(number=2)
    assert (left.state, left.reason) == ("unknown", "process_died")
    recover(clock)
    left.refresh_from_db()
    assert (left.state, again(payment).state) == ("not_done", "unpaid")


@pytest.mark.parametrize("operation", ["change", "delete"])
def test_a_process_that_stands_still_after_its_claim_does_not_ask_and_spoils_nothing(
    operation: str,
    register: Register,
    request: pytest.FixtureRequest,
    clock: SettableClock,
    monkeypatch: pytest.MonkeyPatch,
    till: LiveCollection,
) -> None:
    from escott.django.services.collection import operations

    payment, do, send = again(register()), request.getfixturevalue(operation), operations.send
    link = payment.slip.link_code

    def stands_still(*given: Any) -> Any:
        recover(clock, after=timedelta(minutes=3))
        assert payment.operations.get(number=2).state == "unknown"
        return send(*given)

    monkeypatch.setattr(operations, "send", stands_still)
    assert do(payment).state == "not_sent"
    ours = again(payment)
    assert (ours.state, ours.slip.link_code, ours.slip.changed) == ("unpaid", link, False)
    assert len(till.slip(payment.transaction_code).history) == 1
    assert attention_of(ours) == ""


@pytest.mark.parametrize("operation", ["change", "delete"])
def test_an_answer_that_comes_after_staff_had_given_up_is_kept(
    operation: str,
    register: Register,
    request: pytest.FixtureRequest,
    clock: SettableClock,
    monkeypatch: pytest.MonkeyPatch,
    till: LiveCollection,
) -> None:
    payment, do, send = register(), request.getfixturevalue(operation), Client.send

    def settled_meanwhile(self: Client, telegram: Any) -> Any:
        monkeypatch.setattr(Client, "send", send)
        outcome = send(self, telegram)
        left = payment.operations.get(number=2)
        Operation.objects.filter(pk=left.pk).update(state="unknown", ended_at=clock.now() - GRACE)
        settle(left.pk, done=False, note="not there", clock=clock)
        return outcome

    monkeypatch.setattr(Client, "send", settled_meanwhile)
    do(payment, **({"tells_customer": True} if operation == "delete" else {}))
    assert Mail.objects.get().kind in {"slip_changed", "slip_deleted"}
    ours, booked = again(payment), till.slip(payment.transaction_code)
    assert attention_of(ours) == "late_success"
    if operation == "delete":
        assert (ours.state, ours.live) == ("deleted", False)
    else:
        assert (ours.amount, ours.slip.link_code) == (booked.amount, booked.link_code)


@pytest.mark.parametrize("code", ["K12", "K14"])
@pytest.mark.parametrize("operation", ["change", "delete"])
def test_a_refusal_by_state_has_the_gateway_asked_at_once(
    code: str,
    operation: str,
    register: Register,
    request: pytest.FixtureRequest,
    till: LiveCollection,
    clock: SettableClock,
) -> None:
    payment = register()
    till.trouble(OperateId.SLIP_CHANGE if operation == "change" else OperateId.SLIP_DELETE, code)
    refused = request.getfixturevalue(operation)(payment)
    ours = again(payment)
    assert (refused.state, ours.state) == ("refused", "unpaid")
    assert ours.slip.due_at == clock.now()


@pytest.mark.parametrize("done", [False, True])
def test_staff_settle_what_the_gateway_does_not_tell(
    done: bool, register: Register, change: Do, till: LiveCollection, clock: SettableClock
) -> None:
    payment = register()
    till.trouble("2Chg", "lost_before")
    lost = change(payment)
    clock.advance(GRACE)
    settle(lost.pk, done=done, note="looked at the console", clock=clock)
    ours = again(payment)
    assert ours.amount == (4000 if done else 3780)
    assert ours.slip.due_on == (DUE_ON if done else date(2026, 4, 8))
