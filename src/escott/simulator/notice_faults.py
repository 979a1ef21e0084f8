"""What can go wrong with a deposit notice, by a tester's choice."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class NoticeFault(StrEnum):
    """One thing that goes wrong; several may, with the same notice."""

    #: It is never sent.
    LOST = "lost"
    #: It is sent twice.
    DOUBLED = "doubled"
    #: It is sent only after ``Options.delayed_notice_by``.
    DELAYED = "delayed"
    #: It is sent only after the next notice of the merchant; after a while without one too.
    REORDERED = "reordered"
    #: Its form is cut and broken.
    GARBLED = "garbled"
    WRONG_AMOUNT = "wrong_amount"
    #: As a forger would send it, who does not know the passwords.
    WRONG_HASH = "wrong_hash"
    UNKNOWN_CONDITION = "unknown_condition"
    OTHER_MERCHANT = "other_merchant"
    UNKNOWN_FREE1 = "unknown_free1"


def read_faults(names: Iterable[str]) -> tuple[NoticeFault, ...]:
    """The faults with these names, each once.

    Raises:
        ValueError: there is none of that name.
    """
    return tuple(dict.fromkeys(NoticeFault(name) for name in names))
