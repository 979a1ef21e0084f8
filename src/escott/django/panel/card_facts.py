"""What staff see of a card payment, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from escott.django.models import Payment
from escott.django.panel.days import japan_day, japan_time, with_days_left
from escott.django.panel.facts import Fact
from escott.django.pay_type_labels import PAY_TYPE_LABELS
from escott.django.secure_results import meaning_of
from escott.rules.payment_states import PAID, PaymentState
from escott.rules.watch_dates import NEAR_DAYS, days_left


def card_facts(payment: Payment, today: date) -> Iterator[Fact]:
    """The facts in the language of the page.

    Args:
        today: the date in Japan.
    """
    yield Fact(_("Transaction code"), payment.transaction_code)
    yield Fact(_("Started"), japan_time(payment.created_at))
    if payment.captured_on:
        yield Fact(_("Sales date"), japan_day(payment.captured_on))
    yield Fact(_("Number of payments"), str(PAY_TYPE_LABELS.get(payment.pay_type, "")))
    if payment.card_label:
        yield Fact(_("Card"), payment.card_label)
    if payment.member is not None:
        yield Fact(_("Saved card"), payment.member.label)
    if code := payment.secure_result_code:
        yield Fact(_("3-D Secure"), f"{code}: {meaning_of(code)}")
    if payment.consent_id:
        yield Fact(_("Consent"), _("given"))
    if payment.operable_until:
        yield _last_day(payment, payment.operable_until, today)
    if payment.email:
        yield Fact(_("E-mail of the customer"), payment.email)
    if payment.is_paid and not payment.process_id:
        yield Fact(
            _("Settled by staff"),
            _(
                "It has no ProcessId: operate on it in the gateway's console, by the "
                "transaction code above."
            ),
            urgent=True,
        )


def _last_day(payment: Payment, last_day: date, today: date) -> Fact:
    uncaptured = payment.state == PaymentState.AUTHORISED
    label = _("Capture by") if uncaptured else _("Operations until")
    waits = PaymentState(payment.state) in PAID | {PaymentState.EXPIRED}
    near = waits and days_left(last_day, today) <= NEAR_DAYS
    return Fact(label, with_days_left(last_day, today), urgent=near)
