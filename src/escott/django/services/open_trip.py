"""Open a trip: write down what the browser is sent to the gateway for, before it leaves."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from escott.clock import Clock
from escott.django.clock import the_clock
from escott.django.models import (
    Consent,
    Member,
    MerchantAccount,
    Payment,
    Trip,
    TripGoal,
    TripKind,
    TripState,
)
from escott.django.models.member import MemberOperation
from escott.django.orders import PayableOrder
from escott.django.services.card_account import account_for_cards
from escott.django.services.claim import NO_SECRET, new_transaction_code
from escott.django.services.instruction import CardInstruction
from escott.django.services.members import (
    SavedCardsOff,
    new_member,
    usable_member_of,
)
from escott.gateway import Secret
from escott.rules.unknown_outcome import GRACE

#: How long the gateway lets a shopper stay away (protocol.md F: U06 after about 40 minutes).
LONGEST: Final = timedelta(minutes=40)


def hosted_payment_ends(opened_at: datetime) -> datetime:
    """When a payment on the gateway's page that nobody came back from counts as unknown."""
    return opened_at + LONGEST + GRACE


def open_trip(
    account: MerchantAccount,
    kind: TripKind,
    goal: TripGoal,
    instruction: CardInstruction,
    *,
    customer: Any,
    next_url: str,
    now: datetime,
    order: PayableOrder | None = None,
    payment: Payment | None = None,
    member: Member | None = None,
) -> Trip:
    """Write a trip down.

    Args:
        next_url: where the shopper goes after it, a path of this site.
        order: what is to be paid; none where a card is only saved.
        payment: the payment that the gateway's page will charge by itself.
        member: the saved card that is added or changed; for a payment the instruction's.
    """
    return Trip.objects.create(
        code=payment.transaction_code if payment else new_transaction_code(),
        kind=kind,
        goal=goal,
        account=account,
        mode=account.mode,
        customer=customer,
        order_reference=order.reference if order else "",
        all_virtual=order.all_virtual if order else False,
        email=(order.email if order else getattr(customer, "email", "")) or "",
        amount=order.amount if order else 0,
        pay_type=instruction.pay_type,
        token=instruction.token or NO_SECRET,
        holder_name=Secret(instruction.holder_name),
        member=member or instruction.member,
        saves_card=instruction.saves_card,
        consent=Consent.to(instruction.consent_text) if instruction.consent_text else None,
        payment=payment,
        next_url=next_url,
        opened_at=now,
        ends_at=now + LONGEST,
        due_at=now + LONGEST + GRACE,
    )


def open_card_trip(
    customer: Any,
    instruction: CardInstruction,
    *,
    next_url: str,
    clock: Clock | None = None,
) -> Trip:
    """A trip that saves a card, or changes the saved one, without a payment.

    With 3-D Secure the return saves the card of the token; with the external link type the
    gateway's page does so itself.

    Raises:
        MethodUnavailable: card payment is not completely set up.
        SavedCardsOff: the shop does not save cards.
        MemberBusy: another operation on the customer's card has not ended.
    """
    account = account_for_cards()
    if not account.saves_cards:
        raise SavedCardsOff
    now = (clock or the_clock()).now()
    usable = usable_member_of(customer, account.mode)
    goal = TripGoal.ADD_CARD if usable is None else TripGoal.CHANGE_CARD
    kind, member = TripKind.SECURE, None
    if account.is_link_type:
        kind = TripKind.HOSTED
        member = usable or _member_to_be(account, customer, now)
    return open_trip(
        account,
        kind,
        goal,
        instruction,
        customer=customer,
        member=member,
        next_url=next_url,
        now=now,
    )


def _member_to_be(account: MerchantAccount, customer: Any, now: datetime) -> Member:
    """The member that the gateway's page is to add; the one of a trip that was left, again."""
    waiting = Trip.objects.filter(
        customer=customer,
        mode=account.mode,
        kind=TripKind.HOSTED,
        goal=TripGoal.ADD_CARD,
        state=TripState.OPEN,
        member__under_way=MemberOperation.ADD,
    )
    earlier = waiting.select_related("member__account").first()
    if earlier is not None and earlier.member is not None:
        return earlier.member
    return new_member(account, customer, now, due_at=hosted_payment_ends(now))
