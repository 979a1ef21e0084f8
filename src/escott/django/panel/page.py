"""What the panel's pages share: the host, the permission to look, no cache, and their frame.

Every page is whole by itself; for a script that shows it inside a dialog (header
``X-Escott-Dialog``) it comes without its frame.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.cache import patch_cache_control
from django.views.generic import View

from escott.clock import in_japan
from escott.django.clock import the_clock
from escott.django.models import Payment
from escott.django.panel.desk import Desk
from escott.django.panel.desks import DESKS
from escott.django.panel.forms import new_key
from escott.django.panel.host import PanelHost
from escott.django.panel.inquiry_text import InquiryText
from escott.django.panel.results import Notice
from escott.django.panel.shown_payment import ShownPayment, with_its_rows
from escott.django.permissions import RESOLVE, VIEW
from escott.rules.payment_methods import PaymentMethod

#: A script asks for a page without its frame, and recognises the answer by the same header.
DIALOG_HEADER: Final = "X-Escott-Dialog"

_DETAIL: Final = "escott/panel/detail.html"
_INQUIRY: Final = "escott/panel/inquiry.html"


class PanelPage(View):
    """A page of the panel of one payment."""

    host: PanelHost = PanelHost()

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponseBase]:
        """The view, outside ATOMIC_REQUESTS: the gateway is asked by some of them."""
        return transaction.non_atomic_requests(super().as_view(**initkwargs))

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(VIEW):
            raise PermissionDenied
        response = super().dispatch(request, *args, **kwargs)
        patch_cache_control(response, no_store=True, private=True)
        return response

    def desk(self) -> Desk:
        """The payment of this address, as its row says now, at the desk of its method."""
        payments = with_its_rows(Payment.objects.all())
        payment: Payment = get_object_or_404(payments, pk=self.kwargs["pk"])
        return DESKS[PaymentMethod(payment.method)](self, payment)

    def detail_url(self, **query: Any) -> str:
        """The panel itself."""
        asked = f"?{urlencode(query)}" if query else ""
        return f"{self.host.addresses(self.kwargs['pk']).detail}{asked}"

    def show_payment(
        self,
        *,
        notice: Notice | None = None,
        inquired: InquiryText | None = None,
        asked_for: str = "",
        status: int = 200,
    ) -> HttpResponse:
        """The panel.

        Args:
            notice: what came of a press.
            inquired: what the gateway told, where it has been asked.
            asked_for: the operation whose button gets the focus back.
        """
        desk, user = self.desk(), self.request.user
        today = in_japan(the_clock().now()).date()
        context = {
            "shown": ShownPayment.of(desk.payment, today),
            "buttons": desk.buttons(),
            "notice": notice,
            "asked_for": asked_for,
            "order_url": self.host.order_url(desk.payment, user),
            "cases_url": self.host.cases_url(user),
            "links": self.host.links(desk.payment, user),
            **self._inquiry_context(desk, inquired),
        }
        return self.show(_DETAIL, desk.title, context, status=status)

    def show_inquiry(self, inquired: InquiryText) -> HttpResponse:
        """What the gateway told: alone for a script, on the panel otherwise."""
        if not self.in_dialog:
            return self.show_payment(inquired=inquired)
        return self.show(_INQUIRY, "", self._inquiry_context(self.desk(), inquired))

    def show(
        self, fragment: str, title: str, context: dict[str, Any], *, status: int = 200
    ) -> HttpResponse:
        """A page of the panel, in the host's frame or for a dialog."""
        pk = self.kwargs["pk"]
        context |= {
            "fragment": fragment,
            "title": title,
            "in_dialog": self.in_dialog,
            "urls": self.host.addresses(pk),
        }
        if self.in_dialog:
            headers = {DIALOG_HEADER: "1"}
            return TemplateResponse(self.request, fragment, context, status=status, headers=headers)
        context |= self.host.frame_context(self.request)
        return TemplateResponse(self.request, self.host.frame, context, status=status)

    def _inquiry_context(self, desk: Desk, inquired: InquiryText | None) -> dict[str, Any]:
        may_adopt = inquired is not None and inquired.can_be_adopted
        return {
            "inquiry": desk.inquiry(),
            "inquired": inquired,
            "adopt_key": new_key() if may_adopt and self.request.user.has_perm(RESOLVE) else "",
        }

    @property
    def in_dialog(self) -> bool:
        """A script shows the page inside a dialog."""
        return DIALOG_HEADER in self.request.headers
