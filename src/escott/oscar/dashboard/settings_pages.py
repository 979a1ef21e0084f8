"""Where the list of methods and their settings stand in the dashboard."""

from __future__ import annotations

from typing import Any

from django.urls import path

from escott.django.fee_example_answer import fee_example_answer
from escott.oscar.dashboard.card_settings import CardSettingsView
from escott.oscar.dashboard.collection_settings import (
    CollectionSettingsView,
    NoticeSelfTestView,
)
from escott.oscar.dashboard.notices import NoticesView
from escott.oscar.dashboard.payment_methods import (
    PaymentMethodsView,
    SwitchCardView,
    SwitchCollectionView,
)


def settings_pages() -> list[Any]:
    """The pages; the permissions that they need stand in :mod:`escott.oscar.dashboard.site`."""
    collection = "payments/collection/"
    return [
        path("payments/", PaymentMethodsView.as_view(), name="payment-methods"),
        path("payments/card/", CardSettingsView.as_view(), name="card-settings"),
        path("payments/card/switch/", SwitchCardView.as_view(), name="card-switch"),
        path(collection, CollectionSettingsView.as_view(), name="collection-settings"),
        path(f"{collection}switch/", SwitchCollectionView.as_view(), name="collection-switch"),
        path(f"{collection}fee/", fee_example_answer, name="collection-fee-example"),
        path(f"{collection}self-test/", NoticeSelfTestView.as_view(), name="notice-self-test"),
        path("payments/notices/", NoticesView.as_view(), name="notice-list"),
    ]
