"""Save the card of a payment after it was charged, from its transaction.

The charge comes first: its lost answer can be asked about by token, and a declined card is
never stored (requirements.md part 2 no. 9). A card that takes the place of a saved one becomes
a new member, for the payments made with the old one still need that.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from escott.clock import Clock
from escott.django.models import Payment
from escott.django.models.payment import CardSaving
from escott.django.services.card_label import label_of_member
from escott.django.services.members import KeepResult, MemberBusy, add, new_member
from escott.gateway import Transaction

log = logging.getLogger("escott.members")

_AGAIN_AFTER: Final = timedelta(minutes=2)
_A_ROUND: Final = 20

_NO_LABEL: Final[Mapping[str, str]] = {}


def keep_card_of(payment: Payment, clock: Clock) -> None:
    """Save the payment's card if that was wanted and the payment stands.

    Whatever happens here, the payment is not touched; what was left undone, the worker does.
    """
    if payment.saving != CardSaving.WANTED:
        return
    if not payment.is_paid:
        if payment.saving_due_at is not None:  # it was, and has been cancelled since
            _end(payment, CardSaving.REFUSED)
        return
    try:
        _keep(payment, clock)
    except MemberBusy:
        _later(payment, clock)
    except Exception:
        log.exception("payment %s: its card could not be saved", payment.transaction_code)
        _later(payment, clock)


def keep_due(clock: Clock, stop: threading.Event) -> int:
    """Save the cards that a process did not come to save; the number looked at."""
    due = Payment.objects.filter(saving_due_at__lte=clock.now()).select_related("account")
    looked_at = 0
    for payment in due.order_by("saving_due_at")[:_A_ROUND]:
        if stop.is_set():
            break
        looked_at += 1
        keep_card_of(payment, clock)
    return looked_at


def _keep(payment: Payment, clock: Clock) -> None:
    if not _claim(payment, clock):
        return
    transaction = payment.transaction
    if payment.customer is None or transaction is None or transaction.member is not None:
        _end(payment, CardSaving.REFUSED)
        return
    member = new_member(payment.account, payment.customer, clock.now(), mode=payment.mode)
    kept = add(member, Transaction(transaction.process_id, transaction.process_pass), None, clock)
    if kept.result is KeepResult.NOT_SENT:
        _later(payment, clock)
        return
    told = kept.result is KeepResult.SAVED and not payment.card_label
    _end(payment, _RESULTS[kept.result], label_of_member(kept.member) if told else _NO_LABEL)


def _claim(payment: Payment, clock: Clock) -> bool:
    """Whether this caller may save the card; another's claim runs out after a while."""
    seen = payment.saving_due_at
    rows = Payment.objects.filter(pk=payment.pk, saving=CardSaving.WANTED, saving_due_at=seen)
    payment.saving_due_at = clock.now() + _AGAIN_AFTER
    return bool(rows.update(saving_due_at=payment.saving_due_at))


#: What a lost answer leaves open is found out with the member's own row.
_RESULTS: Final = {
    KeepResult.SAVED: CardSaving.SAVED,
    KeepResult.UNKNOWN: CardSaving.SAVED,
    KeepResult.REFUSED: CardSaving.REFUSED,
}


def _later(payment: Payment, clock: Clock) -> None:
    Payment.objects.filter(pk=payment.pk, saving=CardSaving.WANTED).update(
        saving_due_at=clock.now() + _AGAIN_AFTER
    )


def _end(payment: Payment, saving: CardSaving, label: Mapping[str, str] = _NO_LABEL) -> None:
    """Write how it ended, and which card it was where the member's reference has told."""
    columns = {"saving": saving, "saving_due_at": None, **label}
    Payment.objects.filter(pk=payment.pk).update(**columns)
    for name, value in columns.items():
        setattr(payment, name, value)
