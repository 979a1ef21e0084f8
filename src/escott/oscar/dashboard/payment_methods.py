"""決済方法: both methods with their state, 有効化 and 管理 (requirements.md A020)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from escott.django.models import MerchantAccount, Mode
from escott.django.settings_forms import MethodNotAllowed, account_to_show, switch_card
from escott.oscar.payment_methods import reasons_not_offered

CHANGE = "escott.change_merchantaccount"


class MethodState(models.TextChoices):
    """What the list says of a method."""

    ON = "on", gettext_lazy("Enabled")
    OFF = "off", gettext_lazy("Disabled")
    INCOMPLETE = "incomplete", gettext_lazy("Settings incomplete")


@dataclass(frozen=True, slots=True)
class MethodRow:
    """One method in the list.

    Attributes:
        reasons: what keeps it from checkout, beside the switch itself.
        switch_url, settings_url: empty for a method that this version does not have.
    """

    name: str
    title: str
    description: str
    state: MethodState
    reasons: list[str]
    switch_url: str = ""
    settings_url: str = ""


def card_state(account: MerchantAccount) -> tuple[MethodState, list[str]]:
    """The card's state, and what is missing whether or not it is switched on."""
    reasons = [gap.reason for gap in reasons_not_offered(account) if gap.field != "card_enabled"]
    if not account.card_enabled:
        return MethodState.OFF, reasons
    return (MethodState.INCOMPLETE if reasons else MethodState.ON), reasons


class PaymentMethodsView(TemplateView):
    """The list."""

    template_name = "escott/oscar/settings/payment_methods.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        account = account_to_show()
        return super().get_context_data(
            **kwargs,
            methods=[_card(account), _collection()],
            is_test=account.mode == Mode.TEST,
            may_change=self.request.user.has_perm(CHANGE),
        )


class SwitchCardView(View):
    """有効化 or 無効化."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm(CHANGE):
            raise PermissionDenied
        try:
            account = switch_card(request.POST.get("on") == "1", request.user)
        except MethodNotAllowed as refusal:
            messages.error(request, str(refusal))
        else:
            _tell(request, account)
        return redirect("dashboard:payment-methods")


def _tell(request: HttpRequest, account: MerchantAccount) -> None:
    state, _reasons = card_state(account)
    if state is MethodState.ON:
        messages.success(request, _("Credit card is enabled. Checkout offers it."))
    elif state is MethodState.OFF:
        messages.success(request, _("Credit card is disabled. Checkout does not offer it."))
    else:
        text = _("Credit card is enabled, but checkout hides it: settings are missing.")
        messages.warning(request, text)


def _card(account: MerchantAccount) -> MethodRow:
    state, reasons = card_state(account)
    return MethodRow(
        _("e-SCOTT credit card"),
        account.card_title,
        _("Cards of the brands in your contract with the gateway, on your own pages or on its."),
        state,
        reasons,
        reverse("dashboard:card-switch"),
        reverse("dashboard:card-settings"),
    )


def _collection() -> MethodRow:
    return MethodRow(
        _("e-SCOTT online payment collection"),
        _("Convenience store, Pay-easy, e-money"),
        _("This version of the module does not have it yet."),
        MethodState.OFF,
        [],
    )
