"""お支払い案内を再送: it stands in the notes of the order."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.dispatch import receiver
from django.utils.translation import gettext as _
from django.utils.translation import override
from oscar.core.loading import get_model

from escott.django.models import Payment
from escott.django.signals import guidance_sent
from escott.oscar.order_notes import note_by

Order = get_model("order", "Order")


@receiver(guidance_sent, dispatch_uid="escott.oscar.note_guidance")
def note_guidance(payment: Payment, actor: Any, **_kwargs: Any) -> None:
    """Say who has sent it, and to whom."""
    order = Order.objects.filter(number=payment.order_reference).first()
    if order is None:
        return
    with override(settings.LANGUAGE_CODE):
        words = {"code": payment.transaction_code, "mail": payment.email}
        note_by(actor, order, _("How to pay slip %(code)s was sent again to %(mail)s.") % words)
