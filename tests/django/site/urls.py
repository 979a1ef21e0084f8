"""The plain site: one page to pay on, for one order, and the pages of the saved card."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.mixins import LoginRequiredMixin
from django.urls import include, path

from escott.django.delete_saved_card_page import DeleteSavedCardPage
from escott.django.orders import PayableOrder
from escott.django.payment_page import PaymentPage
from escott.django.saved_card_page import SavedCardPage

#: The customer of the order; a guest, unless a test says otherwise.
CUSTOMER: Any = None


class Pay(PaymentPage):
    """All that a site has to write."""

    def get_order(self) -> PayableOrder | None:
        if self.kwargs["number"] != "100001":
            return None
        return PayableOrder(
            reference="100001", amount=3780, email="hanako@example.com", customer=CUSTOMER
        )

    def paid_url(self, order: PayableOrder) -> str:
        return f"/thanks/{order.reference}/"


class PayLoggedIn(LoginRequiredMixin, Pay):
    """A mixin before the page."""


class Card(SavedCardPage):
    """The saved card of whoever is signed in."""

    def delete_url(self) -> str:
        return "/card/delete/"


class DeleteCard(DeleteSavedCardPage):
    """The same card, to be deleted."""

    def card_url(self) -> str:
        return "/card/"


urlpatterns = [
    path("card/", Card.as_view(), name="card"),
    path("card/delete/", DeleteCard.as_view(), name="card-delete"),
    path("escott/", include("escott.django.urls")),
    path("members/pay/<str:number>/", PayLoggedIn.as_view(), name="members-pay"),
    path("admin/", admin.site.urls),
    path("pay/<str:number>/", Pay.as_view(), name="pay"),
]
