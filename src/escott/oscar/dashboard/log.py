"""ログ: what the payment module did, filtered by level, text and day (requirements.md A055)."""

from __future__ import annotations

import logging
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import ListView

from escott.clock import JST
from escott.django.log_switches import log_switches
from escott.django.models import LogEntry
from escott.django.searched_days import SEARCHED_DAYS

_LEVELS = {
    logging.INFO: _("Info"),
    logging.WARNING: _("Caution"),
    logging.ERROR: _("Fault"),
}


class LogFilter(forms.Form):
    """Each field narrows the list; empty ones do not."""

    level = forms.ChoiceField(
        label=_("Level"),
        choices=[
            ("", _("All")),
            (logging.WARNING, _("Warnings and errors")),
            (logging.ERROR, _("Errors only")),
        ],
        required=False,
    )
    text = forms.CharField(label=_("Text or transaction code"), max_length=100, required=False)
    day = forms.DateField(
        label=_("Day"),
        required=False,
        validators=SEARCHED_DAYS,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )

    def narrow(self, lines: QuerySet[LogEntry]) -> QuerySet[LogEntry]:
        """The lines that fit; all of them where a field is not understood."""
        if not self.is_valid():
            return lines
        wanted = self.cleaned_data
        if level := wanted["level"]:
            lines = lines.filter(level__gte=level)
        if text := wanted["text"]:
            lines = lines.filter(Q(message__icontains=text) | Q(source__icontains=text))
        if day := wanted["day"]:
            begin = datetime.combine(day, time.min, tzinfo=JST)
            lines = lines.filter(at__gte=begin, at__lt=begin + timedelta(days=1))
        return lines


class LogView(ListView):  # type: ignore[type-arg]
    """The newest lines first."""

    template_name = "escott/oscar/settings/log.html"
    context_object_name = "lines"
    paginate_by = 50

    def get_queryset(self) -> QuerySet[LogEntry]:
        self.filter = LogFilter(self.request.GET)
        return self.filter.narrow(LogEntry.objects.all())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        for line in context["lines"]:
            line.level_name = _LEVELS.get(line.level, logging.getLevelName(line.level))
        return context | {
            "filter": self.filter,
            "is_narrowed": any(self.request.GET.get(name) for name in self.filter.fields),
            "silent": _silent_methods(),
        }


def _silent_methods() -> list[tuple[Any, str]]:
    """The methods whose log is switched off, and where it is switched on."""
    switches = log_switches()
    found = [
        (switches.card, _("Credit card"), "dashboard:card-settings"),
        (switches.collection, _("Online collection"), "dashboard:collection-settings"),
    ]
    return [(name, reverse(page)) for keeps, name, page in found if keeps is False]
