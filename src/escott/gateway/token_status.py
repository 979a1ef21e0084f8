"""What 1TokenSearch proves about a token; read from its outcome in this one place.

The token's own state stands in TokenResponseCd next to ResponseCd OK, or, as a refusal, in
ResponseCd itself. Source: protocol.md E.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from escott.gateway.outcomes import NotSent, Ok, Outcome, Refused, Unknown


class TokenStatus(StrEnum):
    """The state of a token, as far as the gateway told it."""

    UNUSED = "unused"
    USED = "used"
    EXPIRED = "expired"
    NOT_FOUND = "not_found"
    UNTOLD = "untold"  # no answer, a refusal for another reason, or a contradiction


_STATUS: Final[Mapping[str, TokenStatus]] = {
    "OK": TokenStatus.UNUSED,
    "KI2": TokenStatus.USED,
    "KI3": TokenStatus.EXPIRED,
    "KHZ": TokenStatus.NOT_FOUND,
}


def token_status(outcome: Outcome) -> TokenStatus:
    """What the outcome of a :class:`~escott.gateway.telegrams.TokenSearch` says of its token.

    An answer that says two things about the token says nothing.
    """
    match outcome:
        case Ok(answer):
            return _STATUS.get(answer.token_response_cd, TokenStatus.UNTOLD)
        case Refused(answer, codes):
            said = {code.code for code in codes} | ({answer.token_response_cd} - {""})
            if len(said) != 1:
                return TokenStatus.UNTOLD
            return _STATUS.get(said.pop(), TokenStatus.UNTOLD)
        case NotSent() | Unknown():
            return TokenStatus.UNTOLD
