"""Call: the telegram leaves, outside any transaction and within the bound on calls."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from escott.clock import Clock
from escott.django.gateway_access import GatewayBusy, call_slot, client_of, lend_connections
from escott.django.payment_log import log_of
from escott.django.services.claim import Claim
from escott.gateway import (
    NotSent,
    NotSentReason,
    Outcome,
    Telegram,
    Unknown,
    UnknownReason,
)

#: How old a claim may be when its telegram leaves. Recovery counts on it: a process that stood
#: still after its claim must not ask the gateway once the claim has been given up.
_FRESH: Final = timedelta(seconds=20)


def send(
    claim: Claim,
    telegram: Telegram,
    clock: Clock,
    *,
    first: Callable[[], Outcome | None] = lambda: None,
) -> Outcome:
    """Send the telegram of a claim that was won, and wait for its outcome.

    Args:
        first: asks what has to be known before; an outcome of it is the outcome, and the
            telegram stays here.
    """
    payment = claim.payment
    client = client_of(payment, clock)
    try:
        with call_slot():
            lend_connections()
            stopped = first()
            if stopped is not None:
                return stopped
            if time_left(claim, clock) <= timedelta():
                return NotSent(NotSentReason.TOO_LATE, "the process stood still after the claim")
            return client.send(telegram)
    except GatewayBusy as busy:
        return NotSent(NotSentReason.BUSY, str(busy))
    except Exception as defect:
        log = log_of(payment)
        log.exception("payment %s: the call ended in a defect", payment.transaction_code)
        return Unknown(UnknownReason.DEFECT, type(defect).__name__)


def time_left(claim: Claim, clock: Clock) -> timedelta:
    """Until the claim is too old to be sent; below zero for one that is.

    By the clock and by the machine's own count: a paused machine stops one of the two.
    """
    counted = timedelta(seconds=time.monotonic() - claim.counted_from)
    return _FRESH - max(counted, clock.now() - claim.operation.started_at)
