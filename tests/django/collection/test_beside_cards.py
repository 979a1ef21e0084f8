"""A slip is no card: what is made for cards leaves it alone, and every text knows it."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail as outbox
from django.utils import translation

from escott.clock import JST, SettableClock
from escott.django.advice import advice_for
from escott.django.case_texts import explain_case
from escott.django.console_list import findings
from escott.django.explanation import explain
from escott.django.mail_facts import occasion_of_last_day
from escott.django.mail_queue import queue_mail
from escott.django.mails import send_due
from escott.django.models import Case, CaseKind, Mail, Member, Operation, OperationState, Payment
from escott.django.models.mail import MailKind
from escott.django.services import operate
from escott.django.services.cases import CaseClosed, dismiss, open_case_without_payment
from escott.django.services.claim import NotPossible
from escott.django.services.collection import ask_about_deposit, change_slip, delete_slip
from escott.django.services.compare import Told as Compared
from escott.django.services.compare import compare
from escott.django.services.keep_card import keep_card_of
from escott.django.services.member_needs import why_not
from escott.django.services.refunds import NothingTaken, record_refund
from escott.django.signals import case_opened
from escott.django.trade_figures import trade_figures
from escott.django.worker import run_once
from escott.rules.card_states import CHARGES, NEEDS_AMOUNT, CardOperation
from escott.rules.collection_states import CollectionOperation
from escott.rules.operability import Obstacle
from escott.rules.payment_states import PaymentState
from escott.simulator.live_collection import LiveCollection
from escott.simulator.server import SimulatorServer
from escott.simulator.slips import SlipPayment as Paying
from escott.trade.books import Difference, differences
from tests.django.collection.conftest import Register, again
from tests.django.conftest import NEVER

KINDS = ("unpaid", "deposited", "deleted", "lapsed", "lost", "refused", "change unknown")

Slips = Callable[[], dict[str, Payment]]


@pytest.fixture
def slips(register: Register, till: LiveCollection, clock: SettableClock) -> dict[str, Payment]:
    """A payment by slip in every state."""
    lapsed = register()
    clock.set(datetime(2026, 4, 15, tzinfo=JST))
    ask_about_deposit(lapsed.pk, clock=clock)
    deposited, deleted, changed = register(), register(), register()
    till.pay(deposited.transaction_code)
    ask_about_deposit(deposited.pk, clock=clock)
    delete_slip(deleted.pk, key="delete", actor=None, clock=clock)
    till.trouble("2Chg", "lost_before")
    change_slip(changed.pk, amount=4000, due_on=date(2026, 4, 25), key="c", actor=None, clock=clock)
    till.trouble("2Add", "lost_after")
    lost = register()
    till.trouble("2Add", "K51")
    refused = register()
    made = (register(), deposited, deleted, lapsed, lost, refused, changed)
    payments = {kind: again(payment) for kind, payment in zip(KINDS, made, strict=True)}
    assert [payment.state for payment in payments.values()] == [*KINDS[:-1], "unpaid"]
    return payments


def test_a_days_work_of_the_worker_leaves_slips_to_the_jobs_of_slips(
    slips: dict[str, Payment],
    clock: SettableClock,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level(logging.ERROR)
    before = {kind: payment.state for kind, payment in slips.items()}
    for _ in range(6):
        clock.advance(timedelta(hours=4))
        run_once(clock)
    assert {kind: again(payment).state for kind, payment in slips.items()} == before
    assert [record for record in caplog.records if record.exc_info] == []
    assert not slips["change unknown"].operations.filter(state="unknown").exists()
    clock.advance(timedelta(days=90))
    run_once(clock)
    assert again(slips["deposited"]).state == "deposited"


@pytest.mark.parametrize("kind", [*KINDS])
@pytest.mark.parametrize("operation", [each for each in CardOperation if each not in CHARGES])
def test_no_operation_of_a_card_is_carried_out_on_a_slip(
    kind: str, operation: CardOperation, slips: dict[str, Payment], clock: SettableClock
) -> None:
    amount = 3000 if operation in NEEDS_AMOUNT else None
    with pytest.raises(NotPossible):
        operate(slips[kind].pk, operation, amount=amount, key="card", clock=clock)


def test_no_operation_of_a_slip_is_carried_out_on_a_card(
    new_order: Any, token: Any, clock: SettableClock, collection: object
) -> None:
    from escott.django.services import pay_by_token

    card = pay_by_token(new_order(), token(), clock=clock)
    with pytest.raises(NotPossible) as refusal:
        delete_slip(card.pk, key="slip", actor=None, clock=clock)
    assert refusal.value.obstacle is Obstacle.OTHER_METHOD


@pytest.mark.parametrize("kind", KINDS)
def test_a_slip_is_not_compared_kept_or_looked_for_as_a_card_is(
    kind: str, slips: dict[str, Payment], clock: SettableClock
) -> None:
    payment = slips[kind]
    assert compare(payment.pk, clock=clock).told is Compared.NOT_NOW
    keep_card_of(payment, clock)
    assert findings._payments_of([payment.transaction_code]) == {}
    assert findings._unknown("test") == []


def test_slips_do_not_keep_a_saved_card_from_being_deleted(
    slips: dict[str, Payment], customer: Any, clock: SettableClock
) -> None:
    Payment.objects.update(customer=customer)
    member = Member.objects.create(
        account=slips["unpaid"].account,
        mode="test",
        customer=customer,
        kaiin_id="12345",
        current=True,
        state="valid",
        created_at=clock.now(),
        changed_at=clock.now(),
    )
    assert why_not(member, clock.now()) == []


def test_deposits_do_not_count_as_requests_that_the_gateway_left_unanswered(
    register: Register, till: LiveCollection, clock: SettableClock
) -> None:
    payment = register()
    till.pay(payment.transaction_code)
    ask_about_deposit(payment.pk, clock=clock)
    answers = trade_figures("test", clock.now()).answers
    assert (answers.asked, answers.unanswered) == (1, 0)


def test_money_goes_back_of_a_deposit_and_of_no_slip_that_was_not_paid(
    slips: dict[str, Payment], clock: SettableClock
) -> None:
    facts = {
        "amount": 780,
        "returned_on": clock.now().date(),
        "bank": "a bank",
        "reason": "less",
        "actor": None,
        "clock": clock,
    }
    assert record_refund(slips["deposited"].pk, key="one", **facts).amount == 780  # type: ignore[arg-type]
    for kind in set(KINDS) - {"deposited"}:
        with pytest.raises(NothingTaken):
            record_refund(slips[kind].pk, key=kind, **facts)  # type: ignore[arg-type]


def test_the_books_of_slips_balance_and_a_difference_is_named(
    slips: dict[str, Payment], simulator: SimulatorServer, till: LiveCollection
) -> None:
    compared = (simulator.gateway.charges(), till.slips())
    assert differences(Payment.objects.all(), *compared) == []
    paid = slips["deposited"]
    Payment.objects.filter(pk=paid.pk).update(state="deleted", live=False)
    [difference] = differences(Payment.objects.all(), *compared)
    assert difference == Difference(paid.transaction_code, shop=0, gateway=3780)


def test_a_deposit_that_waits_for_staff_is_no_difference(
    register: Register, simulator: SimulatorServer, till: LiveCollection, clock: SettableClock
) -> None:
    payment = register()
    till.pay(payment.transaction_code, Paying(amount=1000))
    ask_about_deposit(payment.pk, clock=clock)
    assert differences(Payment.objects.all(), simulator.gateway.charges(), till.slips()) == []


# The texts


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_end_of_every_operation_of_a_slip_is_explained(
    language: str, slips: dict[str, Payment], clock: SettableClock
) -> None:
    ends = {
        CollectionOperation.REGISTER: ("started", "ok", "refused", "not_sent", "lost"),
        CollectionOperation.CHANGE: OperationState.values,
        CollectionOperation.DELETE: OperationState.values,
        CollectionOperation.DEPOSIT: ("ok",),
    }
    with translation.override(language):
        for kind, states in ends.items():
            for state in states:
                operation = Operation(
                    payment=slips["unpaid"],
                    kind=kind,
                    state=state,
                    response_codes="K12",
                    started_at=clock.now(),
                )
                told = explain(operation)
                assert told.money
                assert "card" not in told.money
                assert "カード" not in told.money


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_shopper_is_told_how_every_slip_stands(
    language: str, slips: dict[str, Payment]
) -> None:
    with translation.override(language):
        texts = {kind: advice_for(payment) for kind, payment in slips.items()}
    assert len(set(texts.values())) == len(KINDS) - 1  # an unknown change is unpaid to a shopper
    assert all(texts.values())


#: Of which slip a mail is true.
TRUE_OF = {
    MailKind.SLIP_REGISTERED: "unpaid",
    MailKind.SLIP_CHANGED: "unpaid",
    MailKind.SLIP_REMINDER: "unpaid",
    MailKind.SLIP_PAID: "deposited",
    MailKind.SLIP_DELETED: "deleted",
    MailKind.SLIP_LAPSED: "lapsed",
}


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("kind", TRUE_OF)
def test_every_mail_about_a_slip_has_words_and_is_sent_while_it_is_true(
    kind: MailKind,
    language: str,
    slips: dict[str, Payment],
    clock: SettableClock,
) -> None:
    Mail.objects.all().delete()
    for payment in slips.values():
        last_day = occasion_of_last_day(payment.slip.due_on, 3)
        queue_mail(kind, payment, occasion=last_day, clock=clock)
    with translation.override(language):
        send_due(clock, NEVER)
    [message] = outbox.outbox
    assert slips[TRUE_OF[kind]].order_reference in message.body
    nothing_to_pay = kind in {MailKind.SLIP_DELETED, MailKind.SLIP_LAPSED}
    assert message.body.count("¥") == (0 if nothing_to_pay else 1), "no amount stands twice"
    for part in (message.subject, message.body):
        assert bool(re.search("[ぁ-んァ-ヶ]", part)) is (language == "ja"), part


@pytest.mark.parametrize(
    "kind",
    [kind for kind in CaseKind if kind.startswith(("deposit", "notice", "slip", "paid"))],
)
def test_every_case_of_slips_is_told_in_full(kind: CaseKind, slips: dict[str, Payment]) -> None:
    about_none = kind in {CaseKind.NOTICE_UNMATCHED, CaseKind.NOTICE_UNTRUSTED}
    payment = None if about_none else slips["unpaid"]
    seen = {"amount": 1000, "transaction_code": "000000000042", "count": 7}
    case = Case(kind=kind, payment=payment, seen=seen)
    told = explain_case(case)
    assert all((told.what, told.money, told.next_step))


def test_a_case_about_no_payment_is_announced_and_closed_by_staff(
    customer: Any, clock: SettableClock
) -> None:
    heard: list[Case] = []

    def hear(case: Case, **_: Any) -> None:
        heard.append(case)

    case_opened.connect(hear, weak=False)
    try:
        open_case_without_payment(CaseKind.NOTICE_UNMATCHED, now=clock.now(), amount=1)
    finally:
        case_opened.disconnect(hear)
    [case] = heard
    closed = dismiss(case.pk, note="another shop's", actor=customer, clock=clock)
    assert (closed.closed_by, closed.note) == (customer, "another shop's")
    with pytest.raises(CaseClosed):
        dismiss(case.pk, note="again", actor=customer, clock=clock)


def test_states_of_slips_and_of_cards_are_told_apart() -> None:
    for state in PaymentState:
        assert state.card_state is None or state.collection_state is None
