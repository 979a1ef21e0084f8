"""A payment by slip at the panel: 変更, 取消, お支払い案内を再送, 2Ref, and what ends a matter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils.translation import gettext as _

from escott.django.models import Mail, Payment, Slip
from escott.django.panel.buttons import OperationButton, reason_of
from escott.django.panel.days import day_of_week
from escott.django.panel.desk import Desk, Inquiry
from escott.django.panel.forms import KeyForm, PressForm, new_key
from escott.django.panel.results import Notice
from escott.django.panel.slip_buttons import (
    NEEDED,
    SlipPress,
    is_way_out,
    slip_button,
    slip_buttons,
)
from escott.django.panel.slip_confirmation import (
    SlipConfirmation,
    of_acceptance,
    of_change,
    of_deletion,
    of_guidance,
    of_treating_as_deleted,
)
from escott.django.panel.slip_forms import (
    ChangeSlipForm,
    PressedChangeForm,
    ReasonForm,
    not_a_due_date,
    same_slip,
)
from escott.django.panel.slip_inquiry_texts import in_words
from escott.django.payment_page import see_other
from escott.django.services.claim import NotPossible
from escott.django.services.collection import (
    NotADueDate,
    Told,
    ask_about_deposit,
    change_slip,
    delete_slip,
)
from escott.django.services.collection.guidance import send_guidance
from escott.django.services.collection.taking_over import (
    NothingToTakeOver,
    accept_deposit,
    adopt_deletion,
)
from escott.rules.payment_states import PaymentState
from escott.rules.yen import format_yen

_CHANGE: Final = "escott/panel/slip_change.html"
_CONFIRM: Final = "escott/panel/slip_confirm.html"

#: What may become paid, so that the script asks as soon as the panel is open.
_ASKED_BY_ITSELF: Final = frozenset({PaymentState.UNPAID, PaymentState.LAPSED})

#: What our record says of a payment, and 2Ref may change.
_STANDING: Final = (
    "state",
    "amount",
    "needs_attention",
    "slip__due_on",
    "slip__link_code",
    "slip__deposited_at",
)


class SlipDesk(Desk):
    """One payment by slip.

    ========================================  ===========================================
    ``GET ?kind=change``                      the form: the new amount and due date
    ``GET ?kind=change&amount=&due_on=``      the confirmation, or what is wrong with them
    ``GET ?kind=delete``, ``?kind=guidance``  the confirmation
    ``POST``                                  the press of its button
    ========================================  ===========================================
    """

    @property
    def title(self) -> str:
        return _("Convenience store, e-money or Pay-easy")

    @property
    def slip(self) -> Slip:
        """Every payment by slip has one, written together with it."""
        return self.payment.slip

    def buttons(self) -> list[OperationButton]:
        return slip_buttons(self.payment, self.user, self.now)

    def inquiry(self) -> Inquiry | None:
        if not self.payment.process_id or self.payment.state == PaymentState.DEPOSITED:
            return None
        return Inquiry(
            button=_("Ask whether it is paid in"),
            asking=_("Asking the gateway whether it has been paid in…"),
            by_itself=self.payment.state in _ASKED_BY_ITSELF,
            again=True,
        )

    def said(self) -> Notice | None:
        """``?told=`` what the gateway has told of a deposit, ``?mail=`` whom a mail goes to."""
        asked = self.request.GET
        if asked.get("told") in set(Told):
            words = in_words(Told(asked["told"]), self.payment, self.slip)
            return Notice(words.tone, words.title, words.lines)
        number = asked.get("mail", "")
        if not number.isdecimal() or len(number) > _DIGITS:
            return None
        mail = Mail.objects.filter(pk=int(number), payment=self.payment).first()
        return None if mail is None else Notice("ok", _mail_goes(self.payment))

    def ask(self) -> HttpResponse:
        press = self._press(self.request.GET.get("kind", ""))
        if press is None:
            return see_other(self.page.detail_url())
        button = slip_button(self.payment, press, self.now)
        if button.reason:
            return self.refuse(button.reason)
        return self._ask_change() if press is SlipPress.CHANGE else self._confirm(press)

    def press(self) -> HttpResponse:
        press = self._press(self.request.POST.get("kind", ""))
        if press is None:
            return self.refuse_form()
        form_class, carry_out = _PRESSES[press]
        form = form_class(self.request.POST)
        if form.is_valid():
            return carry_out(self, form.cleaned_data)
        wrong = set(form.errors)
        return self._confirm(press, form, 422) if wrong == {"reason"} else self.refuse_form()

    def inquire(self) -> HttpResponse:
        """What has changed by it is shown on a new panel; the rest beside the old one."""
        before = self._standing()
        told = ask_about_deposit(self.payment.pk)
        if self._standing() != before:
            return see_other(self.page.detail_url(told=told.value))
        return self.page.show_inquiry(in_words(told, self.payment, self.slip))

    def adopt(self) -> HttpResponse:
        """A slip has ways out of its own, each with its confirmation."""
        return self.refuse_form()

    # ---- before the press ----

    def _press(self, asked: str) -> SlipPress | None:
        """What was asked for, which this user may ask for."""
        if asked not in set(SlipPress):
            return None
        press = SlipPress(asked)
        if not self.user.has_perm(NEEDED[press]):
            raise PermissionDenied
        return press

    def _ask_change(self) -> HttpResponse:
        asked = self.request.GET
        given = asked if {"amount", "due_on"} & asked.keys() else None
        form = ChangeSlipForm(given, payment=self.payment, now=self.now)
        if given is None:
            return self._show_change(form)
        if not form.is_valid():
            return self._show_change(form, 422)
        new = form.cleaned_data
        confirmation = of_change(self.payment, self.slip, new["amount"], new["due_on"])
        return self._show_confirmation(confirmation, new=new)

    def _show_change(self, form: ChangeSlipForm, status: int = 200) -> HttpResponse:
        context = {
            "form": form,
            "payment": self.payment,
            "held": format_yen(self.payment.amount),
            "fee": format_yen(self.slip.fee) if self.slip.fee else "",
            "due_now": day_of_week(self.slip.due_on),
            "limits": not_a_due_date(form.first_day, form.last_day),
        }
        return self.page.show(_CHANGE, _("Change the slip"), context, status=status)

    def _confirm(
        self, press: SlipPress, form: forms.Form | None = None, status: int = 200
    ) -> HttpResponse:
        if press in _WAYS_OUT and not is_way_out(press, self.payment):
            return self.refuse(_("There is nothing to settle any more."))
        return self._show_confirmation(
            _CONFIRMATIONS[press](self.payment, self.slip), form=form, status=status
        )

    def _show_confirmation(
        self,
        confirmation: SlipConfirmation,
        *,
        new: Mapping[str, Any] | None = None,
        form: forms.Form | None = None,
        status: int = 200,
    ) -> HttpResponse:
        """The confirmation.

        Args:
            new: the amount and the due date of a 変更.
            form: what was posted, and what is wrong with it.
        """
        context = {
            "confirmation": confirmation,
            "payment": self.payment,
            "new": new,
            "form": form or (ReasonForm() if confirmation.asks_reason else None),
            "key": new_key(),
            "after": self.operations_seen,
        }
        return self.page.show(_CONFIRM, confirmation.title, context, status=status)

    # ---- the press ----

    def change(self, press: Mapping[str, Any]) -> HttpResponse:
        """変更. A day that was possible when it was confirmed may have passed since."""
        amount, due_on = press["amount"], press["due_on"]
        try:
            return self.carry_out(
                lambda: change_slip(
                    self.payment.pk,
                    amount=amount,
                    due_on=due_on,
                    key=press["key"],
                    actor=self.user,
                    after=press["after"],
                ),
                same=lambda: same_slip(amount, due_on),
            )
        except NotADueDate:
            form = ChangeSlipForm(None, payment=self.payment, now=self.now)
            return self.refuse(not_a_due_date(form.first_day, form.last_day))

    def delete(self, press: Mapping[str, Any]) -> HttpResponse:
        """取消."""
        return self.carry_out(
            lambda: delete_slip(
                self.payment.pk,
                key=press["key"],
                actor=self.user,
                after=press["after"],
                tells_customer=press["tells_customer"],
            ),
            same=str,
        )

    def send_guidance(self, press: Mapping[str, Any]) -> HttpResponse:
        """お支払い案内を再送."""
        try:
            mail = send_guidance(self.payment.pk, key=press["key"], actor=self.user)
        except NotPossible as refused:
            return self.refuse(reason_of(refused.obstacle, self.payment))
        return see_other(self.page.detail_url(mail=mail.pk))

    def accept(self, press: Mapping[str, Any]) -> HttpResponse:
        """入金額を受け入れる."""
        return self._settle(
            lambda: self.carry_out(
                lambda: accept_deposit(
                    self.payment.pk, key=press["key"], reason=press["reason"], actor=self.user
                ),
                same=str,
            )
        )

    def treat_as_deleted(self, press: Mapping[str, Any]) -> HttpResponse:
        """取消済みとして扱う."""
        return self._settle(
            lambda: self.carry_out(
                lambda: adopt_deletion(self.payment.pk, key=press["key"], actor=self.user),
                same=str,
            )
        )

    def _settle(self, settle: Callable[[], HttpResponse]) -> HttpResponse:
        try:
            return settle()
        except NothingToTakeOver as nothing:
            if nothing.told is None:
                return self.refuse(_("There is nothing to settle any more."))
            return see_other(self.page.detail_url(told=nothing.told.value))

    def _standing(self) -> Any:
        return Payment.objects.filter(pk=self.payment.pk).values_list(*_STANDING).get()


#: The longest number of a row that is believed.
_DIGITS: Final = 18

_WAYS_OUT: Final = frozenset({SlipPress.ACCEPT, SlipPress.TREAT_AS_DELETED})

_CONFIRMATIONS: Final[Mapping[SlipPress, Callable[[Payment, Slip], SlipConfirmation]]] = {
    SlipPress.DELETE: lambda payment, _slip: of_deletion(payment),
    SlipPress.GUIDANCE: of_guidance,
    SlipPress.ACCEPT: of_acceptance,
    SlipPress.TREAT_AS_DELETED: lambda payment, _slip: of_treating_as_deleted(payment),
}

_Press = Callable[[SlipDesk, Mapping[str, Any]], HttpResponse]

#: What is posted for each press, and what carries it out.
_PRESSES: Final[Mapping[SlipPress, tuple[type[forms.Form], _Press]]] = {
    SlipPress.CHANGE: (PressedChangeForm, SlipDesk.change),
    SlipPress.DELETE: (PressForm, SlipDesk.delete),
    SlipPress.GUIDANCE: (KeyForm, SlipDesk.send_guidance),
    SlipPress.ACCEPT: (ReasonForm, SlipDesk.accept),
    SlipPress.TREAT_AS_DELETED: (KeyForm, SlipDesk.treat_as_deleted),
}


def _mail_goes(payment: Payment) -> str:
    return _("The mail that tells how to pay goes to %(mail)s.") % {"mail": payment.email}
