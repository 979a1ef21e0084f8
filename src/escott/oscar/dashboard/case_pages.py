"""The addresses of 要対応, the console's list and 返金を記録."""

from __future__ import annotations

from typing import Any

from django.urls import path

from escott.oscar.dashboard.cases import (
    CaseAskView,
    CaseDismissView,
    CaseListView,
    CaseSettleView,
)
from escott.oscar.dashboard.console_list import ConsoleListView, ConsoleSettleView
from escott.oscar.dashboard.refund import PaymentRefundView, TakeBackRefundView


def case_pages() -> list[Any]:
    """For the dashboard's configuration."""
    return [
        path("payments/cases/", CaseListView.as_view(), name="case-list"),
        path("payments/cases/<int:pk>/ask/", CaseAskView.as_view(), name="case-ask"),
        path("payments/cases/<int:pk>/settle/", CaseSettleView.as_view(), name="case-settle"),
        path("payments/cases/<int:pk>/dismiss/", CaseDismissView.as_view(), name="case-dismiss"),
        path("payments/console-list/", ConsoleListView.as_view(), name="console-list"),
        path("payments/console-list/settle/", ConsoleSettleView.as_view(), name="console-settle"),
        path("payments/<int:pk>/refund/", PaymentRefundView.as_view(), name="payment-refund"),
        path(
            "payments/<int:pk>/refund/<int:refund>/take-back/",
            TakeBackRefundView.as_view(),
            name="payment-refund-take-back",
        ),
    ]
