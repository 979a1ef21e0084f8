"""The order of a trip, if it may still be paid as the shopper agreed to it."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.module_loading import import_string

from escott.django.conf import escott_settings
from escott.django.models import Trip
from escott.django.orders import PayableOrder
from escott.rules.yen import NotYen


def agreed_order(trip: Trip) -> PayableOrder | None:
    """The order as it stands now, by the host shop; else as it stood when the trip began.

    Returns:
        ``None`` if it is gone, may not be paid any more, or has another total than was agreed to.
    """
    path = escott_settings().find_order
    if not path:
        return _as_it_stood(trip)
    find_order: Callable[[str], PayableOrder | None] = import_string(path)
    try:
        order = find_order(trip.order_reference)
    except NotYen:
        return None
    return order if order is not None and order.amount == trip.amount else None


def _as_it_stood(trip: Trip) -> PayableOrder:
    return PayableOrder(
        reference=trip.order_reference,
        amount=trip.amount,
        all_virtual=trip.all_virtual,
        email=trip.email,
        customer=trip.customer,
    )
