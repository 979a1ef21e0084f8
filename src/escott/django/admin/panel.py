"""決済情報 in the Django admin, for sites without Oscar: the same panel, in the admin's frame."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from escott.django.models import OperationState, Payment
from escott.django.panel.host import Addresses, Link, PanelHost
from escott.django.panel.views import AdoptPage, ComparePage, OperatePage, PaymentDetailPage
from escott.django.permissions import SETTLE


class AdminPanel(PanelHost):
    """The panel on one admin site."""

    frame = "admin/escott/panel.html"

    def __init__(self, site: AdminSite) -> None:
        self._site = site

    def addresses(self, payment_id: int) -> Addresses:
        return Addresses(
            detail=self._address("panel", payment_id),
            operate=self._address("operate", payment_id),
            compare=self._address("compare", payment_id),
            adopt=self._address("adopt", payment_id),
        )

    def links(self, payment: Payment, user: Any) -> list[Link]:
        """To settle an unknown result, which Oscar's dashboard does in its queue 要対応."""
        unknown = payment.operations.filter(state=OperationState.UNKNOWN).first()
        if unknown is None or not user.has_perm(SETTLE):
            return []
        url = reverse(f"{self._site.name}:escott_operation_settle", args=[unknown.pk])
        return [Link(_("Settle"), url)]

    def frame_context(self, request: HttpRequest) -> Mapping[str, Any]:
        return {**self._site.each_context(request), "opts": Payment._meta}

    def _address(self, page: str, payment_id: int) -> str:
        name = f"{self._site.name}:escott_payment_{page}"
        return reverse(name, args=[payment_id])


def panel_urls(site: AdminSite) -> list[URLPattern]:
    """The patterns of the panel's pages, under those of the payment."""
    host = AdminPanel(site)
    pages = {
        "panel": PaymentDetailPage,
        "operate": OperatePage,
        "compare": ComparePage,
        "adopt": AdoptPage,
    }
    return [
        path(
            f"<int:pk>/{name}/",
            site.admin_view(page.as_view(host=host)),
            name=f"escott_payment_{name}",
        )
        for name, page in pages.items()
    ]
