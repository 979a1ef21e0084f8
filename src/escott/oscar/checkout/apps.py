"""The forked checkout app with the payment page's addresses."""

from __future__ import annotations

from typing import Any

from django.urls import path
from oscar.apps.checkout.apps import CheckoutConfig as OscarCheckoutConfig
from oscar.core.loading import get_class


class CheckoutConfig(OscarCheckoutConfig):
    """Oscar's checkout and four addresses for an order that is placed."""

    name = "escott.oscar.checkout"

    def ready(self) -> None:
        super().ready()
        self.payment_page_view = get_class("checkout.views", "PaymentPageView")
        self.other_way_view = get_class("checkout.views", "OtherWayView")
        self.payment_state_view = get_class("checkout.views", "PaymentStateView")
        self.order_complete_view = get_class("checkout.views", "OrderCompleteView")

    def get_urls(self) -> list[Any]:
        ours = [
            path("pay/<str:reference>/", self.payment_page_view.as_view(), name="payment-page"),
            path(
                "pay/<str:reference>/state/",
                self.payment_state_view.as_view(),
                name="payment-state",
            ),
            path(
                "pay/<str:reference>/other-way/",
                self.other_way_view.as_view(),
                name="payment-other-way",
            ),
            path(
                "thank-you/<str:reference>/",
                self.order_complete_view.as_view(),
                name="order-complete",
            ),
        ]
        urls: list[Any] = self.post_process_urls(ours) + super().get_urls()
        return urls
