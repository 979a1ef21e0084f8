"""A wrong set-up of an Oscar shop is named, with its cure, before the first order."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.urls import NoReverseMatch

from escott.oscar.checks import check_oscar


def found() -> list[str]:
    return [str(message.id) for message in check_oscar()]


def test_the_demo_shop_is_set_up_well() -> None:
    assert found() == []


@pytest.mark.parametrize(
    ("setting", "value", "problem"),
    [
        ("OSCAR_DEFAULT_CURRENCY", "EUR", "escott_oscar.E001"),
        ("OSCAR_ORDER_STATUS_PIPELINE", {"処理中": ()}, "escott_oscar.E003"),
    ],
)
def test_a_wrong_setting_is_named(settings: Any, setting: str, value: Any, problem: str) -> None:
    setattr(settings, setting, value)

    assert found() == [problem]


@pytest.mark.parametrize(
    ("entry", "value", "problem"),
    [
        ("ORDER_STATUSES", {"paid": "入金済"}, "escott_oscar.E002"),
        ("MAIL_COMPOSER", "escott.django.mails.compose", "escott_oscar.W001"),
        ("SITE_URL", f"https://{'long.' * 20}example.com", "escott_oscar.W003"),
    ],
)
def test_a_wrong_entry_is_named(settings: Any, entry: str, value: Any, problem: str) -> None:
    settings.ESCOTT = settings.ESCOTT | {entry: value}

    assert found() == [problem]


def test_a_checkout_without_a_payment_page_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(apps.get_app_config("checkout"), "payment_page_view")

    assert found() == ["escott_oscar.E004"]


def test_a_menu_that_leads_nowhere_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(_name: str) -> str:
        raise NoReverseMatch

    monkeypatch.setattr("escott.oscar.checks.reverse", nowhere)

    assert found() == ["escott_oscar.E005"]
