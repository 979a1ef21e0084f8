"""Payments in every state, made by the shop's own services; runs in the shop's console."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.contrib.sites.models import Site
from django.test import Client
from oscar.core.loading import get_model

from escott.clock import in_japan
from escott.django.clock import the_clock
from escott.django.models import Operation, Payment
from escott.django.orders import PayableOrder
from escott.django.services.claim import new_transaction_code
from escott.django.services.instruction import CardInstruction
from escott.django.services.operate import operate
from escott.django.services.pay import carry_out, claim_payment
from escott.gateway import Secret
from escott.rules.card_states import CardOperation

AMOUNT = 3780

#: How each state is reached: the charge, and what staff then did.
WAYS: dict[str, tuple[CardOperation, list[CardOperation]]] = {
    "authorised": (CardOperation.AUTHORISE, []),
    "gathered": (CardOperation.GATHER, []),
    "captured": (CardOperation.AUTHORISE, [CardOperation.CAPTURE]),
    "cancelled": (CardOperation.GATHER, [CardOperation.CANCEL]),
    "unknown": (CardOperation.GATHER, []),
    "expired": (CardOperation.AUTHORISE, []),
    "past": (CardOperation.GATHER, []),
}


def make(state: str, token: str) -> dict[str, Any]:
    """An order of ¥3,780 with a payment in that state.

    Args:
        token: of a card that is charged; for ``unknown`` of one whose answers get lost.
    """
    charge, then = WAYS[state]
    order = new_order()
    instruction = CardInstruction(token=Secret(token), charge=charge)
    payable = PayableOrder(reference=order.number, amount=AMOUNT, email="hanako@example.com")
    payment = carry_out(claim_payment(payable, instruction))
    for kind in then:
        operate(payment.pk, kind, key=new_transaction_code())
    passed = in_japan(the_clock().now()).date() - timedelta(days=1)
    if state == "expired":
        Payment.objects.filter(pk=payment.pk).update(
            state="expired", live=False, operable_until=passed
        )
    if state == "past":
        long_ago = the_clock().now() - timedelta(days=61)
        Payment.objects.filter(pk=payment.pk).update(charged_at=long_ago, operable_until=passed)
    if state == "unknown":
        Operation.objects.filter(payment=payment).update(due_at=None)
    payment.refresh_from_db()
    return {"pk": payment.pk, "order": order.number, "code": payment.transaction_code}


def sign_in(name: str, *permissions: str) -> str:
    """A member of staff with these permissions of the payment module; the session's cookie."""
    user, _made = get_user_model().objects.get_or_create(
        username=name, defaults={"email": f"{name}@example.com", "is_staff": True}
    )
    names = ("view_order", "change_order", *permissions)
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client.cookies["sessionid"].value


def new_order(status: str = "処理中") -> Any:
    """An order of ¥3,780 without goods, for the gateway knows nothing of them."""
    orders = get_model("order", "Order").objects
    number = new_transaction_code()
    return orders.create(
        number=number,
        site=Site.objects.get_current(),
        currency="JPY",
        total_incl_tax=AMOUNT,
        total_excl_tax=AMOUNT,
        shipping_incl_tax=0,
        shipping_excl_tax=0,
        status=status,
        guest_email="hanako@example.com",
    )
