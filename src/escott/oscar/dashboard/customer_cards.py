"""A customer's saved cards, for staff: how they stand, 照会, and 削除 by the rule or against it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop
from django.views.generic import View

from escott.clock import in_japan
from escott.django.clock import the_clock
from escott.django.models import Member, Payment
from escott.django.payment_page import see_other
from escott.django.saved_card_texts import busy, clause_for_staff, code_for_staff
from escott.django.services.member_deletion import (
    DeletionResult,
    StillNeeded,
    delete_member,
)
from escott.django.services.member_inquiry import ask_about
from escott.django.services.member_needs import Obstacle, payments_lost_with, why_not
from escott.django.services.members import MemberBusy
from escott.django.shown_card import CardStatus, status_of
from escott.gateway.response_codes import parse
from escott.oscar.dashboard.delete_card_form import DeleteCardForm
from escott.rules.card_expiry import Expiry, expiry_of

DELETE: Final = "escott.delete_saved_card"
OVERRIDE: Final = "escott.override_saved_card"

#: How many of the payments made with a card are listed.
_LISTED: Final = 20


@dataclass(frozen=True, slots=True)
class StaffCard:
    """One card as staff see it."""

    member: Member
    status: CardStatus
    expiry: Expiry
    advice: list[str]
    payments: list[Payment]
    payment_count: int


class _OfCustomer(View):
    """A page about one customer's cards, outside any transaction."""

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponseBase]:
        """The view, outside ATOMIC_REQUESTS: the gateway may be asked."""
        return transaction.non_atomic_requests(super().as_view(**initkwargs))

    def customer(self) -> Any:
        return get_object_or_404(get_user_model(), pk=self.kwargs["pk"])

    def card(self) -> Member:
        """The card of this address, if it is that customer's."""
        return get_object_or_404(
            Member.objects.select_related("account", "customer"),
            pk=self.kwargs["card"],
            customer=self.kwargs["pk"],
        )

    def list_url(self) -> str:
        return reverse("dashboard:user-cards", args=[self.kwargs["pk"]])


class CustomerCardsView(_OfCustomer):
    """Every card that the gateway keeps for the customer."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        today = in_japan(the_clock().now()).date()
        members = (
            Member.objects.filter(customer=pk)
            .annotate(payment_count=Count("payments"))
            .order_by("-current", "-id")
        )
        context = {
            "customer": self.customer(),
            "cards": [
                StaffCard(
                    member,
                    status_of(member),
                    expiry_of(member.expiry, today),
                    code_for_staff(parse(member.response_codes) if member.response_codes else ()),
                    list(member.payments.order_by("-id")[:_LISTED]),
                    member.payment_count,
                )
                for member in members
            ],
            "may_delete": request.user.has_perm(DELETE),
        }
        return TemplateResponse(request, "escott/oscar/customer_cards/list.html", context)


class AskAboutCardView(_OfCustomer):
    """照会: ask the gateway how the card stands."""

    def post(self, request: HttpRequest, pk: int, card: int) -> HttpResponse:
        member = self.card()
        try:
            told = ask_about(member)
        except MemberBusy:
            messages.warning(request, _("An operation on this card has not ended yet."))
        else:
            if told:
                state = member.get_state_display()
                messages.success(request, _("The gateway says: %s") % state)
            else:
                messages.error(request, _("The gateway did not tell how the card stands."))
        return see_other(self.list_url())


class DeleteCardView(_OfCustomer):
    """Ask once more, and delete; name what stands in the way, and what is lost by an override."""

    def get(self, request: HttpRequest, pk: int, card: int) -> HttpResponse:
        self._check(request, DELETE)
        return self._show(request, self.card(), DeleteCardForm())

    def post(self, request: HttpRequest, pk: int, card: int) -> HttpResponse:
        self._check(request, DELETE)
        member = self.card()
        override = "override" in request.POST
        form = DeleteCardForm(request.POST)
        if override:
            self._check(request, OVERRIDE)
            if not form.is_valid():
                return self._show(request, member, form, status=422)
        reason = form.cleaned_data["reason"] if override else ""
        try:
            deletion = delete_member(member, actor=request.user, reason=reason, override=override)
        except StillNeeded:
            return self._show(request, member, DeleteCardForm(), status=409)
        except MemberBusy:
            messages.warning(request, busy())
            return see_other(self.list_url())
        tell, text = _RESULTS[deletion.result]
        codes = " ".join(code_for_staff(deletion.codes))
        messages.add_message(request, tell, f"{_(text)} {codes}".strip())
        return see_other(self.list_url())

    def _show(
        self, request: HttpRequest, member: Member, form: DeleteCardForm, status: int = 200
    ) -> HttpResponse:
        obstacles: list[Obstacle] = why_not(member, the_clock().now())
        context = {
            "customer": member.customer,
            "member": member,
            "obstacles": [
                (clause_for_staff(obstacle.clause), obstacle.payments) for obstacle in obstacles
            ],
            "lost": payments_lost_with(member, obstacles),
            "form": form,
            "may_override": request.user.has_perm(OVERRIDE) and not member.under_way,
            "list_url": self.list_url(),
        }
        template = "escott/oscar/customer_cards/delete.html"
        return TemplateResponse(request, template, context, status=status)

    def _check(self, request: HttpRequest, permission: str) -> None:
        if not request.user.has_perm(permission):
            raise PermissionDenied


_RESULTS: Final = {
    DeletionResult.DELETED: (messages.SUCCESS, noop("The saved card has been deleted.")),
    DeletionResult.REFUSED: (messages.ERROR, noop("The gateway refused to delete the card.")),
    DeletionResult.NOT_SENT: (
        messages.ERROR,
        noop("The gateway cannot be reached. Nothing was done; please try again later."),
    ),
    DeletionResult.UNDER_WAY: (
        messages.WARNING,
        noop("The result is not known yet. The worker goes on with the deletion by itself."),
    ),
}
