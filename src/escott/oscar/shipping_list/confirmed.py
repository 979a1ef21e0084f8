"""A dry run that was confirmed: the captures are planned and the shipments written down, once.

Between the two pages nothing is stored: the page carries what was shown, signed, so that what
is confirmed is what was shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.core import signing
from django.db import transaction
from oscar.core.loading import get_model

from escott.django.clock import the_clock
from escott.django.models import Batch, BatchSource
from escott.django.services.plans import plan_batch
from escott.oscar.shipping import record_shipment
from escott.oscar.shipping_list.reader import Shipment
from escott.oscar.shipping_list.review import CARRIED_OUT, Entry, Meaning, review
from escott.rules.card_states import CardOperation

Order = get_model("order", "Order")

#: How long a dry run may be confirmed.
_GOOD_FOR: Final = timedelta(minutes=30)

_SALT: Final = "escott.shipping_list"


class DryRunGone(Exception):
    """It is too old, or was shown to somebody else: the list has to be uploaded again."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One line that is carried out.

    Attributes:
        payment_id: what would be captured; 0 where nothing is.
        amount: in yen, as it was shown.
    """

    shipment: Shipment
    payment_id: int
    amount: int


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What came of it.

    Attributes:
        batch: the captures; ``None`` where there was none to ask for.
        written_down: how many shipments were written down.
        changed: the numbers of the orders that are not as they were shown, and were left out.
    """

    batch: Batch | None
    written_down: int
    changed: Sequence[str] = ()


def sign_shown(entries: Iterable[Entry], *, key: str, user_id: Any) -> str:
    """What would be carried out, as text for one person's page.

    Args:
        key: names the press that will confirm it.
    """
    rows = [
        [
            entry.shipment.line_number,
            entry.shipment.order_number,
            entry.shipment.shipped_on.isoformat(),
            entry.shipment.tracking_number,
            entry.payment.pk if entry.payment and entry.meaning is Meaning.CAPTURE else 0,
            entry.payment.amount if entry.payment else 0,
        ]
        for entry in entries
        if entry.meaning in CARRIED_OUT
    ]
    return signing.dumps([key, str(user_id), rows], salt=_SALT, compress=True)


def read_shown(text: str, *, user_id: Any) -> tuple[str, Sequence[Shown]]:
    """The key and the lines of a confirmed page.

    Raises:
        DryRunGone: see there.
    """
    try:
        key, user, rows = signing.loads(text, salt=_SALT, max_age=_GOOD_FOR)
    except signing.BadSignature:
        raise DryRunGone from None
    if user != str(user_id):
        raise DryRunGone
    return key, [
        Shown(Shipment(line, number, date.fromisoformat(day), tracking), payment_id, amount)
        for line, number, day, tracking, payment_id, amount in rows
    ]


def confirm(shown: Sequence[Shown], *, key: str, actor: Any) -> Confirmed:
    """Plan the captures and write the shipments down, in one transaction.

    A repeat of the same press returns the first batch and writes nothing more.
    """
    earlier = Batch.objects.filter(key=key).first()
    if earlier is not None:
        return Confirmed(earlier, 0)
    now = the_clock().now()
    entries = review([each.shipment for each in shown], now=now)
    as_shown = [(entry, each) for entry, each in zip(entries, shown, strict=True)]
    good = [entry for entry, each in as_shown if _is_as_shown(entry, each)]
    changed = [
        each.shipment.order_number for entry, each in as_shown if not _is_as_shown(entry, each)
    ]
    payments = [
        entry.payment for entry in good if entry.payment and entry.meaning is Meaning.CAPTURE
    ]
    with transaction.atomic():
        batch = None
        if payments:
            batch = plan_batch(
                payments,
                CardOperation.CAPTURE,
                key=key,
                actor=actor,
                source=BatchSource.SHIPPING,
            )
        for entry in good:
            shipment = entry.shipment
            record_shipment(entry.order, shipment.shipped_on, shipment.tracking_number, actor=actor)
    return Confirmed(batch, len(good), changed)


def _is_as_shown(entry: Entry, each: Shown) -> bool:
    """A capture is of the payment and the amount that were shown; the rest is only noted."""
    if entry.meaning not in CARRIED_OUT:
        return False
    if entry.meaning is not Meaning.CAPTURE:
        return True
    payment = entry.payment
    return payment is not None and (payment.pk, payment.amount) == (each.payment_id, each.amount)
