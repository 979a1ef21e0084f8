"""A card payment at the panel: 売上計上, 利用額変更, 取消, 再オーソリ, and 1Search."""

from __future__ import annotations

from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils.translation import gettext as _

from escott.clock import in_japan
from escott.django.models.operation import OPERATION_LABELS
from escott.django.panel.buttons import OperationButton, reason_of
from escott.django.panel.card_buttons import card_button, card_buttons
from escott.django.panel.card_confirmation import TOLD_BY_MAIL, Confirmation
from escott.django.panel.card_inquiry_texts import in_words
from escott.django.panel.days import japan_day
from escott.django.panel.desk import Desk, Inquiry
from escott.django.panel.forms import AmountForm, KeyForm, PressForm, new_key, same_amount
from escott.django.payment_page import see_other
from escott.django.permissions import may_operate
from escott.django.services.adopt import NothingToAdopt, adopt
from escott.django.services.claim import KeyReused, NotPossible
from escott.django.services.compare import OPEN, compare
from escott.django.services.operate import operate
from escott.rules.card_states import NEEDS_AMOUNT, CardOperation
from escott.rules.operability import STAFF_OPERATIONS
from escott.rules.yen import format_yen

_AMOUNT: Final = "escott/panel/amount.html"
_CONFIRM: Final = "escott/panel/confirm.html"


class CardDesk(Desk):
    """One card payment.

    =====================================  ==============================================
    ``GET ?kind=cancel``                   the confirmation
    ``GET ?kind=change_amount``            the field for the new total
    ``GET ?kind=change_amount&amount=``    the confirmation, or what is wrong with the amount
    ``POST``                               the press of its button
    =====================================  ==============================================
    """

    @property
    def title(self) -> str:
        return _("Payment details")

    def buttons(self) -> list[OperationButton]:
        return card_buttons(self.payment, self.user, self.now)

    def inquiry(self) -> Inquiry | None:
        if self.payment.state not in OPEN or not self.payment.process_id:
            return None
        return Inquiry(
            button=_("Compare with the gateway"),
            asking=_("Asking the gateway how the payment stands…"),
        )

    def ask(self) -> HttpResponse:
        asked = self.request.GET
        kind = self._kind(asked.get("kind", ""))
        if kind is None:
            return see_other(self.page.detail_url())
        button = self._button(kind)
        if button.reason:
            return self.refuse(button.reason)
        if kind not in NEEDS_AMOUNT:
            return self._confirm(button, kind, amount=None)
        if "amount" not in asked:
            again = kind is CardOperation.REAUTHORISE
            form = AmountForm(None, initial={"amount": self.payment.amount if again else ""})
            return self._ask_amount(kind, form=form)
        form = AmountForm(asked)
        same = kind is CardOperation.CHANGE_AMOUNT and self.payment.amount
        if form.is_valid() and form.cleaned_data["amount"] == same:
            form.add_error("amount", same_amount(self.payment))
        if not form.is_valid():
            return self._ask_amount(kind, form=form, status=422)
        return self._confirm(button, kind, amount=form.cleaned_data["amount"])

    def press(self) -> HttpResponse:
        posted = self.request.POST
        kind = self._kind(posted.get("kind", ""))
        press = PressForm(posted)
        if kind is None or not press.is_valid():
            return self.refuse_form()
        button = self._button(kind)
        amount = None
        if kind in NEEDS_AMOUNT:
            form = AmountForm(posted)
            if not form.is_valid():
                return self._ask_amount(kind, form=form, status=422)
            amount = form.cleaned_data["amount"]
        if button.past_period and not press.cleaned_data["past_period"]:
            return self._confirm(button, kind, amount=amount, missing=True, status=422)
        return self._carry_out(kind, press.cleaned_data, amount, past_period=button.past_period)

    def inquire(self) -> HttpResponse:
        return self.page.show_inquiry(in_words(compare(self.payment.pk), self.payment))

    def adopt(self) -> HttpResponse:
        press = KeyForm(self.request.POST)
        if not press.is_valid():
            return self.refuse_form()
        try:
            operation = adopt(self.payment.pk, key=press.cleaned_data["key"], actor=self.user)
        except NothingToAdopt as nothing:
            told = in_words(nothing.comparison, self.payment)
            return self.page.show_payment(inquired=told, status=409)
        except NotPossible as refused:
            return self.refuse(reason_of(refused.obstacle, self.payment))
        except KeyReused:
            return self.refuse(_("The form was used before. Please begin again."))
        return see_other(self.page.detail_url(operation=operation.number))

    def _carry_out(
        self, kind: CardOperation, press: dict[str, Any], amount: int | None, *, past_period: bool
    ) -> HttpResponse:
        return self.carry_out(
            lambda: operate(
                self.payment.pk,
                kind,
                key=press["key"],
                amount=amount,
                actor=self.user,
                past_period=past_period,
                tells_customer=press["tells_customer"] and kind in TOLD_BY_MAIL,
                after=press["after"],
            ),
            same=lambda: same_amount(self.payment),
        )

    def _button(self, kind: CardOperation) -> OperationButton:
        return card_button(self.payment, kind, self.user, self.now)

    def _kind(self, asked: str) -> CardOperation | None:
        """The operation that was asked for, which this user may ask for."""
        if asked not in STAFF_OPERATIONS:
            return None
        kind = CardOperation(asked)
        if not may_operate(self.user, kind):
            raise PermissionDenied
        return kind

    def _ask_amount(
        self, kind: CardOperation, *, form: AmountForm, status: int = 200
    ) -> HttpResponse:
        context = {
            "kind": kind,
            "payment": self.payment,
            "held": format_yen(self.payment.amount),
            "form": form,
        }
        return self.page.show(_AMOUNT, str(OPERATION_LABELS[kind]), context, status=status)

    def _confirm(
        self,
        button: OperationButton,
        kind: CardOperation,
        *,
        amount: int | None,
        missing: bool = False,
        status: int = 200,
    ) -> HttpResponse:
        """The confirmation.

        Args:
            missing: the box about the last day was not ticked.
        """
        payment = self.payment
        confirmation = Confirmation.of(
            payment,
            kind,
            amount=amount,
            today=in_japan(self.now).date(),
            past_period=button.past_period,
        )
        context = {
            "confirmation": confirmation,
            "payment": payment,
            "amount": amount,
            "key": new_key(),
            "after": self.operations_seen,
            "missing": missing,
            "last_day": japan_day(payment.operable_until) if payment.operable_until else "",
        }
        return self.page.show(_CONFIRM, confirmation.title, context, status=status)
