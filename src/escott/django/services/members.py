"""カード会員: save and change a customer's card at the gateway. Claim, call, record.

A member moves no money, and its state can always be asked (``member_reference``); what a lost
answer leaves open, the worker finds out.
"""

from __future__ import annotations

import logging
import secrets
import string
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from django.db import IntegrityError, transaction

from escott.clock import Clock
from escott.django.clock import the_clock
from escott.django.gateway_access import (
    GatewayBusy,
    call_slot,
    client_for,
    refuse_inside_transaction,
)
from escott.django.models import Member, MemberState, MerchantAccount
from escott.django.models.member import MemberOperation
from escott.django.services.card_account import account_for_cards
from escott.django.services.member_reference import (
    ASK_AFTER,
    is_missing,
    member_code,
    refresh,
    write,
)
from escott.django.update_row import update_row
from escott.gateway import (
    Authentication,
    MemberAdd,
    MemberChange,
    NotSent,
    NotSentReason,
    Ok,
    Outcome,
    Refused,
    ResponseCode,
    Secret,
    Telegram,
    Token,
    Transaction,
    Unknown,
)

log = logging.getLogger("escott.members")

_LETTERS: Final = string.ascii_letters + string.digits


class MemberBusy(Exception):
    """Another operation on the customer's card is under way, or its result is unknown."""


class SavedCardsOff(Exception):
    """登録済みカードでの支払い is switched off."""


class KeepResult(StrEnum):
    """How saving or changing a card ended."""

    SAVED = "saved"
    REFUSED = "refused"  # the gateway said no
    NOT_SENT = "not_sent"  # nothing happened; it may be tried again at once
    UNKNOWN = "unknown"  # the worker finds out


@dataclass(frozen=True, slots=True)
class Kept:
    """What came of saving or changing a card; ``codes`` tell why the gateway refused."""

    result: KeepResult
    member: Member
    codes: tuple[ResponseCode, ...] = ()


def usable_member_of(customer: Any, mode: str) -> Member | None:
    """The saved card that the customer may be offered; from our row, without the gateway."""
    if customer is None or not customer.is_authenticated:
        return None
    found = Member.objects.filter(
        customer=customer, mode=mode, current=True, state=MemberState.VALID, under_way=""
    )
    return found.select_related("account").first()


def current_member_of(customer: Any, mode: str) -> Member | None:
    """The customer's card in whatever state, for pages that show it."""
    return (
        Member.objects.filter(customer=customer, mode=mode, current=True)
        .select_related("account")
        .first()
    )


def keep_card(
    customer: Any,
    token: Secret,
    *,
    authentication: Authentication | None = None,
    clock: Clock | None = None,
) -> Kept:
    """Save a card for a customer, or put it in the place of the saved one.

    Args:
        customer: whose card it is; a guest has none.
        token: the one-time token of the new card; it is used up.
        authentication: the result of its 本人認証, where 3-D Secure is on.

    Raises:
        MethodUnavailable: card payment is not completely set up.
        SavedCardsOff: the shop does not save cards.
        MemberBusy: another operation on the customer's card has not ended.
        TransactionManagementError: called inside a transaction.
    """
    refuse_inside_transaction()
    clock = clock or the_clock()
    account = account_for_cards()
    if not account.saves_cards:
        raise SavedCardsOff
    card = Token(token)
    member = current_member_of(customer, account.mode)
    if member is not None and member.state == MemberState.VALID:
        kept = _change(member, card, authentication, clock)
        if kept is not None:
            return kept
    return add(new_member(account, customer, clock.now()), card, authentication, clock)


def new_member(
    account: MerchantAccount,
    customer: Any,
    now: datetime,
    due_at: datetime | None = None,
    mode: str = "",
) -> Member:
    """Claim: a row for a card that is about to be saved.

    Args:
        due_at: when the worker asks the gateway what has become of it.
        mode: of the transaction that the card comes from; by default the account's.

    Raises:
        MemberBusy: another card of the customer is being saved at this moment.
    """
    member = Member(
        account=account,
        mode=mode or account.mode,
        customer=customer,
        kaiin_id="m" + "".join(_random(12)),
        kaiin_pass=Secret("".join(_random(12))),
        under_way=MemberOperation.ADD,
        current=False,
        created_at=now,
        changed_at=now,
        due_at=due_at or now + ASK_AFTER,
    )
    try:
        with transaction.atomic():
            member.save(force_insert=True)
    except IntegrityError:
        raise MemberBusy from None
    return member


def add(
    member: Member,
    card: Token | Transaction,
    authentication: Authentication | None,
    clock: Clock,
) -> Kept:
    """Call and record 4MemAdd for a row that :func:`new_member` has made."""
    telegram = MemberAdd(
        transaction_code=member_code(member),
        member=member.at_the_gateway,
        card=card,
        authentication=authentication,
    )
    return _record(member, send(member, telegram, clock), MemberState.ABSENT, clock)


def _change(
    member: Member, card: Token, authentication: Authentication | None, clock: Clock
) -> Kept | None:
    """4MemChg; ``None`` if the gateway has no such member and another is to be made."""
    claim = {
        "under_way": MemberOperation.CHANGE,
        "due_at": clock.now() + ASK_AFTER,
        "changed_at": clock.now(),
    }
    if not update_row(member, claim, still={"under_way": (MemberOperation.NONE,)}):
        raise MemberBusy
    member.under_way = MemberOperation.CHANGE
    telegram = MemberChange(
        transaction_code=member_code(member),
        member=member.at_the_gateway,
        card=card,
        authentication=authentication,
    )
    outcome = send(member, telegram, clock)
    if is_missing(outcome):
        write(member, {"state": MemberState.DELETED, "response_codes": "K71"}, clock.now())
        return None
    return _record(member, outcome, MemberState.VALID, clock)


def _record(member: Member, outcome: Outcome, otherwise: MemberState, clock: Clock) -> Kept:
    """Write down what came back; ``otherwise`` is the state if nothing was done."""
    match outcome:
        case Ok():
            told = refresh(member, clock)
            return Kept(KeepResult.SAVED if told else KeepResult.UNKNOWN, member)
        case Refused(_, codes):
            joined = "|".join(code.code for code in codes)[:200]
            write(member, {"state": otherwise, "response_codes": joined}, clock.now())
            return Kept(KeepResult.REFUSED, member, codes)
        case NotSent():
            write(member, {"state": otherwise}, clock.now())
            return Kept(KeepResult.NOT_SENT, member)
        case Unknown():
            return Kept(KeepResult.UNKNOWN, member)


def send(member: Member, telegram: Telegram, clock: Clock) -> Outcome:
    """Send a telegram about a member, within the bound on calls."""
    try:
        with call_slot():
            return client_for(member.account, member.mode, clock).send(telegram)
    except GatewayBusy as busy:
        return NotSent(NotSentReason.BUSY, str(busy))


def _random(length: int) -> Iterator[str]:
    return (secrets.choice(_LETTERS) for _ in range(length))
