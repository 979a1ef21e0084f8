"""Call: the telegram leaves, outside any transaction and within the bound on calls."""

from __future__ import annotations

from escott.clock import Clock
from escott.django.gateway_access import GatewayBusy, call_slot, client_for, lend_connections
from escott.django.services.claim import Claim
from escott.gateway import NotSent, NotSentReason, Outcome, Telegram


def send(claim: Claim, telegram: Telegram, clock: Clock) -> Outcome:
    """Send the telegram of a claim that was won, and wait for its outcome."""
    payment = claim.payment
    client = client_for(payment.account, payment.mode, clock)
    try:
        with call_slot():
            lend_connections()
            return client.send(telegram)
    except GatewayBusy as busy:
        return NotSent(NotSentReason.BUSY, str(busy))
