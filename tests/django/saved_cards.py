"""What the tests of saved cards share: a customer, a card that is kept, a charge with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from escott.clock import SettableClock
from escott.django.models import Member
from escott.django.orders import PayableOrder
from escott.django.services.instruction import CardInstruction
from escott.django.services.members import keep_card
from escott.django.services.pay import carry_out, claim_payment
from escott.gateway import Secret
from escott.simulator.server import SimulatorServer

NewToken = Callable[..., Secret]
Order = Callable[..., PayableOrder]

MASTERCARD = "5100000000001006"
DECLINED_G12 = "4000000007120001"
LOST_AFTER = "4000000090020001"
LOST_BEFORE = "4000000090030000"
CARRIED_OUT_LATE = "4000000090040009"
#: Later telegrams are carried out and their answers lost; or never arrive.
LATER_LOST_AFTER = "4000000091020000"
LATER_LOST_BEFORE = "4000000091030009"


def saved_card(customer: Any, token: Secret, clock: SettableClock) -> Member:
    """A card that the gateway keeps for the customer."""
    return keep_card(customer, token, clock=clock).member


def pay_with(member: Member, order: PayableOrder, clock: SettableClock) -> Any:
    """Charge an order to a saved card."""
    instruction = CardInstruction(member=member, press="press")
    return carry_out(claim_payment(order, instruction, clock=clock), clock=clock)


def at_the_gateway(simulator: SimulatorServer) -> dict[str, str]:
    """KaiinStatus of every member that the gateway remembers, by its id."""
    return {member.kaiin_id: member.status.value for member in simulator.gateway.members()}
