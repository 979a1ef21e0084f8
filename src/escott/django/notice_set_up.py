"""入金結果通知URL: the addresses that a shop may register with the gateway, and what takes them.

Source: requirements.md A018.
"""

from __future__ import annotations

import ipaddress
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.urls import NoReverseMatch, get_script_prefix, reverse
from django.utils.module_loading import import_string

from escott.django.conf import escott_settings

#: Names that no gateway can look up.
_OF_THIS_MACHINE: Final = (".local", ".localhost", ".internal", ".test", ".example", ".invalid")


class NoticeAddress(StrEnum):
    """Which address."""

    FORMER = "former"  # the one that the WordPress plug-in used: no change at the gateway
    OWN = "own"  # this package's own path


@dataclass(frozen=True, slots=True)
class NoticeUrl:
    """One address, as it is registered.

    Attributes:
        url: the exact string.
    """

    address: NoticeAddress
    url: str

    @property
    def is_public(self) -> bool:
        """The gateway could reach it: https, and a name or address of the internet."""
        parts = urlsplit(self.url)
        return parts.scheme == "https" and _is_public(parts.hostname or "")


def notice_urls() -> list[NoticeUrl]:
    """The addresses that take notices, the plug-in's first; none without ``SITE_URL``."""
    site = escott_settings().site_url
    if not site:
        return []
    found = []
    if takes_notices_first():
        from escott.django.notice_middleware import FORMER_QUERY

        query = urlencode([FORMER_QUERY])
        found.append(NoticeUrl(NoticeAddress.FORMER, f"{site}{get_script_prefix()}?{query}"))
    with suppress(NoReverseMatch):
        found.append(NoticeUrl(NoticeAddress.OWN, f"{site}{reverse('escott:deposit-notice')}"))
    return found


def takes_notices_first() -> bool:
    """``NoticeMiddleware``, or one made of it, is part of the site."""
    return _has_middleware(tuple(settings.MIDDLEWARE))


@lru_cache(maxsize=8)
def _has_middleware(paths: tuple[str, ...]) -> bool:
    from escott.django.notice_middleware import NoticeMiddleware

    found = [import_string(path) for path in paths]
    return any(isinstance(each, type) and issubclass(each, NoticeMiddleware) for each in found)


def _is_public(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith(_OF_THIS_MACHINE)
