"""返金を記録 in the dashboard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from escott.clock import in_japan
from escott.django.clock import the_clock
from escott.django.models import AuditEntry, Payment, Refund
from escott.django.permissions import VIEW
from shop.seed.accounts import STAFF
from tests.oscar.conftest import Shopper

REFUND: dict[str, Any] = {"amount": "1,000", "bank": "みずほ銀行", "reason": "破損", "key": "k"}


@pytest.fixture
def payment(shopper: Shopper) -> Payment:
    shopper.buys()
    return Payment.objects.get()


@pytest.fixture
def manager(new_shopper: Callable[[], Shopper]) -> Client:
    """店長, who may do everything."""
    someone = new_shopper()
    someone.signs_in(*STAFF)
    return someone.client


def url_of(payment: Payment) -> str:
    return reverse("dashboard:payment-refund", args=[payment.pk])


def records(client: Client, payment: Payment, **typed: Any) -> Any:
    today = in_japan(the_clock().now()).date()
    return client.post(url_of(payment), {"returned_on": today.isoformat(), **REFUND, **typed})


def test_a_refund_is_recorded_and_shown(payment: Payment, manager: Client) -> None:
    answer = records(manager, payment)
    assert answer.status_code == 303
    assert answer.url == reverse("dashboard:payment-detail", args=[payment.pk])
    refund = Refund.objects.get()
    assert (refund.amount, refund.bank, refund.reason) == (1000, "みずほ銀行", "破損")
    assert refund.actor is not None
    page = manager.get(url_of(payment)).content.decode()
    for words in ("みずほ銀行", "¥1,000", f"¥{payment.amount - 1000:,}", "破損"):
        assert words in page


def test_the_page_gives_a_new_key_each_time_and_a_repeat_records_once(
    payment: Payment, manager: Client
) -> None:
    keys = {manager.get(url_of(payment)).context["form"].initial["key"] for _ in range(2)}
    assert len(keys) == 2
    for _ in range(2):
        assert records(manager, payment).status_code == 303
    assert Refund.objects.count() == 1


@pytest.mark.parametrize("typed", ["1000", "１，０００円", "¥1,000", " 1000 "])
def test_an_amount_may_be_written_as_people_write_it(
    typed: str, payment: Payment, manager: Client
) -> None:
    assert records(manager, payment, amount=typed).status_code == 303
    assert Refund.objects.get().amount == 1000


@pytest.mark.parametrize(
    ("field", "typed", "status"),
    [
        ("amount", "0", 422),
        ("amount", "-5", 422),
        ("amount", "10.5", 422),
        ("amount", "", 422),
        ("amount", "9999999", 409),
        ("returned_on", "", 422),
        ("returned_on", "4/1", 422),
        ("bank", " ", 422),
        ("bank", "x" * 101, 422),
        ("reason", "", 422),
    ],
)
def test_what_is_wrong_is_named_at_its_field_and_nothing_is_recorded(
    field: str, typed: str, status: int, payment: Payment, manager: Client
) -> None:
    answer = records(manager, payment, **{field: typed})
    assert answer.status_code == status
    assert answer.context["form"].errors.keys() == {field}
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert not Refund.objects.exists()


def test_a_date_to_come_is_refused(payment: Payment, manager: Client) -> None:
    tomorrow = in_japan(the_clock().now()).date() + timedelta(days=1)
    answer = records(manager, payment, returned_on=tomorrow.isoformat())
    assert (answer.status_code, list(answer.context["form"].errors)) == (409, ["returned_on"])
    assert not Refund.objects.exists()


def test_the_rest_that_may_be_given_back_is_named(payment: Payment, manager: Client) -> None:
    records(manager, payment, key="first")
    answer = records(manager, payment, amount=str(payment.amount), key="second")
    assert f"¥{payment.amount - 1000:,}" in str(answer.context["form"].errors["amount"])


def test_a_payment_that_took_nothing_has_no_form(payment: Payment, manager: Client) -> None:
    Payment.objects.update(state="cancelled", live=False)
    assert 'name="amount"' not in manager.get(url_of(payment)).content.decode()
    assert records(manager, payment).status_code == 409
    assert not Refund.objects.exists()


def test_a_wrong_record_is_taken_back_with_a_reason(payment: Payment, manager: Client) -> None:
    records(manager, payment)
    refund = Refund.objects.get()
    page = manager.get(url_of(payment)).content.decode()
    url = reverse("dashboard:payment-refund-take-back", args=[payment.pk, refund.pk])
    assert f'href="{url}"' in page
    asks = manager.get(url).content.decode()
    for words in ("みずほ銀行", "¥1,000", "破損", "お金は動きません"):
        assert words in asks
    assert manager.post(url, {"reason": " "}).status_code == 422
    assert Refund.objects.exists()

    answer = manager.post(url, {"reason": "別の注文でした"}, follow=True)

    assert answer.redirect_chain == [(url_of(payment), 303)]
    assert "返金の記録を取り消しました。" in answer.content.decode()
    assert not Refund.objects.exists()
    assert AuditEntry.objects.latest("pk").reason == "別の注文でした"
    assert manager.get(url).status_code == 404
    again = manager.post(url, {"reason": "別の注文でした"}, follow=True)
    assert "すでに取り消しています" in again.content.decode()


def test_a_record_is_taken_back_from_its_own_payment_only(
    payment: Payment, manager: Client, new_shopper: Callable[[], Shopper]
) -> None:
    records(manager, payment)
    new_shopper().buys()
    other = Payment.objects.latest("pk")
    refund = Refund.objects.get()
    url = reverse("dashboard:payment-refund-take-back", args=[other.pk, refund.pk])
    assert manager.get(url).status_code == 404
    manager.post(url, {"reason": "x"})
    assert Refund.objects.get() == refund


def test_a_cancelled_payment_with_a_record_still_leads_to_it(
    payment: Payment, manager: Client
) -> None:
    """It was cancelled in the console: money went back twice, or the record is wrong."""
    records(manager, payment)
    detail = reverse("dashboard:payment-detail", args=[payment.pk])
    Payment.objects.update(state="cancelled", live=False)
    assert url_of(payment) in manager.get(detail).content.decode()
    Refund.objects.all().delete()
    assert url_of(payment) not in manager.get(detail).content.decode()


def test_it_needs_its_permission(payment: Payment, shop: None) -> None:
    user = get_user_model().objects.create_user("suzuki", "suzuki@example.com", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename=VIEW.partition(".")[2]))
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    assert client.get(url_of(payment)).status_code == 403
    assert records(client, payment).status_code == 403
    detail = client.get(reverse("dashboard:payment-detail", args=[payment.pk])).content.decode()
    assert url_of(payment) not in detail
    assert not Refund.objects.exists()
