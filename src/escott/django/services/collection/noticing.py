"""入金結果通知: what becomes of the notices that were stored.

A notice is a hint. A genuine one has 2Ref asked at once, and 2Ref decides; one whose HashCd is
wrong has it asked a little sooner, and no more often than every five minutes for a slip. The
browser, the network and whoever knows the address can mark nothing as paid.

==============================  ==========================================================
the notice                      its end
==============================  ==========================================================
cannot be read                  UNREADABLE
is another merchant's           OTHER_MERCHANT; a genuine one: case NOTICE_UNMATCHED
names no slip of ours           UNKNOWN_PAYMENT; a genuine one: case NOTICE_UNMATCHED
has a wrong HashCd              UNTRUSTED, counted in one case NOTICE_UNTRUSTED
tells a deposit that is known   KNOWN; the gateway is not asked
comes before the 2Add's answer  waits for it
is for a registration given up  FOR_STAFF: case DEPOSIT_AFTER_END
has another Condition           case DEPOSIT_CONDITION; 2Ref is asked all the same
is genuine                      2Ref: DEPOSITED, or FOR_STAFF, or asked again
==============================  ==========================================================
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final

from django.db.models import Q

from escott.clock import Clock, in_japan
from escott.django.gateway_access import timeouts
from escott.django.models import (
    Case,
    CaseKind,
    CollectionAccount,
    Notice,
    NoticeEnd,
    Payment,
    Slip,
)
from escott.django.models.operation import ResolvedBy
from escott.django.services.cases import count_in_one_case, open_case, open_case_without_payment
from escott.django.services.collection.conclude import ASKED_ABOUT, Told, conclude
from escott.django.services.collection.genuineness import is_genuine, is_genuine_for
from escott.django.services.collection.inquiry import ask, is_silent
from escott.django.update_row import update_row
from escott.gateway import MalformedTelegram
from escott.gateway.deposit_notices import DepositNotice
from escott.rules.payment_methods import PaymentMethod
from escott.rules.payment_states import PaymentState

log = logging.getLogger("escott.collection")

#: How many notices one round looks at.
_A_ROUND: Final = 50

#: How much longer than the time-outs a notice is leased.
_LEASE_BEYOND: Final = timedelta(minutes=1)

#: The pause before a notice is looked at again; longer each time, up to the longest.
_PAUSE: Final = timedelta(seconds=5)
_LONGEST_PAUSE: Final = timedelta(minutes=10)

#: After so many attempts a genuine notice that 2Ref does not confirm is left to staff.
_MOST_DENIALS: Final = 8

#: After so many defects of ours as well.
_MOST_ATTEMPTS: Final = 30

#: A slip is asked about no more often than this because of notices that nobody vouches for.
_NUDGED_EVERY: Final = timedelta(minutes=5)

#: 状態 of a deposit; what others mean is not known.
_A_DEPOSIT: Final = "000"

_TOLD_NOTHING: Final = frozenset({Told.UNTOLD, Told.NO_ANSWER, Told.NOT_NOW})

#: The gateway has registered no slip for it, as far as we know.
_GIVEN_UP: Final = frozenset({PaymentState.LOST, PaymentState.REFUSED, PaymentState.NOT_SENT})


class _Round:
    """What every notice of a round has to know; it is read when the first one asks for it."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._silent: dict[str, bool] = {}

    @cached_property
    def part(self) -> CollectionAccount | None:
        """The shop's contract."""
        return CollectionAccount.current_or_none()

    def is_silent(self, mode: str) -> bool:
        """Whether the gateway of this mode is left alone: an inquiry was in vain a moment ago.

        One of this round's own ends the round.
        """
        if mode not in self._silent:
            self._silent[mode] = is_silent(self.clock.now(), mode)
        return self._silent[mode]


def process_notices_due(clock: Clock, stop: threading.Event) -> int:
    """Look at the notices that are due; the number looked at."""
    done = 0
    this = _Round(clock)
    waits = timeouts()
    lease = timedelta(seconds=waits.connect + waits.read) + _LEASE_BEYOND
    for notice in Notice.lease_due(clock.now(), lasting=lease, limit=_A_ROUND):
        done += 1
        try:
            told = _process(notice, this)
        except Exception:
            log.exception("notice %s could not be processed", notice.pk)
            told = None
            _give_up_for_now(notice, clock.now())
        if told is Told.NO_ANSWER or stop.is_set():
            break
    return done


def _process(notice: Notice, this: _Round) -> Told | None:
    """What was told, where the gateway was asked."""
    now = this.clock.now()
    try:
        read = DepositNotice.parse(notice.raw.reveal())
    except MalformedTelegram as error:
        _end(notice, NoticeEnd.UNREADABLE, now, note=str(error))
        return None
    notice.transaction_code = read.merchant_free1[:20]
    part = this.part
    payment = _payment_of(read)
    if part is None or payment is None or read.merchant_id != part.merchant_id:
        _unmatched(notice, read, part, now)
        return None
    notice.payment = payment
    return _process_for(payment, notice, read, this)


def _payment_of(read: DepositNotice) -> Payment | None:
    """The payment by slip that the notice names."""
    slips = Payment.objects.filter(method=PaymentMethod.COLLECTION.value)
    return (
        slips.select_related("slip", "account__collection")
        .filter(transaction_code=read.merchant_free1)
        .first()
    )


def _process_for(
    payment: Payment, notice: Notice, read: DepositNotice, this: _Round
) -> Told | None:
    clock = this.clock
    now = clock.now()
    if payment.state == PaymentState.STARTED:
        _later(notice, now)
        return None
    notice.genuine = is_genuine_for(payment, read, now)
    if _is_known(payment.slip, read):
        _end(notice, NoticeEnd.KNOWN, now)
        return None
    if not notice.genuine:
        count_in_one_case(CaseKind.NOTICE_UNTRUSTED, now=now)
        _nudge(payment, now)
        _end(notice, NoticeEnd.UNTRUSTED, now)
        return None
    if payment.state in _GIVEN_UP:
        _after_giving_up(payment, read, now)
    elif not _is_a_deposit(read):
        open_case(payment, CaseKind.DEPOSIT_CONDITION, now=now, **_seen(read))
    if not payment.process_id:
        _end(notice, NoticeEnd.FOR_STAFF, now)
        return None
    if this.is_silent(payment.mode):
        _later(notice, now)
        return None
    asked = ask(payment, clock)
    told = conclude(payment, asked, by=ResolvedBy.NOTICE, now=clock.now()).told
    if told in _TOLD_NOTHING or _is_a_deposit(read):
        _BY_WHAT_WAS_TOLD[told](payment, notice, read, clock.now())
    else:
        _end(notice, NoticeEnd.FOR_STAFF, clock.now())
    return told


def _is_known(slip: Slip, read: DepositNotice) -> bool:
    """The deposit stands on the slip already: a notice that was sent again."""
    known = slip.deposited_at is not None and bool(slip.receipt_number)
    return known and read.recv_num == slip.receipt_number and _is_a_deposit(read)


def _is_a_deposit(read: DepositNotice) -> bool:
    return read.condition == _A_DEPOSIT and read.response_cd == "OK"


def _nudge(payment: Payment, now: datetime) -> None:
    """Have the poller ask a little sooner, and seldom, whoever sends whatever; also about a slip
    that has ended and is left alone by now.
    """
    if payment.state not in ASKED_ABOUT:
        return
    long_ago = Q(asked_at__isnull=True) | Q(asked_at__lt=now - _NUDGED_EVERY)
    later = Q(due_at__isnull=True) | Q(due_at__gt=now)
    Slip.objects.filter(long_ago, later, payment_id=payment.pk).update(due_at=now)


def _after_giving_up(payment: Payment, read: DepositNotice, now: datetime) -> None:
    """A deposit for a registration that was lost: staff decide, and the gateway can be asked."""
    open_case(payment, CaseKind.DEPOSIT_AFTER_END, now=now, state=payment.state, **_seen(read))
    if not payment.process_id and read.process_id and read.process_pass:
        Payment.objects.filter(pk=payment.pk, state=PaymentState.LOST, process_id="").update(
            process_id=read.process_id, process_pass=read.process_pass
        )
        payment.refresh_from_db()


def _unmatched(
    notice: Notice, read: DepositNotice, part: CollectionAccount | None, now: datetime
) -> None:
    """It is none of ours; one that is genuine all the same is for staff."""
    others = part is not None and read.merchant_id != part.merchant_id
    notice.genuine = part is not None and is_genuine(read, part, now)
    end = NoticeEnd.OTHER_MERCHANT if others else NoticeEnd.UNKNOWN_PAYMENT
    if notice.genuine and _is_news(notice, read):
        seen = {"transaction_code": notice.transaction_code, **_seen(read)}
        open_case_without_payment(CaseKind.NOTICE_UNMATCHED, now=now, **seen)
    if not (notice.genuine or others):
        count_in_one_case(CaseKind.NOTICE_UNTRUSTED, now=now)
    _end(notice, end, now)


def _is_news(notice: Notice, read: DepositNotice) -> bool:
    """Whether no other notice of the same deposit has come before."""
    before = Case.objects.filter(
        kind=CaseKind.NOTICE_UNMATCHED,
        seen__transaction_code=notice.transaction_code,
        seen__receipt=read.recv_num,
    )
    return not before.exists()


def _deposited(payment: Payment, notice: Notice, read: DepositNotice, now: datetime) -> None:
    """入金済; a genuine notice of another deposit for the same slip is for staff."""
    if read.recv_num and not _is_known(payment.slip, read):
        open_case(payment, CaseKind.PAID_TWICE, now=now, **_seen(read))
        _end(notice, NoticeEnd.FOR_STAFF, now)
    else:
        _end(notice, NoticeEnd.DEPOSITED, now)


def _denied(payment: Payment, notice: Notice, read: DepositNotice, now: datetime) -> None:
    """2Ref knows no deposit yet: asked again some times, and then staff are told."""
    if payment.state in _GIVEN_UP:
        _end(notice, NoticeEnd.FOR_STAFF, now)
    elif notice.attempts < _MOST_DENIALS:
        _later(notice, now)
    else:
        open_case(payment, CaseKind.DEPOSIT_CONDITION, now=now, **_seen(read))
        _end(notice, NoticeEnd.NOT_PAID, now)


def _gone(payment: Payment, notice: Notice, read: DepositNotice, now: datetime) -> None:
    """2Ref knows the slip no more, and somebody who knows the password tells of a deposit."""
    if payment.state != PaymentState.UNPAID:
        seen = {"state": payment.state, **_seen(read)}
        open_case(payment, CaseKind.DEPOSIT_AFTER_END, now=now, **seen)
    _end(notice, NoticeEnd.FOR_STAFF, now)


def _for_staff(_payment: Payment, notice: Notice, _read: DepositNotice, now: datetime) -> None:
    _end(notice, NoticeEnd.FOR_STAFF, now)


def _again(_payment: Payment, notice: Notice, _read: DepositNotice, now: datetime) -> None:
    _later(notice, now)


_BY_WHAT_WAS_TOLD: Final[
    Mapping[Told, Callable[[Payment, Notice, DepositNotice, datetime], None]]
] = {
    Told.PAID: _deposited,
    Told.UNPAID: _denied,
    Told.GONE: _gone,
    Told.AMOUNT_DIFFERS: _for_staff,
    Told.FOR_STAFF: _for_staff,
    Told.UNTOLD: _again,
    Told.NO_ANSWER: _again,
    Told.NOT_NOW: _again,
}


def _seen(read: DepositNotice) -> dict[str, Any]:
    """What a case tells of a notice."""
    paid_at = read.deposit.paid_at if read.deposit else None
    return {
        "amount": read.amount,
        "paid_at": in_japan(paid_at).isoformat() if paid_at else "",
        "receipt": read.recv_num,
        "institution": read.deposit.cvs_cd if read.deposit else "",
        "condition": read.condition,
        "response": read.response_cd,
    }


def _end(notice: Notice, end: NoticeEnd, now: datetime, note: str = "") -> None:
    """It was looked at, and is never due again."""
    columns = {
        "end": end,
        "note": note[:200],
        "genuine": notice.genuine,
        "transaction_code": notice.transaction_code,
        "payment": notice.payment_id,
        "processed_at": now,
        "due_at": None,
        "leased_until": None,
    }
    update_row(notice, columns)


def _later(notice: Notice, now: datetime) -> None:
    notice.release(due_at=now + min(_PAUSE * (1 << min(notice.attempts - 1, 10)), _LONGEST_PAUSE))


def _give_up_for_now(notice: Notice, now: datetime) -> None:
    """Something here is broken: look again later, in the end tell staff."""
    if notice.attempts < _MOST_ATTEMPTS:
        _later(notice, now)
        return
    seen = {"transaction_code": notice.transaction_code, "notice": notice.pk}
    open_case_without_payment(CaseKind.NOTICE_UNMATCHED, now=now, **seen)
    _end(notice, NoticeEnd.FOR_STAFF, now)
