"""Ask the gateway how a saved card stands, and write that down: its answer is the truth.

Every operation on a member ends here, also one whose own answer was lost. Asking moves no
money and may be repeated. Source: protocol.md D.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any, Final

from django.contrib.auth import get_user_model
from django.db import transaction

from escott.clock import Clock
from escott.django.models import Member, MemberState, Mode
from escott.django.models.member import MemberOperation
from escott.django.services.token_check import client_for_inquiries
from escott.gateway import Answer, MemberReference, Ok, Outcome, Refused
from escott.rules.card_brands import brand_of, last_four_of
from escott.rules.member_lifetime import kept_in_test_until
from escott.rules.unknown_outcome import grace_is_over

log = logging.getLogger("escott.members")

#: When an unfinished operation on a member is asked about, and how often after that.
ASK_AFTER: Final = timedelta(minutes=2)

#: What KaiinStatus says; a member with a status that is not listed can't be used.
_STATES: Final = {"0": MemberState.VALID, "4": MemberState.DELETED}

#: What tells one card from another.
_CARD: Final = ("brand", "last_four", "expiry")

#: There is no such member, or its password is another: it cannot be used by us again.
_NO_SUCH_MEMBER: Final = "K71"


def refresh(member: Member, clock: Clock, *, given_up_at: datetime | None = None) -> bool:
    """Bring the row in line with the gateway; ``False`` if the gateway did not tell.

    What was under way ends with it. A member that the gateway has not got is ABSENT if it was
    to be added, and DELETED otherwise.

    Args:
        given_up_at: when a telegram was sent whose answer was lost. The gateway may still carry
            it out, so for a while "nothing was done" tells nothing.
    """
    outcome = client_for_inquiries(member.account, member.mode, clock).send(
        MemberReference(transaction_code=member_code(member), member=member.at_the_gateway)
    )
    columns = _columns(member, outcome)
    if columns is not None and given_up_at is not None and _nothing_done(member, columns):
        columns = columns if grace_is_over(given_up_at, clock.now()) else None
    if columns is None:
        Member.objects.filter(pk=member.pk).update(
            leased_until=None, due_at=clock.now() + ASK_AFTER
        )
        return False
    write(member, columns, clock.now())
    return True


def _nothing_done(member: Member, columns: dict[str, Any]) -> bool:
    """Whether the gateway stands as it did before what is under way."""
    match member.under_way:
        case MemberOperation.ADD:
            return bool(columns["state"] == MemberState.ABSENT)
        case MemberOperation.CHANGE:
            return all(getattr(member, name) == columns.get(name) for name in _CARD)
        case _:
            return False


def member_code(member: Member) -> str:
    """What member telegrams carry as MerchantFree1: the row's number."""
    return f"{member.pk:012}"


def write(member: Member, columns: dict[str, Any], now: datetime) -> None:
    """Write what the gateway told, end what was under way, and offer a newly saved card."""
    changes = {
        "under_way": MemberOperation.NONE,
        "leased_until": None,
        "attempts": 0,
        "changed_at": now,
        **columns,
    }
    with transaction.atomic():
        if member.under_way == MemberOperation.ADD and changes["state"] == MemberState.VALID:
            _take_the_place(member, now)
            changes["current"] = True
        if changes["state"] in {MemberState.ABSENT, MemberState.DELETED}:
            changes |= {"current": False, "customer": None}
        changes.setdefault("due_at", _next_look(member, changes, now))
        Member.objects.filter(pk=member.pk).update(**changes)
    for name, value in changes.items():
        setattr(member, name, value)
    log.info("member %s is %s", member.kaiin_id, member.state)


def _next_look(member: Member, changes: dict[str, Any], now: datetime) -> datetime | None:
    """When the worker turns to the row by itself: a replaced card is to be deleted, and the
    test environment deletes its members without a word.
    """
    if changes["state"] not in {MemberState.VALID, MemberState.INVALID}:
        return None
    if not changes.get("current", member.current):
        return now
    return kept_in_test_until(member.created_at) if member.mode == Mode.TEST else None


def is_missing(outcome: Outcome) -> bool:
    """Whether the gateway says that it has no such member (K71)."""
    return isinstance(outcome, Refused) and any(
        code.code == _NO_SUCH_MEMBER for code in outcome.codes
    )


def _columns(member: Member, outcome: Outcome) -> dict[str, Any] | None:
    if isinstance(outcome, Ok):
        answer = outcome.answer
        state = _STATES.get(answer.kaiin_status, MemberState.INVALID)
        return {"state": state, "response_codes": answer.response_cd, **_card(answer)}
    if not is_missing(outcome):
        return None
    if member.under_way == MemberOperation.ADD:
        return {"state": MemberState.ABSENT, "response_codes": _NO_SUCH_MEMBER}
    if member.under_way == MemberOperation.DELETE or member.mode == Mode.TEST:
        return {"state": MemberState.DELETED, "response_codes": _NO_SUCH_MEMBER}
    return {"state": MemberState.INVALID, "response_codes": _NO_SUCH_MEMBER}


def _card(answer: Answer) -> dict[str, str]:
    """What may be shown of the card: brand, last four digits, expiry."""
    brand = brand_of(answer.card_no)
    return {
        "brand": brand.value if brand else "",
        "last_four": last_four_of(answer.card_no),
        "expiry": answer.card_exp if len(answer.card_exp) == 4 else "",
    }


def _take_the_place(member: Member, now: datetime) -> None:
    """The card that was offered till now is deleted later, once no payment needs it.

    Of two cards saved at once the later one stays; the lock lets it see the other.
    """
    owner = get_user_model().objects.filter(pk__in=[member.customer_id])
    owner.select_for_update(no_key=True).exists()
    replaced = Member.objects.filter(customer=member.customer, mode=member.mode, current=True)
    replaced.exclude(pk=member.pk).update(current=False, due_at=now)
