"""The texts that a slip can carry beside its product: Title, Comment and Free17 to Free19.

Source: protocol.md H; the lengths of these are from one client only, so the settings page names
them and the gateway has the last word.
"""

from __future__ import annotations

from dataclasses import dataclass

from escott.gateway import wire_values as wire


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipTexts:
    """What the shop's settings have put on every slip; empty ones are not sent.

    Attributes:
        title: ご案内タイトル, full width, at most 20 characters.
        comment: ご案内1, full width, at most 30.
        contact: 問合せ先 (Free17), full width, at most 21.
        contact_telephone: 問合せ電話 (Free18), digits and hyphens, at most 12.
        contact_hours: 問合せ時間 (Free19), half width, at most 11.
    """

    title: str = ""
    comment: str = ""
    contact: str = ""
    contact_telephone: str = ""
    contact_hours: str = ""

    def __post_init__(self) -> None:
        self.fields()

    def fields(self) -> dict[str, str]:
        """Title, Comment, Free17, Free18 and Free19.

        Raises:
            InvalidTelegram: one of them breaks the protocol.
        """
        return {
            "Title": wire.full_width("Title", self.title, 20),
            "Comment": wire.full_width("Comment", self.comment, 30),
            "Free17": wire.full_width("Free17", self.contact, 21),
            "Free18": wire.telephone("Free18", self.contact_telephone, 12),
            "Free19": wire.short_half_width("Free19", self.contact_hours, 11),
        }
