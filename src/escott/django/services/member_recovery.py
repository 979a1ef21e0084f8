"""Saved cards that the worker turns to: lost answers, replaced cards, and old test members.

Source: requirements.md A138 and part 2 no. 1; protocol.md D and J.
"""

from __future__ import annotations

import logging
import threading
from datetime import datetime, timedelta
from typing import Final

from escott.clock import Clock
from escott.django.gateway_access import timeouts
from escott.django.models import Member, MemberState, Mode
from escott.django.models.member import MemberOperation
from escott.django.services.member_deletion import (
    DeletionResult,
    StillNeeded,
    delete_member,
    go_on_deleting,
)
from escott.django.services.member_reference import refresh, write
from escott.django.services.members import MemberBusy
from escott.rules.member_lifetime import kept_in_test_until

log = logging.getLogger("escott.members")

#: How many cards one round looks at, so that a hanging gateway keeps nothing else waiting.
_A_ROUND: Final = 20

#: How much longer than its time-outs a look at a card holds its lease.
_LEASE_BEYOND: Final = timedelta(minutes=1)

#: Pause before the gateway is asked again; doubled each time, up to the longest.
_PAUSE: Final = timedelta(minutes=2)
_LONGEST_PAUSE: Final = timedelta(hours=1)

#: When the rule is looked at again for a replaced card that payments still need.
_NEXT_LOOK: Final = timedelta(days=1)


def resolve_members_due(clock: Clock, stop: threading.Event) -> int:
    """Look at the saved cards that are due; the number looked at."""
    looked_at = 0
    waits = timeouts()
    lease = 2 * timedelta(seconds=waits.connect + waits.read) + _LEASE_BEYOND
    for member in Member.lease_due(clock.now(), lasting=lease, limit=_A_ROUND):
        looked_at += 1
        pause = _pause(member.attempts)
        try:
            _look_at(member, clock)
        except Exception:
            log.exception("member %s could not be looked at", member.kaiin_id)
            member.release(due_at=clock.now() + pause)
        else:
            if member.under_way:
                member.release(due_at=clock.now() + pause)
        if stop.is_set():
            break
    return looked_at


def _look_at(member: Member, clock: Clock) -> None:
    match member.under_way:
        case MemberOperation.NONE:
            _tidy(member, clock)
        case MemberOperation.DELETE:
            go_on_deleting(member, clock)
        case _:
            refresh(member, clock, given_up_at=member.changed_at)


def _tidy(member: Member, clock: Clock) -> None:
    """A card with nothing under way: is it replaced, or an old one of the test environment?"""
    now = clock.now()
    if member.state not in {MemberState.VALID, MemberState.INVALID}:
        member.release(due_at=None)
    elif member.mode == Mode.TEST and kept_in_test_until(member.created_at) <= now:
        log.info("member %s of the test environment is two months old", member.kaiin_id)
        write(member, {"state": MemberState.DELETED, "response_codes": ""}, now)
    elif not member.current:
        member.release(due_at=_delete_replaced(member, clock))
    else:
        in_test = member.mode == Mode.TEST
        member.release(due_at=kept_in_test_until(member.created_at) if in_test else None)


def _delete_replaced(member: Member, clock: Clock) -> datetime | None:
    """Delete a replaced card if the rule allows; when to look at it again."""
    try:
        deletion = delete_member(member, clock=clock)
    except StillNeeded:
        return clock.now() + _NEXT_LOOK
    except MemberBusy:
        return clock.now() + _PAUSE
    if deletion.result is DeletionResult.DELETED:
        return None
    return clock.now() + (_PAUSE if member.under_way else _LONGEST_PAUSE)


def _pause(attempts: int) -> timedelta:
    doublings = min(max(attempts - 1, 0), 10)
    return min(_PAUSE * (1 << doublings), _LONGEST_PAUSE)
