"""期限切れ: an authorisation that runs out stands in the notes of its order."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.dispatch import receiver
from django.utils.translation import gettext as _
from django.utils.translation import override
from oscar.core.loading import get_model

from escott.django.models import Payment
from escott.django.signals import payment_changed
from escott.oscar.order_notes import note
from escott.rules.payment_states import PaymentState
from escott.rules.yen import format_yen

Order = get_model("order", "Order")


@receiver(payment_changed, dispatch_uid="escott.oscar.note_expiry")
def note_expiry(payment: Payment, **_kwargs: Any) -> None:
    """Say so once; the order keeps its status, for staff decide what becomes of it."""
    if payment.state != PaymentState.EXPIRED:
        return
    order = Order.objects.filter(number=payment.order_reference).first()
    if order is None:
        return
    with override(settings.LANGUAGE_CODE):
        text = _(
            "The authorisation of card payment %(code)s has run out: %(amount)s can't be captured "
            "any more."
        ) % {"code": payment.transaction_code, "amount": format_yen(payment.amount)}
    if not order.notes.filter(message=text).exists():
        note(order, text)
