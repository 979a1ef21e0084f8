"""お支払い方法: chosen by the shopper where there is a choice."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from oscar.apps.checkout.views import PaymentMethodView as OscarPaymentMethodView

from escott.oscar.checkout.private_pages import payment_page
from escott.oscar.payment_methods import PaymentMethod, available_methods


class PaymentMethodForm(forms.Form):
    """One radio button for each method."""

    def __init__(self, methods: list[PaymentMethod], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["method"] = forms.ChoiceField(
            label=_("Payment method"),
            widget=forms.RadioSelect,
            choices=[(method.code, method.title) for method in methods],
        )


@payment_page
class PaymentMethodView(OscarPaymentMethodView):
    """Skipped while there is one method: it is then named on the confirmation page."""

    template_name = "oscar/checkout/payment_method.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        methods = self._methods()
        if len(methods) > 1:
            form = PaymentMethodForm(
                methods, initial={"method": self.checkout_session.payment_method()}
            )
            return self._ask(methods, form)
        if methods:
            self.checkout_session.pay_by(methods[0].code)
        return self._go_on()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        methods = self._methods()
        form = PaymentMethodForm(methods, request.POST)
        if not form.is_valid():
            return self._ask(methods, form)
        self.checkout_session.pay_by(form.cleaned_data["method"])
        return self._go_on()

    def _go_on(self) -> HttpResponse:
        return redirect(self.get_success_url())

    def _methods(self) -> list[PaymentMethod]:
        total = self.build_submission()["order_total"]
        return available_methods(total.incl_tax) if total else []

    def _ask(self, methods: list[PaymentMethod], form: PaymentMethodForm) -> HttpResponse:
        context = self.get_context_data(methods=methods, form=form)
        return TemplateResponse(self.request, self.template_name, context)
