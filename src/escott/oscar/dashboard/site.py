"""Oscar's dashboard with the pages of 決済. Their entry in the menu: escott.oscar.navigation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.urls import path
from oscar.apps.dashboard.apps import DashboardConfig as OscarDashboardConfig

from escott.django.permissions import (
    CHANGE_MAIL_TEXTS,
    CHANGE_SETTINGS,
    RECORD_REFUND,
    RESOLVE,
    SETTLE,
    TO_OPERATE,
    VIEW,
    VIEW_AUDIT,
    VIEW_LOG,
)
from escott.oscar.dashboard.no_store import NoStore
from escott.rules.card_states import CardOperation

_STAFF: Final = ["is_staff"]

#: The permission that a page needs besides; what it offers may need more.
_NEEDED: Final[Mapping[str, str]] = {
    "payment-detail": VIEW,
    "payment-operate": VIEW,
    "payment-compare": VIEW,
    "payment-adopt": RESOLVE,
    "payment-list": VIEW,
    "payment-list-csv": VIEW,
    "batch-list": VIEW,
    "batch-new": VIEW,
    "batch-detail": VIEW,
    "batch-progress": VIEW,
    "batch-stop": VIEW,
    "mail-texts": CHANGE_MAIL_TEXTS,
    "mail-text": CHANGE_MAIL_TEXTS,
    "mail-text-default": CHANGE_MAIL_TEXTS,
    "card-switch": CHANGE_SETTINGS,
    "collection-switch": CHANGE_SETTINGS,
    "notice-list": VIEW,
    "notice-self-test": CHANGE_SETTINGS,
    "audit-log": VIEW_AUDIT,
    "payment-log": VIEW_LOG,
    "case-list": VIEW,
    "case-ask": VIEW,
    "case-settle": SETTLE,
    "case-dismiss": RESOLVE,
    "console-list": SETTLE,
    "console-settle": SETTLE,
    "payment-refund": RECORD_REFUND,
    "payment-refund-take-back": RECORD_REFUND,
    "shipping-list": TO_OPERATE[CardOperation.CAPTURE],
    "shipping-confirm": TO_OPERATE[CardOperation.CAPTURE],
}


class DashboardConfig(NoStore, OscarDashboardConfig):
    """Oscar's own, under Oscar's own name: nothing is forked.

    Any staff may read the settings; every other page needs the permission that stands above,
    and what changes something its own besides.
    """

    name = "oscar.apps.dashboard"

    def configure_permissions(self) -> None:
        super().configure_permissions()
        for page in self._payment_pages():
            needed = _NEEDED.get(page.name)
            self.permissions_map[page.name] = [*_STAFF, needed] if needed else _STAFF

    def get_urls(self) -> list[Any]:
        urls: list[Any] = self.post_process_urls(self._payment_pages()) + super().get_urls()
        return urls

    def _payment_pages(self) -> list[Any]:
        from escott.oscar.dashboard.audit_log import AuditLogView
        from escott.oscar.dashboard.case_pages import case_pages
        from escott.oscar.dashboard.list_pages import list_pages
        from escott.oscar.dashboard.log import LogView
        from escott.oscar.dashboard.mail_texts import (
            MailTextDefaultView,
            MailTextsView,
            MailTextView,
        )
        from escott.oscar.dashboard.payment_detail import panel_pages
        from escott.oscar.dashboard.settings_pages import settings_pages
        from escott.oscar.dashboard.shipping_list import shipping_pages

        return [
            *settings_pages(),
            path("payments/log/", LogView.as_view(), name="payment-log"),
            path("payments/audit/", AuditLogView.as_view(), name="audit-log"),
            path("payments/mail-texts/", MailTextsView.as_view(), name="mail-texts"),
            path("payments/mail-texts/<str:kind>/", MailTextView.as_view(), name="mail-text"),
            path(
                "payments/mail-texts/<str:kind>/default/",
                MailTextDefaultView.as_view(),
                name="mail-text-default",
            ),
            *panel_pages(),
            *case_pages(),
            *list_pages(),
            *shipping_pages(),
        ]
