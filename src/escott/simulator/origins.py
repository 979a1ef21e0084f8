"""Which web pages may change something here: those of the simulator itself.

A page on another site could otherwise let a visitor's browser reset the books or confirm a
payment. A browser names the page's origin with every POST and PUT; programs name none.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

from escott.gateway.operations import HOSTED_PATH, SECURE_PATH
from escott.simulator.token_endpoints import TOKENS_PATH

_READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
#: What other sites post to by design: a shop's token page, and its way into 本人認証.
_FOR_EVERYBODY: Final = frozenset({TOKENS_PATH, SECURE_PATH, HOSTED_PATH})


def is_foreign(scope: Scope) -> bool:
    """Whether a request that changes something comes from a page of another site."""
    if scope["method"] in _READING or scope["path"] in _FOR_EVERYBODY:
        return False
    headers = Headers(scope=scope)
    origin = headers.get("origin")
    if origin is None:
        return False
    host = headers.get("host", "").lower()
    return urlsplit(origin).netloc.lower() != host or _is_rebound(scope, host)


def _is_rebound(scope: Mapping[str, object], host: str) -> bool:
    """Whether somebody's domain leads to this very machine, so that its pages seem to be ours.

    Behind a proxy, or on another address than the loopback, a name with dots is a name that
    somebody gave the simulator; on the loopback nobody does.
    """
    server = scope.get("server")
    if not isinstance(server, tuple | list) or not _is_loopback(str(server[0])):
        return False
    name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
    return "." in name and not name.endswith(".localhost") and not _is_address(name)


def _is_loopback(name: str) -> bool:
    return _is_address(name) and ipaddress.ip_address(name).is_loopback


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
