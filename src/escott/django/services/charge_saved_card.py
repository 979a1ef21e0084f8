"""登録済みカードで決済: staff charge the saved card of an order's customer, as asked by telephone.

The same claim, call and record as a shopper's own press. There is no 3-D Secure and no consent
page, for nobody sits at a browser: staff write down who asked for it. What the gateway does not
answer can be told at its console only, for a charge by member has no token to ask about.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from escott.clock import Clock
from escott.django.audit import record_change
from escott.django.clock import the_clock
from escott.django.gateway_access import refuse_inside_transaction
from escott.django.models import AuditArea, Member, MerchantAccount, Operation, Payment
from escott.django.models.operation import OPERATION_LABELS
from escott.django.orders import PayableOrder
from escott.django.services.card_account import account_for_cards
from escott.django.services.card_claims import claim_charge
from escott.django.services.claim import Claim, SavedCardUnusable
from escott.django.services.instruction import CardInstruction
from escott.django.services.members import SavedCardsOff, usable_member_of
from escott.django.services.pay import carry_out, key_of
from escott.rules.card_states import CHARGES, CardOperation
from escott.rules.yen import format_yen


class AnotherPayment(Exception):
    """The order has a live payment of another press; nothing was charged by this one.

    Attributes:
        payment: that payment.
    """

    def __init__(self, payment: Payment) -> None:
        super().__init__(f"payment {payment.transaction_code} is live")
        self.payment = payment


class CardChanged(Exception):
    """It is not the card that staff have seen and confirmed; nothing was charged."""


def card_seen(member: Member) -> str:
    """Names the card as it is now, for the form that asks staff to confirm it."""
    return f"{member.pk}-{member.changed_at.timestamp():.6f}"


def chargeable_card_of(customer: Any, account: MerchantAccount) -> Member | None:
    """The card that staff may charge; none where the shop offers no saved cards."""
    return usable_member_of(customer, account.mode) if account.saves_cards else None


def charge_saved_card(
    order: PayableOrder,
    charge: CardOperation,
    *,
    seen: str,
    reason: str,
    key: str,
    actor: Any,
    clock: Clock | None = None,
) -> Payment:
    """Charge the order's amount to the saved card of its customer.

    Args:
        order: what to charge, as the server has it.
        charge: 与信 or 与信売上計上.
        seen: the card that staff have confirmed (:func:`card_seen`).
        reason: who asked for it and how; it stands in the audit log.
        key: names this press; a repeat returns the first payment.
        actor: the member of staff.
        clock: the present; the site's clock by default.

    Raises:
        ValueError: ``charge`` is no charge, or there is no reason.
        MethodUnavailable, SavedCardsOff: the shop's settings do not allow it.
        SavedCardUnusable: the customer has no card that can be charged at this moment.
        CardChanged, AnotherPayment, OrderNotPayable: see there.
        TransactionManagementError: called inside a transaction.
    """
    if charge not in CHARGES or not reason.strip():
        raise ValueError("a charge, and who asked for it")
    refuse_inside_transaction()
    clock = clock or the_clock()
    press = key_of(order, CardInstruction(press=key))
    first = Operation.objects.select_related("payment").filter(key=press).first()
    if first is not None:
        return first.payment
    account = account_for_cards()
    if not account.saves_cards:
        raise SavedCardsOff
    member = chargeable_card_of(order.customer, account)
    if member is None:
        raise SavedCardUnusable(f"order {order.reference}: its customer has no usable card")
    if card_seen(member) != seen:
        raise CardChanged(member.kaiin_id)
    instruction = CardInstruction(member=member, press=key, charge=charge, actor=actor)
    claim = _claim(order, account, instruction, key=press, reason=reason, clock=clock)
    if not claim.won and claim.operation.key != press:
        raise AnotherPayment(claim.payment)
    return carry_out(claim, clock=clock)


def _claim(
    order: PayableOrder,
    account: MerchantAccount,
    instruction: CardInstruction,
    *,
    key: str,
    reason: str,
    clock: Clock,
) -> Claim:
    """Claim the charge; who asked for it is written with it or not at all."""
    with transaction.atomic():
        claim = claim_charge(order, account, instruction, key=key, now=clock.now())
        if claim.won:
            _audit(claim, reason, clock)
    return claim


def _audit(claim: Claim, reason: str, clock: Clock) -> None:
    payment, member = claim.payment, claim.payment.member
    assert member is not None, "the instruction names the saved card"  # noqa: S101
    kind = OPERATION_LABELS[claim.operation.card_operation]
    record_change(
        claim.operation.actor,
        _("Saved card charged: %s") % kind,
        f"{payment.order_reference} ({payment.transaction_code})",
        {
            _("Amount"): ("", format_yen(payment.amount)),
            _("Saved card"): ("", member.label),
        },
        area=AuditArea.OPERATION,
        reason=reason,
        clock=clock,
    )
