"""The payment module's part of the dashboard's first page: tiles, chart and table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from escott.django.clock import the_clock
from escott.django.models import Mode
from escott.django.permissions import VIEW
from escott.django.settings_forms import account_to_show
from escott.django.trade_figures import trade_figures
from escott.oscar.dashboard.sales_chart import SalesBy, sales_chart
from escott.rules.gateway_health import GatewayHealth
from escott.rules.watch_dates import NEAR_DAYS
from escott.rules.yen import format_yen

_HEALTH: Final = {
    GatewayHealth.QUIET: _("Nothing was asked lately"),
    GatewayHealth.NORMAL: _("Normal"),
    GatewayHealth.UNSTEADY: _("Unsteady"),
    GatewayHealth.SILENT: _("No answer"),
}


def home(request: HttpRequest) -> Mapping[str, Any]:
    """What the first page shows; empty for those who may not see payments.

    ``?sales=orders`` counts the sales of the chart on the day of the order.
    """
    if not request.user.has_perm(VIEW):
        return {}
    mode = account_to_show().mode
    figures = trade_figures(mode, the_clock().now())
    total = figures.total
    by = SalesBy(request.GET["sales"]) if request.GET.get("sales") in set(SalesBy) else None
    return {
        "figures": figures,
        "mode": mode,
        "is_test": mode == Mode.TEST,
        "near": figures.near[NEAR_DAYS],
        "net": _signed(total.by_sales_date.yen + total.deposited.yen - total.refunded.yen),
        "health": _HEALTH[figures.answers.health],
        "chart": sales_chart(figures.days, by or SalesBy.SALES_DATE),
    }


def _signed(yen: int) -> str:
    """Yen that may be fewer than none."""
    return format_yen(yen) if yen >= 0 else f"−{format_yen(-yen)}"
