"""The cards that the simulated issuers know, each with what happens when it is used.

They exist in the simulator only; the real gateway knows none of them but, perhaps, the
first. All pass the Luhn check, all expire in 12/28, and the security code is 777 (7777 for
American Express).

How to read a Visa number, in groups of four: ``4000 0000 FFCC 000x``. ``FF`` is the code's
letter by its place in the alphabet (03 = C, 07 = G, 11 = K) and ``CC`` its digits, so
``0712`` is declined with G12. ``90nn`` is trouble on the first telegram of a transaction,
``91nn`` on a later one (every process telegram except 1Search), ``92nn`` an ending of
本人認証 (3-D Secure), ``9020`` a limit. ``x`` is the check digit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from escott.simulator import secure_outcomes, troubles
from escott.simulator.brands import Brand
from escott.simulator.secure_outcomes import SecureOutcome
from escott.simulator.troubles import Trouble

#: Expiry of every magic card, YYMM.
EXPIRY: Final = "2812"
SECURITY_CODE: Final = "777"

#: What the issuers know of the holder of every magic card; they compare it with the
#: assist fields of the same name (認証アシスト).
HOLDER: Final[Mapping[str, str]] = {
    "KanaSei": "ﾔﾏﾀﾞ",
    "KanaMei": "ﾊﾅｺ",
    "BirthDay": "0503",
    "TelNo": "1234",
}


@dataclass(frozen=True, slots=True)
class MagicCard:
    """A card that the simulated issuers know.

    ``decline`` is the code it is always refused with; ``limit`` the largest amount in yen
    that it is approved for (G55 above); ``trouble`` what goes wrong after approval, on the
    first telegram or, with ``on_follow_up``, on later ones; ``secure`` how its 本人認証 ends.
    """

    number: str
    japanese: str
    english: str
    brand: Brand = Brand.VISA
    security_code: str = SECURITY_CODE
    expiry: str = EXPIRY
    decline: str = ""
    limit: int | None = None
    trouble: Trouble | None = None
    on_follow_up: bool = False
    secure: SecureOutcome = secure_outcomes.FRICTIONLESS


APPROVED: Final = (
    MagicCard(
        "4000000000001000",
        "承認（通常の成功、3Dセキュアはチャレンジあり）",
        "approved; 3-D Secure asks for the code",
        secure=secure_outcomes.CHALLENGED,
    ),
    MagicCard("5100000000001006", "承認", "approved", Brand.MASTERCARD),
    MagicCard("3530000000001001", "承認", "approved", Brand.JCB),
    MagicCard("370000000001000", "承認", "approved", Brand.AMEX, security_code="7777"),
    MagicCard("36000000001006", "承認", "approved", Brand.DINERS),
    MagicCard(
        "4000000090200009",
        "10,000円まで承認、超えると G55",
        "approved up to ¥10,000, G55 above",
        limit=10_000,
    ),
)

#: Number and code; the meaning of a code stands in the response-code catalogue.
_DECLINES: Final = (
    ("4000000007120001", "G12"),
    ("4000000007220009", "G22"),
    ("4000000007300009", "G30"),
    ("4000000007420005", "G42"),
    ("4000000007440003", "G44"),
    ("4000000007450002", "G45"),
    ("4000000007540000", "G54"),
    ("4000000007550009", "G55"),
    ("4000000007560008", "G56"),
    ("4000000007600002", "G60"),
    ("4000000007610001", "G61"),
    ("4000000007650007", "G65"),
    ("4000000007830005", "G83"),
    ("4000000007840004", "G84"),
    ("4000000007920004", "G92"),
    ("4000000007960000", "G96"),
    ("4000000007970009", "G97"),
    ("4000000003030006", "C03"),
    ("4000000003120005", "C12"),
    ("4000000003130004", "C13"),
    ("4000000003160001", "C16"),
    ("4000000003170000", "C17"),
    ("4000000011400001", "K40"),
    ("4000000011960004", "K96"),
    ("4000000011970003", "K97"),
    ("4000000011980002", "K98"),
    ("4000000011990001", "K99"),
)

DECLINED: Final = tuple(MagicCard(number, "", "", decline=code) for number, code in _DECLINES)

TROUBLED: Final = (
    MagicCard(
        "4000000090010002",
        "承認、応答まで約10秒",
        "approved, answered after about ten seconds",
        trouble=troubles.SLOW,
    ),
    MagicCard(
        "4000000090020001",
        "承認後に応答が失われる（請求あり）",
        "charged, and the answer is lost",
        trouble=troubles.LOST_AFTER,
    ),
    MagicCard(
        "4000000090030000",
        "処理前に接続が切れる（請求なし）",
        "the connection breaks before anything is done",
        trouble=troubles.LOST_BEFORE,
    ),
    MagicCard(
        "4000000090040009",
        "接続が切れた後、遅れて請求される（約30秒後）",
        "the connection breaks, and the charge is carried out about 30 seconds later",
        trouble=troubles.CARRIED_OUT_LATE,
    ),
    MagicCard(
        "4000000090050008",
        "承認後に応答が来ない（請求あり）",
        "charged, then silence until the caller gives up",
        trouble=troubles.HANGS_AFTER,
    ),
    MagicCard(
        "4000000090060007",
        "処理されず応答も来ない（請求なし）",
        "nothing is done, silence until the caller gives up",
        trouble=troubles.HANGS_BEFORE,
    ),
    MagicCard(
        "4000000090070006",
        "HTML が返る（請求あり）",
        "charged, and answered with a page of HTML",
        trouble=troubles.ANSWERS_HTML,
    ),
    MagicCard(
        "4000000090080005",
        "HTTP 500 が返る（請求あり）",
        "charged, and answered with status 500",
        trouble=troubles.ANSWERS_ERROR,
    ),
    MagicCard(
        "4000000090090004",
        "空の応答が返る（請求あり）",
        "charged, and answered with an empty body",
        trouble=troubles.ANSWERS_NOTHING,
    ),
    MagicCard(
        "4000000090100001",
        "応答が途中で切れる（請求あり）",
        "charged, and the answer breaks off half-way",
        trouble=troubles.ANSWERS_HALF,
    ),
    MagicCard(
        "4000000090110000",
        "10 MB の応答が返る（請求あり）",
        "charged, and answered with ten megabytes",
        trouble=troubles.ANSWERS_TOO_MUCH,
    ),
    MagicCard(
        "4000000090120009",
        "ResponseCd のない応答が返る（請求あり）",
        "charged, and answered without ResponseCd",
        trouble=troubles.ANSWERS_WITHOUT_CODE,
    ),
    MagicCard(
        "4000000090130008",
        "K96 が返るが請求されている",
        "answered with K96 although it was charged",
        trouble=troubles.CHARGED_BUT_K96,
    ),
    MagicCard(
        "4000000091010001",
        "承認。後続処理の応答は約10秒後",
        "approved; later operations are answered after about ten seconds",
        trouble=troubles.SLOW,
        on_follow_up=True,
    ),
    MagicCard(
        "4000000091020000",
        "承認。後続処理の応答が失われる（処理済み）",
        "approved; later operations are carried out and their answers lost",
        trouble=troubles.LOST_AFTER,
        on_follow_up=True,
    ),
    MagicCard(
        "4000000091030009",
        "承認。後続処理の前に接続が切れる（未処理）",
        "approved; the connection breaks before later operations",
        trouble=troubles.LOST_BEFORE,
        on_follow_up=True,
    ),
    MagicCard(
        "4000000091040008",
        "承認。後続処理は接続が切れた後、遅れて実行される",
        "approved; later operations are carried out late, after the connection broke",
        trouble=troubles.CARRIED_OUT_LATE,
        on_follow_up=True,
    ),
)

#: Number and ending of the authentication; every charge on these cards is approved.
_SECURED: Final = (
    ("4000000092010000", secure_outcomes.FRICTIONLESS),
    ("4000000092020009", secure_outcomes.CHALLENGED),
    ("4000000092030008", secure_outcomes.FAILED_CHALLENGE),
    ("4000000092040007", secure_outcomes.REFUSED),
    ("4000000092050006", secure_outcomes.ATTEMPT),
    ("4000000092060005", secure_outcomes.ATTEMPT_REFUSED),
    ("4000000092070004", secure_outcomes.NOT_ENROLLED),
    ("4000000092080003", secure_outcomes.NOT_ENROLLED_REFUSED),
    ("4000000092090002", secure_outcomes.NOT_SUPPORTED),
    ("4000000092100009", secure_outcomes.NOT_SUPPORTED_REFUSED),
    ("4000000092110008", secure_outcomes.MAINTENANCE),
    ("4000000092120007", secure_outcomes.SYSTEM_ERROR),
    ("4000000092130006", secure_outcomes.WITHOUT_RESULT),
    ("4000000092140005", secure_outcomes.WALKS_AWAY),
)

SECURED: Final = tuple(
    MagicCard(number, outcome.japanese, outcome.english, secure=outcome)
    for number, outcome in _SECURED
)

#: Every magic card by its number.
MAGIC_CARDS: Final[Mapping[str, MagicCard]] = {
    card.number: card for card in (*APPROVED, *DECLINED, *TROUBLED, *SECURED)
}

#: The card that README names.
DEMO_CARD: Final = APPROVED[0]
