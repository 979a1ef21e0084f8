"""Answers questions about tokens, which use none up. Source: protocol.md D and E."""

from __future__ import annotations

from escott.gateway.operations import OperateId
from escott.simulator.deliveries import Reply
from escott.simulator.merchants import Merchant
from escott.simulator.options import Options
from escott.simulator.presented_cards import shown
from escott.simulator.telegrams import Refused, Telegram
from escott.simulator.tokens import TokenOffice


class TokenDesk:
    """1TokenSearch and 4MemRefToken."""

    def __init__(self, options: Options, tokens: TokenOffice) -> None:
        self._options = options
        self._tokens = tokens

    def answer(self, telegram: Telegram, operation: OperateId, merchant: Merchant) -> Reply:
        """Answer a question.

        Raises:
            Refused: the token is none.
        """
        if operation is OperateId.TOKEN_SEARCH:
            return self._search(telegram, merchant)
        return self._reference(telegram, merchant)

    def _search(self, telegram: Telegram, merchant: Merchant) -> Reply:
        token = self._tokens.judge(telegram.get("Token"), merchant, telegram.now)
        if token == "KHX" or not telegram.get("Token"):  # noqa: S105
            raise Refused(str(token))
        state = token if isinstance(token, str) else "OK"
        code = "OK" if self._options.token_search_says_ok else state
        return Reply(telegram.answer(code, TokenResponseCd=state))

    def _reference(self, telegram: Telegram, merchant: Merchant) -> Reply:
        token = self._tokens.judge(telegram.get("Token"), merchant, telegram.now)
        if isinstance(token, str):
            raise Refused(token)
        return Reply(
            telegram.answer(
                "OK",
                CardNo=shown(token.card, self._options),
                CardExp=token.card.expiry,
                CompanyCd=token.card.brand.value.company,
            )
        )
