"""The logger that speaks of a payment: each method's log obeys a switch of its own.

See :mod:`escott.django.log_switches`, which reads the loggers' names.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Final

from escott.django.models.payment import Payment
from escott.rules.payment_methods import PaymentMethod

_LOGS: Final[Mapping[str, logging.Logger]] = {
    PaymentMethod.CARD.value: logging.getLogger("escott.payments"),
    PaymentMethod.COLLECTION.value: logging.getLogger("escott.collection"),
}


def log_of(payment: Payment) -> logging.Logger:
    """Where what happens to this payment is said."""
    return _LOGS[payment.method]
