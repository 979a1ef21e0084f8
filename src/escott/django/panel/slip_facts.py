"""What staff see of a payment by slip, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from escott.clock import in_japan
from escott.django.deposit_texts import institution_name
from escott.django.models import Payment, Slip
from escott.django.models.slip import slip_of
from escott.django.panel.days import day_of_week, japan_day, japan_time, with_days_left
from escott.django.panel.facts import Fact
from escott.django.services.collection import slip_page_url
from escott.rules.due_dates import DUE_NEAR_DAYS, days_left
from escott.rules.payment_states import PaymentState
from escott.rules.yen import format_yen


def slip_facts(payment: Payment, today: date) -> Iterator[Fact]:
    """The facts in the language of the page.

    Args:
        today: the date in Japan.
    """
    yield Fact(_("Transaction code"), payment.transaction_code)
    yield Fact(_("Started"), japan_time(payment.created_at))
    slip = slip_of(payment)
    if slip is None:
        return
    yield from _deposit(payment, slip)
    yield _due_date(payment, slip, today)
    yield from _ways_to_it(payment, slip)
    yield Fact(_("Change of amount or due date"), _change(slip))
    yield Fact(_("Payer"), f"{slip.payer_name} ({slip.payer_kana})")
    yield Fact(_("Telephone"), slip.payer_telephone)
    yield Fact(_("Goods on the slip"), slip.product)
    if payment.email:
        yield Fact(_("E-mail of the customer"), payment.email)
    if payment.operable_until:
        yield Fact(_("Operations until"), japan_day(payment.operable_until))


def fee_note(payment: Payment) -> str:
    """That the amount holds a fee, and how much; empty where there is none."""
    slip = slip_of(payment)
    if slip is None or not slip.fee:
        return ""
    return _("with a fee of %s") % format_yen(slip.fee)


def _deposit(payment: Payment, slip: Slip) -> Iterator[Fact]:
    """When and where it was paid in, also while staff have yet to accept it."""
    if slip.deposited_at is None:
        return
    waits = payment.state != PaymentState.DEPOSITED
    yield Fact(_("Paid in at"), f"{in_japan(slip.deposited_at):%Y/%m/%d %H:%M}", urgent=waits)
    if slip.institution:
        place = institution_name(slip.institution)
        if slip.branch:
            place = _("%(place)s (branch %(branch)s)") % {"place": place, "branch": slip.branch}
        yield Fact(_("Institution"), place)
    if slip.receipt_number:
        yield Fact(_("Receipt number"), slip.receipt_number)
    if slip.deposited_amount is not None and (waits or slip.deposited_amount != payment.amount):
        yield Fact(_("Amount paid in"), format_yen(slip.deposited_amount), urgent=waits)
    if slip.stamped:
        yield Fact(_("Revenue stamp"), _("on the receipt"))


def _due_date(payment: Payment, slip: Slip, today: date) -> Fact:
    written = day_of_week(slip.due_on)
    if payment.state != PaymentState.UNPAID:
        return Fact(_("Payable until"), written)
    near = days_left(slip.due_on, today) <= DUE_NEAR_DAYS
    text = with_days_left(slip.due_on, today, written=written)
    return Fact(_("Payable until"), text, urgent=near)


def _ways_to_it(payment: Payment, slip: Slip) -> Iterator[Fact]:
    """The number and the link, and that they may be worth nothing after a change was lost."""
    may_be_worthless = payment.state == PaymentState.UNPAID and not slip.link_code
    if slip.kessai_number:
        number = slip.kessai_number
        if may_be_worthless:
            number = _("%s (may be invalid)") % number
        yield Fact(_("Payment number"), number, urgent=may_be_worthless)
    if slip.former_number:
        yield Fact(_("Number before the change"), _("%s (invalid)") % slip.former_number)
    url = slip_page_url(payment, from_checkout=False)
    if url and slip.deposited_at is None:
        yield Fact(_("The slip"), _("Open the page that the customer sees"), url=url)


def _change(slip: Slip) -> str:
    return _("used up (once only)") if slip.changed else _("not used yet (once only)")
