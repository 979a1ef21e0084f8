"""The plain site: one page to pay on, for one order."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.mixins import LoginRequiredMixin
from django.urls import include, path

from escott.django.orders import PayableOrder
from escott.django.payment_page import PaymentPage

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


urlpatterns = [
    path("escott/", include("escott.django.urls")),
    path("members/pay/<str:number>/", PayLoggedIn.as_view(), name="members-pay"),
    path("admin/", admin.site.urls),
    path("pay/<str:number>/", Pay.as_view(), name="pay"),
]
