"""注文する, お支払い: one press of the button, from what was posted to what came of it.

Every page that takes a card goes the same way::

    read_press     what is asked for, the limits, the card's brand   nothing is written
    begin_press    the payment or the trip is written                in the host's transaction
    finish_press   the card is charged, or the browser is sent off   after the commit
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from escott.clock import in_japan
from escott.django.advice import advice_on_stop, in_language_of_page
from escott.django.card_page import CardForm
from escott.django.clock import the_clock
from escott.django.forms import CardPaymentForm
from escott.django.models import Member, MerchantAccount, Trip
from escott.django.orders import PayableOrder
from escott.django.services.begin import Begun, InstructionRefused, begin, check_instruction, go_on
from escott.django.services.card_account import account_for_cards
from escott.django.services.card_attempts import (
    Source,
    note_attempt,
    note_refusal,
    source_of,
    why_not,
)
from escott.django.services.claim import Claim
from escott.django.services.instruction import CardInstruction
from escott.django.services.members import usable_member_of
from escott.django.services.start_trip import start_url
from escott.rules.payment_states import PaymentState


@dataclass(frozen=True, slots=True)
class Press:
    """What the shopper asks for. ``amount_shown`` is in yen, ``None`` where none was posted."""

    instruction: CardInstruction
    amount_shown: int | None
    source: Source


@dataclass(frozen=True, slots=True)
class Begin:
    """What was written down, and the attempt that stands for it in the limits."""

    begun: Begun
    attempt_id: int | None


class PressRefused(Exception):
    """The press cannot be taken. Nothing was written or charged.

    Attributes:
        notice: what to tell the shopper, in the language of the page.
        status: the HTTP status of the page that says so.
    """

    def __init__(self, notice: str, status: int) -> None:
        super().__init__(notice)
        self.notice = notice
        self.status = status


def saved_card_of(request: HttpRequest, account: MerchantAccount) -> Member | None:
    """The card that this shopper may pay with; none where the shop does not offer it."""
    user: Any = getattr(request, "user", None)
    if not account.saves_cards or user is None:
        return None
    return usable_member_of(user, account.mode)


def may_keep_for(request: HttpRequest, customer: Any) -> bool:
    """Whether a card could be kept: for the order's own customer alone, and only by them.

    Whoever pays somebody else's order, such as by its link, must not leave the card with them.
    """
    user: Any = getattr(request, "user", None)
    return bool(user is not None and user.is_authenticated and user == customer)


def card_form_for(
    request: HttpRequest,
    account: MerchantAccount,
    *,
    customer: Any,
    action: str,
    amount: int,
    notice: str = "",
    button: str = "",
    lump_sum_only: bool = False,
) -> CardForm:
    """The card form as this shopper gets it; from our own rows, without the gateway.

    Args:
        customer: whose order it is; ``None`` for a guest's.
    """
    return CardForm.of(
        account,
        action=action,
        amount=amount,
        today=in_japan(the_clock().now()).date(),
        notice=notice,
        button=button,
        member=saved_card_of(request, account),
        signed_in=may_keep_for(request, customer),
        lump_sum_only=lump_sum_only,
    )


def read_press(
    request: HttpRequest,
    *,
    customer: Any,
    order_reference: str = "",
    lump_sum_only: bool = False,
) -> Press:
    """Read what was posted, and look whether it may be taken.

    Args:
        customer: whose order it is, or will be; ``None`` for a guest's.

    Raises:
        PressRefused: it may not.
        MethodUnavailable: card payment is not completely set up.
        TransactionManagementError: called inside a transaction.
    """
    account = account_for_cards()
    form = CardPaymentForm(
        request.POST,
        account=account,
        member=saved_card_of(request, account),
        signed_in=may_keep_for(request, customer),
        lump_sum_only=lump_sum_only,
    )
    if not form.is_valid():
        raise PressRefused(form.what_is_wrong(), 422)
    clock = the_clock()
    source = source_of(request, order_reference)
    stop = why_not(source, clock)
    if stop is not None:
        raise PressRefused(advice_on_stop(stop, clock.now()), 429)
    instruction = form.instruction()
    try:
        check_instruction(instruction, clock=clock)
    except InstructionRefused as refused:
        note_attempt(source, clock)  # the gateway was asked about the card
        raise PressRefused(in_language_of_page(refused.advice), 422) from None
    return Press(instruction, form.cleaned_data["amount"], source)


def begin_press(order: PayableOrder, press: Press, *, next_url: str) -> Begin:
    """Write the payment or the trip down, and the attempt with it.

    Raises:
        MethodUnavailable, SavedCardUnusable: nothing was written.
    """
    begun = begin(order, press.instruction, next_url=next_url)
    if isinstance(begun, Claim) and not begun.won:
        return Begin(begun, None)
    attempt = note_attempt(press.source.of_order(order.reference), the_clock())
    if isinstance(begun, Trip):
        begun.attempt_id = attempt.pk
        begun.save(update_fields=["attempt_id"])
    return Begin(begun, attempt.pk)


def finish_press(what: Begin) -> str | None:
    """Charge, or send the browser off.

    Returns:
        The address where the browser leaves for the gateway; ``None`` if the result is here.
    """
    done = go_on(what.begun)
    if isinstance(done, Trip):
        return start_url(done)
    if done.state == PaymentState.REFUSED:
        note_refusal(what.attempt_id, done.operations.get(number=1).codes)
    return None


def saved_card_gone() -> str:
    """What to tell a shopper whose saved card was changed or deleted at this very moment."""
    return _(
        "The saved card cannot be used at the moment. Nothing was charged. Please enter a card."
    )
