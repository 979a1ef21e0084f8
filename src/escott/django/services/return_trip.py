"""Return: the browser is back from the gateway, or the gateway's server has sent its copy.

What comes back is unsigned, so it is only a claim about a trip that the server remembers: code,
ProcNo, operation, merchant, amount and member must be that trip's, and it counts once. A charge
that the gateway's page has made is confirmed with 1Search before it is believed. Source:
design.md, invariant 4; protocol.md F and G.
"""

from __future__ import annotations

import logging

from escott.clock import Clock
from escott.django.clock import the_clock
from escott.django.gateway_access import refuse_inside_transaction
from escott.django.models import MerchantAccount, Trip, TripGoal, TripKind
from escott.django.services.authenticated import finish_authentication
from escott.django.services.card_attempts import note_refusal_after
from escott.django.services.hosted_return import finish_hosted_card, finish_hosted_payment
from escott.django.services.trip_operation import operation_of
from escott.gateway import InvalidKey, Return, UndecryptableValue, read_return

log = logging.getLogger("escott.payments")


class NotOurReturn(Exception):
    """The value answers no trip of ours. Nothing was changed, and nothing of it is shown."""


def accept_return(value: str, *, clock: Clock | None = None) -> Trip:
    """Take what came back, and do what the trip was for.

    A second return of the same trip changes nothing and gives the same trip.

    Args:
        value: the ``EncryptValue``, as it was posted.

    Returns:
        The trip; its ``next_url`` is where the shopper goes.

    Raises:
        NotOurReturn: forged, altered, of another shop, or of no trip that we opened.
        TransactionManagementError: called inside a transaction.
    """
    refuse_inside_transaction()
    clock = clock or the_clock()
    trip, returned = _match(value)
    if trip.kind == TripKind.SECURE:
        finish_authentication(trip, returned, clock)
    elif trip.goal == TripGoal.PAY:
        finish_hosted_payment(trip, returned, clock)
    else:
        finish_hosted_card(trip, returned, clock)
    note_refusal_after(trip)
    return trip


def _match(value: str) -> tuple[Trip, Return]:
    account = MerchantAccount.current_or_none()
    if account is None:
        raise NotOurReturn("there is no merchant account")
    try:
        returned = read_return(value, account.keys())
    except (UndecryptableValue, InvalidKey) as error:
        raise NotOurReturn(str(error)) from None
    trip = (
        Trip.objects.select_related("account", "member__account", "payment__account", "customer")
        .filter(code=returned.answer.merchant_free1)
        .first()
    )
    if trip is None:
        raise NotOurReturn("it names no trip of ours")
    differing = _differences(trip, returned)
    if differing:
        log.error("trip %s: a return differs in %s", trip.code, ", ".join(differing))
        raise NotOurReturn("it does not answer the trip that it names")
    return trip, returned


def _differences(trip: Trip, returned: Return) -> list[str]:
    """The fields that are not this trip's; those that the return leaves out are not looked at."""
    answer, member = returned.answer, trip.member
    same = {
        "MerchantId": returned.merchant_id in {"", trip.account.merchant_id},
        "ProcNo": returned.proc_no == trip.proc_no,
        "OperateId": answer.operate_id == operation_of(trip),
        "Amount": answer.amount in {None, trip.amount},
        "KaiinId": answer.kaiin_id in {"", member.kaiin_id if member else ""},
    }
    return [name for name, is_same in same.items() if not is_same]
