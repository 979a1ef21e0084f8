"""What the gateway told about a payment, beside our record, and what it could not tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from escott.django.models import Payment
from escott.django.panel.days import japan_day
from escott.django.panel.inquiry_text import InquiryText
from escott.django.services.compare import Comparison, Told
from escott.rules.card_states import CardOperation
from escott.rules.drift import DONE_ELSEWHERE, Drift
from escott.rules.payment_states import PaymentState
from escott.rules.yen import format_yen

_DIFFERS: Final[Mapping[Drift, str]] = {
    Drift.CAPTURED: noop("The gateway's console shows it captured."),
    Drift.CANCELLED: noop("The gateway's console shows it cancelled."),
    Drift.REAUTHORISED: noop("The gateway's console shows it re-authorised."),
    Drift.AMOUNT_CHANGED: noop("The gateway's console shows another amount."),
    Drift.GONE: noop("The gateway does not know this payment any more."),
}

_NOT_NOW: Final = noop(
    "It cannot be compared now: an operation has not ended, its period is over, or the gateway "
    "has no such payment."
)

_CANNOT_TELL: Final[Mapping[PaymentState, str]] = {
    PaymentState.AUTHORISED: noop(
        "The gateway does not tell a cancelled authorisation from one that stands; only its "
        "console does."
    ),
    PaymentState.CANCELLED: noop(
        "The gateway does not tell a cancelled authorisation from one that was made anew; only "
        "its console does."
    ),
}


def in_words(comparison: Comparison, payment: Payment) -> InquiryText:
    """The comparison in the language of the page.

    Args:
        payment: our record as it was compared.
    """
    match comparison.told:
        case Told.SAME:
            untold = _what_is_untold(payment)
            if untold:
                return InquiryText("ok", _("The inquiry shows no difference."), untold)
            return InquiryText("ok", _("The gateway holds the same."))
        case Told.DIFFERS:
            return _difference(comparison)
        case Told.NO_ANSWER:
            return InquiryText(
                "unknown",
                _("The gateway did not tell how the payment stands."),
                [_("Nothing is known from this inquiry. Please try again later.")],
            )
        case Told.NOT_NOW:
            return InquiryText("unknown", _(_NOT_NOW))


def _what_is_untold(payment: Payment) -> list[str]:
    state = PaymentState(payment.state)
    told_by_sales_date = payment.charge is CardOperation.GATHER
    if state not in _CANNOT_TELL or (state is PaymentState.CANCELLED and told_by_sales_date):
        return []
    return [_(_CANNOT_TELL[state])]


def _difference(comparison: Comparison) -> InquiryText:
    drift = comparison.drift
    assert drift is not None, "what differs has a name"  # noqa: S101
    lines = [_("Somebody has operated on it outside this shop.")]
    found = comparison.found
    if found is not None and found.amount is not None and drift is not Drift.CANCELLED:
        lines.append(_("Amount at the gateway: %(amount)s") % {"amount": format_yen(found.amount)})
    if found is not None and found.sales_date is not None:
        lines.append(_("Sales date there: %(day)s") % {"day": japan_day(found.sales_date)})
    if drift is Drift.GONE:
        lines = [_("Look for the transaction code in the gateway's console.")]
    return InquiryText("differs", _(_DIFFERS[drift]), lines, drift in DONE_ELSEWHERE)
