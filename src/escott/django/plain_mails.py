"""What the mails of a site without texts of its own say, in a few lines each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from escott.django.advice import advice_in
from escott.django.case_texts import CaseText, explain_case
from escott.django.clock import the_clock
from escott.django.days import days_left_in_words
from escott.django.mail_facts import amounts_of, cases_of, operation_of, payments_near
from escott.django.models import Case, CaseKind, Mail, Mode, OperationState, Payment
from escott.django.models.mail import MailKind
from escott.django.shown_slip import ShownSlip, SlipStage
from escott.rules.watch_dates import days_left
from escott.rules.yen import format_yen


@dataclass(frozen=True, slots=True)
class Words:
    """One mail: its subject, its lines, and the amount below them.

    Attributes:
        amount: empty where the lines say it, and where nothing is to be paid any more.
    """

    headline: str
    lines: tuple[str, ...]
    amount: str


def words_of(mail: Mail) -> Words | None:
    """The mail in words; ``None`` where there is nothing to tell any more."""
    kind = MailKind(mail.kind)
    headline = str(kind.label)
    lines = _LINES[kind](mail) if kind in _LINES else (advice_in(mail) or headline,)
    if not lines:
        return None
    says_amount = mail.payment is not None and kind not in _WITHOUT_AMOUNT
    return Words(headline, lines, format_yen(_payment_of(mail).amount) if says_amount else "")


def amounts_line(mail: Mail) -> str:
    """What an operation has made of the amount: ¥3,780 → ¥3,000."""
    amounts = amounts_of(operation_of(mail))
    return f"{format_yen(amounts.before)} → {format_yen(amounts.after)}"


def told_of(case: Case) -> CaseText:
    """What a mail says of a case, as it stands now."""
    operation = None
    if case.payment is not None and case.kind == CaseKind.RESULT_UNKNOWN:
        operation = case.payment.operations.filter(state=OperationState.UNKNOWN).first()
    return explain_case(case, operation)


def case_line(case: Case) -> str:
    """One case: the order, the amount, what has happened, and the next step."""
    told = told_of(case)
    step = _("Next step: %s") % told.next_step
    return " ".join(filter(None, (_named(case.payment), told.what, told.money, step)))


def last_day_line(payment: Payment) -> str:
    """One payment: the order, the amount, the last day of operations, and the days left."""
    last, left = payment.operable_until, left_in_words(payment, the_clock().now().date())
    return f"{_named(payment)} {last:%Y/%m/%d} ({left})"


def left_in_words(payment: Payment, today: date) -> str:
    """Until the last day of operations: 3 days left."""
    assert payment.operable_until is not None, "asked only of payments with a last day"  # noqa: S101
    return days_left_in_words(days_left(payment.operable_until, today))


def _named(payment: Payment | None) -> str:
    if payment is None:
        return ""
    test = f" [{payment.get_mode_display()}]" if payment.mode == Mode.TEST else ""
    return f"{payment.order_reference} {format_yen(payment.amount)}{test}"


def _asks_for_payment(_mail: Mail) -> tuple[str, ...]:
    return (_("Please pay for your order on the shop's site."),)


def _cancelled(mail: Mail) -> tuple[str, ...]:
    return (
        _("The payment of your order has been cancelled."),
        amounts_line(mail),
        _("When the money is returned depends on your card company."),
    )


def _changed(mail: Mail) -> tuple[str, ...]:
    return (
        _("The amount of your payment has been changed."),
        amounts_line(mail),
        _("When the difference is charged or returned depends on your card company."),
    )


def _abandoned(_mail: Mail) -> tuple[str, ...]:
    return (
        _("Your order has been cancelled, as it was not paid in time. Nothing has been charged."),
    )


def _how_to_pay(payment: Payment) -> tuple[str, ...]:
    """What a shopper needs to pay a slip: amount, last day, number, and the page of the slip;
    nothing once it can't be paid any more.
    """
    slip = ShownSlip.of(payment)
    if slip.stage is not SlipStage.PAYABLE:
        return ()
    return (
        _("Amount: %s") % slip.amount,
        _("Payable until: %s, 23:59") % slip.due_date,
        _("Payment number: %s") % slip.number,
        _("How to pay: %s") % slip.link,
    )


def _registered(mail: Mail) -> tuple[str, ...]:
    how = _how_to_pay(_payment_of(mail))
    intro = _("Please pay at a convenience store, by Pay-easy or with e-money.")
    return (intro, *how) if how else ()


def _slip_changed(mail: Mail) -> tuple[str, ...]:
    how = _how_to_pay(_payment_of(mail))
    if not how:
        return ()
    return (
        _("The payment number of your order has changed. Please pay with the new one."),
        *how,
        _("The number that you were given before cannot be used any more."),
    )


def _reminder(mail: Mail) -> tuple[str, ...]:
    how = _how_to_pay(_payment_of(mail))
    intro = _("Your payment has not arrived yet. If you have just paid, please ignore this mail.")
    return (intro, *how) if how else ()


def _paid_in(mail: Mail) -> tuple[str, ...]:
    slip = ShownSlip.of(_payment_of(mail))
    if slip.stage is not SlipStage.PAID:
        return ()
    return (
        _("Thank you, your payment has arrived."),
        " ".join(filter(None, (slip.paid_at, slip.institution))),
    )


def _slip_cancelled(mail: Mail) -> tuple[str, ...]:
    return (
        _("This payment number was cancelled. It can't be paid any more."),
        _("Payment number: %s") % _payment_of(mail).slip.kessai_number,
    )


def _not_paid_in(mail: Mail) -> tuple[str, ...]:
    slip = ShownSlip.of(_payment_of(mail))
    if slip.stage is not SlipStage.LAPSED:
        return ()
    return (
        _("We have seen no payment by %s, so your order was cancelled.") % slip.due_date,
        _("Nothing has been charged."),
    )


def _payment_of(mail: Mail) -> Payment:
    assert mail.payment is not None, "asked only of mails about a payment"  # noqa: S101
    return mail.payment


def _open_cases(mail: Mail) -> tuple[str, ...]:
    return tuple(case_line(case) for case in cases_of(mail))


def _last_days(_mail: Mail) -> tuple[str, ...]:
    return tuple(last_day_line(payment) for payment in payments_near(the_clock().now().date()))


_WITHOUT_AMOUNT: Final = frozenset(
    {
        MailKind.SLIP_REGISTERED,
        MailKind.SLIP_CHANGED,
        MailKind.SLIP_REMINDER,
        MailKind.SLIP_DELETED,
        MailKind.SLIP_LAPSED,
    }
)

#: The kinds that say more than their advice (escott.django.advice).
_LINES: Final[Mapping[MailKind, Callable[[Mail], tuple[str, ...]]]] = {
    MailKind.PAYMENT_REQUEST: _asks_for_payment,
    MailKind.PAYMENT_CANCELLED: _cancelled,
    MailKind.AMOUNT_CHANGED: _changed,
    MailKind.ORDER_ABANDONED: _abandoned,
    MailKind.SLIP_REGISTERED: _registered,
    MailKind.SLIP_CHANGED: _slip_changed,
    MailKind.SLIP_REMINDER: _reminder,
    MailKind.SLIP_PAID: _paid_in,
    MailKind.SLIP_DELETED: _slip_cancelled,
    MailKind.SLIP_LAPSED: _not_paid_in,
    MailKind.SHOP_CASE: _open_cases,
    MailKind.SHOP_DATES: _last_days,
}
