"""The form by which a placed order becomes one that is paid by slip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest
from django.utils.translation import gettext as _

from escott.django.advice import TOTAL_CHANGED, in_language_of_page
from escott.django.card_page import new_press
from escott.django.days import day_in_words
from escott.django.slip_advice import asks_for_other_details
from escott.oscar.checkout.ways import BySlip
from escott.oscar.own_orders import is_own_order
from escott.oscar.payer_form import PayerForm
from escott.oscar.payers import (
    PayerDetails,
    details_of,
    newest_attempt_by_slip,
    payer_on_slip_of,
)
from escott.oscar.payment_methods import OfferedMethod
from escott.rules.payer import Payer
from escott.rules.yen import format_yen

#: Names the choice in what is posted.
METHOD: Final = "method"

_LONGEST_PRESS: Final = 64


@dataclass(frozen=True, slots=True)
class SlipForm:
    """What the page shows.

    Attributes:
        method: online collection, with the fee of this order.
        payer_form: asks who pays; ``None`` where the order tells.
        press: names the press of the button.
        notice: why the last press was not taken.
    """

    method: OfferedMethod
    payer_form: PayerForm | None
    press: str
    notice: str = ""

    @property
    def button(self) -> str:
        """What the button says."""
        return _("Pay in this way (%(amount)s)") % {"amount": format_yen(self.method.amount)}

    @property
    def fee(self) -> str:
        """``¥330``; empty where there is none."""
        return format_yen(self.method.fee) if self.method.fee else ""

    @property
    def due_date(self) -> str:
        """The last day, if the slip is registered today."""
        return day_in_words(self.method.due_on) if self.method.due_on else ""


class SlipNotTaken(Exception):
    """What was posted makes no slip; nothing was written. ``form`` says what to mend."""

    def __init__(self, form: SlipForm) -> None:
        super().__init__("not a slip")
        self.form = form


def slip_form(request: HttpRequest, order: Any, method: OfferedMethod) -> SlipForm:
    """The form as this visitor gets it.

    A payer who is asked for is filled in for the order's own shopper alone: whoever else holds
    the link is shown nobody's name.
    """
    payer_form = None
    if known_payer(order) is None:
        known = details_of(order) if is_own_order(request, order) else PayerDetails()
        payer_form = PayerForm(known=known)
    return SlipForm(method, payer_form, new_press())


def read_slip(request: HttpRequest, order: Any, method: OfferedMethod) -> BySlip:
    """The slip that was asked for.

    Raises:
        SlipNotTaken: the total has changed, or the payer cannot stand on a slip.
    """
    press = request.POST.get("press", "")[:_LONGEST_PRESS] or new_press()
    payer, payer_form = known_payer(order), None
    if payer is None:
        payer_form = PayerForm(request.POST)
        if not payer_form.is_valid():
            raise SlipNotTaken(SlipForm(method, payer_form, press))
        payer = payer_form.payer
    if request.POST.get("amount") != str(method.amount):
        notice = in_language_of_page(TOTAL_CHANGED)
        raise SlipNotTaken(SlipForm(method, payer_form, press, notice))
    return BySlip(payer, fee=method.fee, press=press)


def known_payer(order: Any) -> Payer | None:
    """Who pays, as an earlier slip or the order's address tells; ``None`` if the shopper has to
    be asked, such as after the gateway did not take it.
    """
    newest = newest_attempt_by_slip(order)
    if newest is not None and asks_for_other_details(newest):
        return None
    return payer_on_slip_of(order) or details_of(order).payer()
