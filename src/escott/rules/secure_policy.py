"""本人認証: which results of 3-D Secure a shop accepts. Source: requirements.md A114."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class SecurePolicy(StrEnum):
    """How much of an authentication a shop asks for."""

    STRICT = "strict"
    STANDARD = "standard"


#: The SecureResultCodes that let a payment go on: 0 authenticated, 2 card holder not enrolled,
#: 3 issuer without 3-D Secure, 4 attempt. Never 1, 8, 9, and never none.
ACCEPTED: Final[Mapping[SecurePolicy, frozenset[str]]] = {
    SecurePolicy.STRICT: frozenset({"0"}),
    SecurePolicy.STANDARD: frozenset({"0", "2", "3", "4"}),
}


def accepts(policy: SecurePolicy, *, response_cd: str, result_code: str | None) -> bool:
    """Whether a return lets the payment go on.

    Args:
        response_cd: ResponseCd of the return; anything but ``OK`` is refused.
        result_code: SecureResultCode, or ``None`` where none came.
    """
    return response_cd == "OK" and result_code in ACCEPTED[policy]
