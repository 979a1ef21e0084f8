"""What a queued mail tells, read when it is sent: amounts before and after, cases, last days.

The words are elsewhere; both hosts read these facts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from escott.clock import JST
from escott.django.models import Case, CaseKind, Mail, MerchantAccount, Mode, Operation, Payment
from escott.django.models.case import has_open
from escott.django.models.mail import MailKind
from escott.django.models.operation import OperationState
from escott.rules.card_states import CardOperation
from escott.rules.collection_states import CollectionOperation
from escott.rules.due_dates import is_over
from escott.rules.payment_states import PaymentState
from escott.rules.watch_dates import NEAR_DAYS
from escott.rules.yen import Yen

#: Cases of so many minutes go into one mail.
WINDOW: Final = timedelta(minutes=5)

#: In which state a payment by slip must be for a mail to be true; the mails of other kinds tell
#: what has happened, and stay true.
_TRUE_IN: Final[Mapping[MailKind, PaymentState]] = {
    MailKind.SLIP_REGISTERED: PaymentState.UNPAID,
    MailKind.SLIP_CHANGED: PaymentState.UNPAID,
    MailKind.SLIP_REMINDER: PaymentState.UNPAID,
    MailKind.SLIP_PAID: PaymentState.DEPOSITED,
    MailKind.SLIP_DELETED: PaymentState.DELETED,
    MailKind.SLIP_LAPSED: PaymentState.LAPSED,
}

_OF_AN_OPERATION: Final = "operation-"
_OF_A_WINDOW: Final = "from-"
_OF_ONE_CASE: Final = "case-"
_OF_A_LAST_DAY: Final = "last-day-"


def occasion_of_operation(operation: Operation) -> str:
    """Names the one mail about an operation."""
    return f"{_OF_AN_OPERATION}{operation.pk}"


def operation_of(mail: Mail) -> Operation:
    """The operation that a mail of :func:`occasion_of_operation` tells of."""
    number = int(mail.occasion.removeprefix(_OF_AN_OPERATION))
    return Operation.objects.select_related("payment").get(pk=number)


def occasion_of_last_day(due_on: date, days: int) -> str:
    """Names the reminder of a slip, so many days before its last day."""
    return f"{_OF_A_LAST_DAY}{due_on.isoformat()}-{days}"


def last_day_in(mail: Mail) -> date:
    """The last day that a reminder was queued for."""
    written = mail.occasion.removeprefix(_OF_A_LAST_DAY)
    return date.fromisoformat(written[: len("2026-01-01")])


def is_still_true(mail: Mail, now: datetime) -> bool:
    """Whether what a mail about a slip tells is so: it was not paid, deleted or changed since,
    and nobody is asked to pay by a number that the gateway does not know.
    """
    kind, payment = MailKind(mail.kind), mail.payment
    if kind not in _TRUE_IN or payment is None:
        return True
    if payment.state != _TRUE_IN[kind]:
        return False
    if payment.state == PaymentState.UNPAID and not _can_be_paid(payment):
        return False
    if kind is not MailKind.SLIP_REMINDER:
        return True
    return last_day_in(mail) == payment.slip.due_on and not is_over(payment.slip.due_on, now)


def _can_be_paid(payment: Payment) -> bool:
    return bool(payment.slip.link_code) and not has_open(payment, CaseKind.SLIP_GONE)


@dataclass(frozen=True, slots=True)
class Amounts:
    """What the shopper pays in yen: until an operation, and since."""

    before: Yen
    after: Yen


def amounts_of(operation: Operation) -> Amounts:
    """The figures of an operation that is done, as they were then, whatever came later."""
    earlier = (
        Operation.objects.filter(
            payment=operation.payment_id, number__lt=operation.number, state=OperationState.OK
        )
        .order_by("-number")
        .first()
    )
    before = earlier.amount if earlier is not None else operation.amount
    cancelled = operation.kind in {CardOperation.CANCEL, CollectionOperation.DELETE}
    return Amounts(Yen(before), Yen(0 if cancelled else operation.amount))


def window_of(moment: datetime) -> datetime:
    """The beginning of the window that the moment lies in."""
    return moment - (moment - _EPOCH) % WINDOW


def occasion_of_window(begin: datetime) -> str:
    """Names the one mail about the cases of a window."""
    return f"{_OF_A_WINDOW}{begin.astimezone(JST):%Y%m%dT%H%M}"


def occasion_of_case(case: Case) -> str:
    """Names the mail about a case that was written too late for its window's."""
    return f"{_OF_ONE_CASE}{case.pk}"


def cases_of(mail: Mail) -> Sequence[Case]:
    """The cases that a mail to the shop tells of, without those that are closed meanwhile."""
    cases = Case.objects.select_related("payment").filter(closed_at__isnull=True)
    if mail.occasion.startswith(_OF_ONE_CASE):
        return list(cases.filter(pk=int(mail.occasion.removeprefix(_OF_ONE_CASE))))
    written = mail.occasion.removeprefix(_OF_A_WINDOW)
    begin = datetime.strptime(written, "%Y%m%dT%H%M").replace(tzinfo=JST)
    return list(cases.filter(opened_at__gte=begin, opened_at__lt=begin + WINDOW).order_by("pk"))


def payments_near(today: date) -> Sequence[Payment]:
    """与信 whose last day of operations comes near, the nearest first."""
    return list(
        Payment.objects.filter(
            state=PaymentState.AUTHORISED,
            operable_until__gte=today,
            operable_until__lte=today + timedelta(days=NEAR_DAYS),
        ).order_by("operable_until", "id")
    )


def is_test(mail: Mail) -> bool:
    """Whether it tells of test mode: the payment's mode, or else the shop's of now."""
    if mail.payment is not None:
        return mail.payment.mode == Mode.TEST
    account = MerchantAccount.current_or_none()
    return account is not None and account.mode == Mode.TEST


_EPOCH: Final = datetime(2000, 1, 1, tzinfo=JST)
