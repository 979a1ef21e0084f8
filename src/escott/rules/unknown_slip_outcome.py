"""結果不明 of a slip: what 2Ref proves about 変更 and 削除 whose answer never came.

2Ref tells the amount and the deposit, and K12 for a slip that was deleted; it does not tell the
last day. Deposits are final, so one that is told proves at once what was not carried out before
it. Source: design.md, invariant 3; protocol.md H.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from escott.rules.unknown_outcome import grace_is_over


class SlipEvidence(StrEnum):
    """What 2Ref told about a slip."""

    UNPAID = "unpaid"
    PAID = "paid"
    GONE = "gone"  # K12


class SlipVerdict(StrEnum):
    """What may be concluded."""

    DONE = "done"
    NOT_DONE = "not_done"
    WAIT = "wait"
    NEVER_TOLD = "never_told"  # nobody will tell, and no money depends on it
    ASK_STAFF = "ask_staff"


def verdict_on_deletion(
    evidence: SlipEvidence, *, given_up_at: datetime, asked_at: datetime
) -> SlipVerdict:
    """What 2Ref proves about a 2Del given up at ``given_up_at``.

    Args:
        asked_at: the moment before 2Ref was sent.
    """
    match evidence:
        case SlipEvidence.GONE:
            return SlipVerdict.DONE
        case SlipEvidence.PAID:
            return SlipVerdict.NOT_DONE
        case SlipEvidence.UNPAID:
            return _not_done_after_grace(given_up_at, asked_at)


def verdict_on_change(
    evidence: SlipEvidence,
    *,
    amount_before: int,
    amount_asked: int,
    amount_found: int | None,
    given_up_at: datetime,
    asked_at: datetime,
) -> SlipVerdict:
    """What 2Ref proves about a 2Chg given up at ``given_up_at``.

    A change of the last day alone is never told: it counts as the one change, and the later of
    the two days is waited for.

    Args:
        amount_before: what the slip asked for before, in yen.
        amount_asked: what the change asked for, in yen.
        amount_found: what the gateway tells, in yen.
    """
    if evidence is SlipEvidence.GONE:
        return SlipVerdict.NEVER_TOLD
    paid = evidence is SlipEvidence.PAID
    if amount_found == amount_asked != amount_before:
        return SlipVerdict.DONE
    if amount_found == amount_before:
        if amount_asked == amount_before:
            over = paid or grace_is_over(given_up_at, asked_at)
            return SlipVerdict.NEVER_TOLD if over else SlipVerdict.WAIT
        return SlipVerdict.NOT_DONE if paid else _not_done_after_grace(given_up_at, asked_at)
    return SlipVerdict.NEVER_TOLD if paid else SlipVerdict.ASK_STAFF


def _not_done_after_grace(given_up_at: datetime, asked_at: datetime) -> SlipVerdict:
    over = grace_is_over(given_up_at, asked_at)
    return SlipVerdict.NOT_DONE if over else SlipVerdict.WAIT
