"""The page on which customers delete their saved card, where the shop allows them to."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _

from escott.django import saved_card_texts as texts
from escott.django.account_page import AccountPage
from escott.django.clock import the_clock
from escott.django.models import MerchantAccount
from escott.django.page_policy import card_page_policy
from escott.django.payment_page import see_other
from escott.django.services.member_deletion import DeletionResult, StillNeeded, delete_member
from escott.django.services.member_needs import why_not
from escott.django.services.members import MemberBusy
from escott.django.shown_card import ShownCard


@method_decorator(card_page_policy, name="dispatch")
class DeleteSavedCardPage(AccountPage):
    """Asks once more, and deletes the saved card. Subclass it and say where the card's page is."""

    template_name = "escott/saved_card_delete.html"

    def card_url(self) -> str:
        """The path of the page that shows the card."""
        raise NotImplementedError

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        """The card, and what deleting it means; or what stands in the way."""
        shown = self._deletable()
        if shown is None or shown.member is None:
            return see_other(self.card_url())
        obstacles = why_not(shown.member, the_clock().now())
        context = {
            **self.page_context(),
            "shown": shown,
            "clauses": [texts.clause_for_owner(obstacle.clause) for obstacle in obstacles],
            "card_url": self.card_url(),
        }
        return TemplateResponse(request, self.template_name, context)

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        """Delete the card, if the rule allows it."""
        shown = self._deletable()
        if shown is None or shown.member is None:
            return see_other(self.card_url())
        try:
            deletion = delete_member(shown.member, actor=request.user)
        except StillNeeded:
            return see_other(request.path)
        except MemberBusy:
            messages.warning(request, texts.busy())
            return see_other(self.card_url())
        match deletion.result:
            case DeletionResult.DELETED:
                messages.success(request, _("Your card has been deleted."))
            case DeletionResult.REFUSED | DeletionResult.NOT_SENT:
                messages.error(
                    request,
                    _(
                        "Your card could not be deleted now. Please try again later, or contact "
                        "the shop."
                    ),
                )
            case DeletionResult.UNDER_WAY:
                pass  # The page says that the result is being checked.
        return see_other(self.card_url())

    def _deletable(self) -> ShownCard | None:
        """The card, where the shop lets its owner delete it."""
        account = MerchantAccount.current_or_none()
        if account is None or not account.shoppers_delete_cards:
            return None
        return self.shown(account)
