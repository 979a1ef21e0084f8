"""決済方法: both methods with their state, 有効化 and 管理 (requirements.md A020)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from escott.django.models import CollectionAccount, Mode
from escott.django.permissions import CHANGE_SETTINGS
from escott.django.settings_forms import (
    MethodNotAllowed,
    account_to_show,
    collection_to_show,
    switch_card,
    switch_collection,
)
from escott.oscar.dashboard.method_states import (
    MethodState,
    Standing,
    card_standing,
    collection_standing,
)
from escott.rules.yen import COLLECTION_MAXIMUM, format_yen


@dataclass(frozen=True, slots=True)
class MethodRow:
    """One method in the list.

    Attributes:
        limits: for which totals checkout hides it, and why.
    """

    name: str
    title: str
    description: str
    standing: Standing
    switch_url: str
    settings_url: str
    limits: str = ""


class PaymentMethodsView(TemplateView):
    """The list."""

    template_name = "escott/oscar/settings/payment_methods.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs,
            methods=[_card(), _collection()],
            is_test=account_to_show().mode == Mode.TEST,
            may_change=self.request.user.has_perm(CHANGE_SETTINGS),
        )


class SwitchView(View):
    """有効化 or 無効化 of one method."""

    http_method_names = ["post"]

    def switch(self, on: bool, actor: Any) -> Standing:
        """Switch it for a member of staff; how it then stands."""
        raise NotImplementedError

    def post(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm(CHANGE_SETTINGS):
            raise PermissionDenied
        try:
            standing = self.switch(request.POST.get("on") == "1", request.user)
        except MethodNotAllowed as refusal:
            messages.error(request, str(refusal))
        else:
            _tell(request, standing)
        return redirect("dashboard:payment-methods")


class SwitchCardView(SwitchView):
    """Of the card."""

    def switch(self, on: bool, actor: Any) -> Standing:
        return card_standing(switch_card(on, actor))


class SwitchCollectionView(SwitchView):
    """Of online collection."""

    def switch(self, on: bool, actor: Any) -> Standing:
        return collection_standing(switch_collection(on, actor))


def _tell(request: HttpRequest, standing: Standing) -> None:
    named = {"method": standing.name}
    if standing.state is MethodState.ON:
        messages.success(request, _("%(method)s is enabled. Checkout offers it.") % named)
    elif standing.state is MethodState.OFF:
        messages.success(request, _("%(method)s is disabled. Checkout does not offer it.") % named)
    else:
        text = _("%(method)s is enabled, but checkout hides it: settings are missing.")
        messages.warning(request, text % named)


def _card() -> MethodRow:
    account = account_to_show()
    return MethodRow(
        _("e-SCOTT credit card"),
        account.card_title,
        _("Cards of the brands in your contract with the gateway, on your own pages or on its."),
        card_standing(account),
        reverse("dashboard:card-switch"),
        reverse("dashboard:card-settings"),
    )


def _collection() -> MethodRow:
    part = collection_to_show()
    return MethodRow(
        _("e-SCOTT online payment collection"),
        part.title,
        _(
            "Convenience stores, Pay-easy (bank machines and online banking) and e-money; "
            "customers choose on the gateway's page. Only corporations can contract it."
        ),
        collection_standing(part),
        reverse("dashboard:collection-switch"),
        reverse("dashboard:collection-settings"),
        _ceiling(part),
    )


def _ceiling(part: CollectionAccount) -> str:
    """Above which total no slip can be offered (requirements.md A065)."""
    figures = {
        "most": format_yen(COLLECTION_MAXIMUM),
        "total": format_yen(part.fee_table().largest_total()),
    }
    return (
        _(
            "No slip can be more than %(most)s, its fee included: checkout hides this method for "
            "orders above %(total)s, and for orders of ¥0."
        )
        % figures
    )
