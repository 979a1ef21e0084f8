"""Where a request comes from, as far as it can be trusted.

``visitor_address`` is to count by and never to be shown; ``sender_address`` is whole.

Only what the site's own proxies say is believed: whoever forges a header neither escapes the
limits nor uses up somebody else's.
"""

from __future__ import annotations

import ipaddress
from functools import lru_cache
from typing import Final

from django.http import HttpRequest

from escott.django.conf import escott_settings

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

#: One household or one customer of a provider has a whole such network of IPv6.
_HOUSEHOLD: Final = 64

#: Addresses that many share behind a proxy nobody told us of, or that are nobody's: counting by
#: them would stop the whole shop.
_SHARED: Final = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "::/128",
        "::1/128",
        "fc00::/7",
        "fe80::/10",
    )
)


def visitor_address(request: HttpRequest) -> str:
    """The visitor's IPv4 address or IPv6 network of 64 bits; empty if it tells nothing."""
    address = sender_address(request)
    if address is None or any(address in network for network in _SHARED):
        return ""
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    plain = int(address)  # without the zone that a link-local address may carry
    return str(ipaddress.IPv6Network((plain, _HOUSEHOLD), strict=False))


def sender_address(request: HttpRequest) -> Address | None:
    """The address that sent the request; ``None`` where the server does not tell it.

    With ``TRUSTED_PROXIES = n`` it is the n-th entry of ``X-Forwarded-For`` from the right, the
    one that the outermost proxy wrote; what stands left of it the sender may have invented. If
    that entry tells nothing, it is the other end of the connection.
    """
    proxies = escott_settings().trusted_proxies
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if proxies and len(forwarded) >= proxies:
        written = _address(forwarded[-proxies])
        if written is not None and not any(written in network for network in _SHARED):
            return written
    return _address(request.META.get("REMOTE_ADDR", ""))


@lru_cache(maxsize=256)
def _address(text: str) -> Address | None:
    try:
        address = ipaddress.ip_address(_without_port(text.strip()))
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def _without_port(text: str) -> str:
    """Some proxies write ``203.0.113.9:4711`` or ``[2001:db8::1]:4711``."""
    if text.startswith("["):
        return text[1:].partition("]")[0]
    host, colon, port = text.rpartition(":")
    return host if colon and ":" not in host and port.isdigit() else text
