"""How a customer's saved card stands, for the pages that show it. From our rows alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from escott.django.models import Member, MemberState, Trip, TripState
from escott.django.models.member import MemberOperation
from escott.django.services.members import current_member_of
from escott.rules.card_expiry import Expiry, expiry_of


class CardStatus(StrEnum):
    """What the page says of the card."""

    NONE = "none"
    USABLE = "usable"
    UNUSABLE = "unusable"  # the gateway no longer takes it: another is to be saved
    BEING_SAVED = "being_saved"
    BEING_CHANGED = "being_changed"
    BEING_DELETED = "being_deleted"


#: The result of something is awaited; nothing else can be asked for.
_BEING_CHECKED: Final = frozenset(
    {CardStatus.BEING_SAVED, CardStatus.BEING_CHANGED, CardStatus.BEING_DELETED}
)

_BY_OPERATION: Final = {
    MemberOperation.ADD: CardStatus.BEING_SAVED,
    MemberOperation.CHANGE: CardStatus.BEING_CHANGED,
    MemberOperation.ASK: CardStatus.BEING_CHANGED,
    MemberOperation.DELETE: CardStatus.BEING_DELETED,
}


@dataclass(frozen=True, slots=True)
class ShownCard:
    """A customer's card on a page; ``member`` is ``None`` where there is none to be shown."""

    status: CardStatus
    member: Member | None
    expiry: Expiry = Expiry.UNTOLD

    @property
    def is_being_checked(self) -> bool:
        """A result is awaited: the page asks again by itself."""
        return self.status in _BEING_CHECKED

    @property
    def brand_picture(self) -> str:
        """The static file of the brand's sign."""
        brand = self.member.brand if self.member else ""
        return f"escott/brands/{brand or 'other'}.svg"


def shown_card_of(customer: Any, mode: str, today: date) -> ShownCard:
    """The card of a customer in one mode.

    Args:
        today: the date in Japan.
    """
    member = current_member_of(customer, mode)
    if _is_being_added(customer, mode):
        return ShownCard(CardStatus.BEING_SAVED, member)
    if member is None:
        return ShownCard(CardStatus.NONE, None)
    return ShownCard(status_of(member), member, expiry_of(member.expiry, today))


def status_of(member: Member) -> CardStatus:
    """What is said of a card that has a row."""
    if member.under_way:
        return _BY_OPERATION[MemberOperation(member.under_way)]
    return CardStatus.USABLE if member.state == MemberState.VALID else CardStatus.UNUSABLE


def _is_being_added(customer: Any, mode: str) -> bool:
    """A card whose result is awaited; not one whose owner may still come back from the gateway's
    page, and begin there again.
    """
    away = Trip.objects.filter(state=TripState.OPEN).values("member")
    added = Member.objects.filter(customer=customer, mode=mode, under_way=MemberOperation.ADD)
    return added.exclude(pk__in=away.filter(member__isnull=False)).exists()
