"""What is said to the gateway: one telegram at a time, and what came of it.

Nobody else calls the gateway (design.md, The house).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import Final

from escott.clock import Clock, in_japan
from escott.gateway import wire_values as wire
from escott.gateway.classification import classify
from escott.gateway.codec import encode
from escott.gateway.endpoints import Endpoints
from escott.gateway.errors import AnswerLost, RequestNotSent
from escott.gateway.merchant import Merchant
from escott.gateway.operations import COLLECTION
from escott.gateway.outcomes import NotSent, Ok, Outcome, Refused, Unknown
from escott.gateway.telegrams import Telegram
from escott.gateway.transport import Timeouts, Transport

__all__ = ["Client", "Merchant"]

_cards_log: Final = logging.getLogger(__name__)
_collection_log: Final = logging.getLogger("escott.gateway.collection")


@dataclass(frozen=True, slots=True)
class Client:
    """Sends telegrams of one merchant to one gateway. Safe to share between threads.

    Attributes:
        clock: tells TransactionDate, today in Japan.
        timeouts: how long one telegram may take.
    """

    endpoints: Endpoints
    merchant: Merchant
    transport: Transport
    clock: Clock
    timeouts: Timeouts = field(default_factory=Timeouts)

    def send(self, telegram: Telegram) -> Outcome:
        """Send ``telegram`` once, and say what came of it.

        Returns when the gateway has answered, at the latest when the time-outs are over;
        never while a database transaction is open (design.md, invariant 5), which is the
        caller's to see to. Everything that the network and the gateway can do comes back
        as an :data:`~escott.gateway.outcomes.Outcome`; an exception is a defect.
        """
        outcome = self._exchange(telegram)
        _log(telegram, outcome)
        return outcome

    def _exchange(self, telegram: Telegram) -> Outcome:
        today = wire.day("TransactionDate", in_japan(self.clock.now()).date())
        fields = self.merchant.fields() | {"TransactionDate": today} | telegram.fields()
        try:
            answer = self.transport.post(
                self.endpoints.url_for(telegram.operate_id),
                encode(fields).encode("ascii"),
                timeouts=self.timeouts,
            )
        except RequestNotSent as error:
            return NotSent(error.reason, error.detail)
        except AnswerLost as error:
            return Unknown(error.reason, error.detail)
        return classify(telegram, answer)


def _log(telegram: Telegram, outcome: Outcome) -> None:
    """One line for each telegram: what was asked and what came of it, no value but its code."""
    logger = _collection_log if telegram.operate_id in COLLECTION else _cards_log
    asked = telegram.operate_id.value, telegram.transaction_code
    match outcome:
        case Ok():
            logger.info("%s %s: OK", *asked)
        case Refused(_, codes):
            logger.info("%s %s: refused, %s", *asked, "|".join(map(str, codes)))
        case NotSent(reason, detail):
            logger.warning("%s %s: not sent, %s: %s", *asked, reason.value, detail)
        case Unknown(reason, detail):
            logger.warning("%s %s: unknown, %s: %s", *asked, reason.value, detail)
