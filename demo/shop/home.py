"""The front page: what is in the shop."""

from __future__ import annotations

from typing import Any

from django.views.generic import TemplateView
from oscar.core.loading import get_model

Product = get_model("catalogue", "Product")


class HomeView(TemplateView):
    """Every product, newest first, below a picture of the shop."""

    template_name = "shop/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        products = Product.objects.browsable().base_queryset().order_by("pk")
        return super().get_context_data(products=products[:24], **kwargs)
