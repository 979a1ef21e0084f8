"""決済情報 as a browser without a script uses it, in the Django admin."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client

from escott.django.models import Payment


def sign_in(name: str, *permissions: str, **options: Any) -> Client:
    """A member of staff who has these permissions of ours."""
    user, _made = get_user_model().objects.get_or_create(
        username=name, defaults={"is_staff": True, "last_name": name, "first_name": ""}
    )
    granted = Permission.objects.filter(codename__in=permissions, content_type__app_label="escott")
    assert len(granted) == len(permissions)
    user.user_permissions.set(granted)
    client = Client(**options)
    client.force_login(user)
    return client


def page(payment: Payment, name: str = "panel") -> str:
    """The address of one of its pages."""
    return f"/admin/escott/payment/{payment.pk}/{name}/"


def text_of(answer: Any, status: int = 200) -> str:
    """The page's words, without its tags."""
    assert answer.status_code == status, answer
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def confirmation(client: Client, payment: Payment, kind: str, **query: Any) -> dict[str, str]:
    """What a browser posts from the confirmation."""
    answer = client.get(page(payment, "operate"), {"kind": kind, **query})
    assert answer.status_code == 200, answer
    html = answer.content.decode()
    form = html[html.index('method="post" action') : html.rindex("ep-actions")]
    form = form[form.index("ep-form") :] if "ep-form" in form else form
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)
    ticked = re.findall(r'<input type="checkbox" name="(\w+)" checked', form)
    return dict(hidden) | dict.fromkeys(ticked, "on")


def press(client: Client, payment: Payment, fields: dict[str, str]) -> Any:
    """The press of the confirmation's button."""
    return client.post(page(payment, "operate"), fields, follow=True)


def buttons(client: Client, payment: Payment) -> dict[str, str]:
    """Each button with why it can't be pressed; empty where it can."""
    shown = client.get(page(payment)).context["buttons"]
    return {str(button.kind): button.reason for button in shown}
