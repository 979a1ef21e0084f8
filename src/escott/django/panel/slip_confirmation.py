"""What a person is asked to confirm about a slip: before and after, and what it means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop
from django.utils.translation import pgettext

from escott.django.models import Payment, Slip
from escott.django.models.payment import STATE_LABELS
from escott.django.panel.days import day_of_week
from escott.django.panel.slip_buttons import SlipPress, label_of
from escott.rules.payment_states import PaymentState
from escott.rules.yen import format_yen


@dataclass(frozen=True, slots=True)
class Change:
    """One thing before and after; ``after`` is the same where it stays."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class SlipConfirmation:
    """The words of one confirmation, in the language of the page.

    Attributes:
        state_after: the badge afterwards, its state and its word; ``None`` where it stays.
        says: what it means, a sentence each.
        mail_to: whom a mail can tell of it, by choice; empty where there is no choice.
        asks_reason: why it is done has to be said.
    """

    press: SlipPress
    title: str
    changes: list[Change]
    says: list[str]
    state_after: tuple[str, str] | None = None
    mail_to: str = ""
    asks_reason: bool = False

    @property
    def button(self) -> str:
        if self.press in _GO_AHEAD:
            return _(_GO_AHEAD[self.press])
        return pgettext("confirm a payment operation", "%(operation)s: go ahead") % {
            "operation": label_of(self.press)
        }


#: The button where what it does is not called by a noun, as the operations of the history are.
_GO_AHEAD: Final[Mapping[SlipPress, str]] = {
    SlipPress.GUIDANCE: noop("Send it again"),
    SlipPress.ACCEPT: noop("Accept it"),
    SlipPress.TREAT_AS_DELETED: noop("Count it as cancelled"),
}


def of_change(payment: Payment, slip: Slip, amount: int, due_on: date) -> SlipConfirmation:
    """変更 to this amount and this last day."""
    told = (
        _("A mail with the new number goes to %(mail)s by itself.") % {"mail": payment.email}
        if payment.email
        else _("The customer's e-mail address is not known: tell them the new number yourself.")
    )
    return SlipConfirmation(
        press=SlipPress.CHANGE,
        title=_("Change this slip?"),
        changes=[
            Change(_("Amount"), format_yen(payment.amount), format_yen(amount)),
            Change(_("Payable until"), day_of_week(slip.due_on), day_of_week(due_on)),
        ],
        says=[
            _("A slip can be changed once only. After this it cannot be changed any more."),
            _("The payment number changes. The customer's old number becomes worthless."),
            told,
        ],
    )


def of_deletion(payment: Payment) -> SlipConfirmation:
    """取消."""
    return SlipConfirmation(
        press=SlipPress.DELETE,
        title=_("Cancel this slip?"),
        changes=[Change(_("Amount"), format_yen(payment.amount), format_yen(payment.amount))],
        state_after=_state(PaymentState.DELETED),
        says=[
            _("The customer cannot pay by it any more. It cannot be registered again."),
            _("The order stays as it is: close it afterwards, or have it paid in another way."),
        ],
        mail_to=payment.email,
    )


def of_guidance(payment: Payment, slip: Slip) -> SlipConfirmation:
    """お支払い案内を再送."""
    return SlipConfirmation(
        press=SlipPress.GUIDANCE,
        title=_("Send how to pay again?"),
        changes=[
            Change(_("To"), payment.email, payment.email),
            _as_it_is(_("Payment number"), slip.kessai_number or "–"),
            _as_it_is(_("Payable until"), day_of_week(slip.due_on)),
        ],
        says=[
            _("The mail tells link, number, amount and due date as they are now. Nothing about the "
              "slip is changed."),
        ],
    )  # fmt: skip


def of_acceptance(payment: Payment, slip: Slip) -> SlipConfirmation:
    """入金額を受け入れる."""
    amount = format_yen(slip.deposited_amount or 0)
    return SlipConfirmation(
        press=SlipPress.ACCEPT,
        title=_("Accept what was paid in?"),
        changes=[Change(_("Amount"), format_yen(payment.amount), amount)],
        state_after=_state(PaymentState.DEPOSITED),
        says=[
            _("The payment counts as paid in with this amount, and the order goes on."),
            _("The order's total stays as it is. Where it differs, its page offers an order for "
              "the difference, or to record a refund."),
        ],
        asks_reason=True,
    )  # fmt: skip


def of_treating_as_deleted(payment: Payment) -> SlipConfirmation:
    """取消済みとして扱う."""
    return SlipConfirmation(
        press=SlipPress.TREAT_AS_DELETED,
        title=_("Treat this slip as cancelled?"),
        changes=[_as_it_is(_("Amount"), format_yen(payment.amount))],
        state_after=_state(PaymentState.DELETED),
        says=[
            _("The gateway is asked once more. Only if it still does not know the slip, our record "
              "says that it is cancelled."),
            _("The order stays as it is: close it afterwards, or have it paid in another way."),
        ],
    )  # fmt: skip


def _as_it_is(label: str, value: str) -> Change:
    return Change(label, value, value)


def _state(state: PaymentState) -> tuple[str, str]:
    return state.value, str(STATE_LABELS[state])
