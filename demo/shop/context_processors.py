"""What every page of the shop knows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from oscar.core.loading import get_model

from escott.django.models import MerchantAccount, Mode


def _in_test_mode() -> bool:
    return MerchantAccount.objects.filter(name="default", mode=Mode.TEST).exists()


def _categories() -> list[Any]:
    category = get_model("catalogue", "Category")
    return list(category.objects.browsable().filter(depth=1))


def shop(request: HttpRequest) -> dict[str, Any]:
    """The categories for the header, and whether payments are in test mode (A121)."""
    return {
        "shop_categories": SimpleLazyObject(_categories),
        "in_test_mode": SimpleLazyObject(_in_test_mode),
    }
