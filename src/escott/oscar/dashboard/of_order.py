"""What the pages about one order share: the order, its page, and the way back to it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.generic import View
from oscar.core.loading import get_model

from escott.django.payment_page import see_other

Order = get_model("order", "Order")

_TEMPLATES: Final = "escott/oscar/order_actions"


class OfOrder(View):
    """A page about one order."""

    order: Any

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.number = kwargs["number"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.order = get_object_or_404(Order.objects.select_related("user"), number=self.number)
        return super().dispatch(request, *args, **kwargs)

    def show(self, page: str, status: int = 200, **context: Any) -> HttpResponse:
        context |= {
            "order": self.order,
            "order_url": self.order_url(),
            "key": secrets.token_hex(16),
        }
        return TemplateResponse(self.request, f"{_TEMPLATES}/{page}.html", context, status=status)

    def order_url(self) -> str:
        return reverse("dashboard:order-detail", kwargs={"number": self.order.number})

    def back(self, tell: Callable[..., None], text: str) -> HttpResponse:
        """Back to the order's page, which says what has happened."""
        tell(self.request, text)
        return see_other(self.order_url())
