"""決済情報 in Oscar's dashboard: the order's tab with its dialog, and the panel as a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client

from escott.django.models import Payment
from escott.simulator.server import SimulatorServer
from tests.oscar.conftest import Shopper, the_order

VIEW = "view_payment"
EVERYTHING = (VIEW, "capture_payment", "cancel_payment", "change_amount", "reauthorise_payment")

SignIn = Callable[..., Client]


@pytest.fixture
def sign_in(shop: None) -> SignIn:
    """Signs staff in who see orders and have these permissions."""

    def make(*permissions: str) -> Client:
        user = get_user_model().objects.create_user(
            f"clerk{len(permissions)}", "clerk@example.com", is_staff=True
        )
        names = ("view_order", *permissions)
        user.user_permissions.set(Permission.objects.filter(codename__in=names))
        client = Client()
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        return client

    return make


@pytest.fixture
def payment(shopper: Shopper) -> Payment:
    """That of the only order."""
    shopper.buys()
    return Payment.objects.get()


def order_page(client: Client) -> Any:
    answer = client.get(f"/dashboard/orders/{the_order().number}/")
    assert answer.status_code == 200
    return answer.content.decode()


def page(payment: Payment, name: str = "") -> str:
    return f"/dashboard/payments/{payment.pk}/{name}"


def press(client: Client, payment: Payment, kind: str) -> Any:
    """From the confirmation to its button."""
    shown = client.get(page(payment, "operate/"), {"kind": kind}).context
    fields = {"kind": kind, "key": shown["key"], "after": shown["after"]}
    return client.post(page(payment, "operate/"), fields, follow=True)


def test_the_orders_tab_has_a_button_for_each_payment_that_is_a_page_without_a_script(
    payment: Payment, sign_in: SignIn
) -> None:
    html = order_page(sign_in(VIEW))
    assert f'action="{page(payment)}"' in html
    assert "data-escott-dialog" in html
    assert 'href="#escott"' in html
    assert payment.transaction_code in html


def test_without_the_permission_there_is_no_tab_and_no_page(
    payment: Payment, sign_in: SignIn
) -> None:
    clerk = sign_in()
    html = order_page(clerk)
    assert "#escott" not in html
    assert "data-escott-open" not in html
    assert "panel.js" not in html
    for name in ("", "operate/"):
        assert clerk.get(page(payment, name)).status_code == 403
    for name in ("operate/", "compare/", "adopt/"):
        assert clerk.post(page(payment, name)).status_code == 403


def test_a_customer_does_not_get_in(payment: Payment, shopper: Shopper) -> None:
    assert shopper.client.get(page(payment)).status_code == 302
    assert shopper.client.post(page(payment, "operate/")).status_code == 302
    assert payment.operations.count() == 1


def test_staff_operate_from_the_panel_and_no_cache_keeps_it(
    payment: Payment, sign_in: SignIn, simulator: SimulatorServer
) -> None:
    staff = sign_in(*EVERYTHING)
    answer = press(staff, payment, "cancel")
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    payment.refresh_from_db()
    assert payment.state == "cancelled"
    assert simulator.gateway.charges() == []


def test_after_a_cancellation_closing_the_order_is_offered(
    payment: Payment, sign_in: SignIn
) -> None:
    close = f"/dashboard/orders/{payment.order_reference}/close/"
    staff = sign_in(*EVERYTHING, "change_order")
    assert close not in staff.get(page(payment)).content.decode()
    assert close in press(staff, payment, "cancel").content.decode()
    assert close not in sign_in(VIEW).get(page(payment)).content.decode()


def test_a_refund_is_offered_to_whoever_may_record_one(payment: Payment, sign_in: SignIn) -> None:
    refund = page(payment, "refund/")
    assert refund not in sign_in(VIEW).get(page(payment)).content.decode()
    may = sign_in(VIEW, "record_refund")
    assert refund in may.get(page(payment)).content.decode()


def test_a_payment_stays_operable_after_its_order_was_deleted(
    payment: Payment, sign_in: SignIn
) -> None:
    staff = sign_in(*EVERYTHING, "change_order")
    leads_to_order = f"/dashboard/orders/{payment.order_reference}/"
    assert leads_to_order in staff.get(page(payment)).content.decode()
    the_order().delete()
    answer = press(staff, payment, "cancel")
    assert leads_to_order not in answer.content.decode()
    payment.refresh_from_db()
    assert payment.state == "cancelled"


def test_the_page_says_that_order_and_payment_do_not_change_each_other(
    payment: Payment, sign_in: SignIn
) -> None:
    staff = sign_in(VIEW)
    assert "決済は変更されません" in order_page(staff)
    assert "注文の合計や状態を変えても決済は変わりません" in (
        staff.get(page(payment)).content.decode()
    )
