"""Payments by slip in every state, made by the shop's own services; runs in the shop's console."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from escott.clock import in_japan
from escott.django.clock import the_clock
from escott.django.models import CollectionAccount, MerchantAccount, Payment, Slip
from escott.django.orders import PayableOrder
from escott.django.services.announce import announce
from escott.django.services.claim import new_transaction_code
from escott.django.services.collection import (
    SlipInstruction,
    begin_slip,
    change_slip,
    delete_slip,
    go_on_with_slip,
)
from escott.gateway import Secret
from escott.rules.payer import Payer
from escott.simulator.merchants import DEMO_COLLECTION
from tests.demo.panel_payments import AMOUNT, new_order

FEE = 330

_PAYER = Payer(name="山田　花子", kana="ヤマダ　ハナコ", telephone="0312345678")


def make(state: str) -> dict[str, Any]:
    """An order of ¥3,780, its fee of ¥330 included, with a slip in that state.

    What is lost is planned at the gateway before; what is paid, there afterwards.
    """
    order = new_order("保留中")
    payment = _register(order)
    if state in {"changed", "change_lost"}:
        change_slip(payment.pk, amount=AMOUNT, due_on=_day(9), key=_key(), actor=None)
    if state == "deleted":
        delete_slip(payment.pk, key=_key(), actor=None)
    if state == "lapsed":
        Payment.objects.filter(pk=payment.pk).update(state="lapsed", live=False)
    if state == "past_due":
        Slip.objects.filter(payment=payment).update(due_on=_day(-1))
    if state == "past_period":
        long_ago = the_clock().now() - timedelta(days=61)
        Payment.objects.filter(pk=payment.pk).update(charged_at=long_ago, operable_until=_day(-1))
    payment.refresh_from_db()
    announce(payment)
    return {
        "pk": payment.pk,
        "order": order.number,
        "code": payment.transaction_code,
        "number": Slip.objects.get(payment=payment).kessai_number,
    }


def _register(order: Any) -> Payment:
    """With the method switched on for a moment: the shop of other tests does not offer it."""
    part, _made = CollectionAccount.objects.get_or_create(account=MerchantAccount.current())
    offered = part.enabled
    part.enabled, part.merchant_id = True, DEMO_COLLECTION.merchant_id
    part.test_password = Secret(DEMO_COLLECTION.merchant_pass)
    part.save()
    try:
        payable = PayableOrder(reference=order.number, amount=AMOUNT, email="hanako@example.com")
        instruction = SlipInstruction(payer=_PAYER, product_name="つむぎの手ぬぐい", fee=FEE)
        return go_on_with_slip(begin_slip(payable, instruction))
    finally:
        part.enabled = offered
        part.save(update_fields=["enabled"])


def _day(days: int) -> date:
    return in_japan(the_clock().now()).date() + timedelta(days=days)


def _key() -> str:
    return new_transaction_code()
