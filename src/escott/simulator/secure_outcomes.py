"""How 本人認証 (3-D Secure) can end at the simulated card companies.

Source: protocol.md F (SecureResultCode), EMV 3-D Secure for TransactionStatus3D. Which
ResponseCd comes with the results 2, 3 and 4 is a matter of the contract, so both are here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

#: SecureResultCodes with which a charge may go on, if ResponseCd is OK.
_GOES_ON: Final = frozenset({"0", "2", "3", "4"})


@dataclass(frozen=True, slots=True)
class SecureOutcome:
    """One ending.

    Attributes:
        name: what forms and addresses call it.
        result_code: SecureResultCode; empty means that the return carries none.
        status: TransactionStatus3D.
        response_code: ResponseCd of the trip.
        is_challenged: whether the card company's page first asks for the code.
        has_details: whether XID, CAVV, ECI and the rest are in the return.
        walks_away: the shopper does not come back at all.
    """

    name: str
    japanese: str
    english: str
    result_code: str
    status: str = ""
    response_code: str = "OK"
    is_challenged: bool = False
    has_details: bool = True
    walks_away: bool = False

    @property
    def succeeded(self) -> bool:
        """Whether the gateway itself goes on to charge or keep the card."""
        return self.response_code == "OK" and self.result_code in _GOES_ON


FRICTIONLESS: Final = SecureOutcome(
    "frictionless", "認証成功（チャレンジなし）", "authenticated without a challenge", "0", "Y"
)
CHALLENGED: Final = SecureOutcome(
    "challenged",
    "認証成功（認証コードの入力あり）",
    "authenticated after a challenge",
    "0",
    "Y",
    is_challenged=True,
)
FAILED_CHALLENGE: Final = SecureOutcome(
    "failed",
    "認証失敗（認証コードが何であっても U04）",
    "authentication fails, whatever code is entered: U04",
    "1",
    "N",
    "U04",
    is_challenged=True,
)
REFUSED: Final = SecureOutcome(
    "refused",
    "認証失敗（チャレンジなし、U04）",
    "refused without a challenge: U04",
    "1",
    "N",
    "U04",
)
ATTEMPT: Final = SecureOutcome(
    "attempt", "アテンプト（続行できる）", "attempt, may go on", "4", "A"
)
ATTEMPT_REFUSED: Final = SecureOutcome(
    "attempt_refused", "アテンプト（U15）", "attempt, refused with U15", "4", "A", "U15"
)
NOT_ENROLLED: Final = SecureOutcome(
    "not_enrolled",
    "カード会員が未登録（続行できる）",
    "card holder not enrolled, may go on",
    "2",
    "U",
)
NOT_ENROLLED_REFUSED: Final = SecureOutcome(
    "not_enrolled_refused",
    "カード会員が未登録（U01）",
    "card holder not enrolled, refused with U01",
    "2",
    "U",
    "U01",
)
NOT_SUPPORTED: Final = SecureOutcome(
    "not_supported",
    "発行会社が未対応（続行できる、詳細項目なし）",
    "issuer without 3-D Secure, may go on, without details",
    "3",
    has_details=False,
)
NOT_SUPPORTED_REFUSED: Final = SecureOutcome(
    "not_supported_refused",
    "発行会社が未対応（U02）",
    "issuer without 3-D Secure, refused with U02",
    "3",
    "",
    "U02",
    has_details=False,
)
MAINTENANCE: Final = SecureOutcome(
    "maintenance",
    "認証システムのメンテナンス中（U14）",
    "authentication system under maintenance: U14",
    "8",
    "",
    "U14",
    has_details=False,
)
SYSTEM_ERROR: Final = SecureOutcome(
    "system_error",
    "認証システムのエラー（U99）",
    "error of the authentication system: U99",
    "9",
    "",
    "U99",
    has_details=False,
)
WITHOUT_RESULT: Final = SecureOutcome(
    "without_result",
    "OK だが SecureResultCode がない",
    "OK, but without SecureResultCode",
    "",
    has_details=False,
)
WALKS_AWAY: Final = SecureOutcome(
    "walks_away",
    "ショップに戻らない（画面を閉じる）",
    "the shopper never comes back",
    "",
    has_details=False,
    walks_away=True,
)

#: All of them, in the order in which they are offered.
OUTCOMES: Final = (
    FRICTIONLESS,
    CHALLENGED,
    FAILED_CHALLENGE,
    REFUSED,
    ATTEMPT,
    ATTEMPT_REFUSED,
    NOT_ENROLLED,
    NOT_ENROLLED_REFUSED,
    NOT_SUPPORTED,
    NOT_SUPPORTED_REFUSED,
    MAINTENANCE,
    SYSTEM_ERROR,
    WITHOUT_RESULT,
    WALKS_AWAY,
)
