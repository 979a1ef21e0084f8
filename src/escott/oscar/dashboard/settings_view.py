"""What the pages of both methods' settings share: who may look, who may save, what is told."""

from __future__ import annotations

from typing import Any

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

from escott.django.permissions import CHANGE_SETTINGS
from escott.django.settings_forms.settings_form import SettingsForm
from escott.oscar.dashboard.method_states import Standing


@method_decorator(sensitive_post_parameters(), name="dispatch")
class SettingsView(View):
    """Show the settings to staff; save them for those who may.

    Attributes:
        template_name: the page.
        page: its name among the pages of the dashboard.
    """

    template_name: str
    page: str

    def form_to_show(self) -> SettingsForm:
        """The settings as they are stored."""
        raise NotImplementedError

    def form_to_save(self, posted: Any) -> SettingsForm:
        """The settings as they were posted, over rows that are locked."""
        raise NotImplementedError

    def standing(self) -> Standing:
        """How this method stands."""
        raise NotImplementedError

    def standing_of_other(self) -> Standing:
        """How the other method stands, which shares the mode."""
        raise NotImplementedError

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(self.form_to_show())

    def post(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm(CHANGE_SETTINGS):
            raise PermissionDenied
        with transaction.atomic():
            form = self.form_to_save(request.POST)
            saved = form.save_as(request.user) if form.is_valid() else None
        if saved is None:
            return self.show(form)
        text = _("The settings have been saved.") if saved else _("Nothing has been changed.")
        messages.success(request, text)
        if saved:
            self._warn_of_other()
        return redirect(f"dashboard:{self.page}")

    def _warn_of_other(self) -> None:
        """The mode is one switch, and the other method may lack what the new mode needs."""
        other = self.standing_of_other()
        if other.is_hidden:
            text = _("%(method)s is enabled, but checkout hides it: %(reasons)s")
            words = {"method": other.name, "reasons": " ".join(other.reasons)}
            messages.warning(self.request, text % words)

    def show(self, form: SettingsForm, **more: Any) -> HttpResponse:
        """The page round a form."""
        context = {
            "form": form,
            "standing": self.standing(),
            "may_change": self.request.user.has_perm(CHANGE_SETTINGS),
        }
        return TemplateResponse(self.request, self.template_name, context | more)
