"""How an answer travels back: whole, or in one of the ways in which it goes wrong.

The core only names the delivery; the server acts it out. That keeps sleeping, sockets and
half-sent bodies out of the gateway's law.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto


class Delivery(Enum):
    """What the caller sees of an answer."""

    WHOLE = auto()
    #: The connection is closed without a byte.
    DROPPED = auto()
    #: The connection stays open without a byte, until the caller gives up.
    HELD = auto()
    #: Status 200 and a page of HTML.
    HTML = auto()
    #: Status 500 and a page of HTML.
    ERROR_500 = auto()
    #: Status 200 and no body.
    EMPTY = auto()
    #: Content-Length of the whole body, half of it, then the connection is closed.
    HALF = auto()
    #: Status 200 and ten megabytes.
    HUGE = auto()


@dataclass(frozen=True, slots=True)
class Reply:
    """The gateway's answer to one telegram, and how it is delivered.

    ``fields`` is what the gateway means to say, in the order of the wire, also where
    nobody will get to read it. ``delay`` is in seconds of real time.
    """

    fields: Mapping[str, str]
    delivery: Delivery = Delivery.WHOLE
    delay: float = 0.0
