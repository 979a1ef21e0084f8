"""アカウントの削除: the customer's card goes first, or the account stays (requirements.md A164)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from oscar.apps.customer.views import ProfileDeleteView as OscarProfileDeleteView

from escott.django.models import Member
from escott.django.saved_card_texts import clause_for_owner
from escott.django.services.close_account import delete_cards_of, what_keeps_account
from escott.django.services.member_deletion import StillNeeded
from escott.rules.saved_cards import Clause


class ProfileDeleteView(OscarProfileDeleteView):
    """Oscar's page; while a card must stay it says why instead of asking for the password."""

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponseBase]:
        """Outside ATOMIC_REQUESTS: the gateway is asked."""
        view: Callable[..., HttpResponseBase] = super().as_view(**initkwargs)
        return transaction.non_atomic_requests(view)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if "kept_by" not in kwargs:
            obstacles = what_keeps_account(self.request.user)
            kwargs["kept_by"] = [clause_for_owner(obstacle.clause) for obstacle in obstacles]
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context

    def form_valid(self, form: Any) -> HttpResponse:
        """Delete the card at the gateway, then the customer."""
        try:
            delete_cards_of(self.request.user, actor=self.request.user)
            response: HttpResponse = super().form_valid(form)
        except StillNeeded as refusal:
            return self._kept_by([obstacle.clause for obstacle in refusal.obstacles])
        except ProtectedError as error:
            if not any(isinstance(row, Member) for row in error.protected_objects):
                raise
            return self._kept_by([Clause.UNFINISHED])
        return response

    def _kept_by(self, clauses: list[Clause]) -> HttpResponse:
        texts = [clause_for_owner(clause) for clause in clauses]
        response: HttpResponse = self.render_to_response(self.get_context_data(kept_by=texts))
        return response
