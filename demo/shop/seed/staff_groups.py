"""店長 and 受注担当: who of the demo's staff may do what. A shop arranges its own groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.contrib.auth.models import Group, Permission

from escott.django.permissions import (
    CANCEL_PAST_PERIOD,
    CHANGE_MAIL_TEXTS,
    CHANGE_SETTINGS,
    CHARGE_SAVED_CARD,
    RECORD_REFUND,
    REQUEST_PAYMENT,
    RESOLVE,
    SETTLE,
    TO_OPERATE,
    VIEW,
    VIEW_AUDIT,
    VIEW_LOG,
)
from escott.oscar.dashboard.customer_cards import DELETE, OVERRIDE
from escott.rules.card_states import CardOperation
from escott.rules.collection_states import CollectionOperation

MANAGERS: Final = "店長"
ORDER_DESK: Final = "受注担当"

#: Oscar's own: to see and change orders, and to see customers.
_ORDERS: Final = frozenset({"order.view_order", "order.change_order", "auth.view_user"})

#: What belongs to the daily work with orders: the money of an order that is about to be shipped,
#: cancelled or changed. 再オーソリ and charges without the shopper take money anew.
_DAILY: Final = frozenset(
    {
        VIEW,
        TO_OPERATE[CardOperation.CAPTURE],
        TO_OPERATE[CardOperation.CANCEL],
        TO_OPERATE[CardOperation.CHANGE_AMOUNT],
        TO_OPERATE[CollectionOperation.CHANGE],
        TO_OPERATE[CollectionOperation.DELETE],
        REQUEST_PAYMENT,
    }
)

_EVERYTHING: Final = _DAILY | {
    TO_OPERATE[CardOperation.REAUTHORISE],
    CANCEL_PAST_PERIOD,
    CHARGE_SAVED_CARD,
    RECORD_REFUND,
    SETTLE,
    RESOLVE,
    DELETE,
    OVERRIDE,
    CHANGE_SETTINGS,
    CHANGE_MAIL_TEXTS,
    VIEW_AUDIT,
    VIEW_LOG,
}

GROUPS: Final[Mapping[str, frozenset[str]]] = {
    MANAGERS: _ORDERS | _EVERYTHING,
    ORDER_DESK: _ORDERS | _DAILY,
}


def seed_groups() -> None:
    """Both groups. One that is there already keeps what it may."""
    for name, permissions in GROUPS.items():
        group, created = Group.objects.get_or_create(name=name)
        if created:
            group.permissions.set([_permission(named) for named in permissions])


def _permission(named: str) -> Permission:
    app, codename = named.split(".")
    return Permission.objects.get(content_type__app_label=app, codename=codename)
