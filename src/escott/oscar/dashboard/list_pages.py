"""Where 決済一覧 and 一括処理 stand in the dashboard."""

from __future__ import annotations

from typing import Any

from django.urls import path

from escott.oscar.dashboard.batches import (
    BatchDetailView,
    BatchListView,
    BatchNewView,
    BatchProgressView,
    BatchStopView,
)
from escott.oscar.dashboard.payment_list import PaymentListCsvView, PaymentListView


def list_pages() -> list[Any]:
    """The pages; the permissions that they need stand in :mod:`escott.oscar.dashboard.site`."""
    batch = "payments/batches/<int:pk>/"
    return [
        path("payments/list/", PaymentListView.as_view(), name="payment-list"),
        path("payments/list/csv/", PaymentListCsvView.as_view(), name="payment-list-csv"),
        path("payments/batches/", BatchListView.as_view(), name="batch-list"),
        path("payments/batches/new/", BatchNewView.as_view(), name="batch-new"),
        path(batch, BatchDetailView.as_view(), name="batch-detail"),
        path(f"{batch}progress/", BatchProgressView.as_view(), name="batch-progress"),
        path(f"{batch}stop/", BatchStopView.as_view(), name="batch-stop"),
    ]
