"""Settle many at once: upload the console's list, look at the dry run, confirm.

Nothing is stored of the file. The dry run's page carries what was decided, signed, together
with the key of the press that confirms it.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop
from django.views.generic import View

from escott.django.clock import the_clock
from escott.django.console_list import (
    LARGEST,
    BadLine,
    Decision,
    Expired,
    Finding,
    MixedModes,
    NoneOfOurs,
    Review,
    Unreadable,
    read_console_list,
    read_decisions,
    review,
    sign_decisions,
)
from escott.django.console_list.decisions import decision_on
from escott.django.console_list.finding_texts import LISTED_LABELS, meaning_of
from escott.django.permissions import RESOLVE
from escott.django.services.console_settling import Carried, RowResult, carry_out
from escott.oscar.dashboard.case_forms import ConsoleListForm
from escott.oscar.dashboard.payment_links import payment_url

#: How many payments one press settles: each is a transaction of its own and may send mails.
MOST_AT_ONCE: Final = 200

#: How many rows that are left to staff, and how many bad lines, a page shows.
_SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class DryRow:
    """One finding as the dry run's page shows it.

    Attributes:
        listed: the state in the list; empty where the list has no line.
        acted_on: it is carried out on confirmation.
        may_take_over: our record may be brought in line with the console.
    """

    finding: Finding
    text: str
    listed: str
    acted_on: bool
    may_take_over: bool
    payment_url: str


class _Outside(View):
    """Outside ATOMIC_REQUESTS: each row is a transaction of its own."""

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponseBase]:
        """The view, outside ATOMIC_REQUESTS."""
        return transaction.non_atomic_requests(super().as_view(**initkwargs))


class ConsoleListView(_Outside):
    """The file, and what it means; nothing is written."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return _ask(request, ConsoleListForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ConsoleListForm(request.POST, request.FILES)
        if not form.is_valid():
            return _ask(request, form, status=422)
        file = form.cleaned_data["file"]
        try:
            found = review(read_console_list(file.read(LARGEST + 1)), now=the_clock().now())
        except Unreadable as wrong:
            form.add_error("file", str(wrong))
        except NoneOfOurs:
            form.add_error("file", _(_NONE_OF_OURS))
        except MixedModes:
            form.add_error("file", _(_MIXED))
        else:
            return self._dry_run(found)
        return _ask(request, form, status=422)

    def _dry_run(self, found: Review) -> HttpResponse:
        takes_over = self.request.user.has_perm(RESOLVE)
        decided = [(each, decision_on(each)) for each in found.findings]
        now = [(each, decision) for each, decision in decided if decision is not None]
        left = [each for each, decision in decided if decision is None]
        decisions = [decision for _finding, decision in now[:MOST_AT_ONCE]]
        rows = [_dry_row(each, takes_over=takes_over) for each, _ in now[:MOST_AT_ONCE]]
        context = {
            "review": found,
            "rows": rows,
            "later": max(len(now) - MOST_AT_ONCE, 0),
            "left": [_dry_row(each, takes_over=False) for each in left[:_SHOWN]],
            "left_count": len(left),
            "bad_lines": [_bad(line) for line in found.bad_lines[:_SHOWN]],
            "decided": sign_decisions(decisions, key=uuid.uuid4().hex, user_id=self._user_id),
            "takes_over": any(row.may_take_over for row in rows),
        }
        return TemplateResponse(self.request, "escott/oscar/cases/dry_run.html", context)

    @property
    def _user_id(self) -> Any:
        return self.request.user.pk


def _ask(
    request: HttpRequest, form: ConsoleListForm, *, expired: bool = False, status: int = 200
) -> HttpResponse:
    """The page that asks for the file."""
    context = {"form": form, "expired": expired}
    return TemplateResponse(request, "escott/oscar/cases/console_list.html", context, status=status)


_NONE_OF_OURS: Final = noop(
    "No line of the file belongs to a payment of this shop. Is it the list of this shop, and of "
    "the right mode (test or production)?"
)
_MIXED: Final = noop(
    "The file holds both test and production payments. Export the list of one console and "
    "upload it unchanged."
)


def _dry_row(finding: Finding, *, takes_over: bool) -> DryRow:
    decision = decision_on(finding)
    return DryRow(
        finding,
        meaning_of(finding),
        str(LISTED_LABELS[finding.line.state]) if finding.line else "",
        decision is not None,
        takes_over and finding.drift is not None and decision is not None,
        payment_url(finding.payment),
    )


@dataclass(frozen=True, slots=True)
class ShownBadLine:
    """A line that could not be read, in words."""

    number: int
    reason: str


def _bad(line: BadLine) -> ShownBadLine:
    return ShownBadLine(line.number, _(line.reason))


@dataclass(frozen=True, slots=True)
class ShownResult:
    """What came of one row, in words."""

    result: RowResult
    text: str
    good: bool
    payment_url: str


class ConsoleSettleView(_Outside):
    """What the dry run showed, carried out row by row."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            signed = request.POST.get("decided", "")
            key, decisions = read_decisions(signed, user_id=request.user.pk)
        except Expired:
            return _ask(request, ConsoleListForm(), expired=True, status=409)
        results = [_shown(result) for result in self._carry_out(decisions, key)]
        context = {
            "results": results,
            "done": sum(each.good for each in results),
            "not_done": sum(not each.good for each in results),
        }
        return TemplateResponse(request, "escott/oscar/cases/console_results.html", context)

    def _carry_out(self, decisions: Sequence[Decision], key: str) -> list[RowResult]:
        chosen = set(self.request.POST.getlist("settle"))
        over = set(self.request.POST.getlist("take_over"))
        if not self.request.user.has_perm(RESOLVE):
            over = set()
        return [
            carry_out(
                decision,
                takes_over=str(decision.payment_id) in over,
                key=key,
                actor=self.request.user,
            )
            for decision in decisions
            if str(decision.payment_id) in chosen
        ]


def _shown(result: RowResult) -> ShownResult:
    good, text = _CARRIED[result.carried]
    told = f"{_(text)} {result.why}".strip()
    return ShownResult(result, told, good, payment_url(result.payment))


_CARRIED: Final = {
    Carried.SETTLED_AS_DONE: (True, noop("Settled as carried out.")),
    Carried.SETTLED_AS_NOT_DONE: (True, noop("Settled as not carried out.")),
    Carried.TAKEN_OVER: (True, noop("Taken over into our record.")),
    Carried.CASE_OPENED: (True, noop("Noted as a case.")),
    Carried.MOVED: (False, noop("Nothing was written.")),
    Carried.NOT_SETTLEABLE: (False, noop("Nothing was written.")),
    Carried.NOT_POSSIBLE: (False, noop("Nothing was written.")),
}
