"""Mails are queued once with the change they tell of, and sent by the worker."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail as outbox

from escott.clock import SettableClock
from escott.django.mails import queue_mail, send_due
from escott.django.models import Mail
from escott.django.orders import PayableOrder
from escott.django.services import pay_by_token
from escott.gateway import Secret
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
