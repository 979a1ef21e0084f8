"""What a person is asked to confirm: before and after in yen, and what it means."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop
from django.utils.translation import pgettext

from escott.django.models import Payment
from escott.django.models.operation import OPERATION_LABELS
from escott.django.models.payment import STATE_LABELS
from escott.django.panel.days import japan_day
from escott.rules.card_states import CHARGES, CardOperation, CardState, state_after
from escott.rules.payment_states import PaymentState
from escott.rules.yen import format_yen

#: The operations that the shopper is told of by mail.
TOLD_BY_MAIL: Final = frozenset({CardOperation.CANCEL, CardOperation.CHANGE_AMOUNT})


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The words of one confirmation, in the language of the page.

    Attributes:
        before, after: what the gateway holds, in yen.
        state_before, state_after: the badge before and after.
        says: what happens to the customer's money.
        mail_to: whom a mail can tell of it; empty where none is sent.
        past_period: the last day has passed; the person has to say that they know.
    """

    kind: CardOperation
    title: str
    before: str
    after: str
    state_before: tuple[str, str]
    state_after: tuple[str, str]
    says: str
    button: str
    mail_to: str
    past_period: bool

    @classmethod
    def of(
        cls,
        payment: Payment,
        kind: CardOperation,
        *,
        amount: int | None,
        today: date,
        past_period: bool = False,
    ) -> Confirmation:
        """What the operation would do to the payment as it stands.

        Args:
            amount: the new total in yen, for 利用額変更 and 再オーソリ.
            today: the date in Japan, which becomes 売上計上日 where money is taken.
        """
        state = PaymentState(payment.state)
        to = PaymentState(
            state_after(kind, state=state.card_state, charged_by=payment.charge).value
        )
        held = 0 if state is PaymentState.CANCELLED else payment.amount
        then = 0 if to is PaymentState.CANCELLED else (amount or payment.amount)
        return cls(
            kind=kind,
            title=_(_TITLES[kind]),
            before=format_yen(held),
            after=format_yen(then),
            state_before=(state.value, str(STATE_LABELS[state])),
            state_after=(to.value, str(STATE_LABELS[to])),
            says=_SAYS[kind](payment, held, then, today),
            button=pgettext("confirm a payment operation", "%(operation)s: go ahead")
            % {"operation": OPERATION_LABELS[kind]},
            mail_to=payment.email if kind in TOLD_BY_MAIL else "",
            past_period=past_period,
        )


_TITLES: Final[Mapping[CardOperation, str]] = {
    CardOperation.CAPTURE: noop("Capture this payment?"),
    CardOperation.CHANGE_AMOUNT: noop("Change the amount of this payment?"),
    CardOperation.CANCEL: noop("Cancel this payment?"),
    CardOperation.REAUTHORISE: noop("Re-authorise this payment?"),
}


def _takes_money(payment: Payment) -> bool:
    """The state is one in which money was taken, not only held."""
    return PaymentState(payment.state) in {PaymentState.GATHERED, PaymentState.CAPTURED}


def _on_capture(_payment: Payment, _held: int, then: int, today: date) -> str:
    return _("The customer's card is charged %(amount)s. The sales date is %(day)s.") % {
        "amount": format_yen(then),
        "day": japan_day(today),
    }


def _on_change(payment: Payment, held: int, then: int, _today: date) -> str:
    difference = {"difference": format_yen(abs(then - held))}
    if then > held:
        return (
            _(
                "The card is asked for %(difference)s more. The card company may refuse it; the "
                "amount then stays as it is."
            )
            % difference
        )
    if _takes_money(payment):
        return _("%(difference)s goes back to the customer.") % difference
    return _("%(difference)s less is held on the customer's card.") % difference


def _on_cancel(payment: Payment, held: int, _then: int, _today: date) -> str:
    amount = {"amount": format_yen(held)}
    if _takes_money(payment):
        return _("When it is cancelled, %(amount)s goes back to the customer.") % amount
    return (
        _(
            "When it is cancelled, %(amount)s is no longer held on the customer's card. Nothing "
            "is charged."
        )
        % amount
    )


def _on_reauthorise(payment: Payment, _held: int, then: int, today: date) -> str:
    words = {"amount": format_yen(then), "day": japan_day(today)}
    if CHARGES[payment.charge] is CardState.GATHERED:
        return (
            _(
                "The card is charged %(amount)s anew. The sales date is %(day)s. The card company "
                "may refuse it. The last day of operations stays as it is."
            )
            % words
        )
    return (
        _(
            "The card is authorised anew for %(amount)s. The card company may refuse it. The last "
            "day of operations stays as it is."
        )
        % words
    )


_SAYS: Final[Mapping[CardOperation, Callable[[Payment, int, int, date], str]]] = {
    CardOperation.CAPTURE: _on_capture,
    CardOperation.CHANGE_AMOUNT: _on_change,
    CardOperation.CANCEL: _on_cancel,
    CardOperation.REAUTHORISE: _on_reauthorise,
}
