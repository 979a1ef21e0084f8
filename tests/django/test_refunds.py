"""返金を記録: money that went back outside the gateway is written down once, and never too much."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from escott.clock import SettableClock
from escott.django.models import AuditEntry, Payment, Refund
from escott.django.orders import PayableOrder
from escott.django.services import operate, pay_by_token
from escott.django.services.claim import NotPossible
from escott.django.services.refunds import (
    NothingTaken,
    NotRecorded,
    NotYetReturned,
    TooMuch,
    record_refund,
    refunded,
    take_back_refund,
)
from escott.gateway import Secret
from escott.rules.card_states import CardOperation
from escott.rules.yen import NotYen
from escott.simulator.server import SimulatorServer
from tests.django.conftest import at_once

Records = Callable[..., Refund]


@pytest.fixture
def payment(
    new_order: Callable[..., PayableOrder], token: Callable[..., Secret], clock: SettableClock
) -> Payment:
    """¥3,780, taken."""
    return pay_by_token(new_order(), token(), clock=clock)


@pytest.fixture
def clerk(django_user_model: Any) -> Any:
    return django_user_model.objects.create_user("suzuki", is_staff=True)


@pytest.fixture
def records(payment: Payment, clock: SettableClock, clerk: Any) -> Records:
    """Staff write a refund of the payment down."""

    def record(amount: Any, key: str = "k", **facts: Any) -> Refund:
        given = {
            "returned_on": clock.now().date(),
            "bank": "みずほ銀行 東京支店",
            "reason": "破損のため",
            **facts,
        }
        return record_refund(payment.pk, amount=amount, key=key, actor=clerk, clock=clock, **given)

    return record


def test_a_refund_is_kept_with_who_did_it_and_the_gateway_is_not_asked(
    records: Records, payment: Payment, clerk: Any, simulator: SimulatorServer
) -> None:
    [before] = simulator.gateway.transactions()
    refund = records(1000)
    assert (refund.amount, refund.bank, refund.actor) == (1000, "みずほ銀行 東京支店", clerk)
    assert refunded(payment) == 1000
    assert simulator.gateway.transactions() == [before]
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.reason) == (clerk, "破損のため")
    assert payment.transaction_code in entry.subject
    assert list(entry.changes.values()) == [["¥3,780", "¥2,780"]]


def test_a_repeat_of_the_press_returns_the_first_record(records: Records, payment: Payment) -> None:
    assert records(1000).pk == records(1000).pk
    assert (refunded(payment), AuditEntry.objects.count()) == (1000, 1)


def test_never_more_than_was_taken_in_all(records: Records, payment: Payment) -> None:
    records(3000, "first")
    with pytest.raises(TooMuch) as refusal:
        records(781, "second")
    assert refusal.value.left == 780
    records(780, "third")
    with pytest.raises(TooMuch) as refusal:
        records(1, "fourth")
    assert refusal.value.left == 0
    assert refunded(payment) == 3780


def test_two_who_record_at_once_do_not_give_back_more_than_was_taken(
    records: Records, payment: Payment
) -> None:
    results = at_once([lambda: records(3000, "one"), lambda: records(3000, "two")])
    assert sorted(type(each).__name__ for each in results) == ["Refund", "TooMuch"]
    assert refunded(payment) == 3000


def test_the_same_press_twice_at_once_is_one_record(records: Records, payment: Payment) -> None:
    results = at_once([lambda: records(500), lambda: records(500)])
    assert len({each.pk for each in results}) == 1
    assert refunded(payment) == 500


def test_what_took_no_money_gives_none_back(
    records: Records, payment: Payment, clock: SettableClock
) -> None:
    operate(payment.pk, CardOperation.CANCEL, key="cancel", clock=clock)
    with pytest.raises(NothingTaken):
        records(1000)
    assert not Refund.objects.exists()


def test_a_record_that_is_wrong_is_taken_back_and_stays_in_the_audit_log(
    records: Records, payment: Payment, clerk: Any, clock: SettableClock, simulator: SimulatorServer
) -> None:
    [before] = simulator.gateway.transactions()
    refund = records(1000)
    take_back_refund(payment.pk, refund.pk, reason="別の注文でした", actor=clerk, clock=clock)
    assert refunded(payment) == 0
    assert simulator.gateway.transactions() == [before]
    entry = AuditEntry.objects.latest("pk")
    assert (entry.actor, entry.reason) == (clerk, "別の注文でした")
    assert payment.transaction_code in entry.subject
    kept = [text for change in entry.changes.values() for text in change]
    for text in ("¥2,780", "¥3,780", "みずほ銀行 東京支店", "破損のため"):
        assert text in kept


def test_what_the_wrong_record_stood_in_the_way_of_is_possible_again(
    records: Records, payment: Payment, clock: SettableClock
) -> None:
    refund = records(1000)
    with pytest.raises(NotPossible):
        operate(payment.pk, CardOperation.CANCEL, key="before", clock=clock)
    take_back_refund(payment.pk, refund.pk, reason="x", actor=None, clock=clock)
    assert operate(payment.pk, CardOperation.CANCEL, key="after", clock=clock).state == "ok"


def test_a_record_is_taken_back_once_and_only_from_its_own_payment(
    records: Records,
    payment: Payment,
    new_order: Callable[..., PayableOrder],
    token: Callable[..., Secret],
    clock: SettableClock,
) -> None:
    refund = records(1000)
    other = pay_by_token(new_order(), token(), clock=clock)
    with pytest.raises(NotRecorded):
        take_back_refund(other.pk, refund.pk, reason="x", actor=None, clock=clock)
    assert refunded(payment) == 1000

    def take_back() -> None:
        take_back_refund(payment.pk, refund.pk, reason="x", actor=None, clock=clock)

    results = at_once([take_back, take_back])
    assert sorted(type(each).__name__ for each in results) == ["NoneType", "NotRecorded"]
    assert AuditEntry.objects.count() == 2


def test_a_date_in_the_future_is_refused(records: Records, clock: SettableClock) -> None:
    with pytest.raises(NotYetReturned):
        records(1000, returned_on=clock.now().date() + timedelta(days=1))
    assert records(1000, returned_on=date(2026, 3, 1)).returned_on == date(2026, 3, 1)


@pytest.mark.parametrize("amount", [0, -1, 1000.0, True, "1000", 10_000_000])
def test_yen_are_whole(amount: Any, records: Records) -> None:
    with pytest.raises(NotYen):
        records(amount)


def test_the_admin_lists_refunds_and_edits_none(records: Records, admin_client: Client) -> None:
    refund = records(1000)
    listing = admin_client.get(reverse("admin:escott_refund_changelist"))
    page = admin_client.get(reverse("admin:escott_refund_change", args=[refund.pk]))
    assert "みずほ銀行" in listing.content.decode()
    assert page.status_code == 200
    assert admin_client.post(page.wsgi_request.path, {"amount": "1"}).status_code == 403
    assert admin_client.get(reverse("admin:escott_refund_add")).status_code == 403
