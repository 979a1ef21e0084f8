"""クレジットカード among Oscar's account pages."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from escott.django.delete_saved_card_page import DeleteSavedCardPage
from escott.django.saved_card_page import SavedCardPage

#: What the menu of the account pages marks as the present one.
TAB = "saved-card"


class AccountCardView(SavedCardPage):
    """Register or change the saved card."""

    template_name = "oscar/customer/saved_card.html"

    def page_url(self) -> str:
        return reverse("customer:saved-card")

    def delete_url(self) -> str:
        return reverse("customer:saved-card-delete")

    def page_context(self) -> dict[str, Any]:
        return {"active_tab": TAB, "page_title": pgettext("account page", "Credit card")}


class DeleteAccountCardView(DeleteSavedCardPage):
    """Delete the saved card, where the shop allows it."""

    template_name = "oscar/customer/saved_card_delete.html"

    def card_url(self) -> str:
        return reverse("customer:saved-card")

    def page_context(self) -> dict[str, Any]:
        return {"active_tab": TAB, "page_title": _("Delete the saved card")}
