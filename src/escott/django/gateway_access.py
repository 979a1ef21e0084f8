"""The way from this site to the gateway: one transport a process, and a bound on calls.

The bound keeps a hanging gateway from taking every thread of the shop: whoever comes beyond
it is told at once that the shop is busy and that nothing was sent.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from django.core.signals import setting_changed
from django.db import connections, transaction
from django.utils.module_loading import import_string

from escott.clock import Clock
from escott.django.conf import escott_settings
from escott.django.models import CollectionAccount, MerchantAccount, Mode, Payment
from escott.gateway import PRODUCTION, TEST, Client, Endpoints, Timeouts, Transport
from escott.rules.payment_methods import PaymentMethod


class GatewayBusy(Exception):
    """As many calls as allowed are under way; this one was not begun."""


def endpoints_of(mode: str) -> Endpoints:
    """Where the telegrams of a mode go."""
    if mode == Mode.PRODUCTION:
        return PRODUCTION
    url = escott_settings().test_gateway_url
    return Endpoints.at(url) if url else TEST


def client_for(account: MerchantAccount | CollectionAccount, mode: str, clock: Clock) -> Client:
    """A client that speaks for the account in one mode."""
    return Client(
        endpoints_of(mode),
        account.merchant(mode),
        _transport(escott_settings().transport),
        clock,
        timeouts(),
    )


def client_of(payment: Payment, clock: Clock) -> Client:
    """A client that speaks for the contract that the payment was made by."""
    return client_for(contract_of(payment), payment.mode, clock)


def contract_of(payment: Payment) -> MerchantAccount | CollectionAccount:
    """Whose merchant ID and password the payment's telegrams carry."""
    if payment.method == PaymentMethod.COLLECTION:
        return payment.account.collection
    return payment.account


def timeouts() -> Timeouts:
    """The site's connect and read time-outs, in seconds."""
    conf = escott_settings()
    return Timeouts(connect=conf.connect_timeout, read=conf.read_timeout)


@contextmanager
def call_slot() -> Iterator[None]:
    """Hold one of the places for calls on behalf of shoppers and staff.

    Raises:
        GatewayBusy: all places are taken.
    """
    places = _places(escott_settings().max_gateway_calls)
    if not places.acquire(blocking=False):
        raise GatewayBusy("as many gateway calls as allowed are under way; try again shortly")
    try:
        yield
    finally:
        places.release()


def refuse_inside_transaction() -> None:
    """No transaction may be open during a gateway call (design.md, invariant 5)."""
    for connection in connections.all(initialized_only=True):
        if connection.in_atomic_block:
            raise transaction.TransactionManagementError(
                "a gateway call was about to be made inside a transaction; "
                "take the view out of ATOMIC_REQUESTS with non_atomic_requests on dispatch"
            )


def lend_connections() -> None:
    """Before a call that may take long: a pool's connections are for those who can use them."""
    for connection in connections.all(initialized_only=True):
        if connection.settings_dict.get("OPTIONS", {}).get("pool"):
            connection.close()


@lru_cache(maxsize=4)
def _transport(dotted_path: str) -> Transport:
    transport: Transport = import_string(dotted_path)()
    return transport


@lru_cache(maxsize=4)
def _places(count: int) -> threading.BoundedSemaphore:
    return threading.BoundedSemaphore(count)


def _forget(*, setting: str, **_: object) -> None:
    if setting == "ESCOTT":
        _transport.cache_clear()
        _places.cache_clear()


setting_changed.connect(_forget, dispatch_uid="escott.gateway_access")
