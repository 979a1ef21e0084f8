"""Oscar's dashboard of orders, kept by no cache: its pages show payments and addresses."""

from __future__ import annotations

from oscar.apps.dashboard.orders.apps import OrdersDashboardConfig as OscarOrdersDashboardConfig

from escott.oscar.dashboard.no_store import NoStore


class OrdersDashboardConfig(NoStore, OscarOrdersDashboardConfig):
    """Oscar's own, under Oscar's own name: nothing is forked."""

    name = "oscar.apps.dashboard.orders"
