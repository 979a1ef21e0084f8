"""お支払い方法: chosen by the shopper where there is a choice, and what a slip has to know.

Name, reading and telephone number are asked for only where the order's address does not tell
them, and needed only of a shopper who pays by slip (requirements.md A068).
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from oscar.apps.checkout.views import PaymentMethodView as OscarPaymentMethodView

from escott.oscar.checkout.paying import Paying
from escott.oscar.checkout.private_pages import payment_page
from escott.oscar.payer_form import PayerForm
from escott.oscar.payers import PayerDetails
from escott.oscar.payment_methods import OfferedMethod


class PaymentMethodForm(forms.Form):
    """One radio button for each method."""

    def __init__(self, methods: tuple[OfferedMethod, ...], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["method"] = forms.ChoiceField(
            label=_("Payment method"),
            widget=forms.RadioSelect,
            choices=[(method.code, method.title) for method in methods],
        )


@payment_page
class PaymentMethodView(OscarPaymentMethodView):
    """Skipped while there is one method with nothing to ask: the confirmation page names it."""

    template_name = "oscar/checkout/payment_method.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        paying = self._paying()
        asks_payer = self._asks_payer(paying)
        if len(paying.methods) > 1 or asks_payer:
            form = PaymentMethodForm(
                paying.methods, initial={"method": self.checkout_session.payment_method()}
            )
            return self._ask(paying, form, self._payer_form() if asks_payer else None)
        if paying.methods:
            self.checkout_session.pay_by(paying.methods[0].code)
        return self._go_on()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        paying = self._paying()
        form = PaymentMethodForm(paying.methods, request.POST)
        payer_form = self._payer_form(request.POST) if self._asks_payer(paying) else None
        if not form.is_valid():
            unbound = self._payer_form() if payer_form is not None else None
            return self._ask(paying, form, unbound)
        code = form.cleaned_data["method"]
        chosen = next(method for method in paying.methods if method.code == code)
        if chosen.is_collection and payer_form is not None:
            if not payer_form.is_valid():
                return self._ask(paying, form, payer_form)
            self.checkout_session.keep_payer(payer_form.details)
        self.checkout_session.pay_by(code)
        return self._go_on()

    def _go_on(self) -> HttpResponse:
        return redirect(self.get_success_url())

    def _paying(self) -> Paying:
        self._submission = self.build_submission()
        return Paying.of(self._submission, self.checkout_session)

    def _asks_payer(self, paying: Paying) -> bool:
        """A slip is offered, and the address does not tell who would pay it."""
        offered = any(method.is_collection for method in paying.methods)
        return offered and self._known_by_address().payer() is None

    def _known_by_address(self) -> PayerDetails:
        address = self._submission["shipping_address"]
        return PayerDetails.of_address(address, self.checkout_session.kana() if address else {})

    def _payer_form(self, posted: Any = None) -> PayerForm:
        """What was typed before stands in it, or else what the address tells."""
        typed = self.checkout_session.payer()
        return PayerForm(
            posted, known=self._known_by_address() if typed == PayerDetails() else typed
        )

    def _ask(
        self, paying: Paying, form: PaymentMethodForm, payer_form: PayerForm | None
    ) -> HttpResponse:
        context = self.get_context_data(methods=paying.methods, form=form, payer_form=payer_form)
        return TemplateResponse(self.request, self.template_name, context)
