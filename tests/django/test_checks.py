"""A wrong set-up is named when the site starts, with its cure."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.checks import run_checks

from escott.django import checks
from escott.django.models import CollectionAccount


def messages(settings: Any, **changes: Any) -> list[str]:
    """The ids of what the checks say when settings.ESCOTT is changed."""
    settings.ESCOTT = settings.ESCOTT | changes
    return [str(message.id) for message in run_checks() if str(message.id).startswith("escott.")]


def test_a_right_set_up_is_silent(settings: Any) -> None:
    assert messages(settings) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"NO_SUCH_SETTING": 1}, "escott.E001"),
        ({"ENCRYPTION_KEYS": []}, "escott.E002"),
        ({"ENCRYPTION_KEYS": ["short"]}, "escott.E003"),
        ({"TEST_GATEWAY_URL": "localhost:8001"}, "escott.E004"),
        ({"TEST_GATEWAY_URL": "http://gateway.example"}, "escott.E005"),
        ({"READ_TIMEOUT": 0}, "escott.E006"),
        ({"MAX_GATEWAY_CALLS": 0}, "escott.E006"),
        ({"TRANSPORT": "no.such.Transport"}, "escott.E007"),
        ({"MAIL_COMPOSER": "no.such.composer"}, "escott.E007"),
        ({"ORDER_STATUSES": {"paid": "支払済"}}, "escott.E008"),
        (
            {"CLOCK_FILE": "c", "TEST_GATEWAY_URL": None, "SITE_URL": "https://shop.example.jp"},
            "escott.E010",
        ),
        ({"SITE_URL": ""}, "escott.W002"),
        ({"SITE_URL": "shop.example.jp"}, "escott.E011"),
        ({"SITE_URL": "https://shop.example.jp/"}, "escott.E011"),
        ({"SITE_URL": "http://shop.example.jp", "TEST_GATEWAY_URL": None}, "escott.E012"),
        ({"SITE_URL": f"https://{'a' * 60}.jp"}, "escott.E013"),
        ({"CARD_LIMITS": {"adress": 5}}, "escott.E014"),
        ({"CARD_LIMITS": {"address": 0}}, "escott.E014"),
        ({"TRUSTED_PROXIES": -1}, "escott.E015"),
        ({"FIND_ORDER": "no.such.function"}, "escott.E007"),
    ],
)
def test_each_wrong_setting_has_its_message(
    changes: dict[str, Any], expected: str, settings: Any
) -> None:
    assert messages(settings, **changes) == [expected]


def test_naive_time_is_refused(settings: Any) -> None:
    settings.USE_TZ = False
    assert messages(settings) == ["escott.E009"]


@pytest.mark.parametrize(
    ("vendor", "mode", "expected"),
    [
        ("sqlite", None, ["escott.W001"]),
        ("sqlite", "DEFERRED", ["escott.W001"]),
        ("sqlite", "IMMEDIATE", []),
        ("postgresql", None, []),
    ],
)
def test_sqlite_without_immediate_transactions_is_warned_about(
    vendor: str, mode: str | None, expected: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    database = SimpleNamespace(vendor=vendor, settings_dict={"OPTIONS": {"transaction_mode": mode}})
    monkeypatch.setattr(checks, "connections", {"default": database})
    assert [message.id for message in checks.check_databases(databases=["default"])] == expected


@pytest.mark.parametrize("enabled", [True, False])
@pytest.mark.parametrize("place", ["first", "last", "missing"])
def test_while_slips_are_taken_notices_must_come_before_everything_else(
    place: str, enabled: bool, collection: CollectionAccount, settings: Any
) -> None:
    CollectionAccount.objects.update(enabled=enabled)
    notices, *others = settings.MIDDLEWARE
    settings.MIDDLEWARE = {
        "first": [notices, *others],
        "last": [*others, notices],
        "missing": others,
    }[place]
    expected = ["escott.W004"] if enabled and place != "first" else []
    assert [message.id for message in checks.check_notices(databases=["default"])] == expected
    assert checks.check_notices(databases=None) == []
