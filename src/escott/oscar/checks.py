"""System checks of an Oscar shop: each wrong set-up has its own message and its own cure."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, Final

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.urls import NoReverseMatch, reverse

from escott.django.conf import escott_settings
from escott.oscar.links import LONGEST_RETURN_URL, absolute, payment_page_url
from escott.oscar.navigation import PAYMENTS
from escott.oscar.statuses import words

_COMPOSER: Final = "escott.oscar.mails.compose"

#: Longer than Oscar's own order numbers, which have six or seven digits.
_ORDER_NUMBER: Final = "9" * 10


@register()
def check_oscar(**_: Any) -> list[CheckMessage]:
    """What Oscar's settings must be for an order to be paid through this package."""
    checks = (_currency, _rounding, _statuses, _checkout, _dashboard, _mails, _return_url)
    return [message for check in checks for message in check()]


def _currency() -> Iterator[CheckMessage]:
    currency = getattr(settings, "OSCAR_DEFAULT_CURRENCY", None)
    if currency != "JPY":
        yield Error(
            f"the shop's currency is {currency}, and the gateway takes yen only",
            hint='Set OSCAR_DEFAULT_CURRENCY = "JPY".',
            id="escott_oscar.E001",
        )


def _rounding() -> Iterator[CheckMessage]:
    if not getattr(settings, "OSCAR_OFFER_ROUNDING_FUNCTION", None):
        yield Warning(
            "a discount in per cent gives totals with fractions of a yen, which cannot be paid",
            hint='Set OSCAR_OFFER_ROUNDING_FUNCTION = "escott.oscar.rounding.whole_yen".',
            id="escott_oscar.W002",
        )


def _statuses() -> Iterator[CheckMessage]:
    try:
        needed = set(words(escott_settings().order_statuses).values())
    except ValueError as wrong:
        yield Error(
            f'ESCOTT["ORDER_STATUSES"]: {wrong}',
            hint="The keys are the values of escott.rules.order_status.OrderStatus.",
            id="escott_oscar.E002",
        )
        return
    missing = needed - set(getattr(settings, "OSCAR_ORDER_STATUS_PIPELINE", {}))
    if missing:
        yield Error(
            f"OSCAR_ORDER_STATUS_PIPELINE lacks {', '.join(sorted(missing))}",
            hint="Set it to escott.oscar.statuses.pipeline(), or name your own words in "
            'ESCOTT["ORDER_STATUSES"].',
            id="escott_oscar.E003",
        )


def _checkout() -> Iterator[CheckMessage]:
    if not hasattr(apps.get_app_config("checkout"), "payment_page_view"):
        yield Error(
            "the shop's checkout has no payment page",
            hint='Put "escott.oscar.checkout.apps.CheckoutConfig" into INSTALLED_APPS instead of '
            "Oscar's, or derive your own from it.",
            id="escott_oscar.E004",
        )


def _dashboard() -> Iterator[CheckMessage]:
    if PAYMENTS not in getattr(settings, "OSCAR_DASHBOARD_NAVIGATION", []):
        return
    try:
        reverse("dashboard:payment-methods")
    except NoReverseMatch:
        yield Error(
            "the dashboard's menu leads to the pages of payments, which it has not got",
            hint='Put "escott.oscar.dashboard.DashboardConfig" into INSTALLED_APPS instead of '
            "Oscar's.",
            id="escott_oscar.E005",
        )


def _mails() -> Iterator[CheckMessage]:
    if escott_settings().mail_composer == "escott.django.mails.compose":
        yield Warning(
            "mails about payments would not say what was ordered",
            hint=f'Set ESCOTT["MAIL_COMPOSER"] = "{_COMPOSER}", or to a function of your own.',
            id="escott_oscar.W001",
        )


def _return_url() -> Iterator[CheckMessage]:
    """Online collection leads its shoppers back to the payment page of their order."""
    if not escott_settings().site_url or not hasattr(
        apps.get_app_config("checkout"), "payment_page_view"
    ):
        return
    page = absolute(payment_page_url(SimpleNamespace(number=_ORDER_NUMBER)))
    if len(page) > LONGEST_RETURN_URL:
        yield Warning(
            f"the address of an order's payment page has {len(page)} characters, and the gateway "
            f"leads nobody back to an address of more than {LONGEST_RETURN_URL}",
            hint="Serve the checkout under a shorter path, or the shop under a shorter address "
            '(ESCOTT["SITE_URL"]).',
            id="escott_oscar.W003",
        )
