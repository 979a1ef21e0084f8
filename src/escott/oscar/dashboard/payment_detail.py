"""決済情報 in Oscar's dashboard: the panel of a payment as pages, and inside the order's dialog."""

from __future__ import annotations

from typing import Any

from django.urls import NoReverseMatch, path, reverse
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from escott.django.models import Payment
from escott.django.panel.host import Addresses, Link, PanelHost
from escott.django.panel.views import AdoptPage, ComparePage, OperatePage, PaymentDetailPage
from escott.django.permissions import RECORD_REFUND
from escott.rules.payment_states import PAID

Order = get_model("order", "Order")


class DashboardPanel(PanelHost):
    """The panel between the other pages of 決済."""

    frame = "escott/oscar/payment_detail.html"

    def addresses(self, payment_id: int) -> Addresses:
        return Addresses(
            detail=reverse("dashboard:payment-detail", args=[payment_id]),
            operate=reverse("dashboard:payment-operate", args=[payment_id]),
            compare=reverse("dashboard:payment-compare", args=[payment_id]),
            adopt=reverse("dashboard:payment-adopt", args=[payment_id]),
        )

    def order_url(self, payment: Payment) -> str:
        """Empty once the order was deleted: its payments stay."""
        number = payment.order_reference
        if not Order.objects.filter(number=number).exists():
            return ""
        return f"{reverse('dashboard:order-detail', kwargs={'number': number})}#escott"

    def cases_url(self, user: Any) -> str:
        return _address("dashboard:case-list")

    def links(self, payment: Payment, user: Any) -> list[Link]:
        url = _address("dashboard:payment-refund", payment.pk)
        may = user.has_perm(RECORD_REFUND) and payment.state in PAID
        return [Link(_("Record a refund"), url)] if url and may else []


def _address(name: str, *args: Any) -> str:
    """The page's address; empty where the shop has taken it out of its dashboard."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def panel_pages() -> list[Any]:
    """The patterns of the panel's pages."""
    host = DashboardPanel()
    at = "payments/<int:pk>/"
    return [
        path(at, PaymentDetailPage.as_view(host=host), name="payment-detail"),
        path(f"{at}operate/", OperatePage.as_view(host=host), name="payment-operate"),
        path(f"{at}compare/", ComparePage.as_view(host=host), name="payment-compare"),
        path(f"{at}adopt/", AdoptPage.as_view(host=host), name="payment-adopt"),
    ]
