"""How an operation ended, as columns; what the history tells of an outcome is the same for all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from escott.gateway import Answer, NotSent, Ok, Outcome, Refused, ResponseCode, Unknown

#: As much of the response codes as the column holds.
_CODES_LENGTH: Final = 200


@dataclass(frozen=True, slots=True)
class End:
    """How an operation ended, as the columns of its rows.

    Attributes:
        slip: the columns of the payment's slip, where it is paid by one.
        beside: what is written in the same transaction, after the columns: cases and mails.
    """

    operation: dict[str, Any]
    payment: dict[str, Any]
    slip: dict[str, Any] = field(default_factory=dict)
    beside: tuple[Callable[[], object], ...] = ()


def details_of(outcome: Outcome) -> dict[str, Any]:
    """What the history tells of an outcome."""
    match outcome:
        case Ok(answer):
            return {"response_codes": answer.response_cd, "transaction_id": answer.transaction_id}
        case Refused():
            return {
                "response_codes": _joined(outcome.codes),
                "transaction_id": outcome.answer.transaction_id,
            }
        case NotSent():
            return {"reason": outcome.reason, "detail": outcome.detail[:200]}
        case Unknown():
            return {
                "reason": outcome.reason,
                "detail": outcome.detail[:200],
                "response_codes": _joined(outcome.codes),
                "transaction_id": outcome.answer.transaction_id if outcome.answer else "",
            }


def identity_of(answer: Answer | None) -> dict[str, Any]:
    """ProcessId and ProcessPass, where an answer brought them."""
    if answer is None or not answer.process_id or not answer.process_pass:
        return {}
    return {"process_id": answer.process_id, "process_pass": answer.process_pass}


def _joined(codes: tuple[ResponseCode, ...]) -> str:
    return "|".join(dict.fromkeys(code.code for code in codes))[:_CODES_LENGTH]
