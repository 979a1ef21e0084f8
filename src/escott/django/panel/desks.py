"""Which desk serves a payment: one for each method."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from escott.django.panel.card_desk import CardDesk
from escott.django.panel.desk import Desk
from escott.django.panel.slip_desk import SlipDesk
from escott.rules.payment_methods import PaymentMethod

DESKS: Final[Mapping[PaymentMethod, type[Desk]]] = {
    PaymentMethod.CARD: CardDesk,
    PaymentMethod.COLLECTION: SlipDesk,
}
