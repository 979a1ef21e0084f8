"""Lock a payment by slip: whoever writes about it does so one after the other.

The payment's row is locked first, always; who holds it may write its slip and operations.
"""

from __future__ import annotations

from escott.django.models import Payment, Slip
from escott.django.read_one import read_one


def lock(payment: Payment) -> Slip:
    """Lock the payment's row in the caller's transaction, and read it and its slip anew."""
    locked = Payment.objects.select_for_update(of=("self",)).select_related("account__collection")
    payment.refresh_from_db(from_queryset=locked)
    slip = read_one(Slip, "payment", payment.pk)
    if slip is None:
        raise Slip.DoesNotExist(f"payment {payment.pk} has no slip")
    payment.slip = slip
    return slip
