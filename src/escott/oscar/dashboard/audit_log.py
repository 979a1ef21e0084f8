"""監査ログ: who changed what. It is only read, and nothing in it is ever deleted."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.generic import ListView

from escott.clock import JST
from escott.django.models import AuditArea, AuditEntry
from escott.django.searched_days import SEARCHED_DAYS


def _day(label: Any) -> forms.DateField:
    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, validators=SEARCHED_DAYS, widget=widget)


class AuditFilter(forms.Form):
    """Each field narrows the list; empty ones do not."""

    area = forms.ChoiceField(
        label=_("What it belongs to"), choices=[("", _("All")), *AuditArea.choices], required=False
    )
    person = forms.CharField(label=_("Done by"), max_length=150, required=False)
    text = forms.CharField(label=_("Action, subject or reason"), max_length=100, required=False)
    since = _day(pgettext_lazy("period", "From"))
    until = _day(pgettext_lazy("period", "Until"))

    def narrow(self, entries: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        """The entries that fit; all of them where a field is not understood."""
        if not self.is_valid():
            return entries
        wanted = self.cleaned_data
        if area := wanted["area"]:
            entries = entries.filter(area=area)
        if person := wanted["person"]:
            entries = entries.filter(actor_name__icontains=person)
        if text := wanted["text"]:
            entries = entries.filter(
                Q(action__icontains=text) | Q(subject__icontains=text) | Q(reason__icontains=text)
            )
        if since := wanted["since"]:
            entries = entries.filter(at__gte=_midnight(since))
        if until := wanted["until"]:
            entries = entries.filter(at__lt=_midnight(until) + timedelta(days=1))
        return entries


class AuditLogView(ListView):  # type: ignore[type-arg]
    """The newest entries first."""

    template_name = "escott/oscar/settings/audit_log.html"
    context_object_name = "entries"
    paginate_by = 50

    def get_queryset(self) -> QuerySet[AuditEntry]:
        self.filter = AuditFilter(self.request.GET)
        return self.filter.narrow(AuditEntry.objects.all())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "filter": self.filter,
            "is_narrowed": any(self.request.GET.get(name) for name in self.filter.fields),
        }


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=JST)
