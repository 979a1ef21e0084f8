"""Notices: the shopper reads of operations, the shop of what needs a person; each once."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail as outbox
from django.db import transaction
from django.utils import translation

from escott.clock import JST, SettableClock
from escott.django.clock import the_clock
from escott.django.mail_queue import queue_mail
from escott.django.mails import send_due
from escott.django.models import CaseKind, Mail, Operation, Payment
from escott.django.models.mail import NO_ORDER, MailKind
from escott.django.services import operate
from escott.django.services.announce import announce
from escott.django.services.cases import close_cases, open_case
from escott.django.services.warnings import warn_due
from escott.rules.card_states import CardOperation
from tests.oscar.conftest import Shopper, the_order
from tests.payment_rows import payment_row

NEVER = threading.Event()

#: 18:02 of an evening; the window of its cases ends at 18:05.
EVENING = datetime(2026, 4, 1, 18, 2, tzinfo=JST)
TO_SHOP = [["shop@example.com"]]


@pytest.fixture
def clock(shop: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[SettableClock]:
    """A clock for the notices and their mails alone."""
    clock = SettableClock(EVENING)
    for module in ("mail_queue", "shop_mails", "plain_mails"):
        monkeypatch.setattr(f"escott.django.{module}.the_clock", lambda: clock)
    monkeypatch.setattr("escott.oscar.mail_texts.values.the_clock", lambda: clock)
    return clock


def paid(shopper: Shopper) -> Payment:
    """The payment of a new order."""
    shopper.buys()
    return Payment.objects.get()


def told() -> list[str]:
    """The mails about operations that are queued or sent."""
    kinds = (MailKind.PAYMENT_CANCELLED, MailKind.AMOUNT_CHANGED)
    return list(Mail.objects.filter(kind__in=kinds).values_list("kind", flat=True))


def mails_of(kind: MailKind) -> list[Any]:
    """The messages of a kind that the worker sends now."""
    outbox.outbox.clear()
    Mail.objects.exclude(kind=kind).delete()
    send_due(the_clock(), NEVER)
    return list(outbox.outbox)


def both_parts(message: Any) -> tuple[str, str]:
    """Text, and HTML without its tags."""
    [part] = message.alternatives
    return message.body, re.sub(r"<[^>]*>", " ", part.content)


def operation(
    payment: Payment, kind: CardOperation, *, tells: bool = True, amount: int | None = None
) -> Operation:
    key = f"key-{Operation.objects.count()}"
    return operate(payment.pk, kind, key=key, amount=amount, tells_customer=tells)


# ---- to the shopper: operations ----


def test_a_cancellation_is_told_before_and_after_in_yen(shopper: Shopper) -> None:
    operation(paid(shopper), CardOperation.CANCEL)
    message, copy = mails_of(MailKind.PAYMENT_CANCELLED)
    assert (message.to, copy.to) == (["hanako@example.com"], ["shop@example.com"])
    assert message.subject == f"【つむぎ堂】お支払いを取り消しました（{the_order().number}）"
    for part in both_parts(message):
        for words in (
            "山田 花子 様",
            "¥3,780 → ¥0",
            "カード会社によって異なります",
            "テストモード",
        ):
            assert words in part


def test_a_change_of_the_amount_is_told_before_and_after_in_yen(shopper: Shopper) -> None:
    payment = paid(shopper)
    operation(payment, CardOperation.CHANGE_AMOUNT, amount=3000)
    operation(payment, CardOperation.CHANGE_AMOUNT, amount=3300)
    first, second = (both_parts(message) for message in mails_of(MailKind.AMOUNT_CHANGED)[::2])
    assert all("¥3,780 → ¥3,000" in part for part in first)
    assert all("¥3,000 → ¥3,300" in part for part in second)
    assert all("カード会社によって異なります" in part for part in (*first, *second))


def test_nothing_is_told_unless_staff_wished_it(shopper: Shopper) -> None:
    payment = paid(shopper)
    operation(payment, CardOperation.CHANGE_AMOUNT, amount=3000, tells=False)
    operation(payment, CardOperation.CANCEL, tells=False)
    assert told() == []


def test_an_operation_is_told_once_however_often_the_change_is_announced(
    shopper: Shopper,
) -> None:
    payment = paid(shopper)
    operation(payment, CardOperation.CANCEL)
    for _again in range(3):
        Payment.objects.update(announce_due_at=the_clock().now())
        payment.refresh_from_db()
        announce(payment)
    assert told() == ["payment_cancelled"]
    assert len(mails_of(MailKind.PAYMENT_CANCELLED)) == 2
    assert mails_of(MailKind.PAYMENT_CANCELLED) == []


@pytest.mark.parametrize("state", ["started", "unknown", "refused", "not_sent", "not_done"])
def test_only_what_was_done_is_told(shopper: Shopper, state: str) -> None:
    payment = paid(shopper)
    operation(payment, CardOperation.CANCEL, tells=False)
    Operation.objects.filter(kind="cancel").update(state=state, tells_customer=True)
    Payment.objects.update(announce_due_at=the_clock().now())
    payment.refresh_from_db()
    announce(payment)
    assert told() == []


def test_who_ordered_is_told_also_when_the_order_has_been_deleted(shopper: Shopper) -> None:
    operation(paid(shopper), CardOperation.CANCEL)
    the_order().delete()
    message, _copy = mails_of(MailKind.PAYMENT_CANCELLED)
    assert message.to == ["hanako@example.com"]
    assert "¥3,780 → ¥0" in message.body


# ---- to the shopper: orders ----


def test_a_payment_link_leads_to_the_payment_page(shopper: Shopper) -> None:
    refused = shopper.buys(card="4000000007120001")
    number = the_order().number
    for occasion in ("first", "second"):
        queue_mail(MailKind.PAYMENT_REQUEST, None, order_reference=number, occasion=occasion)
    messages = mails_of(MailKind.PAYMENT_REQUEST)
    assert len(messages) == 4, "staff may send it again"
    assert "お支払いのご案内" in messages[0].subject
    assert refused.url in messages[0].body
    assert f'{refused.url}" style=' in messages[0].alternatives[0].content, "a button"
    for part in both_parts(messages[0]):
        assert "お支払い金額：¥3,780" in part


def test_nobody_is_asked_to_pay_what_is_paid_meanwhile(shopper: Shopper) -> None:
    refused = shopper.buys(card="4000000007120001")
    queue_mail(MailKind.PAYMENT_REQUEST, None, order_reference=the_order().number)
    shopper.pays(refused.url)
    assert mails_of(MailKind.PAYMENT_REQUEST) == []


def test_an_abandoned_order_is_told_with_its_goods(shopper: Shopper) -> None:
    shopper.buys(card="4000000007120001")
    order = the_order()
    queue_mail(MailKind.ORDER_ABANDONED, None, order_reference=order.number)
    order.status = "キャンセル"
    order.save()
    message, _copy = mails_of(MailKind.ORDER_ABANDONED)
    assert message.subject == f"【つむぎ堂】ご注文をキャンセルいたしました（{order.number}）"
    for part in both_parts(message):
        for words in ("ご請求は発生していません", "綿の風呂敷 七宝", "あらためてご注文ください"):
            assert words in part


def test_an_order_that_lives_again_is_not_told_abandoned(shopper: Shopper) -> None:
    shopper.buys(card="4000000007120001")
    queue_mail(MailKind.ORDER_ABANDONED, None, order_reference=the_order().number)
    assert mails_of(MailKind.ORDER_ABANDONED) == []


# ---- to the shop: what needs attention ----


def test_many_cases_within_minutes_become_one_mail_to_the_shop_alone(
    clock: SettableClock,
) -> None:
    payments = [payment_row(amount=1000 + n) for n in range(5)]
    for payment in payments:
        open_case(payment, CaseKind.EXPIRED, now=clock.now(), amount=payment.amount)
        clock.advance(timedelta(seconds=20))
    assert Mail.objects.get().order_reference == NO_ORDER
    assert send_due(clock, NEVER) == 0, "it waits for more"
    clock.advance(timedelta(minutes=6))
    assert send_due(clock, NEVER) == 1
    [message] = outbox.outbox
    assert [message.to] == TO_SHOP
    assert message.subject == "【つむぎ堂】確認が必要な決済があります（5件）"
    for part in both_parts(message):
        for payment in payments:
            assert payment.order_reference in part
            assert f"¥{payment.amount:,}" in part
    assert message.body.count("→") == 5, "each has its next step"
    assert "/dashboard/payments/cases/" in message.body
    assert '/dashboard/payments/cases/" style=' in message.alternatives[0].content
    assert send_due(clock, NEVER) == 0


def test_cases_of_another_five_minutes_have_another_mail(clock: SettableClock) -> None:
    first, second = payment_row(), payment_row()
    open_case(first, CaseKind.EXPIRED, now=clock.now(), amount=3780)
    clock.advance(timedelta(minutes=3))
    open_case(second, CaseKind.EXPIRED, now=clock.now(), amount=3780)
    clock.advance(timedelta(minutes=10))
    assert send_due(clock, NEVER) == 2
    for payment, message in zip((first, second), outbox.outbox, strict=True):
        assert payment.order_reference in message.body
        assert message.body.count("→") == 1


def test_what_has_ended_by_itself_disturbs_nobody(clock: SettableClock) -> None:
    payment = payment_row()
    open_case(payment, CaseKind.RESULT_UNKNOWN, now=clock.now())
    close_cases(payment, [CaseKind.RESULT_UNKNOWN], now=clock.now())
    clock.advance(timedelta(minutes=10))
    send_due(clock, NEVER)
    assert outbox.outbox == []
    assert Mail.objects.get().sent_at is not None


def test_a_case_that_is_written_after_its_mail_has_a_mail_of_its_own(
    clock: SettableClock,
) -> None:
    first, late = payment_row(), payment_row()
    opened_at = clock.now()
    open_case(first, CaseKind.EXPIRED, now=opened_at, amount=3780)
    clock.advance(timedelta(minutes=10))
    send_due(clock, NEVER)
    open_case(late, CaseKind.EXPIRED, now=opened_at, amount=3780)
    send_due(clock, NEVER)
    about_first, about_late = outbox.outbox
    assert first.order_reference in about_first.body
    assert late.order_reference in about_late.body
    assert first.order_reference not in about_late.body


def test_a_case_that_is_rolled_back_is_not_mailed(clock: SettableClock) -> None:
    payment = payment_row()
    with transaction.atomic():
        open_case(payment, CaseKind.EXPIRED, now=clock.now(), amount=3780)
        transaction.set_rollback(True)
    assert not Mail.objects.exists()


def test_an_unknown_result_of_a_shopper_reaches_the_shop(
    shopper: Shopper, clock: SettableClock
) -> None:
    shopper.buys(card="4000000090020001")
    late = SettableClock(the_clock().now() + timedelta(minutes=10))
    Mail.objects.exclude(kind=MailKind.SHOP_CASE).delete()
    send_due(late, NEVER)
    [message] = outbox.outbox
    assert [message.to] == TO_SHOP
    assert the_order().number in message.body
    assert "¥3,780" in message.body
    assert "テスト" in message.body


def test_a_shop_without_an_address_is_not_written_to(clock: SettableClock, settings: Any) -> None:
    settings.ESCOTT = settings.ESCOTT | {"SHOP_MAIL": ""}
    open_case(payment_row(), CaseKind.EXPIRED, now=clock.now(), amount=3780)
    assert not Mail.objects.exists()


# ---- to the shop: last days ----


@pytest.fixture
def near(clock: SettableClock) -> Callable[..., Payment]:
    """Makes payments so many days before their last day of operations."""

    def make(days: int, **columns: Any) -> Payment:
        last = clock.now().date() + timedelta(days=days)
        return payment_row(operable_until=last, **columns)

    return make


def test_last_days_come_in_one_mail_a_day_the_nearest_first(
    clock: SettableClock, near: Callable[..., Payment]
) -> None:
    later, soon, today = near(7, amount=1200), near(1, amount=980), near(0, amount=550)
    far = near(40, amount=70)
    assert warn_due(clock, NEVER) == 3
    assert warn_due(clock, NEVER) == 0
    assert send_due(clock, NEVER) == 1
    [message] = outbox.outbox
    assert [message.to] == TO_SHOP
    assert message.subject == "【つむぎ堂】操作期限の近い決済があります（3件）"
    for part in both_parts(message):
        places = [part.index(payment.order_reference) for payment in (today, soon, later)]
        assert places == sorted(places)
        for words in ("¥1,200", "¥980", "2026/04/08", "あと7日", "あと1日", "本日まで"):
            assert words in part
        assert far.order_reference not in part
    assert "/dashboard/payments/list/" in message.body


def test_the_mail_tells_what_is_near_when_it_is_sent(
    clock: SettableClock, near: Callable[..., Payment]
) -> None:
    captured, left = near(7), near(7)
    warn_due(clock, NEVER)
    Payment.objects.filter(pk=captured.pk).update(state="captured")
    clock.advance(timedelta(days=1))
    send_due(clock, NEVER)
    [message] = outbox.outbox
    assert captured.order_reference not in message.body
    assert left.order_reference in message.body
    assert "あと6日" in message.body


def test_no_mail_goes_out_where_all_is_captured_meanwhile(
    clock: SettableClock, near: Callable[..., Payment]
) -> None:
    near(3)
    warn_due(clock, NEVER)
    Payment.objects.update(state="captured")
    send_due(clock, NEVER)
    assert outbox.outbox == []


def test_each_figure_warns_on_its_day(clock: SettableClock, near: Callable[..., Payment]) -> None:
    near(14)
    days = []
    for _day in range(16):
        warn_due(clock, NEVER)
        if send_due(clock, NEVER):
            days.append(clock.now().date())
        clock.advance(timedelta(days=1))
    assert days == [date(2026, 4, day) for day in (1, 8, 12, 14)]


def test_all_payments_are_counted_and_fifty_are_listed(
    clock: SettableClock, near: Callable[..., Payment]
) -> None:
    for _number in range(52):
        near(3)
    warn_due(clock, NEVER)
    send_due(clock, NEVER)
    [message] = outbox.outbox
    assert "52件" in message.subject
    assert message.body.count("あと3日") == 50
    assert "ほか 2 件" in message.body


def test_notices_are_complete_in_english(
    clock: SettableClock, near: Callable[..., Payment], settings: Any
) -> None:
    settings.LANGUAGE_CODE = "en"
    payment = near(3)
    open_case(payment, CaseKind.EXPIRED, now=clock.now(), amount=3780)
    warn_due(clock, NEVER)
    clock.advance(timedelta(minutes=10))
    with translation.override("ja"):
        send_due(clock, NEVER)
    for message in outbox.outbox:
        for part in (message.subject, *both_parts(message)):
            assert not re.search("[ぁ-ん]", part.replace("つむぎ堂", "")), part
    assert any("3 days left" in message.body for message in outbox.outbox)
