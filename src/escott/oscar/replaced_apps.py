"""Oscar's apps that this package brings a version of its own of, for INSTALLED_APPS::

    INSTALLED_APPS = [
        "escott.django",
        "escott.oscar",
        *(REPLACED.get(app, app) for app in INSTALLED_APPS),
    ]

Only checkout is needed to be paid. Nothing here needs Django's apps, so a settings module may
import it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

REPLACED: Final[Mapping[str, str]] = {
    # The order is placed first, then paid.
    "oscar.apps.checkout.apps.CheckoutConfig": "escott.oscar.checkout.apps.CheckoutConfig",
    # クレジットカード in the account; kana names in the address book.
    "oscar.apps.customer.apps.CustomerConfig": "escott.oscar.customer.CustomerConfig",
    # The pages 決済 in the dashboard.
    "oscar.apps.dashboard.apps.DashboardConfig": "escott.oscar.dashboard.DashboardConfig",
    # Payments with the orders, kept by no cache.
    "oscar.apps.dashboard.orders.apps.OrdersDashboardConfig": (
        "escott.oscar.dashboard.OrdersDashboardConfig"
    ),
    # Saved cards with the customers.
    "oscar.apps.dashboard.users.apps.UsersDashboardConfig": (
        "escott.oscar.dashboard.UsersDashboardConfig"
    ),
}
