"""A deposit notice (入金結果通知) in the gateway's books, and how its delivery goes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from escott.simulator.notice_faults import NoticeFault


class NoticeEnd(StrEnum):
    """What has become of a notice."""

    #: It will be sent, or sent again.
    WAITING = "waiting"
    #: The merchant has confirmed it.
    TAKEN = "taken"
    #: The merchant never confirmed it; it is not sent any more.
    GIVEN_UP = "given_up"
    #: A tester wanted it to be lost.
    LOST = "lost"
    #: The merchant has registered no address for notices.
    NO_ADDRESS = "no_address"


@dataclass(frozen=True, slots=True)
class NoticeAttempt:
    """One delivery. ``status`` is None where no answer came; ``error`` says why."""

    at: datetime
    url: str
    status: int | None
    reply: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class DepositNotice:
    """One notice.

    Attributes:
        number: rises with every notice.
        slip: the TransactionId of its slip.
        body: the form that is posted, the same at every attempt.
        due: when it is sent next; it has ended where None.
        is_held: it waits for another notice to be sent first.
    """

    number: str
    slip: str
    merchant_id: str
    merchant_free1: str
    recv_num: str
    faults: tuple[NoticeFault, ...]
    body: str = field(repr=False)
    made_at: datetime
    due: datetime | None
    is_held: bool = False
    attempts: tuple[NoticeAttempt, ...] = ()
    end: NoticeEnd = NoticeEnd.WAITING


@dataclass(frozen=True, slots=True)
class NoticeAddress:
    """Where a merchant wants its notices; empty where nowhere."""

    merchant_id: str
    url: str
