"""決済 in the dashboard's menu.

Add it to the settings, with ``escott.oscar.dashboard.DashboardConfig`` in INSTALLED_APPS::

    OSCAR_DASHBOARD_NAVIGATION.append(PAYMENTS)
"""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

PAYMENTS: Final[dict[str, Any]] = {
    "label": _("Payment module"),
    "icon": "fas fa-credit-card",
    "children": [
        {"label": _("Payment methods"), "url_name": "dashboard:payment-methods"},
        {"label": _("Card settings"), "url_name": "dashboard:card-settings"},
        {"label": _("Log"), "url_name": "dashboard:payment-log"},
        {"label": _("Audit log"), "url_name": "dashboard:audit-log"},
    ],
}
