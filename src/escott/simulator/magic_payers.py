"""The payers that make something happen: their kana names, and what happens to whom.

They exist in the simulator only. A payer's kana (NameKana) is typed by hand at a shop's
checkout, so it is the handle: a word at its beginning names what happens to 2Add, and a word
before that another operation, to which it happens instead. Spaces and middle dots do not
count, what follows is free, and no word begins the name of a person::

    オソイヘンジ　タロウ          2Add is answered late
    ケーゴイチ　タロウ            2Add is refused with K51: the code as it is read out
    ヘンコウオソイヘンジ　タロウ    2Add goes well, 2Chg is answered late
    ショウカイケーキュウロク　ア    everything goes well but 2Ref, which is answered with K96
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from escott.gateway.operations import OperateId
from escott.simulator import troubles
from escott.simulator.troubles import NO_TROUBLE, Trouble


@dataclass(frozen=True, slots=True)
class PayerOutcome:
    """What happens.

    Attributes:
        kana: the word for it, full-width katakana.
        name: the same for programs.
        decline: the code that refuses; empty if nothing does.
        trouble: what goes wrong although the telegram is accepted.
        is_paid_at_once: the slip is paid, and its notice sent, before the answer leaves.
    """

    kana: str
    name: str
    japanese: str = ""
    english: str = ""
    decline: str = ""
    trouble: Trouble = NO_TROUBLE
    is_paid_at_once: bool = False


TROUBLED: Final = (
    PayerOutcome(
        "オソイヘンジ",
        "slow",
        "処理され、応答まで約10秒",
        "done, answered after about ten seconds",
        trouble=troubles.SLOW,
    ),
    PayerOutcome(
        "ヘンジナシ",
        "lost_after",
        "処理されるが、応答が失われる",
        "done, and the answer is lost",
        trouble=troubles.LOST_AFTER,
    ),
    PayerOutcome(
        "トドカナイ",
        "lost_before",
        "処理前に接続が切れる",
        "the connection breaks before anything is done",
        trouble=troubles.LOST_BEFORE,
    ),
    PayerOutcome(
        "アトカラショリ",
        "carried_out_late",
        "接続が切れた後、遅れて処理される（約30秒後）",
        "the connection breaks, and it is done about 30 seconds later",
        trouble=troubles.CARRIED_OUT_LATE,
    ),
    PayerOutcome(
        "ダマリコム",
        "hangs_after",
        "処理されるが、応答が来ない",
        "done, then silence until the caller gives up",
        trouble=troubles.HANGS_AFTER,
    ),
    PayerOutcome(
        "ムオウトウ",
        "hangs_before",
        "処理されず、応答も来ない",
        "nothing is done, silence until the caller gives up",
        trouble=troubles.HANGS_BEFORE,
    ),
    PayerOutcome(
        "ウェブページ",
        "html",
        "処理されるが、HTML が返る",
        "done, and answered with a page of HTML",
        trouble=troubles.ANSWERS_HTML,
    ),
    PayerOutcome(
        "エラーゴヒャク",
        "error_500",
        "処理されるが、HTTP 500 が返る",
        "done, and answered with status 500",
        trouble=troubles.ANSWERS_ERROR,
    ),
    PayerOutcome(
        "カラッポ",
        "empty",
        "処理されるが、空の応答が返る",
        "done, and answered with an empty body",
        trouble=troubles.ANSWERS_NOTHING,
    ),
    PayerOutcome(
        "ハンブンダケ",
        "half",
        "処理されるが、応答が途中で切れる",
        "done, and the answer breaks off half-way",
        trouble=troubles.ANSWERS_HALF,
    ),
    PayerOutcome(
        "キョダイオウトウ",
        "huge",
        "処理されるが、10 MB の応答が返る",
        "done, and answered with ten megabytes",
        trouble=troubles.ANSWERS_TOO_MUCH,
    ),
    PayerOutcome(
        "コードナシ",
        "without_code",
        "処理されるが、ResponseCd のない応答が返る",
        "done, and answered without ResponseCd",
        trouble=troubles.ANSWERS_WITHOUT_CODE,
    ),
    PayerOutcome(
        "ショリズミ",
        "done_but_k96",
        "処理されるが、K96 が返る",
        "done, and answered with K96",
        trouble=troubles.CHARGED_BUT_K96,
    ),
    PayerOutcome(
        "ハヤバライ",
        "paid_at_once",
        "応答より先に入金され、入金通知が届く（2Add だけ）",
        "paid and notified before the answer comes (2Add only)",
        trouble=troubles.SLOW,
        is_paid_at_once=True,
    ),
)

_LETTERS: Final[Mapping[str, str]] = {"K": "ケー", "W": "ダブリュー"}
_DIGITS: Final = ("ゼロ", "イチ", "ニ", "サン", "ヨン", "ゴ", "ロク", "ナナ", "ハチ", "キュウ")
_CODES: Final = (
    *("K23", "K28", "K50", "K51", "K52", "K53", "K60"),
    *("K12", "K14", "K96", "K97", "K98", "K99"),
    *("W01", "W02", "W03", "W06", "W99"),
)


def read_out(code: str) -> str:
    """A response code as it is read out in Japanese: K51 is ケーゴイチ."""
    return _LETTERS[code[0]] + "".join(_DIGITS[int(digit)] for digit in code[1:])


DECLINED: Final = tuple(PayerOutcome(read_out(code), code, decline=code) for code in _CODES)

#: Every outcome by its name.
OUTCOMES: Final[Mapping[str, PayerOutcome]] = {row.name: row for row in (*TROUBLED, *DECLINED)}

#: The words before an outcome, and the operation to which it happens then.
OPERATIONS: Final[Mapping[str, OperateId]] = {
    "": OperateId.SLIP_ADD,
    "ヘンコウ": OperateId.SLIP_CHANGE,
    "トリケシ": OperateId.SLIP_DELETE,
    "ショウカイ": OperateId.SLIP_REFERENCE,
}

_HANDLES: Final[Mapping[str, tuple[OperateId, PayerOutcome]]] = {
    word + row.kana: (operation, row)
    for word, operation in OPERATIONS.items()
    for row in OUTCOMES.values()
}
#: The longer one first, where one begins with another.
_LONGEST_FIRST: Final = sorted(_HANDLES, key=len, reverse=True)

NOTHING: Final = PayerOutcome("", "")


def outcome_for(kana: str, operation: OperateId) -> PayerOutcome:
    """What happens to ``operation`` for the payer with this NameKana."""
    plain = unicodedata.normalize("NFKC", kana).replace(" ", "").replace("・", "")
    for handle in _LONGEST_FIRST:
        if plain.startswith(handle):
            meant, row = _HANDLES[handle]
            return row if meant is operation else NOTHING
    return NOTHING
