"""Limits against card testing: what was presented from where, and whether more is taken.

Asked before the gateway is. Sources are kept as keyed digests, so that the table tells nobody
where a shopper was; a few days later the rows are gone.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from django.core.signals import setting_changed
from django.db import connections, router
from django.http import HttpRequest
from django.utils.crypto import get_random_string, salted_hmac

from escott.clock import Clock
from escott.django.conf import escott_settings
from escott.django.models import CardAttempt, Trip, TripState
from escott.django.visitor_address import visitor_address
from escott.gateway import ResponseCode
from escott.gateway.response_codes import Category
from escott.rules.card_testing import (
    REMEMBERED,
    Counted,
    CountedBy,
    Limit,
    Stop,
    limits_with,
    longest_stop,
)
from escott.rules.payment_states import PaymentState

log = logging.getLogger("escott.payments")

#: The word in a session that tells it from others; it says nothing about anybody.
_SESSION_WORD: Final = "escott_visitor"

#: Refusals that tell about a card, and 本人認証NG. A shop's wrong setting, a gateway at rest or an
#: authentication service out of order refuses everybody.
_TELLS_ABOUT_A_CARD: Final = frozenset({Category.DECLINED, Category.INPUT_CARD})
_NOT_AUTHENTICATED: Final = "U04"

#: The gateway's card page says no more than that the card was refused (protocol.md G).
_REFUSED_ON_ITS_PAGE: Final = frozenset(
    {"P53", "P54", "P57", "P58", "P66", "P67", "P68", "P71", "P72"}
)

#: How many rows one round forgets at most.
_A_ROUND: Final = 1000

#: When this process last told staff of a brake, by its name.
_told: dict[str, datetime] = {}


@dataclass(frozen=True, slots=True)
class Source:
    """Where a card comes from. Empty where it is not known; all but the order are digests."""

    order_reference: str = ""
    session: str = ""
    customer: str = ""
    address: str = ""

    def of_order(self, reference: str) -> Source:
        """The same shopper, for an order that has its reference by now."""
        return replace(self, order_reference=reference)

    def named(self, by: CountedBy) -> str:
        """What is counted by; empty where there is nothing to count by."""
        return "" if by is CountedBy.SHOP else str(getattr(self, _COLUMNS[by]))


_COLUMNS: Final = {
    CountedBy.ORDER: "order_reference",
    CountedBy.SESSION: "session",
    CountedBy.CUSTOMER: "customer",
    CountedBy.ADDRESS: "address",
}


def source_of(request: HttpRequest, order_reference: str = "") -> Source:
    """Where the cards of this request come from. A session without our word is given one."""
    user: Any = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    return Source(
        order_reference=order_reference,
        session=_digest("session", _word_of(getattr(request, "session", None))),
        customer=_digest("customer", str(user.pk) if signed_in else ""),
        address=_digest("address", visitor_address(request)),
    )


def why_not(source: Source, clock: Clock) -> Stop | None:
    """What keeps a card from being taken from there now; ``None`` if nothing does.

    One statement, which reads nothing but indexes and no more of them than the limits allow.
    """
    now = clock.now()
    stop = longest_stop(_reached(source, now))
    if stop is not None:
        _tell_staff(stop, now)
    return stop


def note_attempt(source: Source, clock: Clock) -> CardAttempt:
    """Write down that a card is about to be presented; before the gateway is asked."""
    return CardAttempt.objects.create(
        at=clock.now(),
        session=source.session,
        customer=source.customer,
        address=source.address,
        order_reference=source.order_reference,
    )


def note_refusal(attempt_id: int | None, codes: Iterable[ResponseCode]) -> None:
    """Write down that the card was refused, if the codes tell anything about the card.

    Args:
        attempt_id: the attempt's primary key; ``None``, or one that is forgotten, is no harm.
        codes: the gateway's.
    """
    if attempt_id is not None and any(_tells_about_a_card(code) for code in codes):
        CardAttempt.objects.filter(pk=attempt_id).update(refused=True)


def note_refusal_after(trip: Trip) -> None:
    """The same for a trip that is over: it was refused, or the charge after it was."""
    now = Trip.objects.select_related("payment").get(pk=trip.pk)
    codes = now.codes if now.state == TripState.REFUSED else ()
    if now.payment is not None and now.payment.state == PaymentState.REFUSED:
        codes += now.payment.operations.get(number=1).codes
    note_refusal(now.attempt_id, codes)


def _tells_about_a_card(code: ResponseCode) -> bool:
    named = code.code == _NOT_AUTHENTICATED or code.code in _REFUSED_ON_ITS_PAGE
    return named or code.category in _TELLS_ABOUT_A_CARD


def forget_attempts(clock: Clock, _stop: threading.Event) -> int:
    """Delete attempts that no limit looks at any more; the number deleted."""
    old = CardAttempt.objects.filter(at__lt=clock.now() - REMEMBERED).order_by("at")
    batch = list(old.values_list("pk", flat=True)[:_A_ROUND])
    return CardAttempt.objects.filter(pk__in=batch).delete()[0] if batch else 0


# ---- Digests ----


def _word_of(session: Any) -> str:
    if session is None:
        return ""
    if _SESSION_WORD not in session:
        session[_SESSION_WORD] = get_random_string(22)
    return str(session[_SESSION_WORD])


def _digest(of: str, text: str) -> str:
    if not text:
        return ""
    return salted_hmac(f"escott.card_attempts.{of}", text, algorithm="sha256").hexdigest()[:32]


# ---- The statement ----


def _reached(source: Source, now: datetime) -> Iterator[tuple[Limit, datetime]]:
    """The limits that are used up, with the moment of the attempt that has to grow old first."""
    limits = tuple(limit for limit in _limits() if _applies(limit, source))
    connection = connections[router.db_for_read(CardAttempt)]
    at = CardAttempt._meta.get_field("at")
    values: list[Any] = []
    for limit in limits:
        name = source.named(limit.by)
        moments = (now - limit.within, now)
        values += [name] if name else []
        values += [at.get_db_prep_value(moment, connection) for moment in moments]
    with connection.cursor() as cursor:
        cursor.execute(_statement(limits), values)
        found = cursor.fetchall()
    column = at.get_col(CardAttempt._meta.db_table)
    converters = connection.ops.get_db_converters(column)
    for place, moment in found:
        for convert in converters:
            moment = convert(moment, column, connection)  # noqa: PLW2901
        yield limits[place], moment


def _applies(limit: Limit, source: Source) -> bool:
    if limit.guests_only and source.customer:
        return False
    return limit.by is CountedBy.SHOP or bool(source.named(limit.by))


@lru_cache(maxsize=32)
def _statement(limits: tuple[Limit, ...]) -> str:
    """For each limit, the ``most``-th newest attempt of its period, if there were so many."""
    table = CardAttempt._meta.db_table
    parts = []
    for place, limit in enumerate(limits):
        conditions = [] if limit.by is CountedBy.SHOP else [f'"{_COLUMNS[limit.by]}" = %s']
        conditions += ['"refused"'] if limit.counts is Counted.REFUSALS else []
        conditions += ['"at" > %s', '"at" <= %s']
        parts.append(
            f'SELECT {place}, "at" FROM (SELECT "at" FROM "{table}" '  # noqa: S608
            f"WHERE {' AND '.join(conditions)} "
            f'ORDER BY "at" DESC LIMIT 1 OFFSET {limit.most - 1}) AS newest_{place}'
        )
    return " UNION ALL ".join(parts)


@lru_cache(maxsize=1)
def _limits() -> tuple[Limit, ...]:
    return limits_with(escott_settings().card_limits)


# ---- Staff ----


def _tell_staff(stop: Stop, now: datetime) -> None:
    """One line in the log for a stop; an error, once a period and process, for the shop's brake."""
    limit = stop.limit
    if limit.by is not CountedBy.SHOP:
        log.warning("cards are taken no more from one %s (limit %s)", limit.by.value, limit.name)
        return
    last = _told.get(limit.name)
    if last is not None and last <= now < last + limit.within:
        return
    _told[limit.name] = now
    log.error(
        "somebody is trying cards: %d refused within %d minutes. No cards are taken from %s "
        "while it goes on (limit %s)",
        limit.most,
        limit.within.total_seconds() // 60,
        "guests" if limit.guests_only else "anybody",
        limit.name,
    )


def _forget_settings(*, setting: str, **_: object) -> None:
    if setting == "ESCOTT":
        _limits.cache_clear()


setting_changed.connect(_forget_settings, dispatch_uid="escott.card_attempts")
