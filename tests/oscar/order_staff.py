"""Staff at an order's page: somebody with just these permissions, and what they press."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from threading import Barrier
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connections

from escott.django.models import Payment
from escott.django.services.announce import announce
from tests.oscar.conftest import Shopper

SEES_ORDERS = "order.view_order"
CHANGES_ORDERS = "order.change_order"


def member_of_staff(shopper: Shopper, *permissions: str, name: str = "sato") -> Shopper:
    """Signs in somebody with these permissions and the one to see orders."""
    user = get_user_model().objects.create_user(
        name, f"{name}@example.com", "secret-2028", is_staff=True, last_name="佐藤"
    )
    for permission in (SEES_ORDERS, *permissions):
        app, codename = permission.split(".")
        user.user_permissions.add(
            Permission.objects.get(content_type__app_label=app, codename=codename)
        )
    shopper.client.force_login(user)
    return shopper


def opens(staff: Shopper, url: str, **given: Any) -> str:
    """The page at ``url``, which must open."""
    answer = staff.client.get(url, given)
    assert answer.status_code == 200, answer
    return str(answer.content.decode())


def hidden_fields(page: str) -> dict[str, str]:
    """The hidden fields of a page's own form."""
    pairs = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    return {name: unescape(value) for name, value in pairs if name != "csrfmiddlewaretoken"}


def confirms(staff: Shopper, url: str, page: str, **changed: Any) -> Any:
    """Presses the confirmation's button; the page that comes of it."""
    return staff.client.post(url, hidden_fields(page) | changed, follow=True)


def said(answer: Any) -> str:
    """The messages of a page."""
    return " ".join(str(message) for message in answer.context["messages"])


def ran_out() -> Payment:
    """The only payment's authorisation has run out, and the shop has been told."""
    payment = Payment.objects.get()
    payment.state, payment.live = "expired", False
    payment.save(update_fields=["state", "live"])
    Payment.objects.filter(pk=payment.pk).update(announce_due_at=payment.created_at)
    payment.refresh_from_db()
    assert announce(payment)
    return payment


def together(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Runs the acts at the same moment; their results or exceptions."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        barrier.wait()
        try:
            return act()
        except Exception as error:  # noqa: BLE001  (a result like any other here)
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))
