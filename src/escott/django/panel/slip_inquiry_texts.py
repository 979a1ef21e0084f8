"""What 2Ref has told about a slip, in words; from our rows, in which it stands by then."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from escott.clock import in_japan
from escott.django.deposit_texts import institution_name
from escott.django.models import Payment, Slip
from escott.django.panel.inquiry_text import InquiryText
from escott.django.services.collection import Told
from escott.rules.yen import format_yen


def in_words(told: Told, payment: Payment, slip: Slip) -> InquiryText:
    """What was told, in the language of the page.

    Args:
        payment, slip: as they stand after the inquiry.
    """
    return _WORDS[told](payment, slip)


def _paid(_payment: Payment, slip: Slip) -> InquiryText:
    return InquiryText("ok", _("It has been paid in: %s") % _deposit(slip))


def _unpaid(_payment: Payment, _slip: Slip) -> InquiryText:
    return InquiryText("waits", _("Nothing has been paid in so far."))


def _gone(_payment: Payment, _slip: Slip) -> InquiryText:
    return InquiryText(
        "differs",
        _("The gateway does not know this slip."),
        [_("It was cancelled in the gateway's console, or its period is over.")],
    )


def _amount_differs(payment: Payment, slip: Slip) -> InquiryText:
    asks = _("The slip asks for %s. Settle it here before anything else.")
    return InquiryText(
        "differs",
        _("Another amount has been paid in: %s") % _deposit(slip),
        [asks % format_yen(payment.amount)],
    )


def _for_staff(_payment: Payment, slip: Slip) -> InquiryText:
    return InquiryText(
        "differs",
        _("It has been paid in although it had ended: %s") % _deposit(slip),
        [_("Accept the deposit, or give the money back.")],
    )


def _no_answer(_payment: Payment, _slip: Slip) -> InquiryText:
    return InquiryText("unknown", _(_NOT_TOLD), [_(_LATER)])


def _not_now(_payment: Payment, _slip: Slip) -> InquiryText:
    return InquiryText("unknown", _(_BUSY))


_NOT_TOLD: Final = noop("The gateway did not tell whether it has been paid in.")
_LATER: Final = noop("Nothing is known from this inquiry. Please try again later.")
_BUSY: Final = noop("It cannot be asked about now: an operation has not ended.")


def _deposit(slip: Slip) -> str:
    """``¥3,780, Lawson, 2026/04/02 09:10``, as far as the gateway has told."""
    parts = [
        format_yen(slip.deposited_amount) if slip.deposited_amount is not None else "",
        institution_name(slip.institution),
        f"{in_japan(slip.deposited_at):%Y/%m/%d %H:%M}" if slip.deposited_at else "",
    ]
    return ", ".join(filter(None, parts))


_WORDS: Final[Mapping[Told, Callable[[Payment, Slip], InquiryText]]] = {
    Told.PAID: _paid,
    Told.UNPAID: _unpaid,
    Told.GONE: _gone,
    Told.AMOUNT_DIFFERS: _amount_differs,
    Told.FOR_STAFF: _for_staff,
    Told.UNTOLD: _no_answer,
    Told.NO_ANSWER: _no_answer,
    Told.NOT_NOW: _not_now,
}
