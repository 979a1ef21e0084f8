"""What came of a telegram, as one of four values.

::

    Outcome
    ├── Ok        the gateway did it
    ├── Refused   the gateway said no, with codes that cannot have moved money
    ├── NotSent   the request certainly never left this machine
    └── Unknown   anything else: it may have been done, or may still be

Nothing has failed unless it is Refused or NotSent (design.md, invariant 3). Match on all
four; there is no fifth. :mod:`escott.gateway.classification` decides which it is.
"""

from __future__ import annotations

from dataclasses import dataclass

from escott.gateway.answers import Answer
from escott.gateway.reasons import NotSentReason, UnknownReason
from escott.gateway.response_codes import ResponseCode

__all__ = ["NotSent", "NotSentReason", "Ok", "Outcome", "Refused", "Unknown", "UnknownReason"]


@dataclass(frozen=True, slots=True)
class Ok:
    """The gateway answered OK. A master telegram's answer names ProcessId and ProcessPass, and one
    that registers or changes a slip its link."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class Refused:
    """The gateway said no. ``codes`` is not empty, and none of them can have moved money."""

    answer: Answer
    codes: tuple[ResponseCode, ...]


@dataclass(frozen=True, slots=True)
class NotSent:
    """No byte of the request reached the gateway. It may be tried again at once.

    ``detail`` is for staff: host, port and what went wrong.
    """

    reason: NotSentReason
    detail: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have been done, or may still be.

    ``detail`` is for staff. ``answer`` is what came back, where it could be read and is an
    answer to our telegram; ``codes`` are its codes, at least one of which may have moved
    money (K96, C03 ...).
    """

    reason: UnknownReason
    detail: str
    answer: Answer | None = None
    codes: tuple[ResponseCode, ...] = ()


Outcome = Ok | Refused | NotSent | Unknown
