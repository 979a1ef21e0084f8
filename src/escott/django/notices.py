"""Who is told by mail what: the shopper of an operation, the shop of what needs a person.

The notices to the shop need ``ESCOTT["SHOP_MAIL"]`` and are queued on every site. A host that
wants the mails about operations connects :func:`tell_of_operations` to ``payment_changed``, as
the Oscar shop does.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

from django.dispatch import receiver

from escott.django.clock import the_clock
from escott.django.conf import escott_settings
from escott.django.mail_facts import (
    WINDOW,
    occasion_of_case,
    occasion_of_operation,
    occasion_of_window,
    window_of,
)
from escott.django.mails import queue_mail
from escott.django.models import Case, Mail, Operation, Payment
from escott.django.models.mail import NO_ORDER, MailKind
from escott.django.models.operation import OperationState
from escott.django.signals import case_opened, last_day_near
from escott.rules.card_states import CardOperation

#: What the shopper is told of, where staff have asked for it.
OF_OPERATIONS: Final = {
    CardOperation.CANCEL: MailKind.PAYMENT_CANCELLED,
    CardOperation.CHANGE_AMOUNT: MailKind.AMOUNT_CHANGED,
}

#: Between the end of a window and its mail: a case dated in the window may be committed later.
_TIME_TO_COMMIT: Final = timedelta(minutes=1)


def tell_of_operations(payment: Payment, **_kwargs: Any) -> None:
    """Queue the shopper's mail for each operation that is done and was to be told, once."""
    told = Operation.objects.filter(
        payment=payment.pk, kind__in=OF_OPERATIONS, state=OperationState.OK, tells_customer=True
    )
    for operation in told.order_by("number"):
        queue_mail(
            OF_OPERATIONS[operation.card_operation],
            payment,
            occasion=occasion_of_operation(operation),
        )


@receiver(case_opened, dispatch_uid="escott.notices.of_a_case")
def tell_shop_of_case(case: Case, **_kwargs: Any) -> None:
    """Put the case into the mail of its window; one mail, however many cases there are."""
    if not escott_settings().shop_mail:
        return
    begin = window_of(case.opened_at)
    occasion = occasion_of_window(begin)
    due_at = begin + WINDOW + _TIME_TO_COMMIT
    wait = max(due_at - the_clock().now(), timedelta(0))
    if _queue_for_shop(MailKind.SHOP_CASE, occasion, wait=wait):
        return
    if Mail.objects.filter(kind=MailKind.SHOP_CASE, occasion=occasion, attempts__gt=0).exists():
        _queue_for_shop(MailKind.SHOP_CASE, occasion_of_case(case))


@receiver(last_day_near, dispatch_uid="escott.notices.of_last_days")
def tell_shop_of_last_days(payments: Sequence[Payment], now: date, **_kwargs: Any) -> None:
    """One mail a day; it lists the payments that are near when it is sent."""
    if payments and escott_settings().shop_mail:
        _queue_for_shop(MailKind.SHOP_DATES, now.isoformat())


def _queue_for_shop(kind: MailKind, occasion: str, wait: timedelta = timedelta(0)) -> bool:
    return queue_mail(kind, None, order_reference=NO_ORDER, occasion=occasion, wait=wait)
