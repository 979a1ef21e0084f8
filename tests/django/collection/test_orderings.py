"""Whatever the order in which a slip's news arrive, and however often: one right end.

The 2Add's answer, notices, inquiries, cancellation, change and expiry are interleaved at every
moment at which the gateway is asked, repeated up to five times, and now and then not answered.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from escott.clock import JST, SettableClock
from escott.django.models import CollectionAccount, Notice, Operation, OperationState, Payment, Slip
from escott.django.models.operation import UNFINISHED
from escott.django.orders import PayableOrder
from escott.django.services.claim import NotPossible, Overtaken, SameAmount
from escott.django.services.collection import (
    NotADueDate,
    ask_about_deposit,
    begin_slip,
    change_slip,
    delete_slip,
    go_on_with_slip,
)
from escott.django.services.collection.noticing import process_notices_due
from escott.django.services.collection.polling import poll_due
from escott.django.services.recovery import recover_due
from escott.django.services.settle import settle
from escott.django.signals import payment_changed
from escott.gateway import Client, Outcome, Telegram, Unknown, UnknownReason
from escott.rules.payment_states import LIVE, PaymentState
from escott.simulator.live_collection import LiveCollection
from escott.simulator.notice_faults import NoticeFault
from escott.simulator.server import SimulatorServer
from escott.simulator.slips import Slip as Booked
from escott.simulator.till import NotTaken
from tests.cases import attention_of
from tests.django.collection.conftest import again, instruction, post
from tests.django.conftest import NEVER, at_once
from tests.soak import figure

pytestmark = pytest.mark.usefixtures("in_process")

BEGUN = datetime(2026, 4, 1, 12, tzinfo=JST)
ASKED_TOO_LATE = (NotPossible, Overtaken, SameAmount, NotADueDate)
STORIES = figure(60, 1000)
SCHEDULES = figure(4, 60)

_numbers = count(200001)


@dataclass(frozen=True)
class Step:
    """One thing that happens.

    Attributes:
        before, after: how many of the steps that follow happen while the gateway is asked:
            before it has carried out what it was asked for, and after.
        fate: what becomes of the telegram, or of its answer.
    """

    what: str
    before: int = 0
    after: int = 0
    fate: str = "answered"


@dataclass
class Story:
    """One slip from its registration on."""

    steps: list[Step]
    clock: SettableClock
    till: LiveCollection
    waits: list[Step] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    keys: Any = field(default_factory=count)

    def tell(self) -> Payment:
        """Register, let everything happen, and let the worker bring it to its end."""
        first, *self.steps = self.steps
        order = PayableOrder(reference=str(next(_numbers)), amount=3780)
        claim = begin_slip(order, instruction(), clock=self.clock)
        self.payment = claim.payment
        payment_changed.connect(self._hear, weak=False)
        try:
            self._happen(first, lambda: go_on_with_slip(claim, clock=self.clock))
            while self.steps:
                self._next()
            self._end()
        finally:
            payment_changed.disconnect(self._hear)
        return again(self.payment)

    def _hear(self, payment: Payment, **_: Any) -> None:
        self.told.append(payment.state)

    def _next(self) -> None:
        step = self.steps.pop(0)
        self._happen(step, getattr(self, step.what))

    def _happen(self, step: Step, act: Callable[[], object]) -> None:
        self.waits.append(step)
        with suppress(*ASKED_TOO_LATE):
            act()
        if self.waits and self.waits[-1] is step:
            self.waits.pop()

    def asked(self, send: Callable[[], Outcome]) -> Outcome:
        """The gateway is asked; others go on meanwhile."""
        step = self.waits.pop() if self.waits else Step("")
        self._meanwhile(step.before)
        lost = Unknown(UnknownReason.READ_TIMEOUT, "lost")
        if step.fate == "lost_before":
            return lost
        outcome = send()
        self._meanwhile(step.after)
        return lost if step.fate == "lost_after" else outcome

    def _meanwhile(self, steps: int) -> None:
        for _ in range(steps):
            if self.steps:
                self._next()

    # What happens

    def pay(self) -> None:
        with suppress(NotTaken, LookupError):
            self.till.pay(self.payment.transaction_code)

    def notice(self) -> None:
        for notice in self.till.notices():
            post(notice.body)
        process_notices_due(self.clock, NEVER)

    def forge(self) -> None:
        with suppress(LookupError):
            code = self.payment.transaction_code
            for notice in self.till.send_notice(code, (NoticeFault.WRONG_HASH,)):
                post(notice.body)
        process_notices_due(self.clock, NEVER)

    def poll(self) -> None:
        Slip.objects.filter(due_at__isnull=False).update(due_at=self.clock.now())
        poll_due(self.clock, NEVER)

    def ask(self) -> None:
        ask_about_deposit(self.payment.pk, clock=self.clock)

    def cancel(self) -> None:
        delete_slip(self.payment.pk, key=self._key(), actor=None, clock=self.clock)

    def change(self) -> None:
        due_on = self.clock.now().date() + timedelta(days=5)
        change_slip(
            self.payment.pk,
            amount=4000,
            due_on=due_on,
            key=self._key(),
            actor=None,
            clock=self.clock,
        )

    def recover(self) -> None:
        recover_due(self.clock, NEVER)

    def minute(self) -> None:
        self.clock.advance(timedelta(minutes=1))

    def quarter(self) -> None:
        self.clock.advance(timedelta(minutes=15))

    def expiry(self) -> None:
        """The last day and its grace have passed."""
        due_on = again(self.payment).slip.due_on
        over = datetime(due_on.year, due_on.month, due_on.day, 12, tzinfo=JST) + timedelta(days=6)
        self.clock.set(max(over, self.clock.now()))
        self.poll()

    def _key(self) -> str:
        return f"{self.payment.pk}-{next(self.keys)}"

    def _end(self) -> None:
        """The worker, for hours and days; what no inquiry tells, staff read in the console."""
        self._rounds(6)
        code = self.payment.transaction_code
        for operation in self.payment.operations.filter(state=OperationState.UNKNOWN):
            done = is_carried_out(operation, self.till.slips(code)[0])
            settle(operation.pk, done=done, note="as the console shows", clock=self.clock)
        self.expiry()
        self._rounds(3)

    def _rounds(self, rounds: int) -> None:
        for _ in range(rounds):
            self.clock.advance(timedelta(minutes=15))
            recover_due(self.clock, NEVER)
            process_notices_due(self.clock, NEVER)
            self.poll()


def is_carried_out(operation: Operation, booked: Booked) -> bool:
    """Staff compare the console's slip with what was asked."""
    return booked.is_deleted if operation.kind == "delete" else booked.changes > 0


def right_end(booked: list[Booked], first: Step) -> tuple[str, ...]:
    """What the payment may be in the end, by the gateway's books alone."""
    if not booked:  # not carried out, or too late for its last day
        return ("lost", "refused")
    if first.fate != "answered":
        return ("lost",)
    if booked[0].deposits:
        return ("deposited",)
    return ("deleted",) if booked[0].is_deleted else ("lapsed",)


EVENTS = (
    "pay", "notice", "poll", "ask", "cancel", "change", "recover", "minute", "quarter", "expiry",
    "forge",
)  # fmt: skip

FATES = st.sampled_from(["answered"] * 6 + ["lost_after", "lost_before"])


@st.composite
def stories(draw: st.DrawFn) -> list[Step]:
    """Any steps in any order, each up to five times in a row."""
    nested = st.integers(0, 3)
    step = st.builds(Step, st.sampled_from(EVENTS), nested, nested, FATES)
    first = draw(st.builds(Step, st.just("register"), nested, nested, FATES))
    steps = draw(st.lists(st.tuples(step, st.integers(1, 5)), max_size=9))
    return [first, *(each for each, times in steps for _ in range(times))]


@pytest.fixture
def interleaved(monkeypatch: pytest.MonkeyPatch) -> dict[str, Story]:
    """While the gateway is asked, the story under way goes on."""
    under_way: dict[str, Story] = {}
    send = Client.send

    def asked(self: Client, telegram: Telegram) -> Outcome:
        return under_way["story"].asked(lambda: send(self, telegram))

    monkeypatch.setattr(Client, "send", asked)
    return under_way


@given(steps=stories())
@settings(
    max_examples=STORIES,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_every_order_of_news_leads_to_the_one_right_end(
    steps: list[Step],
    collection: CollectionAccount,
    clock: SettableClock,
    simulator: SimulatorServer,
    till: LiveCollection,
    interleaved: dict[str, Story],
) -> None:
    simulator.gateway.reset()
    clock.set(BEGUN)
    story = interleaved["story"] = Story(list(steps), clock, till)
    payment = story.tell()
    booked = till.slips(payment.transaction_code)

    assert payment.state in right_end(booked, steps[0])
    assert payment.live is (payment.state in LIVE)
    assert not payment.operations.filter(state__in=UNFINISHED).exists()
    deposits = payment.operations.filter(kind="deposit").count()
    assert deposits == (payment.state == PaymentState.DEPOSITED)
    if booked and payment.state != PaymentState.LOST:
        assert payment.amount == booked[0].amount
        assert payment.slip.changed or booked[0].changes == 0
    if payment.state == PaymentState.DEPOSITED:
        assert payment.slip.receipt_number == booked[0].deposits[0].recv_num
    assert story.told[-1] == payment.state
    numbers = list(payment.operations.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    expected = {"deposit_after_end"} if payment.state == PaymentState.LOST else {"late_success"}
    assert set(attention_of(payment).split("+")) <= expected | {""}
    Slip.objects.update(due_at=None, asked_at=None)
    Notice.objects.update(due_at=None)


# The same with threads


@pytest.mark.parametrize("seed", range(SCHEDULES))
def test_whatever_the_schedule_of_workers_and_staff_shop_and_gateway_end_equal(
    seed: int, collection: CollectionAccount, clock: SettableClock, till: LiveCollection
) -> None:
    """Two workers, a poller, staff who cancel and change, and a till, all at once."""
    chance = random.Random(seed)
    order = PayableOrder(reference=f"S{seed}", amount=3780)
    payment = go_on_with_slip(begin_slip(order, instruction(), clock=clock), clock=clock)
    code = payment.transaction_code
    for operation in ("2Del", "2Chg"):
        if chance.random() < 0.3:
            till.trouble(operation, chance.choice(["lost_after", "lost_before"]))

    def pay() -> None:
        with suppress(NotTaken):
            till.pay(code)
        for notice in till.notices():
            post(notice.body)

    def cancel(key: str) -> None:
        with suppress(*ASKED_TOO_LATE):
            delete_slip(payment.pk, key=key, actor=None, clock=clock)

    def change(key: str) -> None:
        with suppress(*ASKED_TOO_LATE):
            due_on = date(2026, 4, 20)
            change_slip(payment.pk, amount=4000, due_on=due_on, key=key, actor=None, clock=clock)

    actors: list[Callable[[], Any]] = [
        pay,
        partial(process_notices_due, clock, NEVER),
        partial(ask_about_deposit, payment.pk, clock=clock),
        partial(ask_about_deposit, payment.pk, clock=clock),
        partial(cancel, f"{seed}-a"),
        partial(cancel, f"{seed}-b"),
        partial(change, f"{seed}-c"),
    ]
    chance.shuffle(actors)
    broken = [end for end in at_once(actors) if isinstance(end, Exception)]
    assert broken == []
    for _ in range(6):
        clock.advance(timedelta(minutes=15))
        recover_due(clock, NEVER)
        process_notices_due(clock, NEVER)
        Slip.objects.filter(due_at__isnull=False).update(due_at=clock.now())
        poll_due(clock, NEVER)
    ours, booked = again(payment), till.slip(code)
    if booked.deposits:
        assert (ours.state, ours.amount) == ("deposited", booked.deposits[0].amount)
    else:
        assert ours.state == ("deleted" if booked.is_deleted else "unpaid")
    assert not ours.operations.filter(state__in=UNFINISHED).exists()
    assert ours.live is (ours.state in LIVE)
    assert set(attention_of(ours).split("+")) <= {"", "slip_link_lost"}
