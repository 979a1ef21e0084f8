"""Whether somebody who holds an order's link is the shopper who placed it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def is_own_order(request: HttpRequest, order: Any) -> bool:
    """The shopper who placed it looks at it: by account, or by the session that placed it."""
    if order.user_id is not None:
        return bool(request.user.pk == order.user_id)
    return bool(request.session.get("checkout_order_id") == order.pk)
