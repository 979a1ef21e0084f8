"""メール文面: every mail of the shop, its text, a preview, and the way back to the default."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from escott.django.models import MailText
from escott.django.models.mail import MailKind
from escott.oscar.dashboard.mail_text_form import (
    MailTextForm,
    default_of,
    stored_or_default,
    to_default,
)
from escott.oscar.mail_texts.checking import Problem, problems_of
from escott.oscar.mail_texts.kinds import IN_SIGNATURE, KINDS, KindOfMail
from escott.oscar.mail_texts.sample import preview_of


@dataclass(frozen=True, slots=True)
class Row:
    """One mail in the list."""

    of: KindOfMail
    label: str
    is_edited: bool
    problems: list[Problem]


class MailTextsView(TemplateView):
    """The list."""

    template_name = "escott/oscar/mail_texts/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        edited = set(MailText.objects.values_list("kind", flat=True))
        rows = [_row(kind, edited) for kind in KINDS.values()]
        return super().get_context_data(
            **kwargs,
            to_customers=[row for row in rows if not row.of.to_shop_only],
            to_shop=[row for row in rows if row.of.to_shop_only],
        )


def _row(of: KindOfMail, edited: set[str]) -> Row:
    is_edited = of.kind in edited
    problems = problems_of(of, stored_or_default(of.kind)) if is_edited else []
    return Row(of, str(of.kind.label), is_edited, problems)


class MailTextView(View):
    """The editor of one mail. A preview saves nothing."""

    def get(self, request: HttpRequest, kind: str) -> HttpResponse:
        return self._show(request, MailTextForm(_kind(kind)))

    def post(self, request: HttpRequest, kind: str) -> HttpResponse:
        form = MailTextForm(_kind(kind), request.POST)
        if not form.is_valid() or "preview" in request.POST:
            return self._show(request, form)
        if form.is_overtaken:
            form.add_error(None, _overtaken())
            return self._show(request, form)
        saved = form.save_as(request.user)
        text = _("The text has been saved.") if saved else _("Nothing has been changed.")
        messages.success(request, text)
        return redirect("dashboard:mail-text", kind=form.kind)

    def _show(self, request: HttpRequest, form: MailTextForm) -> HttpResponse:
        kind = KINDS[form.kind]
        previewed = "preview" in request.POST and not form.errors
        context = {
            "form": form,
            "of": kind,
            "label": form.kind.label,
            "in_signature": IN_SIGNATURE,
            "is_edited": MailText.objects.filter(kind=form.kind).exists(),
            "site_sender": settings.DEFAULT_FROM_EMAIL,
            "preview": preview_of(form.kind, form.text) if previewed else None,
        }
        return TemplateResponse(request, "escott/oscar/mail_texts/edit.html", context)


class MailTextDefaultView(View):
    """既定の文面に戻す: asked first, then done."""

    def get(self, request: HttpRequest, kind: str) -> HttpResponse:
        found = _kind(kind)
        context = {
            "of": KINDS[found],
            "label": found.label,
            "site_sender": settings.DEFAULT_FROM_EMAIL,
            "preview": preview_of(found, default_of(found)),
        }
        return TemplateResponse(request, "escott/oscar/mail_texts/default.html", context)

    def post(self, request: HttpRequest, kind: str) -> HttpResponse:
        found = _kind(kind)
        if to_default(found, request.user):
            messages.success(request, _("The default text is in use again."))
        return redirect("dashboard:mail-text", kind=found)


def _kind(text: str) -> MailKind:
    try:
        return MailKind(text)
    except ValueError:
        raise Http404 from None


def _overtaken() -> str:
    return _(
        "Somebody else has changed this text since you opened it. Nothing has been saved. "
        "Copy what you have written, open the page anew and put it in."
    )
