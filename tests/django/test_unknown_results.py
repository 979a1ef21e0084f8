"""結果不明: an answer that never came blocks a second charge, and is resolved."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from escott.clock import SettableClock
from escott.django.models import Operation, Payment
from escott.django.orders import PayableOrder
from escott.django.services import NotSettleable, operate, pay_by_token, settle
from escott.django.services.record import end_resolved
from escott.django.services.recovery import recover_due
from escott.gateway import Secret
from escott.rules.card_states import CardOperation
from escott.rules.unknown_outcome import GRACE
from escott.simulator.server import SimulatorServer
from tests.cases import attention_of
from tests.django.conftest import NEVER
from tests.soak import figure

Order = Callable[..., PayableOrder]
NewToken = Callable[..., Secret]

LOST_AFTER_THE_CHARGE = "4000000090020001"
LOST_BEFORE_THE_CHARGE = "4000000090030000"
CARRIED_OUT_LATE = "4000000090040009"
SILENT_AFTER_THE_CHARGE = "4000000090050008"
SILENT_BEFORE_THE_CHARGE = "4000000090060007"
K96_BUT_CHARGED = "4000000090130008"
TROUBLED = {
    LOST_AFTER_THE_CHARGE: "connection_lost",
    LOST_BEFORE_THE_CHARGE: "connection_lost",
    CARRIED_OUT_LATE: "connection_lost",
    SILENT_AFTER_THE_CHARGE: "read_timeout",
    SILENT_BEFORE_THE_CHARGE: "read_timeout",
    "4000000090070006": "malformed",  # a page of HTML
    "4000000090080005": "http_status",  # 500
    "4000000090090004": "malformed",  # an empty body
    "4000000090100001": "incomplete_body",  # half a body
    "4000000090110000": "too_large",  # 10 MB
    "4000000090120009": "no_response_code",
    K96_BUT_CHARGED: "money_may_have_moved",
}


def recover(clock: SettableClock, *, after: timedelta = GRACE) -> Payment:
    """Let time pass and the worker look; the payment as it stands then."""
    clock.advance(after)
    recover_due(clock, NEVER)
    return Payment.objects.order_by("pk")[0]


@pytest.mark.parametrize(("card", "reason"), TROUBLED.items(), ids=TROUBLED.values())
def test_a_lost_or_broken_answer_is_unknown_and_blocks_a_second_charge(
    card: str,
    reason: str,
    new_order: Order,
    token: NewToken,
    clock: SettableClock,
    simulator: SimulatorServer,
) -> None:
    order = new_order()
    payment = pay_by_token(order, token(card), clock=clock)
    assert payment.state == "unknown"
    assert payment.operations.get().reason == reason
    asked = len(simulator.gateway.transactions())
    assert pay_by_token(order, token(), clock=clock).pk == payment.pk
    assert len(simulator.gateway.transactions()) == asked


@pytest.mark.parametrize("card", [LOST_BEFORE_THE_CHARGE, SILENT_BEFORE_THE_CHARGE])
def test_an_unused_token_proves_that_nothing_was_charged_once_the_grace_is_over(
    card: str,
    new_order: Order,
    token: NewToken,
    clock: SettableClock,
    simulator: SimulatorServer,
) -> None:
    order = new_order()
    pay_by_token(order, token(card), clock=clock)
    assert recover(clock, after=timedelta(minutes=1)).state == "unknown"
    resolved = recover(clock, after=GRACE)
    assert resolved.state == "not_charged"
    assert resolved.operations.get().resolved_by == "token_search"
    assert pay_by_token(order, token(), clock=clock).is_paid
    assert len(simulator.gateway.charges()) == 1


@pytest.mark.parametrize("card", [LOST_AFTER_THE_CHARGE, SILENT_AFTER_THE_CHARGE, K96_BUT_CHARGED])
def test_a_used_token_proves_nothing_so_staff_look_it_up_and_settle(
    card: str,
    new_order: Order,
    token: NewToken,
    clock: SettableClock,
    simulator: SimulatorServer,
) -> None:
    order = new_order()
    pay_by_token(order, token(card), clock=clock)
    waiting = recover(clock)
    assert (waiting.state, attention_of(waiting)) == ("unknown", "result_unknown")
    [charge] = simulator.gateway.charges(waiting.transaction_code)
    assert charge.amount == waiting.amount
    settle(waiting.operations.get().pk, done=True, note="found in the console", clock=clock)
    waiting.refresh_from_db()
    assert (waiting.state, attention_of(waiting)) == ("gathered", "")
    assert pay_by_token(order, token(), clock=clock).pk == waiting.pk
    assert len(simulator.gateway.charges()) == 1


def test_a_request_carried_out_after_we_gave_it_up_is_not_charged_again(
    new_order: Order, token: NewToken, clock: SettableClock, simulator: SimulatorServer
) -> None:
    order = new_order()
    payment = pay_by_token(order, token(CARRIED_OUT_LATE), clock=clock)
    assert not simulator.gateway.charges()
    clock.advance(timedelta(seconds=40))
    recover_due(clock, NEVER)
    assert len(simulator.gateway.charges()) == 1
    waiting = recover(clock)
    assert (waiting.state, attention_of(waiting)) == ("unknown", "result_unknown")
    assert pay_by_token(order, token(), clock=clock).pk == payment.pk
    assert len(simulator.gateway.charges()) == 1


def test_staff_who_find_nothing_in_the_console_set_the_order_free(
    new_order: Order, token: NewToken, clock: SettableClock, simulator: SimulatorServer
) -> None:
    order = new_order()
    payment = pay_by_token(order, token(LOST_BEFORE_THE_CHARGE), clock=clock)
    operation = payment.operations.get()
    with pytest.raises(NotSettleable, match="処理を続けている可能性"):
        settle(operation.pk, done=False, note="not there", clock=clock)
    clock.advance(GRACE)
    settle(operation.pk, done=False, note="not there", clock=clock)
    assert pay_by_token(order, token(), clock=clock).is_paid
    assert len(simulator.gateway.charges()) == 1


def test_staff_who_settle_what_the_worker_has_just_resolved_are_told_so(
    new_order: Order, token: NewToken, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment = pay_by_token(new_order(), token(LOST_BEFORE_THE_CHARGE), clock=clock)
    operation = payment.operations.get()
    clock.advance(GRACE)

    def resolved_first(*arguments: Any, **facts: Any) -> bool:
        recover_due(clock, NEVER)
        return end_resolved(*arguments, **facts)

    monkeypatch.setattr(sys.modules[settle.__module__], "end_resolved", resolved_first)
    with pytest.raises(NotSettleable):
        settle(operation.pk, done=True, note="found", clock=clock)
    payment.refresh_from_db()
    assert (payment.state, attention_of(payment)) == ("not_charged", "")


def test_a_settled_payment_has_no_process_id_and_says_so_when_operated_on(
    new_order: Order, token: NewToken, clock: SettableClock
) -> None:
    from escott.django.services.claim import NotPossible

    payment = pay_by_token(new_order(), token(LOST_AFTER_THE_CHARGE), clock=clock)
    settle(payment.operations.get().pk, done=True, note="found", clock=clock)
    with pytest.raises(NotPossible, match="settled_by_hand"):
        operate(payment.pk, CardOperation.CANCEL, key="cancel", clock=clock)


def test_only_an_unknown_result_can_be_settled(
    new_order: Order, token: NewToken, clock: SettableClock
) -> None:
    payment = pay_by_token(new_order(), token(), clock=clock)
    with pytest.raises(NotSettleable, match="結果不明"):
        settle(payment.operations.get().pk, done=False, note="", clock=clock)


@pytest.mark.parametrize(("moment", "charges"), [("before", 0), ("after", 1)] * figure(1, 10))
def test_a_shop_killed_between_claim_and_record_is_recovered_with_one_charge_at_most(
    moment: str,
    charges: int,
    new_order: Order,
    token: NewToken,
    clock: SettableClock,
    simulator: SimulatorServer,
) -> None:
    order, first = new_order(), token()
    died = subprocess.run(
        [sys.executable, "-m", "tests.django.dying_shop", str(connection.settings_dict["NAME"]),
         simulator.base_url, order.reference, first.reveal(), moment],
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "tests.django.site.settings",
            "PYTHONPATH": os.pathsep.join(sys.path),
        },
        check=False,
    )  # fmt: skip
    assert died.returncode == -signal.SIGKILL
    assert len(simulator.gateway.charges()) == charges
    started = Payment.objects.get()
    assert started.state == "started"
    assert pay_by_token(order, token(), clock=clock).pk == started.pk

    assert recover(clock, after=timedelta(minutes=2)).state == "unknown"
    assert pay_by_token(order, token(), clock=clock).pk == started.pk
    resolved = recover(clock, after=GRACE + timedelta(minutes=1))
    if moment == "before":
        assert resolved.state == "not_charged"
        assert pay_by_token(order, token(), clock=clock).is_paid
    else:
        assert (resolved.state, attention_of(resolved)) == ("unknown", "result_unknown")
    assert len(simulator.gateway.charges()) == 1


def test_a_connection_that_is_refused_was_not_sent_and_may_be_paid_again_at_once(
    new_order: Order,
    token: NewToken,
    clock: SettableClock,
    simulator: SimulatorServer,
    settings: Any,
    closed_port: int,
) -> None:
    order = new_order()
    here = settings.ESCOTT
    settings.ESCOTT = here | {"TEST_GATEWAY_URL": f"http://127.0.0.1:{closed_port}"}
    payment = pay_by_token(order, token(), clock=clock)
    assert payment.state == "not_sent"
    assert payment.operations.get().reason == "connection_refused"
    settings.ESCOTT = here
    assert pay_by_token(order, token(), clock=clock).is_paid
    assert len(simulator.gateway.charges()) == 1


def test_an_inquiry_that_gets_no_answer_is_repeated_later(
    new_order: Order, token: NewToken, clock: SettableClock, settings: Any, closed_port: int
) -> None:
    payment = pay_by_token(new_order(), token(LOST_BEFORE_THE_CHARGE), clock=clock)
    here = settings.ESCOTT
    settings.ESCOTT = here | {"TEST_GATEWAY_URL": f"http://127.0.0.1:{closed_port}"}
    assert recover(clock).state == "unknown"
    operation = payment.operations.get()
    assert operation.due_at is not None
    assert operation.due_at > clock.now()
    settings.ESCOTT = here
    assert recover(clock).state == "not_charged"


def test_two_workers_do_not_take_the_same_operation(
    new_order: Order, token: NewToken, clock: SettableClock
) -> None:
    pay_by_token(new_order(), token(LOST_BEFORE_THE_CHARGE), clock=clock)
    clock.advance(GRACE)
    lease = timedelta(minutes=1)
    assert len(list(Operation.lease_due(clock.now(), lasting=lease))) == 1
    assert not list(Operation.lease_due(clock.now(), lasting=lease))
    clock.advance(lease)
    assert len(list(Operation.lease_due(clock.now(), lasting=lease))) == 1


@pytest.mark.parametrize(
    ("card", "operation", "amount", "state", "known_amount"),
    [
        ("4000000091020000", CardOperation.CAPTURE, None, "captured", 3780),
        ("4000000091030009", CardOperation.CAPTURE, None, "authorised", 3780),
        ("4000000091020000", CardOperation.CHANGE_AMOUNT, 3000, "authorised", 3000),
        ("4000000091030009", CardOperation.CHANGE_AMOUNT, 3000, "authorised", 3780),
    ],
)
def test_a_lost_capture_or_change_is_resolved_by_asking_for_the_transaction(
    card: str,
    operation: CardOperation,
    amount: int | None,
    state: str,
    known_amount: int,
    new_order: Order,
    token: NewToken,
    clock: SettableClock,
    account: Any,
) -> None:
    type(account).objects.update(card_charge="authorise")
    payment = pay_by_token(new_order(), token(card), clock=clock)
    done = operate(payment.pk, operation, amount=amount, key="press", clock=clock)
    assert done.state == "unknown"
    resolved = recover(clock)
    assert (resolved.state, resolved.amount) == (state, known_amount)
    assert not resolved.operations.filter(state="unknown").exists()


def test_a_lost_cancellation_waits_for_staff(
    new_order: Order, token: NewToken, clock: SettableClock
) -> None:
    payment = pay_by_token(new_order(), token("4000000091020000"), clock=clock)
    lost = operate(payment.pk, CardOperation.CANCEL, key="press", clock=clock)
    waiting = recover(clock)
    assert (waiting.state, attention_of(waiting)) == ("gathered", "result_unknown")
    settle(lost.pk, done=True, note="cancelled there", clock=clock)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.live) == ("cancelled", False)
