"""期限切れ: a 与信 past its handling period is not live any more.

Before it is called so, the gateway is asked once more: a 売上計上 in its console on the last day
would not be seen any more afterwards.
"""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from escott.clock import Clock, in_japan
from escott.django.models import Case, CaseKind, MerchantAccount, Payment
from escott.django.models.operation import UNFINISHED
from escott.django.services.announce import announce
from escott.django.services.cases import close_cases, open_case
from escott.django.services.compare import Told, asked_lately, compare_first, may_ask
from escott.rules.drift import Drift
from escott.rules.payment_states import PaymentState

#: How many payments one round looks at.
_A_ROUND: Final = 100

#: So many days after the last one, a gateway that has told nothing is waited for no more.
_DAYS_OF_WAITING: Final = timedelta(days=1)


def expire_due(clock: Clock, stop: threading.Event) -> int:
    """Mark authorisations whose last day of operations has passed; the number marked.

    One that was captured in the gateway's console has its case, and does not run out while that
    is open.
    """
    marked = 0
    for payment in _past_its_last_day(clock.now())[:_A_ROUND]:
        if stop.is_set():
            break
        if _has_run_out(payment, clock):
            marked += _expire(payment, clock)
    return marked


def _past_its_last_day(now: datetime) -> QuerySet[Payment]:
    differs = Case.objects.filter(
        payment=OuterRef("pk"), kind=CaseKind.STATE_DIFFERS, closed_at__isnull=True
    )
    return (
        Payment.objects.filter(state=PaymentState.AUTHORISED, operable_until__lt=now.date())
        .exclude(operations__state__in=UNFINISHED)
        .exclude(Exists(differs))
        .exclude(asked_lately(now))
    )


def _has_run_out(payment: Payment, clock: Clock) -> bool:
    """Whether nobody has captured it, as far as the gateway tells."""
    now = clock.now()
    if not payment.process_id or _was_asked_in_vain(payment, now):
        return True
    account = MerchantAccount.current_or_none()
    if account is None or not may_ask(account, now):
        return False
    row = Payment.objects.filter(pk=payment.pk).exclude(asked_lately(now))
    told = compare_first(row, payment.pk, clock)
    if told is None or told.told is Told.NO_ANSWER:
        return False
    return told.drift is not Drift.CAPTURED


def _was_asked_in_vain(payment: Payment, now: datetime) -> bool:
    """The gateway had its chance since the last day, and some time more, and told nothing."""
    last_day, asked_at = payment.operable_until, payment.compare_asked_at
    if last_day is None or asked_at is None or now.date() <= last_day + _DAYS_OF_WAITING:
        return False
    asked_since = in_japan(asked_at).date() > last_day
    told_at = payment.compared_at
    return asked_since and (told_at is None or in_japan(told_at).date() <= last_day)


def _expire(payment: Payment, clock: Clock) -> bool:
    """Lock the payment, so that no operation is claimed meanwhile, and look again."""
    with transaction.atomic():
        locked = Payment.objects.select_for_update().get(pk=payment.pk)
        busy = locked.operations.filter(state__in=UNFINISHED).exists()
        if busy or locked.state != PaymentState.AUTHORISED:
            return False
        locked.state, locked.live = PaymentState.EXPIRED, False
        locked.announce_due_at = clock.now()
        locked.compare_due_at = None
        locked.save(update_fields=["state", "live", "announce_due_at", "compare_due_at"])
        close_cases(locked, [CaseKind.AMOUNT_DIFFERS], now=clock.now())
        open_case(locked, CaseKind.EXPIRED, now=clock.now(), amount=locked.amount)
    announce(locked)
    return True
