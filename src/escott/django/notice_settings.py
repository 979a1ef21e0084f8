"""What the answer to a deposit notice needs of the settings, without a query for each notice."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Final

from django.db.models.signals import post_save

from escott.django.models import CollectionAccount
from escott.django.notice_senders import Network, senders_in

#: Seconds until what another process has saved is seen here.
_KEPT_FOR: Final = 5.0


@dataclass(frozen=True, slots=True)
class NoticeSettings:
    """How notices are answered, and whose are taken.

    Attributes:
        reply: the body of the answer that says: received.
        senders: who may send; empty is no limit.
    """

    reply: str = "0"
    senders: tuple[Network, ...] = ()


@dataclass(slots=True)
class _Kept:
    settings: NoticeSettings | None = None
    until: float = 0.0


_kept: Final = _Kept()


def notice_settings() -> NoticeSettings:
    """The settings, at most some seconds old.

    Raises:
        NotAnAddress: the list of senders cannot be read; no notice is taken then.
    """
    settings = _kept.settings
    if settings is None or time.monotonic() >= _kept.until:
        settings = _read()
        _kept.settings, _kept.until = settings, time.monotonic() + _KEPT_FOR
    return settings


def forget(**_: Any) -> None:
    """Read them anew for the next notice."""
    _kept.settings = None


def _read() -> NoticeSettings:
    part = CollectionAccount.current_or_none()
    if part is None:
        return NoticeSettings()
    return NoticeSettings(part.notice_reply, senders_in(part.notice_addresses))


post_save.connect(forget, sender=CollectionAccount, dispatch_uid="escott.notice_settings")
