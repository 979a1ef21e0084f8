"""Mails about slips: how to pay while it can be paid, then that it was paid, cancelled or late."""

from __future__ import annotations

import html
import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail as outbox
from django.utils import translation

from escott.clock import JST, SettableClock
from escott.django.clock import the_clock
from escott.django.days import day_in_words
from escott.django.mail_facts import occasion_of_last_day
from escott.django.mail_queue import queue_mail
from escott.django.mails import send_due
from escott.django.models import Mail, MailText, Payment, Slip
from escott.django.models.mail import OF_SLIPS, MailKind
from escott.django.services.collection import change_slip, delete_slip
from escott.oscar.links import payment_page_url
from escott.oscar.mail_texts.defaults import default_text
from escott.oscar.mail_texts.sample import preview_of
from escott.oscar.order_moves import move_order
from escott.rules.order_status import OrderStatus
from escott.simulator.server import SimulatorServer
from tests.oscar.conftest import Shopper, the_order
from tests.oscar.konbini import (
    buys_by_slip,
    offer_collection,
    the_payment,
    the_slip,
)
from tests.oscar.slip_endings import is_deleted, is_overdue, is_paid, lapses

#: What the three mails that ask for a deposit lead to.
ASKING = (MailKind.SLIP_REGISTERED, MailKind.SLIP_CHANGED, MailKind.SLIP_REMINDER)


@pytest.fixture(autouse=True)
def _offered(shop: None) -> None:
    offer_collection()


@pytest.fixture
def unpaid(shopper: Shopper) -> Payment:
    """An order of one furoshiki waits for ¥4,110 at a store."""
    buys_by_slip(shopper)
    return the_payment()


def sent() -> list[Any]:
    """The shopper's mails, once the worker has come."""
    send_due(the_clock(), threading.Event())
    return [message for message in outbox.outbox if message.to == ["hanako@example.com"]]


def html_of(message: Any) -> str:
    [part] = message.alternatives
    return html.unescape(str(part.content))


def link() -> str:
    return f"/JLPCT/JLPcon?code={the_slip().link_code}&rkbn=2"


def test_the_first_mail_says_how_to_pay(unpaid: Payment) -> None:
    [message] = sent()

    slip = the_slip()
    assert message.subject == f"【つむぎ堂】お支払い方法のご案内（{the_order().number}）"
    for part in (message.body, html_of(message)):
        for words in (
            "山田 花子 様",
            slip.kessai_number,
            "¥4,110",
            f"{day_in_words(slip.due_on)} 23:59まで",
            link(),
            "綿の風呂敷 七宝（約105cm） × 1",
            "決済手数料",
            "¥330",
            "テストモード",
        ):
            assert words in part, words
    assert "お支払い方法を選ぶ・払込票を見る</a>" in html_of(message)


@pytest.mark.parametrize("kind", ASKING)
def test_each_mail_that_asks_for_the_deposit_has_the_link_of_now(
    unpaid: Payment, kind: MailKind
) -> None:
    Mail.objects.all().delete()
    queue_mail(kind, unpaid, occasion=occasion_of_last_day(the_slip().due_on, 3))
    [message] = sent()
    assert link() in message.body
    assert the_slip().kessai_number in message.body


def test_a_changed_slip_tells_the_new_number(unpaid: Payment) -> None:
    before = the_slip()
    change_slip(
        unpaid.pk, amount=4000, due_on=before.due_on + timedelta(days=3), key="k", actor=None
    )
    messages = {message.subject: message for message in sent()}
    [changed] = [body for subject, body in messages.items() if "払込番号が変わりました" in subject]
    after = the_slip()
    assert after.kessai_number != before.kessai_number
    for words in (after.kessai_number, "¥4,000", day_in_words(after.due_on), link()):
        assert words in changed.body, words
    assert before.link_code not in changed.body


# ---- nothing to say any more ----


def _closed(_simulator: SimulatorServer) -> None:
    move_order(the_order(), OrderStatus.CANCELLED, only_from=[OrderStatus.ON_HOLD])


def _number_lost(_simulator: SimulatorServer) -> None:
    Slip.objects.update(link_code="", former_link_code="x", changed=True)


@pytest.mark.parametrize("become", [is_paid, is_deleted, lapses, is_overdue, _number_lost, _closed])
@pytest.mark.parametrize("kind", ASKING)
def test_a_link_stands_in_a_mail_only_while_the_slip_can_be_paid(
    unpaid: Payment, simulator: SimulatorServer, become: Any, kind: MailKind
) -> None:
    queue_mail(kind, unpaid, occasion=occasion_of_last_day(the_slip().due_on, 3))
    become(simulator)
    for message in sent():
        assert "JLPcon" not in message.body
        assert "JLPcon" not in html_of(message)
        assert str(kind.label) not in message.subject


# ---- afterwards ----


def test_a_deposit_is_confirmed_with_where_and_when(
    unpaid: Payment, simulator: SimulatorServer
) -> None:
    is_paid(simulator)
    [message] = sent()
    assert "ご入金を確認いたしました" in message.subject
    today = day_in_words(datetime.now(JST).date())
    for part in (message.body, html_of(message)):
        for words in ("ローソン", today, "¥4,110", "/checkout/thank-you/", "決済手数料"):
            assert words in part, words


def test_a_slip_that_lapsed_says_that_the_order_is_cancelled(
    unpaid: Payment, simulator: SimulatorServer
) -> None:
    lapses(simulator)
    [message] = sent()
    assert "ご注文をキャンセルいたしました" in message.body
    assert day_in_words(the_slip().due_on) in message.body


def test_a_slip_that_staff_cancelled_is_told_where_they_want_it(
    unpaid: Payment, simulator: SimulatorServer
) -> None:
    Mail.objects.all().delete()
    delete_slip(unpaid.pk, key="k", actor=None, tells_customer=True)
    [message] = sent()
    assert "払込番号を取り消しました" in message.subject
    assert the_slip().kessai_number in message.body


def test_the_way_back_after_a_registration_that_failed_is_not_sent_once_it_is_paid(
    shopper: Shopper, simulator: SimulatorServer
) -> None:
    simulator.gateway.collection.trouble("2Add", "K23")
    page_url = buys_by_slip(shopper).url
    later = SettableClock(datetime.now(JST) + timedelta(minutes=11))
    shopper.pays(page_url)
    send_due(later, threading.Event())
    subjects = [message.subject for message in outbox.outbox]
    assert all("ご注文ありがとうございます" in subject for subject in subjects)


def test_the_way_back_says_what_happened_and_leads_to_the_payment_page(
    shopper: Shopper, simulator: SimulatorServer
) -> None:
    simulator.gateway.collection.trouble("2Add", "lost_before")
    buys_by_slip(shopper)
    send_due(SettableClock(datetime.now(JST) + timedelta(minutes=11)), threading.Event())
    message = outbox.outbox[0]
    assert "通信が途中で切れた" in message.body
    assert payment_page_url(the_order()) in message.body


# ---- texts ----


@pytest.mark.parametrize("kind", sorted(OF_SLIPS))
@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_default_can_be_previewed(shop: None, kind: MailKind, language: str) -> None:
    with translation.override(language):
        letter = preview_of(kind, default_text(kind))
    for part in (letter.subject, letter.text, letter.html):
        assert "{" not in part.replace("{margin", "")
    assert "12345678901" in letter.text or kind in {MailKind.SLIP_PAID, MailKind.SLIP_LAPSED}


def test_a_paragraph_of_staff_that_leads_to_no_page_is_left_out(unpaid: Payment) -> None:
    MailText.objects.create(
        kind=MailKind.SLIP_DELETED,
        subject="{order_number}",
        body="はじめ\n\nご注文はこちら\n{payment_url}\n\nおわり",
    )
    Mail.objects.all().delete()
    delete_slip(unpaid.pk, key="k", actor=None, tells_customer=True)
    the_order().delete()
    [message] = sent()
    assert "はじめ\n\nおわり" in message.body
    assert "こちら" not in html_of(message)
