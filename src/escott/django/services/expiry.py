"""期限切れ: a 与信 past its handling period is not live any more."""

from __future__ import annotations

from escott.clock import Clock
from escott.django.models import Payment
from escott.django.models.operation import UNFINISHED
from escott.django.services.announce import announce
from escott.rules.payment_states import PaymentState


def expire_due(clock: Clock) -> int:
    """Mark authorisations whose last day of operations has passed; the number marked."""
    past = Payment.objects.filter(
        state=PaymentState.AUTHORISED, operable_until__lt=clock.now().date()
    ).exclude(operations__state__in=UNFINISHED)
    marked = 0
    for payment in past[:100]:
        columns = {
            "state": PaymentState.EXPIRED,
            "live": False,
            "announce_due_at": clock.now(),
        }
        if Payment.objects.filter(pk=payment.pk, state=PaymentState.AUTHORISED).update(**columns):
            payment.state, payment.live = PaymentState.EXPIRED, False
            announce(payment)
            marked += 1
    return marked
