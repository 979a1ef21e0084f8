"""一括処理 goes on where it was interrupted, and asks for nothing twice."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import connection

from escott.clock import SettableClock
from escott.django.models import Batch, MerchantAccount, Operation, Payment, PlannedOperation
from escott.django.orders import PayableOrder
from escott.django.services import operate, pay_by_token
from escott.django.services.plans import carry_out_due, look_ahead, plan_batch, stop_batch
from escott.django.services.recovery import recover_due
from escott.gateway import Secret
from escott.rules.card_states import CardOperation
from escott.simulator.server import SimulatorServer
from tests.django.conftest import NEVER

LEASE = timedelta(minutes=3)

Make = Callable[[int], list[Payment]]


@pytest.fixture
def authorised(
    new_order: Callable[..., PayableOrder], token: Callable[..., Secret], clock: SettableClock
) -> Make:
    """Makes payments that are authorised and not captured."""

    def make(number: int) -> list[Payment]:
        MerchantAccount.objects.update(card_charge="authorise")
        return [pay_by_token(new_order(), token(), clock=clock) for _ in range(number)]

    return make


def captures(payments: list[Payment], clock: SettableClock, key: str = "press") -> Batch:
    staff, _ = get_user_model().objects.get_or_create(username="staff")
    return plan_batch(payments, CardOperation.CAPTURE, key=key, actor=staff, clock=clock)


def states_of(batch: Batch) -> list[str]:
    return list(batch.plans.order_by("pk").values_list("state", flat=True))


def test_the_worker_carries_out_a_batch_as_the_person_who_asked(
    authorised: Make, clock: SettableClock
) -> None:
    payments = authorised(3)
    batch = captures(payments, clock)

    assert carry_out_due(clock, NEVER) == 3

    assert states_of(batch) == ["done"] * 3
    assert set(Payment.objects.values_list("state", flat=True)) == {"captured"}
    asked_by = Operation.objects.filter(kind="capture").values_list("actor__username", flat=True)
    assert list(asked_by) == ["staff"] * 3


def test_a_second_press_is_the_same_batch_and_asks_for_nothing_more(
    authorised: Make, clock: SettableClock
) -> None:
    payments = authorised(2)

    first, second = captures(payments, clock), captures(payments, clock)
    carry_out_due(clock, NEVER)
    third = captures(payments, clock)

    assert first.pk == second.pk == third.pk
    assert PlannedOperation.objects.count() == 2
    assert Operation.objects.filter(kind="capture").count() == 2


def test_what_was_captured_meanwhile_is_left_out_with_the_reason(
    authorised: Make, clock: SettableClock
) -> None:
    first, second = authorised(2)
    batch = captures([first, second], clock)
    operate(first.pk, CardOperation.CANCEL, key="by hand", clock=clock)

    carry_out_due(clock, NEVER)

    plans = batch.plans.order_by("pk").values_list("state", "obstacle")
    assert list(plans) == [("left_out", "cancelled"), ("done", "")]


def test_the_dry_run_tells_beforehand_what_would_be_left_out(
    authorised: Make, clock: SettableClock
) -> None:
    first, second = authorised(2)
    operate(first.pk, CardOperation.CAPTURE, key="by hand", clock=clock)
    first.refresh_from_db()
    operations = Operation.objects.count()

    prospects = look_ahead([first, second], CardOperation.CAPTURE, clock=clock)

    assert [each.obstacle for each in prospects] == ["captured", None]
    assert Operation.objects.count() == operations


#: Carries the due plans out, and is killed within one: before it asks, or once it is answered.
_DYING_WORKER = """
import os, signal, sys, threading
from datetime import datetime
from pathlib import Path
import django
from django.conf import settings
_, database, gateway, when, now = sys.argv
settings.DATABASES["default"]["NAME"] = database
settings.ESCOTT |= {"TEST_GATEWAY_URL": gateway, "TRANSPORT": "__main__.DyingTransport"}
from escott.gateway.https import UrllibTransport
class DyingTransport(UrllibTransport):
    left = 2
    def post(self, url, body, *, timeouts):
        DyingTransport.left -= 1
        if DyingTransport.left:
            return super().post(url, body, timeouts=timeouts)
        if when == "after":
            super().post(url, body, timeouts=timeouts)
        os.kill(os.getpid(), signal.SIGKILL)
django.setup()
from escott.clock import SettableClock
from escott.django.services.plans import carry_out_due
carry_out_due(SettableClock(datetime.fromisoformat(now)), threading.Event())
"""


def die_within_the_second(when: str, simulator: SimulatorServer, clock: SettableClock) -> None:
    """A worker carries out one plan and is killed (SIGKILL) while it carries out the next."""
    name = str(connection.settings_dict["NAME"])
    died = subprocess.run(
        [
            *(sys.executable, "-c", _DYING_WORKER),
            *(name, simulator.base_url, when, clock.now().isoformat()),
        ],
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "tests.django.site.settings",
            "PYTHONPATH": os.pathsep.join(sys.path),
        },
        check=False,
        capture_output=True,
        text=True,
    )
    assert died.returncode == -9, died.stderr


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_worker_that_is_killed_half_way_is_followed_by_one_that_asks_nothing_twice(
    when: str, authorised: Make, clock: SettableClock, simulator: SimulatorServer
) -> None:
    batch = captures(authorised(4), clock)
    die_within_the_second(when, simulator, clock)
    assert states_of(batch) == ["done", "waiting", "waiting", "waiting"]

    # The others go on at once; the plan under way waits until its lease is over.
    assert carry_out_due(clock, NEVER) == 2
    clock.advance(LEASE + timedelta(seconds=1))
    recover_due(clock, NEVER)
    assert carry_out_due(clock, NEVER) == 1
    clock.advance(timedelta(minutes=10))
    recover_due(clock, NEVER)

    assert states_of(batch) == ["done"] * 4
    assert Operation.objects.filter(kind="capture").count() == 4
    second = batch.plans.order_by("pk")[1]
    assert second.operation is not None
    assert second.operation.state == {"before": "not_done", "after": "ok"}[when]
    captured = [booking.state for booking in simulator.gateway.transactions()]
    assert captured.count("captured") == {"before": 3, "after": 4}[when]


def test_a_worker_that_raises_half_way_leaves_the_rest_to_the_next_round(
    authorised: Make, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = captures(authorised(3), clock)
    real, calls = operate, []

    def failing(*args: object, **kwargs: object) -> Operation:
        calls.append(args)
        if len(calls) == 2:
            raise RuntimeError("the machine has no memory left")
        return real(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr("escott.django.services.plans.operate", failing)
    with pytest.raises(RuntimeError):
        carry_out_due(clock, NEVER)
    assert carry_out_due(clock, NEVER) == 1
    clock.advance(LEASE + timedelta(seconds=1))
    assert carry_out_due(clock, NEVER) == 1

    assert states_of(batch) == ["done"] * 3
    assert Operation.objects.filter(kind="capture", state="ok").count() == 3


def test_what_was_stopped_is_never_asked_for(authorised: Make, clock: SettableClock) -> None:
    batch = captures(authorised(3), clock)
    asked_to_end = threading.Event()
    asked_to_end.set()
    assert carry_out_due(clock, asked_to_end) == 1

    assert stop_batch(batch.pk, clock=clock) == 2
    clock.advance(LEASE)
    assert carry_out_due(clock, NEVER) == 0

    assert states_of(batch) == ["done", "stopped", "stopped"]
    assert Operation.objects.filter(kind="capture").count() == 1


def test_a_batch_that_is_stopped_after_a_worker_was_killed_does_not_call_stopped_what_was_asked_for(
    authorised: Make, clock: SettableClock, simulator: SimulatorServer
) -> None:
    batch = captures(authorised(3), clock)
    die_within_the_second("after", simulator, clock)

    assert stop_batch(batch.pk, clock=clock) == 1
    clock.advance(LEASE + timedelta(seconds=1))
    carry_out_due(clock, NEVER)

    assert states_of(batch) == ["done", "done", "stopped"]
