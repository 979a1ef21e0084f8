"""One line about a payment."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fact:
    """What is known.

    Attributes:
        urgent: time runs out, or somebody has to look.
        url: where the text leads; empty where it leads nowhere.
    """

    label: str
    text: str
    urgent: bool = False
    url: str = ""
