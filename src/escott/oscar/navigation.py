"""決済 in the dashboard's menu.

Add it to the settings, with ``escott.oscar.dashboard.DashboardConfig`` in INSTALLED_APPS::

    OSCAR_DASHBOARD_NAVIGATION.append(PAYMENTS)
"""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

#: What is opened day by day stands on top. Oscar shows a page to those who may open it.
PAYMENTS: Final[dict[str, Any]] = {
    "label": _("Payment module"),
    "icon": "fas fa-credit-card",
    "children": [
        {"label": _("List of payments"), "url_name": "dashboard:payment-list"},
        {"label": _("Needs attention"), "url_name": "dashboard:case-list"},
        {"label": _("Batches"), "url_name": "dashboard:batch-list"},
        {"label": _("Capture by shipping list"), "url_name": "dashboard:shipping-list"},
        {"label": _("Compare with the console's list"), "url_name": "dashboard:console-list"},
        {"label": _("Deposit notices"), "url_name": "dashboard:notice-list"},
        {"label": _("Mail texts"), "url_name": "dashboard:mail-texts"},
        {"label": _("Payment methods"), "url_name": "dashboard:payment-methods"},
        {"label": _("Card settings"), "url_name": "dashboard:card-settings"},
        {"label": _("Online collection settings"), "url_name": "dashboard:collection-settings"},
        {"label": _("Log"), "url_name": "dashboard:payment-log"},
        {"label": _("Audit log"), "url_name": "dashboard:audit-log"},
    ],
}
