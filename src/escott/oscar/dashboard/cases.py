"""要対応: everything about money that waits for a person, in one queue, and its resolution."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop
from django.views.generic import ListView, View

from escott.django.case_situations import URGENCY
from escott.django.gateway_access import GatewayBusy
from escott.django.models import Case, CaseKind, Operation, OperationState
from escott.django.models.case import DRIFT_KINDS
from escott.django.payment_page import see_other
from escott.django.permissions import SETTLE
from escott.django.services import NotSettleable, collection, settle
from escott.django.services.cases import CaseClosed, NotForStaff, dismiss
from escott.django.services.compare import Told, compare
from escott.django.services.recovery import ask_now
from escott.django.services.settle import is_settled_by
from escott.oscar.dashboard.case_forms import DismissForm, SettleCaseForm
from escott.oscar.dashboard.shown_case import (
    ASKED_BY_REFERENCE,
    ShownCase,
    shown,
    unknown_of,
    with_history,
)

_Message = tuple[int, str]

#: The longest number of a row that is believed.
_DIGITS: Final = 18


@dataclass(frozen=True, slots=True)
class KindCount:
    """How many cases of a kind are open."""

    kind: CaseKind
    count: int


class CaseListView(ListView):  # type: ignore[type-arg]
    """The queue: the most urgent kinds first, and of each the oldest."""

    template_name = "escott/oscar/cases/list.html"
    context_object_name = "cases"
    paginate_by = 25

    def get_queryset(self) -> models.QuerySet[Case]:
        self.closed = self.request.GET.get("closed") == "1"
        wanted = self.request.GET.get("kind", "")
        self.kind = CaseKind(wanted) if wanted in CaseKind.values else None
        cases = with_history(Case.objects.filter(closed_at__isnull=not self.closed))
        if self.kind:
            cases = cases.filter(kind=self.kind)
        if self.closed:
            return cases.order_by("-closed_at", "-id")
        return cases.order_by(_urgency(), "opened_at", "id")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        open_ones = _open_by_kind()
        return context | {
            "cases": shown(context["page_obj"].object_list, self.request.user),
            "kinds": open_ones,
            "open_count": sum(each.count for each in open_ones),
            "kind": self.kind,
            "closed": self.closed,
            "may_upload": self.request.user.has_perm(SETTLE),
        }


def _urgency() -> models.Case:
    places = enumerate(URGENCY)
    return models.Case(
        *(models.When(kind=kind, then=models.Value(place)) for place, kind in places),
        default=models.Value(len(URGENCY)),
        output_field=models.IntegerField(),
    )


def _open_by_kind() -> list[KindCount]:
    rows = Case.objects.filter(closed_at__isnull=True).order_by("kind")
    counts = dict(rows.values_list("kind").annotate(models.Count("pk")))
    return [KindCount(kind, counts[kind]) for kind in URGENCY if kind in counts]


class _OfCase(View):
    """A page about one case, outside any transaction: the gateway may be asked."""

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponseBase]:
        """The view, outside ATOMIC_REQUESTS."""
        return transaction.non_atomic_requests(super().as_view(**initkwargs))

    def case(self) -> Case:
        return get_object_or_404(with_history(Case.objects.all()), pk=self.kwargs["pk"])

    def shown(self, case: Case) -> ShownCase:
        [found] = shown([case], self.request.user)
        return found

    def back(self) -> HttpResponse:
        return see_other(reverse("dashboard:case-list"))


class CaseAskView(_OfCase):
    """Ask the gateway now, rather than when the worker or the sweep would."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        case = self.case()
        try:
            level, text = _ask(case)
        except GatewayBusy:
            level, text = messages.WARNING, _("Many calls are under way. Please try again shortly.")
        messages.add_message(request, level, f"{_name(case)}: {text}")
        return self.back()


def _ask(case: Case) -> _Message:
    if case.payment is None:
        return messages.WARNING, _("It is about no payment that could be asked about.")
    if case.kind in DRIFT_KINDS:
        return _in_words(_COMPARED[compare(case.payment.pk).told])
    if case.kind in ASKED_BY_REFERENCE:
        return _in_words(_REFERRED[collection.ask_about_deposit(case.payment.pk)])
    unknown = unknown_of(case.payment)
    if unknown is None:
        return messages.SUCCESS, _("The result is known by now.")
    state = OperationState(ask_now(unknown.pk).state)
    return _in_words(_ASKED.get(state, _NOT_KNOWN))


def _in_words(told: _Message) -> _Message:
    level, text = told
    return level, _(text)


def _name(case: Case) -> str:
    return case.reference


_NOT_KNOWN: Final = (
    messages.WARNING,
    noop("The gateway did not tell how it ended. The next step is written below."),
)
_ASKED: Final = {
    OperationState.OK: (messages.SUCCESS, noop("The gateway says that it was carried out.")),
    OperationState.NOT_DONE: (
        messages.SUCCESS,
        noop("The gateway says that it was not carried out."),
    ),
}
_COMPARED: Final = {
    Told.SAME: (messages.SUCCESS, noop("The gateway holds what our record says.")),
    Told.DIFFERS: (messages.WARNING, noop("The gateway holds something else than our record.")),
    Told.NO_ANSWER: (messages.ERROR, noop("The gateway did not answer. Nothing has changed.")),
    Told.NOT_NOW: (
        messages.WARNING,
        noop("It cannot be compared now: an operation is under way, or 1Search does not know it."),
    ),
}

_REFERRED: Final = {
    collection.Told.PAID: (messages.SUCCESS, noop("The gateway says that it is paid in.")),
    collection.Told.UNPAID: (
        messages.SUCCESS,
        noop("The gateway says that nothing has been paid in so far."),
    ),
    collection.Told.GONE: (messages.WARNING, noop("The gateway does not know the slip.")),
    collection.Told.AMOUNT_DIFFERS: (
        messages.WARNING,
        noop("The gateway says that another amount was paid in."),
    ),
    collection.Told.FOR_STAFF: (
        messages.WARNING,
        noop("The gateway says that it was paid in, and our record says that it had ended."),
    ),
    collection.Told.UNTOLD: (
        messages.ERROR,
        noop("The gateway did not tell whether it has been paid in. Nothing has changed."),
    ),
    collection.Told.NO_ANSWER: (
        messages.ERROR,
        noop("The gateway did not answer. Nothing has changed."),
    ),
    collection.Told.NOT_NOW: (
        messages.WARNING,
        noop("It cannot be asked about now: an operation is under way."),
    ),
}


class CaseSettleView(_OfCase):
    """What the gateway's console shows about an unknown result, written down."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._show(self.case(), SettleCaseForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        case, form = self.case(), SettleCaseForm(request.POST)
        if not form.is_valid():
            return self._show(case, form, status=422)
        asked = _asked(case, request.POST.get("operation", ""))
        if asked is None:
            messages.warning(request, _resolved(None))
            return self.back()
        note = form.cleaned_data["note"]
        try:
            settle(asked.pk, done=form.done, note=note, actor=request.user)
        except NotSettleable as refusal:
            return self._not_settled(case, form, asked, str(refusal))
        messages.success(request, f"{_name(case)}: {_(_SETTLED[form.done])}")
        return self.back()

    def _not_settled(
        self, case: Case, form: SettleCaseForm, asked: Operation, why: str
    ) -> HttpResponse:
        """Too early; or somebody else was first, which may have been this very press."""
        asked.refresh_from_db()
        if asked.state == OperationState.UNKNOWN:
            form.add_error(None, why)
            return self._show(case, form, status=409)
        if _is_repeat(asked, form, self.request.user):
            messages.success(self.request, f"{_name(case)}: {_(_SETTLED[form.done])}")
        else:
            messages.warning(self.request, f"{_name(case)}: {_resolved(asked)}")
        return self.back()

    def _show(self, case: Case, form: SettleCaseForm, status: int = 200) -> HttpResponse:
        seen = self.shown(case)
        if seen.unknown is None:
            messages.info(self.request, f"{_name(case)}: {_resolved(None)}")
            return self.back()
        template = "escott/oscar/cases/settle.html"
        context = {"shown": seen, "form": form}
        return TemplateResponse(self.request, template, context, status=status)


_SETTLED: Final = {
    True: noop("Settled as carried out. Operate on it in the gateway's console from now on, if it "
               "was a charge: it has no ProcessId."),
    False: noop("Settled as not carried out."),
}  # fmt: skip


def _asked(case: Case, named: str) -> Operation | None:
    """The operation that the page showed, which is not settled for another one."""
    operations = Operation.objects.filter(payment=case.payment_id)
    is_number = named.isascii() and named.isdecimal() and len(named) <= _DIGITS
    return operations.filter(pk=int(named)).first() if is_number else None


def _is_repeat(operation: Operation, form: SettleCaseForm, user: Any) -> bool:
    same = operation.state == (OperationState.OK if form.done else OperationState.NOT_DONE)
    return same and is_settled_by(user, form.cleaned_data["note"], operation)


def _resolved(operation: Operation | None) -> str:
    """How it ended without this press."""
    if operation is None:
        return _("The result is known by now.")
    return _("It has been resolved meanwhile: %(state)s. %(note)s") % {
        "state": operation.get_state_display(),
        "note": operation.note or operation.get_resolved_by_display(),
    }


class CaseDismissView(_OfCase):
    """Staff have seen to it, and say how."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._show(self.case(), DismissForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        case, form = self.case(), DismissForm(request.POST)
        if not form.is_valid():
            return self._show(case, form, status=422)
        try:
            dismiss(case.pk, note=form.cleaned_data["note"], actor=request.user)
        except CaseClosed:
            messages.info(request, f"{_name(case)}: {_closed(case)}")
        except NotForStaff:
            messages.error(request, _(_ENDED_OTHERWISE[CaseKind(case.kind)]))
        else:
            closed = _("Closed.")
            messages.success(request, f"{_name(case)}: {closed}")
        return self.back()

    def _show(self, case: Case, form: DismissForm, status: int = 200) -> HttpResponse:
        seen = self.shown(case)
        if not seen.may_dismiss:
            messages.info(self.request, f"{_name(case)}: {_closed(case)}")
            return self.back()
        template = "escott/oscar/cases/dismiss.html"
        context = {"shown": seen, "form": form}
        return TemplateResponse(self.request, template, context, status=status)


def _closed(case: Case) -> str:
    case.refresh_from_db(fields=["closed_at", "closed_by", "note"])
    if case.closed_at is None:
        return _(_ENDED_OTHERWISE[CaseKind(case.kind)])
    who = str(case.closed_by) if case.closed_by else _("the shop itself")
    return _("It was closed before, by %(who)s. %(note)s") % {"who": who, "note": case.note}


#: What ends the kinds that nobody ticks off.
_ENDED_OTHERWISE: Final = {
    CaseKind.RESULT_UNKNOWN: noop("An unknown result is ended by settling it."),
    CaseKind.DEPOSIT_AMOUNT: noop("It is ended by accepting what was paid in, at the payment."),
}
