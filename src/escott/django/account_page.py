"""A page of the signed-in customer's own account that is about the saved card."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.db import transaction
from django.http.response import HttpResponseBase
from django.views.generic import View

from escott.clock import in_japan
from escott.django.clock import the_clock
from escott.django.models import MerchantAccount, Mode
from escott.django.shown_card import ShownCard, shown_card_of


class AccountPage(LoginRequiredMixin, View):
    """A page of the signed-in customer's own account, outside any transaction."""

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponseBase]:
        """The view, outside ATOMIC_REQUESTS whatever mixins stand before this class."""
        return transaction.non_atomic_requests(super().as_view(**initkwargs))

    def page_context(self) -> dict[str, Any]:
        """What the site's own templates need besides."""
        return {}

    def shown(self, account: MerchantAccount | None) -> ShownCard:
        """The customer's card."""
        mode = account.mode if account is not None else Mode.TEST
        return shown_card_of(self.request.user, mode, in_japan(the_clock().now()).date())
