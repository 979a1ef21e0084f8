"""Oscar's dashboard of orders, kept by no cache: its pages show payments and addresses."""

from __future__ import annotations

from typing import Any, Final

from django.urls import path
from oscar.apps.dashboard.orders.apps import OrdersDashboardConfig as OscarOrdersDashboardConfig

from escott.django.permissions import CHARGE_SAVED_CARD, REQUEST_PAYMENT
from escott.oscar.dashboard.no_store import NoStore

#: Oscar's own permission: whoever may change an order may close it, and reopen it.
CHANGE_ORDER: Final = "order.change_order"


class OrdersDashboardConfig(NoStore, OscarOrdersDashboardConfig):
    """Oscar's own, under Oscar's own name: nothing is forked."""

    name = "oscar.apps.dashboard.orders"

    def configure_permissions(self) -> None:
        super().configure_permissions()
        for page, permission in (
            ("order-charge-saved-card", CHARGE_SAVED_CARD),
            ("order-payment-link", REQUEST_PAYMENT),
            ("order-difference", REQUEST_PAYMENT),
            ("order-close", CHANGE_ORDER),
            ("order-reopen", CHANGE_ORDER),
        ):
            self.permissions_map[page] = ["is_staff", permission]

    def get_urls(self) -> list[Any]:
        urls: list[Any] = self.post_process_urls(self._payment_pages()) + super().get_urls()
        return urls

    def _payment_pages(self) -> list[Any]:
        from escott.oscar.dashboard.order_actions import (
            ChargeSavedCardView,
            DifferenceView,
            PaymentLinkView,
        )
        from escott.oscar.dashboard.order_ends import CloseOrderView, ReopenOrderView

        return [
            path(
                "<str:number>/pay-with-saved-card/",
                ChargeSavedCardView.as_view(),
                name="order-charge-saved-card",
            ),
            path(
                "<str:number>/payment-link/", PaymentLinkView.as_view(), name="order-payment-link"
            ),
            path("<str:number>/difference/", DifferenceView.as_view(), name="order-difference"),
            path("<str:number>/close/", CloseOrderView.as_view(), name="order-close"),
            path("<str:number>/reopen/", ReopenOrderView.as_view(), name="order-reopen"),
        ]
