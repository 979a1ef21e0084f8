"""What the gateway told about a payment, in words."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class InquiryText:
    """The words for one inquiry.

    Attributes:
        tone: ``ok``, ``waits``, ``differs`` or ``unknown``.
        can_be_adopted: what was found can be taken over.
    """

    tone: str
    title: str
    lines: list[str] = field(default_factory=list)
    can_be_adopted: bool = False
