"""Which of the four outcomes an HTTP answer is: one pure function.

An answer counts only if it came with HTTP 200, is a telegram with every key once, names our
operation and our MerchantFree1, and carries a ResponseCd (requirements.md, part 3). Nothing
less is believed, also where it looks like a refusal: an answer without the echoes may belong
to another request, so a request refused in such a way is Unknown, not Refused.
"""

from __future__ import annotations

from typing import Final

from escott.gateway import response_codes
from escott.gateway.answers import Answer
from escott.gateway.errors import MalformedTelegram
from escott.gateway.operations import MASTER, OperateId
from escott.gateway.outcomes import Ok, Outcome, Refused, Unknown
from escott.gateway.reasons import UnknownReason
from escott.gateway.response_codes import Money
from escott.gateway.telegrams import Telegram
from escott.gateway.transport import HttpAnswer

_ACCEPTED: Final = (response_codes.CATALOGUE["OK"],)

#: Answers that are of no use without ProcessId and ProcessPass, or without the slip's link.
_WITH_PAIR: Final = MASTER | {OperateId.SLIP_ADD}
_WITH_LINK: Final = frozenset({OperateId.SLIP_ADD, OperateId.SLIP_CHANGE})


def classify(telegram: Telegram, http: HttpAnswer) -> Outcome:
    """What ``http`` says came of ``telegram``. Never NotSent: something did come back."""
    if http.status != 200:
        return Unknown(UnknownReason.HTTP_STATUS, f"the gateway answered HTTP {http.status}")
    try:
        answer = Answer.parse(http.body)
        codes = response_codes.parse(answer.response_cd)
    except MalformedTelegram as error:
        return Unknown(UnknownReason.MALFORMED, f"the answer is not a telegram: {error}")
    if answer.operate_id != telegram.operate_id:
        return Unknown(UnknownReason.NOT_OUR_ANSWER, "the answer names another OperateId")
    if answer.merchant_free1 != telegram.transaction_code:
        return Unknown(UnknownReason.NOT_OUR_ANSWER, "the answer names another MerchantFree1")
    if not codes:
        return Unknown(UnknownReason.NO_RESPONSE_CODE, "the answer has no ResponseCd", answer)
    if codes == _ACCEPTED:
        return _accepted(telegram, answer)
    if all(code.money is Money.NONE for code in codes):
        return Refused(answer, codes)
    detail = f"after {'|'.join(map(str, codes))} money may have moved"
    return Unknown(UnknownReason.MONEY_MAY_HAVE_MOVED, detail, answer, codes)


def _accepted(telegram: Telegram, answer: Answer) -> Outcome:
    if telegram.operate_id in _WITH_PAIR and not (answer.process_id and answer.process_pass):
        detail = "the answer is OK but names no ProcessId and ProcessPass"
        return Unknown(UnknownReason.NO_PROCESS_ID, detail, answer, _ACCEPTED)
    if telegram.operate_id in _WITH_LINK and not answer.free_area:
        detail = "the answer is OK but brings no link to the slip (FreeArea)"
        return Unknown(UnknownReason.NO_SLIP_LINK, detail, answer, _ACCEPTED)
    return Ok(answer)
