"""決済情報 in Oscar's dashboard: the panel of a payment as pages, and inside the order's dialog."""

from __future__ import annotations

from typing import Any, Final

from django.urls import path, reverse
from django.utils.translation import gettext as _

from escott.django.models import Payment
from escott.django.panel.host import Addresses, Link, PanelHost
from escott.django.panel.views import AdoptPage, ComparePage, OperatePage, PaymentDetailPage
from escott.django.permissions import RECORD_REFUND
from escott.django.services.refunds import has_taken_money
from escott.oscar.dashboard.orders import CHANGE_ORDER
from escott.oscar.dashboard.payment_links import order_urls
from escott.rules.payment_states import PaymentState

#: The payment was cancelled: staff may have to close its order.
_ENDED: Final = frozenset({PaymentState.CANCELLED, PaymentState.DELETED, PaymentState.LAPSED})

#: Oscar's own permission for the page of an order.
_VIEW_ORDER: Final = "order.view_order"


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

    def order_url(self, payment: Payment, user: Any) -> str:
        """Empty once the order was deleted: its payments stay."""
        if not user.has_perm(_VIEW_ORDER):
            return ""
        page = order_urls([payment]).get(payment.order_reference, "")
        return f"{page}#escott" if page else ""

    def cases_url(self, user: Any) -> str:
        return reverse("dashboard:case-list")

    def links(self, payment: Payment, user: Any) -> list[Link]:
        found = []
        may_have_refunds = has_taken_money(payment) or payment.refunds.all()
        if may_have_refunds and user.has_perm(RECORD_REFUND):
            refund = reverse("dashboard:payment-refund", args=[payment.pk])
            found.append(Link(_("Record a refund"), refund))
        if payment.state in _ENDED and user.has_perm(CHANGE_ORDER) and order_urls([payment]):
            close = reverse("dashboard:order-close", args=[payment.order_reference])
            found.append(Link(_("Close the order"), close))
        return found


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
