"""Mails are queued once with the change they tell of, and sent by the worker."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail as outbox
from django.utils import translation

from escott.clock import JST, SettableClock
from escott.django.mail_facts import (
    occasion_of_case,
    occasion_of_operation,
    occasion_of_window,
    window_of,
)
from escott.django.mail_queue import queue_mail
from escott.django.mails import send_due
from escott.django.models import CaseKind, Mail, Payment
from escott.django.models.mail import MailKind
from escott.django.orders import PayableOrder
from escott.django.services import operate, pay_by_token
from escott.django.services.cases import open_case
from escott.django.services.warnings import warn_due
from escott.gateway import Secret
from escott.rules.card_states import CardOperation
from tests.django.conftest import NEVER

Order = Callable[..., PayableOrder]
NewToken = Callable[..., Secret]


def test_a_mail_goes_to_the_shopper_and_a_copy_to_the_shop(
    new_order: Order, token: NewToken, clock: SettableClock, settings: Any
) -> None:
    settings.ESCOTT = settings.ESCOTT | {"SHOP_MAIL": "shop@example.com"}
    payment = pay_by_token(new_order(3780), token(), clock=clock)
    queue_mail("order_paid", payment, clock=clock)
    assert send_due(clock, NEVER) == 1
    recipients = [message.to for message in outbox.outbox]
    assert recipients == [["hanako@example.com"], ["shop@example.com"]]
    message: Any = outbox.outbox[0]
    [html] = [part.content for part in message.alternatives]
    for text in (message.body, html):
        assert "¥3,780" in text
        assert payment.order_reference in text
        assert "お支払いが完了しました。" in text


def test_a_mail_is_queued_once_and_sent_once(
    new_order: Order, token: NewToken, clock: SettableClock
) -> None:
    payment = pay_by_token(new_order(), token(), clock=clock)
    assert queue_mail("order_paid", payment, clock=clock)
    assert not queue_mail("order_paid", payment, clock=clock)
    assert [send_due(clock, NEVER), send_due(clock, NEVER)] == [1, 0]
    assert len(outbox.outbox) == 1


def test_an_order_that_cost_nothing_has_a_mail_without_a_payment(
    account: Any, clock: SettableClock
) -> None:
    assert queue_mail("order_free", None, order_reference="100001", clock=clock)
    assert not queue_mail("order_free", None, order_reference="100001", clock=clock)
    assert Mail.objects.get().order_reference == "100001"


def test_a_mail_that_could_not_be_sent_is_sent_later(
    new_order: Order, token: NewToken, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from escott.django import mails

    composed = mails.compose
    monkeypatch.setattr(mails, "compose", lambda mail: 1 / 0)
    queue_mail("order_paid", pay_by_token(new_order(), token(), clock=clock), clock=clock)
    assert send_due(clock, NEVER) == 0
    waiting = Mail.objects.get()
    assert (waiting.sent_at, waiting.last_error) == (None, "ZeroDivisionError")
    monkeypatch.setattr(mails, "compose", composed)
    clock.advance(timedelta(minutes=2))
    assert send_due(clock, NEVER) == 1
    assert Mail.objects.get().sent_at == clock.now()


def test_a_mail_about_nothing_is_refused(account: Any, clock: SettableClock) -> None:
    with pytest.raises(ValueError, match="about an order"):
        queue_mail("order_free", None, clock=clock)


# ---- what goes to the shop, and what tells of operations ----


@pytest.fixture
def shop_mail(settings: Any) -> str:
    """The shop's address for notices."""
    settings.ESCOTT = settings.ESCOTT | {"SHOP_MAIL": "shop@example.com"}
    return "shop@example.com"


@pytest.fixture
def one_clock(clock: SettableClock, monkeypatch: pytest.MonkeyPatch) -> SettableClock:
    """The notices and the mails see the clock of the simulator."""
    for module in ("mail_queue", "shop_mails", "plain_mails"):
        monkeypatch.setattr(f"escott.django.{module}.the_clock", lambda: clock)
    return clock


def parts_of(message: Any) -> tuple[str, str]:
    """Text and HTML."""
    [html] = message.alternatives
    return message.body, html.content


@pytest.mark.parametrize(
    ("operation", "amount", "kind", "words"),
    [
        (CardOperation.CANCEL, None, "payment_cancelled", "¥3,780 → ¥0"),
        (CardOperation.CHANGE_AMOUNT, 3000, "amount_changed", "¥3,780 → ¥3,000"),
    ],
)
def test_a_host_that_wants_it_tells_the_shopper_of_operations(
    new_order: Order,
    token: NewToken,
    one_clock: SettableClock,
    operation: CardOperation,
    amount: int | None,
    kind: str,
    words: str,
) -> None:
    payment = pay_by_token(new_order(3780), token(), clock=one_clock)
    operate(payment.pk, operation, key="press", amount=amount, tells_customer=True, clock=one_clock)
    assert Mail.objects.get().kind == kind
    assert send_due(one_clock, NEVER) == 1
    [message] = outbox.outbox
    assert message.to == ["hanako@example.com"]
    for part in parts_of(message):
        assert words in part
        assert "カード会社によって異なります" in part


def test_what_needs_attention_goes_to_the_shop_alone(
    new_order: Order, token: NewToken, one_clock: SettableClock, shop_mail: str
) -> None:
    payment = pay_by_token(new_order(3780), token(), clock=one_clock)
    open_case(payment, CaseKind.EXPIRED, now=one_clock.now(), amount=3780)
    one_clock.advance(timedelta(minutes=10))
    assert send_due(one_clock, NEVER) == 1
    [message] = outbox.outbox
    assert message.to == [shop_mail]
    for part in parts_of(message):
        assert payment.order_reference in part
        assert "¥3,780" in part
        assert "次にすること：" in part
        assert "-" not in message.subject


def test_last_days_go_to_the_shop_alone(
    new_order: Order, token: NewToken, one_clock: SettableClock, shop_mail: str
) -> None:
    payment = pay_by_token(new_order(3780), token(), clock=one_clock)
    last = one_clock.now().date() + timedelta(days=7)
    Payment.objects.update(state="authorised", operable_until=last)
    warn_due(one_clock, NEVER)
    assert send_due(one_clock, NEVER) == 1
    [message] = outbox.outbox
    assert message.to == [shop_mail]
    for part in parts_of(message):
        assert payment.order_reference in part
        assert f"{last:%Y/%m/%d}" in part
        assert "あと7日" in part


def test_a_shop_without_an_address_gets_no_notices(
    new_order: Order, token: NewToken, one_clock: SettableClock
) -> None:
    payment = pay_by_token(new_order(3780), token(), clock=one_clock)
    Payment.objects.update(state="authorised", operable_until=one_clock.now().date())
    open_case(payment, CaseKind.EXPIRED, now=one_clock.now(), amount=3780)
    warn_due(one_clock, NEVER)
    assert not Mail.objects.exists()


#: Mails of slips are told apart in tests/django/collection.
OF_CARDS_AND_THE_SHOP = [kind for kind in MailKind if not kind.startswith("slip_")]


@pytest.mark.parametrize("kind", OF_CARDS_AND_THE_SHOP)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_mail_has_words_in_both_languages(
    new_order: Order,
    token: NewToken,
    one_clock: SettableClock,
    shop_mail: str,
    kind: MailKind,
    language: str,
) -> None:
    payment = pay_by_token(new_order(3780), token(), clock=one_clock)
    Payment.objects.update(state="authorised", operable_until=one_clock.now().date())
    open_case(payment, CaseKind.EXPIRED, now=one_clock.now(), amount=3780)
    Mail.objects.all().delete()
    done = payment.operations.get()
    occasion = {
        MailKind.SHOP_CASE: occasion_of_case(payment.cases.get()),
        MailKind.PAYMENT_CANCELLED: occasion_of_operation(done),
        MailKind.AMOUNT_CHANGED: occasion_of_operation(done),
    }.get(kind, "")
    queue_mail(kind, payment, occasion=occasion, clock=one_clock)
    with translation.override(language):
        assert send_due(one_clock, NEVER) == 1
    assert outbox.outbox
    for message in outbox.outbox:
        for part in (message.subject, message.body):
            assert bool(re.search("[ぁ-んァ-ヶ]", part)) is (language == "ja"), part


def test_a_window_holds_the_cases_of_five_minutes_of_japan(clock: SettableClock) -> None:
    begin = window_of(datetime(2026, 4, 1, 18, 4, 59, tzinfo=JST))
    assert begin == datetime(2026, 4, 1, 18, 0, tzinfo=JST)
    assert window_of(begin) == begin
    assert window_of(datetime(2026, 4, 1, 9, 4, 59, tzinfo=UTC)) == begin
    assert occasion_of_window(begin) == occasion_of_window(begin.astimezone(UTC))
