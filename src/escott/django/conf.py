"""The site's settings for this package: ``settings.ESCOTT``, with every default in one table.

What a developer or server decides stands there; what the shop's staff decide stands in
:class:`escott.django.models.MerchantAccount`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed


@dataclass(frozen=True)
class EscottSettings:
    """``settings.ESCOTT`` as the package reads it; the keys are these names in capitals."""

    #: Fernet keys for secrets at rest; the first encrypts, all of them decrypt.
    encryption_keys: tuple[str, ...] = field(default=(), repr=False)
    #: Where test mode sends its telegrams, if not to the gateway's own test host.
    test_gateway_url: str | None = None
    #: Scheme and host of this site as shoppers, mails and the gateway see it.
    site_url: str = ""
    #: Function from an order's reference to the PayableOrder as it stands now, or ``None`` if it
    #: may not be paid any more. Asked when a shopper comes back from the gateway.
    find_order: str = ""
    #: Seconds until a connection to the gateway must stand.
    connect_timeout: float = 5.0
    #: Seconds until the gateway's whole answer must be here.
    read_timeout: float = 60.0
    #: How many gateway calls one process makes at once for shoppers and staff.
    max_gateway_calls: int = 64
    #: A file with the offset of a clock shared with the simulator; never in production.
    clock_file: str | None = None
    #: Class of the transport, for tests and special networks.
    transport: str = "escott.gateway.https.UrllibTransport"
    #: Function that turns a queued mail into messages.
    mail_composer: str = "escott.django.mails.compose"
    #: Who gets a copy of the shop's payment mails.
    shop_mail: str = ""
    #: The host shop's word for each order status (escott.rules.order_status).
    order_statuses: Mapping[str, str] = field(default_factory=dict)
    #: The names or codes of Oscar's shipping event types that say that goods were sent.
    shipped_events: tuple[str, ...] = ("Shipped", "shipped", "出荷", "出荷済み", "発送", "発送済み")
    #: How many proxies of the site's own stand before it and add to X-Forwarded-For.
    trusted_proxies: int = 0
    #: Other figures for limits against card testing, by their names (escott.rules.card_testing).
    card_limits: Mapping[str, int] = field(default_factory=dict)
    #: What the shop's pages may load besides its own, by directive of the
    #: Content-Security-Policy; not where a card is typed.
    page_sources: Mapping[str, str] = field(default_factory=dict)


class UnknownSetting(ImproperlyConfigured):
    """``settings.ESCOTT`` has a key that nothing reads, most likely a slip."""


@lru_cache(maxsize=1)
def escott_settings() -> EscottSettings:
    """The settings in force.

    Raises:
        UnknownSetting: a key is not one of :class:`EscottSettings`.
    """
    given: dict[str, Any] = {
        key.lower(): value for key, value in getattr(settings, "ESCOTT", {}).items()
    }
    known = {entry.name for entry in fields(EscottSettings)}
    if unknown := sorted(given.keys() - known):
        names = ", ".join(name.upper() for name in unknown)
        raise UnknownSetting(f"settings.ESCOTT has no setting named {names}")
    if "encryption_keys" in given:
        given["encryption_keys"] = tuple(given["encryption_keys"])
    if "shipped_events" in given:
        given["shipped_events"] = tuple(given["shipped_events"])
    return EscottSettings(**given)


def _forget(*, setting: str, **_: object) -> None:
    if setting == "ESCOTT":
        escott_settings.cache_clear()


setting_changed.connect(_forget, dispatch_uid="escott.conf")
