"""On what terms a shop takes a card from one shopper: what the page shows, the server accepts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from escott.django.models import Member, MerchantAccount
from escott.django.models.consent import mark_of
from escott.rules.card_brands import CardBrand
from escott.rules.consent import CONSENT_TEXT
from escott.rules.instalments import InstalmentOffer, may_be_charged


@dataclass(frozen=True, slots=True, kw_only=True)
class CardTerms:
    """Read from the settings once, so that the form and its check never differ.

    Attributes:
        hosted: the card is typed on the gateway's page (外部リンク型).
        saved_card: the customer's card that may be paid with.
        may_save: a new card is kept if the shopper wants it.
        must_save: a new card is always kept.
        consent_text: what the shopper has to agree to; empty where nothing is asked for.
        asks_holder: the name on the card goes to the shop's server, for the 本人認証.
        instalments: how a payment may be split.
    """

    hosted: bool = False
    saved_card: Member | None = None
    may_save: bool = False
    must_save: bool = False
    consent_text: str = ""
    asks_holder: bool = False
    instalments: InstalmentOffer = InstalmentOffer.LUMP_SUM

    @classmethod
    def of(
        cls,
        account: MerchantAccount,
        *,
        member: Member | None = None,
        signed_in: bool = False,
        lump_sum_only: bool = False,
    ) -> Self:
        """The terms by the shop's settings.

        Args:
            member: the customer's own card of the account's mode. It is offered only while it
                is usable and the shop takes saved cards.
            lump_sum_only: what is bought can't be split, such as a subscription (A053).
        """
        keeps = account.saves_cards and signed_in
        lump_sum_only = lump_sum_only or account.is_link_type
        offer = InstalmentOffer.LUMP_SUM if lump_sum_only else account.instalment_offer
        return cls(
            hosted=account.is_link_type,
            saved_card=member if keeps and member is not None and member.is_usable else None,
            may_save=keeps,
            must_save=keeps and account.always_saves_card,
            consent_text=(account.consent_text.strip() or CONSENT_TEXT)
            if account.needs_consent
            else "",
            asks_holder=account.authenticates,
            instalments=offer,
        )

    @property
    def splits(self) -> bool:
        """Some card may be paid otherwise than 一括."""
        return self.instalments is not InstalmentOffer.LUMP_SUM

    @property
    def saved_brand(self) -> CardBrand:
        """The brand of the saved card; without a known one only 一括 is sure."""
        return (self.saved_card and self.saved_card.card_brand) or CardBrand.OTHER

    @property
    def consent_digest(self) -> str:
        """What names the words that the page shows."""
        return mark_of(self.consent_text)

    def accepts(self, pay_type: str, *, saved: bool) -> bool:
        """Whether this 支払区分 can be asked for with the saved card, or with some new one."""
        brand = self.saved_brand if saved and self.saved_card else None
        return may_be_charged(pay_type, brand, self.instalments)
