"""要対応: open a matter for staff, and close it. The payment's mark follows its open cases."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from escott.clock import Clock
from escott.django.audit import record_change
from escott.django.clock import the_clock
from escott.django.insert_once import insert_once
from escott.django.models import AuditArea, Case, CaseKind, Payment
from escott.django.signals import case_opened


class CaseClosed(Exception):
    """Somebody else has closed it meanwhile."""


class NotForStaff(Exception):
    """It ends by itself once the gateway has told, or by a settlement; nobody ticks it off."""


#: What a word of staff does not end: a result is settled, and what was paid in is accepted.
ENDED_OTHERWISE = frozenset({CaseKind.RESULT_UNKNOWN, CaseKind.DEPOSIT_AMOUNT})


def open_case(payment: Payment, kind: CaseKind, /, *, now: datetime, **seen: Any) -> bool:
    """Open a case unless one of the kind is open; ``False`` if one was, which then tells ``seen``.

    Runs in the caller's transaction, so that what happened and its case are written together.

    Args:
        seen: what was found; yen as ``int``, dates as text.
    """
    case = Case(kind=kind, payment=payment, seen=seen, opened_at=now)
    with transaction.atomic():
        opened = insert_once(case)
        if not opened and seen:
            _open_ones(payment).filter(kind=kind).update(seen=seen)
        Payment.objects.filter(pk=payment.pk).update(needs_attention=True)
    payment.needs_attention = True
    if opened:
        transaction.on_commit(lambda: case_opened.send(sender=Case, case=case), robust=True)
    return opened


def open_case_without_payment(kind: CaseKind, /, *, now: datetime, **seen: Any) -> bool:
    """Open a case about no payment of this shop, in the caller's transaction.

    Returns:
        ``False`` if a constraint allows one of the kind only, and one is open.
    """
    case = Case(kind=kind, payment=None, seen=seen, opened_at=now)
    opened = insert_once(case)
    if opened:
        transaction.on_commit(lambda: case_opened.send(sender=Case, case=case), robust=True)
    return opened


def count_in_one_case(kind: CaseKind, /, *, now: datetime) -> None:
    """Count one more occurrence in the one open case of the kind, or open it with the first."""
    with transaction.atomic():
        if open_case_without_payment(kind, now=now, count=1, last=now.isoformat()):
            return
        open_ones = Case.objects.filter(kind=kind, payment=None, closed_at__isnull=True)
        case = open_ones.select_for_update().first()
        if case is not None:
            case.seen = {"count": case.seen.get("count", 0) + 1, "last": now.isoformat()}
            case.save(update_fields=["seen"])


def close_cases(
    payment: Payment, kinds: Iterable[CaseKind], *, now: datetime, actor: Any = None, note: str = ""
) -> int:
    """Close the payment's open cases of these kinds; the number closed."""
    with transaction.atomic():
        closed: int = (
            _open_ones(payment)
            .filter(kind__in=list(kinds))
            .update(closed_at=now, closed_by=actor, note=note[:300])
        )
        if closed:
            payment.needs_attention = _open_ones(payment).exists()
            Payment.objects.filter(pk=payment.pk).update(needs_attention=payment.needs_attention)
    return closed


def dismiss(case_id: int, *, note: str, actor: Any, clock: Clock | None = None) -> Case:
    """Staff have seen to it; the note says how.

    Raises:
        CaseClosed: it was closed before.
        NotForStaff: it ends otherwise: an unknown result by its settlement, another amount by
            being accepted.
    """
    now = (clock or the_clock()).now()
    case = Case.objects.select_related("payment").get(pk=case_id)
    if case.kind in ENDED_OTHERWISE:
        raise NotForStaff(case.kind)
    with transaction.atomic():
        if not _close(case, now=now, actor=actor, note=note):
            raise CaseClosed(case_id)
        record_change(
            actor,
            _("Closed: %s") % case.get_kind_display(),
            case.reference,
            {},
            area=AuditArea.CASE,
            reason=note,
            clock=clock,
        )
    case.refresh_from_db()
    return case


def _close(case: Case, *, now: datetime, actor: Any, note: str) -> bool:
    """``False`` if it was closed before."""
    if case.payment is not None:
        kinds = [CaseKind(case.kind)]
        return bool(close_cases(case.payment, kinds, now=now, actor=actor, note=note))
    still_open = Case.objects.filter(pk=case.pk, closed_at__isnull=True)
    return bool(still_open.update(closed_at=now, closed_by=actor, note=note[:300]))


def _open_ones(payment: Payment) -> Any:
    return Case.objects.filter(payment=payment, closed_at__isnull=True)
