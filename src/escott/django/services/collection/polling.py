"""Poll: ask about the slips that are due, so that a lost notice costs minutes, not an order.

At most the setting's number a minute. A gateway that does not answer is left alone for a
minute, and the slip it was asked about for longer; the gateway of the other mode is asked all
the same. A slip whose days of grace are over lapses by the answer, never without one.
"""

from __future__ import annotations

import logging
import threading
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q

from escott.clock import Clock
from escott.django.gateway_access import timeouts
from escott.django.models import CollectionAccount, Mode, Payment, Slip
from escott.django.models.operation import ResolvedBy
from escott.django.services.collection.conclude import Told, conclude
from escott.django.services.collection.inquiry import ask, asked_lately, is_silent
from escott.rules.deposit_inquiries import after_no_answer

log = logging.getLogger("escott.collection")

#: How many slips one round asks about, so that other jobs come to their turn.
_A_ROUND: Final = 20

#: How much longer than its time-outs an inquiry holds its lease.
_LEASE_BEYOND: Final = timedelta(minutes=1)


def poll_due(clock: Clock, stop: threading.Event) -> int:
    """Ask about the slips that are due; the number asked about."""
    part = CollectionAccount.current_or_none()
    if part is None:
        return 0
    places = min(_A_ROUND, _left_of_the_rate(part, clock.now()))
    done = 0
    for mode in (Mode.PRODUCTION, Mode.TEST):
        done += _ask_about_those_of(mode, clock, stop, limit=places - done)
        if done and stop.is_set():
            break
    return done


def _ask_about_those_of(mode: Mode, clock: Clock, stop: threading.Event, *, limit: int) -> int:
    now = clock.now()
    if limit <= 0 or is_silent(now, mode):
        return 0
    done = 0
    of_mode = Q(payment__mode=mode)
    for slip in Slip.lease_due(now, lasting=_lease(), limit=limit, among=of_mode):
        done += 1
        if _ask_about(slip, clock) is Told.NO_ANSWER or stop.is_set():
            break
    return done


def _ask_about(slip: Slip, clock: Clock) -> Told:
    payment = Payment.objects.select_related("account__collection").get(pk=slip.payment_id)
    if not payment.process_id:
        slip.release(due_at=None)
        return Told.NOT_NOW
    try:
        asked = ask(payment, clock)
        return conclude(payment, asked, by=ResolvedBy.SEARCH, now=clock.now()).told
    except Exception:
        log.exception("slip of payment %s could not be asked about", payment.transaction_code)
        slip.release(due_at=after_no_answer(slip.attempts, clock.now()))
        return Told.NO_ANSWER


def _left_of_the_rate(part: CollectionAccount, now: datetime) -> int:
    return part.asks_a_minute - asked_lately(now).count()


def _lease() -> timedelta:
    waits = timeouts()
    return timedelta(seconds=waits.connect + waits.read) + _LEASE_BEYOND
