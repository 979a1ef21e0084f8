"""Which card was it? Brand and last four digits of a payment, as the gateway tells them.

The browser is no witness, so the gateway is asked about the card of a token (4MemRefToken, which
uses no token up) once the token is known to be good, and before it is charged. The label is for
the eyes of staff: whatever becomes of the question, the charge goes on. Of the number that
comes back nothing but the last four digits is kept.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping

from escott.clock import Clock
from escott.django.models import Member, Payment
from escott.django.services.token_check import number_behind
from escott.gateway import Secret
from escott.rules.card_brands import brand_of, last_four_of

log = logging.getLogger("escott.payments")


def label_of(card_no: str) -> dict[str, str]:
    """The payment's columns for a card number, masked or not; empty for one that did not come."""
    if not card_no:
        return {}
    brand = brand_of(card_no)
    return {"card_brand": brand.value if brand else "", "last_four": last_four_of(card_no)}


def label_of_member(member: Member) -> dict[str, str]:
    """The payment's columns for a saved card."""
    return {"card_brand": member.brand, "last_four": member.last_four}


def put_label(payment: Payment, label: Mapping[str, str]) -> None:
    """Put a label on the object; its row is somebody else's business."""
    for column, value in label.items():
        setattr(payment, column, value)


def note_card(payment: Payment, token: Secret, clock: Clock) -> None:
    """Ask for the label of a token's card and put it on ``payment``; ``record`` writes it.

    Raises nothing: a card that is not told is no reason not to charge it.
    """
    try:
        number = number_behind(token, payment.account, payment.transaction_code, clock)
    except Exception:
        log.exception("payment %s: its card could not be asked about", payment.transaction_code)
    else:
        put_label(payment, label_of(number))
