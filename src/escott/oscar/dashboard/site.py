"""Oscar's dashboard with the pages of 決済. Their entry in the menu: escott.oscar.navigation."""

from __future__ import annotations

from typing import Any, Final

from django.urls import path
from oscar.apps.dashboard.apps import DashboardConfig as OscarDashboardConfig

from escott.oscar.dashboard.no_store import NoStore

_STAFF: Final = ["is_staff"]


class DashboardConfig(NoStore, OscarDashboardConfig):
    """Oscar's own, under Oscar's own name: nothing is forked.

    Staff may read every page of ours; to save settings they need the permission
    ``escott.change_merchantaccount``.
    """

    name = "oscar.apps.dashboard"

    def configure_permissions(self) -> None:
        super().configure_permissions()
        for page in self._payment_pages():
            self.permissions_map[page.name] = _STAFF

    def get_urls(self) -> list[Any]:
        urls: list[Any] = self.post_process_urls(self._payment_pages()) + super().get_urls()
        return urls

    def _payment_pages(self) -> list[Any]:
        from escott.oscar.dashboard.audit_log import AuditLogView
        from escott.oscar.dashboard.card_settings import CardSettingsView
        from escott.oscar.dashboard.log import LogView
        from escott.oscar.dashboard.payment_methods import PaymentMethodsView, SwitchCardView

        return [
            path("payments/", PaymentMethodsView.as_view(), name="payment-methods"),
            path("payments/card/switch/", SwitchCardView.as_view(), name="card-switch"),
            path("payments/card/", CardSettingsView.as_view(), name="card-settings"),
            path("payments/log/", LogView.as_view(), name="payment-log"),
            path("payments/audit/", AuditLogView.as_view(), name="audit-log"),
        ]
