"""Unpaid slips: asked about in good time, never lapsed unasked, and reminded of once each."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import Any

import pytest
from django.core import mail as outbox
from django.db.models import Min

from escott.clock import JST, SettableClock
from escott.django.mails import send_due
from escott.django.models import CollectionAccount, Mail, Payment, Slip
from escott.django.services.collection import (
    ask_about_deposit,
    change_slip,
    delete_slip,
    slip_page_url,
)
from escott.django.services.collection.polling import poll_due
from escott.django.services.collection.reminding import remind_due
from escott.gateway import Client
from escott.rules.deposit_inquiries import PAUSES
from escott.simulator.live_collection import LiveCollection
from escott.simulator.slips import SlipPayment as Paying
from tests.cases import attention_of
from tests.django.collection.conftest import Register, again
from tests.django.conftest import NEVER, at_once

pytestmark = pytest.mark.usefixtures("in_process")

#: Registered on Wednesday 1 April: payable until Wednesday 8 April, and a day of grace.
LAST_DAY = datetime(2026, 4, 8, 12, tzinfo=JST)
GRACE_IS_OVER = datetime(2026, 4, 10, tzinfo=JST)


@pytest.fixture
def inquiries(monkeypatch: pytest.MonkeyPatch, clock: SettableClock) -> list[datetime]:
    """When 2Ref was sent."""
    asked: list[datetime] = []
    send = Client.send

    def note(self: Client, telegram: Any) -> Any:
        if telegram.operate_id == "2Ref":
            asked.append(clock.now())
        return send(self, telegram)

    monkeypatch.setattr(Client, "send", note)
    return asked


def run(clock: SettableClock, until: datetime) -> None:
    """The worker, until a moment; from one slip that is due to the next."""
    while (due := Slip.objects.aggregate(Min("due_at"))["due_at__min"]) and due <= until:
        clock.set(max(due, clock.now()))
        poll_due(clock, NEVER)
    clock.set(until)


def test_a_lost_notice_costs_ten_minutes(
    register: Register, till: LiveCollection, clock: SettableClock
) -> None:
    payment = register()
    till.pay(payment.transaction_code, Paying(faults=("lost",)))
    clock.advance(timedelta(minutes=9, seconds=59))
    assert poll_due(clock, NEVER) == 0
    clock.advance(timedelta(seconds=1))
    assert poll_due(clock, NEVER) == 1
    assert again(payment).state == "deposited"
    assert poll_due(clock, NEVER) == 0


def test_a_slip_is_asked_about_often_at_first_and_then_less_often(
    register: Register, clock: SettableClock, inquiries: list[datetime]
) -> None:
    begun = clock.now()
    register()
    run(clock, datetime(2026, 4, 2, 18, tzinfo=JST))
    pauses = {
        (later - earlier, next(pause for until, pause in PAUSES if earlier - begun < until))
        for earlier, later in pairwise(inquiries)
    }
    assert pauses == {(pause, pause) for _, pause in PAUSES[:3]}


def test_it_is_asked_about_at_the_end_of_its_last_day_and_lapses_after_the_grace(
    register: Register, clock: SettableClock, inquiries: list[datetime]
) -> None:
    payment = register()
    clock.set(LAST_DAY)
    run(clock, GRACE_IS_OVER - timedelta(minutes=5))
    assert datetime(2026, 4, 9, tzinfo=JST) in inquiries
    assert again(payment).state == "unpaid"
    run(clock, GRACE_IS_OVER)
    lapsed = again(payment)
    assert inquiries[-1] == GRACE_IS_OVER
    assert (lapsed.state, lapsed.live, attention_of(lapsed)) == ("lapsed", False, "")
    assert slip_page_url(lapsed, from_checkout=False) == ""


def test_the_days_of_grace_are_business_days_by_the_setting(
    register: Register, collection: CollectionAccount, clock: SettableClock
) -> None:
    CollectionAccount.objects.update(grace_business_days=3, due_days=1)
    payment = register()  # payable until Thursday 2 April: Friday, Monday and Tuesday are grace
    clock.set(datetime(2026, 4, 7, 22, tzinfo=JST))
    run(clock, datetime(2026, 4, 7, 23, 59, tzinfo=JST))
    assert again(payment).state == "unpaid"
    run(clock, datetime(2026, 4, 8, tzinfo=JST))
    assert again(payment).state == "lapsed"


def test_nothing_lapses_while_the_gateway_does_not_answer(
    register: Register, till: LiveCollection, clock: SettableClock
) -> None:
    payment = register()
    till.trouble("2Ref", "lost_before", times=100)
    clock.set(GRACE_IS_OVER + timedelta(days=3))
    for _ in range(5):
        poll_due(clock, NEVER)
        assert again(payment).state == "unpaid"
        clock.advance(timedelta(hours=1))


def test_a_deposit_of_the_last_minute_is_found_before_the_slip_lapses(
    register: Register, till: LiveCollection, clock: SettableClock
) -> None:
    payment = register()
    clock.set(datetime(2026, 4, 8, 23, 59, 59, tzinfo=JST))
    till.pay(payment.transaction_code, Paying(faults=("lost",)))
    clock.set(GRACE_IS_OVER + timedelta(days=2))
    poll_due(clock, NEVER)
    assert again(payment).state == "deposited"


def test_an_answer_from_before_the_end_of_the_grace_lapses_nothing(
    register: Register, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment, send = register(), Client.send

    def slowly(self: Client, telegram: Any) -> Any:
        outcome = send(self, telegram)
        clock.advance(timedelta(minutes=1))
        return outcome

    monkeypatch.setattr(Client, "send", slowly)
    clock.set(GRACE_IS_OVER - timedelta(seconds=30))
    ask_about_deposit(payment.pk, clock=clock)
    assert again(payment).state == "unpaid"
    ask_about_deposit(payment.pk, clock=clock)
    assert again(payment).state == "lapsed"


def test_a_lapsed_slip_is_asked_about_some_times_more_and_then_left_alone(
    register: Register, till: LiveCollection, clock: SettableClock, inquiries: list[datetime]
) -> None:
    payment = register()
    clock.set(GRACE_IS_OVER)
    poll_due(clock, NEVER)
    inquiries.clear()
    run(clock, GRACE_IS_OVER + timedelta(days=60))
    assert [(moment - GRACE_IS_OVER).days for moment in inquiries] == [1, 3, 7, 14, 30]
    assert again(payment).slip.due_at is None


def test_a_late_deposit_whose_notice_was_lost_is_found_all_the_same(
    register: Register, till: LiveCollection, clock: SettableClock
) -> None:
    payment = register()
    clock.set(GRACE_IS_OVER)
    poll_due(clock, NEVER)
    till.pay(payment.transaction_code, Paying(anyway=True, faults=("lost",)))
    clock.advance(timedelta(days=1))
    poll_due(clock, NEVER)
    assert again(payment).state == "deposited"


def test_no_more_is_asked_in_a_minute_than_the_setting_says(
    register: Register, collection: CollectionAccount, clock: SettableClock
) -> None:
    CollectionAccount.objects.update(asks_a_minute=3)
    for _ in range(7):
        register()
    clock.advance(timedelta(minutes=10))
    asked = []
    for _ in range(8):
        asked.append(poll_due(clock, NEVER))
        clock.advance(timedelta(seconds=30))
    assert asked == [3, 0, 3, 0, 1, 0, 0, 0]


def test_a_gateway_that_does_not_answer_is_left_alone_for_a_minute(
    register: Register, till: LiveCollection, clock: SettableClock, inquiries: list[datetime]
) -> None:
    for _ in range(4):
        register()
    till.trouble("2Ref", "lost_before")
    clock.advance(timedelta(minutes=10))
    assert poll_due(clock, NEVER) == 1
    clock.advance(timedelta(seconds=30))
    assert poll_due(clock, NEVER) == 0
    clock.advance(timedelta(seconds=31))
    assert poll_due(clock, NEVER) == 3
    assert len(inquiries) == 4


def test_two_workers_ask_about_a_slip_once(
    register: Register, clock: SettableClock, inquiries: list[datetime]
) -> None:
    for _ in range(3):
        register()
    clock.advance(timedelta(minutes=10))
    assert sum(at_once([partial(poll_due, clock, NEVER) for _ in range(3)])) == 3
    assert len(inquiries) == 3


def test_a_worker_that_is_to_stop_finishes_the_slip_under_way(
    register: Register, clock: SettableClock
) -> None:
    for _ in range(3):
        register()
    clock.advance(timedelta(minutes=10))
    stop = threading.Event()
    stop.set()
    assert poll_due(clock, stop) == 1


def test_without_online_collection_nothing_is_asked(account: object, clock: SettableClock) -> None:
    assert poll_due(clock, NEVER) == 0


# Reminders


def reminders() -> list[str]:
    """The last figures that were told, oldest first."""
    queued = Mail.objects.filter(kind="slip_reminder").order_by("pk")
    return [mail.occasion.rsplit("-", 1)[1] for mail in queued]


def remind(clock: SettableClock, until: datetime) -> None:
    """The worker's rounds, every hour."""
    while clock.now() < until:
        clock.advance(timedelta(hours=1))
        remind_due(clock, NEVER)


def test_the_shopper_is_reminded_three_days_and_one_day_before_and_on_the_last_day(
    register: Register, clock: SettableClock
) -> None:
    register()
    days: list[tuple[date, int]] = []
    for _ in range(24 * 12):
        clock.advance(timedelta(hours=1))
        if remind_due(clock, NEVER):
            days.append((clock.now().date(), clock.now().hour))
    assert days == [(date(2026, 4, day), 9) for day in (5, 7, 8)]
    assert reminders() == ["3", "1", "0"]


def test_a_worker_that_stood_still_reminds_once_by_the_nearest_figure(
    register: Register, clock: SettableClock
) -> None:
    register()
    clock.set(LAST_DAY)
    assert [remind_due(clock, NEVER) for _ in range(3)] == [1, 0, 0]
    assert reminders() == ["0"]
    assert Slip.objects.get().reminded_days == 0


def test_two_workers_remind_once(register: Register, clock: SettableClock) -> None:
    register()
    clock.set(LAST_DAY)
    assert sum(at_once([partial(remind_due, clock, NEVER) for _ in range(4)])) == 1
    assert reminders() == ["0"]


def test_a_slip_of_one_day_is_not_reminded_of_on_the_day_of_its_registration(
    register: Register, collection: CollectionAccount, clock: SettableClock
) -> None:
    CollectionAccount.objects.update(due_days=1)
    register()
    remind(clock, datetime(2026, 4, 3, tzinfo=JST))
    assert reminders() == ["0"]


def test_a_changed_last_day_has_reminders_of_its_own(
    register: Register, clock: SettableClock
) -> None:
    payment = register()
    remind(clock, datetime(2026, 4, 6, tzinfo=JST))
    change_slip(payment.pk, amount=3780, due_on=date(2026, 4, 12), key="c", actor=None, clock=clock)
    remind(clock, datetime(2026, 4, 13, tzinfo=JST))
    assert reminders() == ["3", "3", "1", "0"]


def test_nobody_is_reminded_of_a_slip_that_cannot_be_paid_any_more(
    register: Register, till: LiveCollection, clock: SettableClock
) -> None:
    paid, deleted, without_link = register(), register(), register()
    till.pay(paid.transaction_code)
    ask_about_deposit(paid.pk, clock=clock)
    delete_slip(deleted.pk, key="d", actor=None, clock=clock)
    Slip.objects.filter(payment=without_link).update(link_code="")
    clock.set(LAST_DAY)
    assert remind_due(clock, NEVER) == 0


def _pay(payment: Payment, till: LiveCollection, clock: SettableClock) -> None:
    till.pay(payment.transaction_code)
    ask_about_deposit(payment.pk, clock=clock)


def _delete(payment: Payment, _till: LiveCollection, clock: SettableClock) -> None:
    delete_slip(payment.pk, key="d", actor=None, clock=clock)


def _change(payment: Payment, _till: LiveCollection, clock: SettableClock) -> None:
    change_slip(payment.pk, amount=3000, due_on=date(2026, 4, 20), key="c", actor=None, clock=clock)


def _lose_a_change(payment: Payment, till: LiveCollection, clock: SettableClock) -> None:
    till.trouble("2Chg", "lost_after")
    _change(payment, till, clock)


def _let_the_day_pass(_payment: Payment, _till: LiveCollection, clock: SettableClock) -> None:
    clock.advance(timedelta(days=1))


def _delete_in_the_console(payment: Payment, till: LiveCollection, clock: SettableClock) -> None:
    till.trouble("2Ref", "K12")
    ask_about_deposit(payment.pk, clock=clock)


@pytest.mark.parametrize(
    ("meanwhile", "sent"),
    [
        (None, ["お支払い"]),
        (_pay, []),
        (_delete, []),
        (_delete_in_the_console, []),
        (_change, ["新しい"]),
        (_lose_a_change, []),
        (_let_the_day_pass, []),
    ],
)
def test_a_reminder_that_is_no_longer_true_is_not_sent(
    meanwhile: Callable[..., None] | None,
    sent: list[str],
    register: Register,
    till: LiveCollection,
    clock: SettableClock,
) -> None:
    payment = register()
    clock.set(LAST_DAY)
    remind_due(clock, NEVER)
    if meanwhile is not None:
        meanwhile(payment, till, clock)
    send_due(clock, NEVER)
    assert len(outbox.outbox) == len(sent)
    assert not Mail.objects.filter(sent_at=None).exists()


def test_the_mails_of_a_plain_site_tell_number_link_amount_and_last_day(
    register: Register, clock: SettableClock
) -> None:
    payment = register()
    _change(payment, None, clock)  # type: ignore[arg-type]
    send_due(clock, NEVER)
    [changed] = outbox.outbox
    slip = again(payment).slip
    assert changed.to == ["hanako@example.com"]
    for told in ("¥3,000", "2026年4月20日（月）", "23:59", slip.kessai_number, slip.link_code):
        assert told in changed.body
