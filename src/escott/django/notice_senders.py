"""Who may send deposit notices: addresses and networks, one a line or separated by commas.

No list is no limit. The gateway names its addresses in its documents, and may change them; a
notice that was turned away costs minutes, for the poller asks by itself.
"""

from __future__ import annotations

import ipaddress
import re

from escott.django.visitor_address import Address

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class NotAnAddress(ValueError):
    """An entry is neither an address nor a network.

    Attributes:
        entry: which one.
    """

    def __init__(self, entry: str) -> None:
        super().__init__(f"not an address or network: {entry!r}")
        self.entry = entry


def senders_in(text: str) -> tuple[Network, ...]:
    """The networks of a list as staff wrote it; an address is a network of one.

    Raises:
        NotAnAddress: an entry is neither.
    """
    return tuple(_network(entry) for entry in re.split(r"[\s,]+", text) if entry)


def may_send(address: Address | None, senders: tuple[Network, ...]) -> bool:
    """Whether the list lets this address through."""
    return not senders or (address is not None and any(address in network for network in senders))


def _network(entry: str) -> Network:
    try:
        return ipaddress.ip_network(entry, strict=False)
    except ValueError:
        raise NotAnAddress(entry) from None
