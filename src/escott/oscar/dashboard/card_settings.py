"""クレジットカード決済の設定, in the dashboard."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import View

from escott.django.settings_forms import CardSettingsForm, account_to_change, account_to_show
from escott.oscar.dashboard.payment_methods import CHANGE, card_state


@method_decorator(sensitive_post_parameters(), name="dispatch")
class CardSettingsView(View):
    """Show the settings to staff; save them for those who may."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._show(request, CardSettingsForm(instance=account_to_show()))

    def post(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm(CHANGE):
            raise PermissionDenied
        with transaction.atomic():
            form = CardSettingsForm(request.POST, instance=account_to_change())
            saved = form.save_as(request.user) if form.is_valid() else None
        if saved is None:
            return self._show(request, form)
        text = _("The settings have been saved.") if saved else _("Nothing has been changed.")
        messages.success(request, text)
        return redirect("dashboard:card-settings")

    def _show(self, request: HttpRequest, form: CardSettingsForm) -> HttpResponse:
        state, reasons = card_state(account_to_show())
        context = {
            "form": form,
            "state": state,
            "reasons": reasons,
            "may_change": request.user.has_perm(CHANGE),
        }
        return TemplateResponse(request, "escott/oscar/settings/card_settings.html", context)
