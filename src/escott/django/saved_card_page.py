"""クレジットカード in the customer's account: register a card, and change it.

Any Django site subclasses the page and says where it is. Rendering asks the gateway nothing;
what a lost answer leaves open, the page says, and the worker finds out.
"""

from __future__ import annotations

import logging
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _

from escott.clock import in_japan
from escott.django import saved_card_texts as texts
from escott.django.account_page import AccountPage
from escott.django.advice import advice_on_stop
from escott.django.card_data_guard import refuses_card_data
from escott.django.card_page import CardForm
from escott.django.clock import the_clock
from escott.django.forms import CardPaymentForm
from escott.django.models import MerchantAccount, Trip, TripGoal
from escott.django.page_policy import card_page_policy
from escott.django.payment_page import see_other
from escott.django.services import MethodUnavailable
from escott.django.services.card_account import account_for_cards
from escott.django.services.card_attempts import (
    Source,
    note_attempt,
    note_refusal,
    source_of,
    why_not,
)
from escott.django.services.instruction import CardInstruction
from escott.django.services.members import KeepResult, Kept, MemberBusy, SavedCardsOff, keep_card
from escott.django.services.open_trip import open_card_trip
from escott.django.services.start_trip import start_url
from escott.django.shown_card import CardStatus, ShownCard

log = logging.getLogger("escott.members")

#: In the address of the page when the shopper comes back from the gateway.
BACK = "back"


@method_decorator(card_page_policy, name="dispatch")
@refuses_card_data("escott/card_data_refused.html")
class SavedCardPage(AccountPage):
    """Shows the saved card, and registers or changes it. Subclass it and say where it is.

    The template extends ``escott/page.html``; replace that one to give it the site's look.
    """

    template_name = "escott/saved_card.html"

    def page_url(self) -> str:
        """The path of this page."""
        return self.request.path

    def delete_url(self) -> str:
        """The path of the page that deletes the card; empty where the site has none."""
        return ""

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        """The card as it stands, and the form for another."""
        if BACK in request.GET:
            self._tell_of_trip()
            return see_other(self.page_url())
        return self._show()

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        """Save the card, or send the browser to the gateway; then show what came of it."""
        try:
            account = account_for_cards()
        except MethodUnavailable as reason:
            log.error("cards cannot be saved: %s", reason)
            return self._show(status=503)
        form = CardPaymentForm(request.POST, account=account, lump_sum_only=True)
        if not form.is_valid():
            return self._show(form.what_is_wrong(), status=422)
        clock, source = the_clock(), source_of(request)
        stop = why_not(source, clock)
        if stop is not None:
            return self._show(advice_on_stop(stop, clock.now()), status=429)
        try:
            if account.authenticates or account.is_link_type:
                return see_other(start_url(self._depart(form.instruction(), source)))
            self._keep(form.instruction(), source)
        except MemberBusy:
            messages.warning(request, texts.busy())
        except (SavedCardsOff, MethodUnavailable):
            messages.error(request, texts.unavailable())
        return see_other(self.page_url())

    def _depart(self, instruction: CardInstruction, source: Source) -> Trip:
        with transaction.atomic():
            trip = open_card_trip(
                self.request.user, instruction, next_url=f"{self.page_url()}?{BACK}"
            )
            trip.attempt_id = note_attempt(source, the_clock()).pk
            trip.save(update_fields=["attempt_id"])
        return trip

    def _keep(self, instruction: CardInstruction, source: Source) -> None:
        assert instruction.token is not None, "the form asks for a token"  # noqa: S101
        changed = self.shown(MerchantAccount.current_or_none()).status is CardStatus.USABLE
        attempt = note_attempt(source, the_clock())
        kept = keep_card(self.request.user, instruction.token)
        if kept.result is KeepResult.REFUSED:
            note_refusal(attempt.pk, kept.codes)
        self._tell(kept, changed=changed)

    def _tell(self, kept: Kept, *, changed: bool) -> None:
        match kept.result:
            case KeepResult.SAVED:
                messages.success(self.request, texts.saved(changed=changed))
            case KeepResult.REFUSED:
                messages.error(self.request, texts.refused(kept.codes, changed=changed))
            case KeepResult.NOT_SENT:
                messages.error(self.request, texts.not_reached(changed=changed))
            case KeepResult.UNKNOWN:
                pass  # The page says that the result is being checked.

    def _tell_of_trip(self) -> None:
        """How the trip that the shopper comes back from has ended."""
        trip = (
            Trip.objects.filter(
                customer=self.request.user.pk, goal__in=[TripGoal.ADD_CARD, TripGoal.CHANGE_CARD]
            )
            .select_related("member")
            .order_by("-id")
            .first()
        )
        if trip is None:
            return
        good, text = texts.after_trip(trip)
        if text:
            messages.add_message(self.request, messages.SUCCESS if good else messages.ERROR, text)

    def _show(self, notice: str = "", status: int = 200) -> HttpResponse:
        account = MerchantAccount.current_or_none()
        shown = self.shown(account)
        context = {
            **self.page_context(),
            "shown": shown,
            "card_form": self._form(account, shown, notice),
            "delete_url": self._delete_url(account, shown),
        }
        return TemplateResponse(self.request, self.template_name, context, status=status)

    def _form(
        self, account: MerchantAccount | None, shown: ShownCard, notice: str
    ) -> CardForm | None:
        """The form, where a card could be saved now."""
        if account is None or not account.saves_cards or account.missing_for_cards():
            return None
        if shown.is_being_checked:
            return None
        return CardForm.to_keep(
            account,
            action=self.page_url(),
            today=in_japan(the_clock().now()).date(),
            button=_("Save the card") if shown.member is None else _("Change the card"),
            notice=notice,
        )

    def _delete_url(self, account: MerchantAccount | None, shown: ShownCard) -> str:
        """Where the card can be deleted; empty where its owner has to ask the shop."""
        may = account is not None and account.shoppers_delete_cards
        return self.delete_url() if may and not shown.is_being_checked else ""
