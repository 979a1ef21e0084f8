"""System checks: each wrong set-up has its own message and its own cure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connections, router
from django.urls import NoReverseMatch, reverse
from django.utils.module_loading import import_string

from escott.django.conf import EscottSettings, escott_settings
from escott.django.models import CollectionAccount
from escott.django.notice_middleware import stands_first
from escott.gateway.browser_trips import LONGEST_RETURN_URL
from escott.rules.card_testing import LIMITS, limits_with
from escott.rules.order_status import OrderStatus

_LOOPBACK: Final = {"localhost", "127.0.0.1", "::1"}


@register()
def check_settings(**_: Any) -> list[CheckMessage]:
    """Everything about ``settings.ESCOTT`` and the settings it depends on."""
    try:
        conf = escott_settings()
    except (ImproperlyConfigured, TypeError) as error:
        return [Error(str(error), hint="See escott.django.conf.EscottSettings.", id="escott.E001")]
    return [message for check in _CHECKS for message in check(conf)]


@register(Tags.database)
def check_databases(*, databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """What SQLite needs so that writers queue instead of failing."""
    return [
        Warning(
            f"the SQLite database {alias!r} does not open its transactions as IMMEDIATE",
            hint='Set OPTIONS = {"transaction_mode": "IMMEDIATE"}; a payment may otherwise fail '
            "with 'database is locked'.",
            id="escott.W001",
        )
        for alias in databases or []
        if connections[alias].vendor == "sqlite"
        and connections[alias].settings_dict["OPTIONS"].get("transaction_mode") != "IMMEDIATE"
    ]


@register(Tags.database)
def check_notices(*, databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """While online collection is switched on, its notices must come before everything else.

    Who has switched it on stands in the database, so it is looked at with the databases only.
    """
    if not databases or stands_first() or not _takes_slips(databases):
        return []
    return [
        Warning(
            "deposit notices do not come before everything else of the site",
            hint='Put "escott.django.notice_middleware.NoticeMiddleware" first in MIDDLEWARE; a '
            "log-in wall, a redirect or a maintenance page loses a notice otherwise.",
            id="escott.W004",
        )
    ]


def _takes_slips(databases: Sequence[str]) -> bool:
    alias = router.db_for_read(CollectionAccount)
    if alias not in databases:
        return False
    try:
        return CollectionAccount.objects.filter(enabled=True).exists()
    except DatabaseError:
        return False  # not migrated yet


def _encryption_keys(conf: EscottSettings) -> Iterator[CheckMessage]:
    hint = (
        'Make one with: python -c "from cryptography.fernet import Fernet; '
        'print(Fernet.generate_key().decode())"'
    )
    if not conf.encryption_keys:
        yield Error('ESCOTT["ENCRYPTION_KEYS"] is empty', hint=hint, id="escott.E002")
    for place, key in enumerate(conf.encryption_keys, start=1):
        try:
            Fernet(key)
        except ValueError:
            yield Error(
                f'key {place} of ESCOTT["ENCRYPTION_KEYS"] is not a Fernet key',
                hint=hint,
                id="escott.E003",
            )


def _test_gateway(conf: EscottSettings) -> Iterator[CheckMessage]:
    if conf.test_gateway_url is None:
        return
    url = urlsplit(conf.test_gateway_url)
    if url.scheme not in {"http", "https"} or not url.hostname:
        yield Error(
            'ESCOTT["TEST_GATEWAY_URL"] is not an http or https address',
            hint="For the simulator: http://127.0.0.1:8001",
            id="escott.E004",
        )
    elif url.scheme == "http" and url.hostname not in _LOOPBACK:
        yield Error(
            'ESCOTT["TEST_GATEWAY_URL"] sends passwords over plain http to another machine',
            hint="Use https, or a simulator on this machine.",
            id="escott.E005",
        )


def _numbers(conf: EscottSettings) -> Iterator[CheckMessage]:
    for name in ("connect_timeout", "read_timeout", "max_gateway_calls"):
        if not getattr(conf, name) > 0:
            yield Error(f'ESCOTT["{name.upper()}"] must be above zero', id="escott.E006")


def _importable(conf: EscottSettings) -> Iterator[CheckMessage]:
    for name in ("transport", "mail_composer", "find_order"):
        path = getattr(conf, name)
        if not path:
            continue
        try:
            import_string(path)
        except ImportError:
            yield Error(f'ESCOTT["{name.upper()}"] cannot be imported: {path}', id="escott.E007")


def _order_statuses(conf: EscottSettings) -> Iterator[CheckMessage]:
    known = {status.value for status in OrderStatus}
    for name in sorted(conf.order_statuses.keys() - known):
        yield Error(
            f'ESCOTT["ORDER_STATUSES"] names {name!r}, which is no order status',
            hint=f"Known: {', '.join(sorted(known))}",
            id="escott.E008",
        )


def _time_zone(_conf: EscottSettings) -> Iterator[CheckMessage]:
    if not settings.USE_TZ:
        yield Error(
            "escott needs USE_TZ = True",
            hint="Moments are stored aware; dates are Japan's whatever TIME_ZONE says.",
            id="escott.E009",
        )


def _clock(conf: EscottSettings) -> Iterator[CheckMessage]:
    if conf.clock_file and not conf.test_gateway_url:
        yield Error(
            'ESCOTT["CLOCK_FILE"] moves the shop\'s clock, but the gateway is a real one',
            hint="A settable clock belongs to the simulator; drop CLOCK_FILE.",
            id="escott.E010",
        )


def _site_url(conf: EscottSettings) -> Iterator[CheckMessage]:
    if not conf.site_url:
        yield Warning(
            'ESCOTT["SITE_URL"] is empty, so no shopper can come back from the gateway',
            hint="3-D Secure and the external link type need it: https://shop.example.jp",
            id="escott.W002",
        )
        return
    url = urlsplit(conf.site_url)
    if url.scheme not in {"http", "https"} or not url.hostname or conf.site_url.endswith("/"):
        yield Error(
            'ESCOTT["SITE_URL"] is not scheme and host, without a slash at the end',
            hint="For example: https://shop.example.jp",
            id="escott.E011",
        )
    elif url.scheme == "http" and url.hostname not in _LOOPBACK and not conf.test_gateway_url:
        yield Error(
            'ESCOTT["SITE_URL"] is plain http',
            hint="What comes back from the gateway must travel by https.",
            id="escott.E012",
        )
    yield from _return_url(conf)


def _return_url(conf: EscottSettings) -> Iterator[CheckMessage]:
    """The two addresses that the gateway is given; it takes 64 characters."""
    try:
        path = reverse("escott:trip-return")
    except NoReverseMatch:
        yield Warning(
            "the addresses of escott.django.urls are not part of this site",
            hint='Add path("escott/", include("escott.django.urls")) outside language prefixes.',
            id="escott.W003",
        )
        return
    if len(conf.site_url + path) > LONGEST_RETURN_URL:
        yield Error(
            f"the return address {conf.site_url + path} has more than "
            f"{LONGEST_RETURN_URL} characters, which the gateway does not take",
            hint="Include escott.django.urls under a shorter path.",
            id="escott.E013",
        )


def _card_limits(conf: EscottSettings) -> Iterator[CheckMessage]:
    try:
        limits_with(conf.card_limits)
    except ValueError as error:
        yield Error(
            f'ESCOTT["CARD_LIMITS"]: {error}',
            hint=f"Known: {', '.join(limit.name for limit in LIMITS)}",
            id="escott.E014",
        )
    if conf.trusted_proxies < 0:
        yield Error('ESCOTT["TRUSTED_PROXIES"] must not be below zero', id="escott.E015")


_CHECKS: Final[tuple[Callable[[EscottSettings], Iterator[CheckMessage]], ...]] = (
    _encryption_keys,
    _test_gateway,
    _numbers,
    _importable,
    _order_statuses,
    _time_zone,
    _clock,
    _site_url,
    _card_limits,
)
