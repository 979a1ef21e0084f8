"""Delete a saved card at the gateway: 4MemInval, then 4MemDel. Claim, call, record.

The claim keeps new payments from the card while the rule is looked at for the last time. Both
telegrams may be repeated: they say themselves that they had been done already (K75, K71), so
a deletion whose answer was lost is simply gone on with.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from escott.clock import Clock
from escott.django.audit import record_change
from escott.django.clock import the_clock
from escott.django.gateway_access import refuse_inside_transaction
from escott.django.models import AuditArea, Member, MemberState, Payment
from escott.django.models.member import MemberOperation
from escott.django.services.member_needs import Obstacle, payments_lost_with, why_not
from escott.django.services.member_reference import (
    ASK_AFTER,
    is_missing,
    member_code,
    refresh,
    write,
)
from escott.django.services.members import MemberBusy, send
from escott.django.update_row import update_row
from escott.gateway import (
    MemberDelete,
    MemberInvalidate,
    NotSent,
    Ok,
    Outcome,
    Refused,
    ResponseCode,
    Telegram,
    Unknown,
)

log = logging.getLogger("escott.members")

#: The member is invalid already: a first attempt had come so far.
_INVALID_ALREADY: Final = "K75"

_AT_THE_GATEWAY: Final = (MemberState.VALID, MemberState.INVALID)


class DeletionResult(StrEnum):
    """How deleting a card ended."""

    DELETED = "deleted"
    REFUSED = "refused"  # the gateway said no
    NOT_SENT = "not_sent"  # nothing happened; it may be tried again at once
    UNDER_WAY = "under_way"  # the worker goes on with it


@dataclass(frozen=True, slots=True)
class Deletion:
    """What came of deleting a card; ``codes`` tell why the gateway refused."""

    result: DeletionResult
    member: Member
    codes: tuple[ResponseCode, ...] = ()


class StillNeeded(Exception):
    """The rule keeps the card; nothing was done.

    Attributes:
        obstacles: each clause in the way, with its payments.
    """

    def __init__(self, obstacles: list[Obstacle]) -> None:
        super().__init__(", ".join(obstacle.clause for obstacle in obstacles))
        self.obstacles = obstacles


class OverrideRefused(Exception):
    """Who asks may not delete a card that is still needed, or has given no reason."""


def delete_member(
    member: Member,
    *,
    actor: Any = None,
    reason: str = "",
    override: bool = False,
    clock: Clock | None = None,
) -> Deletion:
    """Delete a saved card, if nothing needs it any more.

    Args:
        actor: the member of staff or the customer; ``None`` for a job.
        reason: why it is deleted; obligatory with ``override``.
        override: delete it although the rule keeps it. The payments made with it that could
            still be operated on are written into the audit log.
        clock: the present; the site's clock by default.

    Raises:
        StillNeeded: the rule keeps it.
        OverrideRefused: no permission, or no reason.
        MemberBusy: another operation on the card has not ended.
        TransactionManagementError: called inside a transaction.
    """
    refuse_inside_transaction()
    clock = clock or the_clock()
    if member.state not in _AT_THE_GATEWAY and not member.under_way:
        return Deletion(DeletionResult.DELETED, member)
    if override:
        _check_override(actor, reason)
    elif obstacles := why_not(member, clock.now()):
        raise StillNeeded(obstacles)
    _claim(member, actor, reason, override=override, now=clock.now(), clock=clock)
    outcome = _say(member, MemberInvalidate, clock)
    if isinstance(outcome, NotSent):
        write(member, {"state": member.state}, clock.now())
        return Deletion(DeletionResult.NOT_SENT, member)
    return _after_invalidation(member, outcome, clock)


def go_on_deleting(member: Member, clock: Clock) -> Deletion:
    """Go on with a deletion that was claimed, and whose process or answers were lost."""
    return _after_invalidation(member, _say(member, MemberInvalidate, clock), clock)


def _check_override(actor: Any, reason: str) -> None:
    if actor is None or not actor.has_perm("escott.override_saved_card"):
        raise OverrideRefused("the permission escott.override_saved_card is missing")
    if not reason.strip():
        raise OverrideRefused("a reason is obligatory")


def _claim(
    member: Member, actor: Any, reason: str, *, override: bool, now: datetime, clock: Clock
) -> None:
    """Claim the card, look again, and write into the audit log what is about to be done.

    A charge holds the card's row until it is written, so whoever comes second sees the first.
    """
    claim = {
        "under_way": MemberOperation.DELETE,
        "due_at": now + ASK_AFTER,
        "leased_until": None,
        "changed_at": now,
    }
    still = {"under_way": (MemberOperation.NONE,), "state": _AT_THE_GATEWAY}
    with transaction.atomic():
        if not update_row(member, claim, still=still):
            raise MemberBusy
        obstacles = why_not(member, now, claimed=True)
        if obstacles and not override:
            raise StillNeeded(obstacles)
        if actor is not None:
            lost = payments_lost_with(member, obstacles)
            _audit(member, lost, actor, reason, override=override, clock=clock)
    member.under_way = MemberOperation.DELETE


def _audit(
    member: Member,
    lost: list[Payment],
    actor: Any,
    reason: str,
    *,
    override: bool,
    clock: Clock,
) -> None:
    codes = ", ".join(f"{payment.order_reference} ({payment.transaction_code})" for payment in lost)
    record_change(
        actor,
        _("Delete a saved card that is still needed") if override else _("Delete a saved card"),
        f"{member.customer}: {member.label} ({member.kaiin_id})",
        {_("Payments that can no longer be operated on"): ("", codes)} if codes else {},
        area=AuditArea.OVERRIDE if override else AuditArea.CARD,
        reason=reason,
        clock=clock,
    )


def _after_invalidation(member: Member, outcome: Outcome, clock: Clock) -> Deletion:
    if not (isinstance(outcome, Ok) or _says(outcome, _INVALID_ALREADY)):
        return _end(member, outcome, clock)
    return _end(member, _say(member, MemberDelete, clock), clock)


def _end(member: Member, outcome: Outcome, clock: Clock) -> Deletion:
    """Write down what is certain. What is not, stays claimed, and the worker goes on with it."""
    if isinstance(outcome, Ok) or is_missing(outcome):
        code = "OK" if isinstance(outcome, Ok) else "K71"
        write(member, {"state": MemberState.DELETED, "response_codes": code}, clock.now())
        return Deletion(DeletionResult.DELETED, member)
    match outcome:
        case Refused(_, codes) if refresh(member, clock):
            log.error("member %s was not deleted: %s", member.kaiin_id, codes)
            return Deletion(DeletionResult.REFUSED, member, codes)
        case Refused() | NotSent() | Unknown():
            return Deletion(DeletionResult.UNDER_WAY, member)


def _says(outcome: Outcome, code: str) -> bool:
    return isinstance(outcome, Refused) and [each.code for each in outcome.codes] == [code]


def _say(
    member: Member, telegram: type[MemberInvalidate] | type[MemberDelete], clock: Clock
) -> Outcome:
    said: Telegram = telegram(transaction_code=member_code(member), member=member.at_the_gateway)
    return send(member, said, clock)
