"""Whose switch ログを保存 a line of the log obeys (requirements.md A055, A067).

Each method has a switch of its own. What is said of neither method, by the worker or of mails,
is kept as long as one of them keeps its log.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from escott.django.models import CollectionAccount, MerchantAccount
from escott.django.models.merchant_account import THE_ONE
from escott.rules.payment_methods import PaymentMethod

#: By the beginning of a logger's name, the longest that fits.
METHOD_OF_LOGGER: Final[Mapping[str, PaymentMethod]] = {
    "escott.payments": PaymentMethod.CARD,
    "escott.members": PaymentMethod.CARD,
    "escott.gateway": PaymentMethod.CARD,
    "escott.gateway.collection": PaymentMethod.COLLECTION,
    "escott.collection": PaymentMethod.COLLECTION,
}


def method_of_logger(name: str) -> PaymentMethod | None:
    """The method that a logger speaks of; ``None`` for one that speaks of both."""
    parts = name.split(".")
    beginnings = (".".join(parts[:count]) for count in range(len(parts), 0, -1))
    return next((METHOD_OF_LOGGER[each] for each in beginnings if each in METHOD_OF_LOGGER), None)


@dataclass(frozen=True, slots=True)
class LogSwitches:
    """Which methods keep their log.

    Attributes:
        card, collection: on; ``None`` for a method that was never set up.
    """

    card: bool | None = None
    collection: bool | None = None

    def keep(self, logger: str) -> bool:
        """Whether a line of this logger is kept."""
        match method_of_logger(logger):
            case PaymentMethod.CARD:
                return self.card is not False
            case PaymentMethod.COLLECTION:
                return self.collection is not False
            case None:
                known = [switch for switch in (self.card, self.collection) if switch is not None]
                return any(known) or not known


def log_switches() -> LogSwitches:
    """As they stand now in the settings of both methods."""
    card = MerchantAccount.objects.filter(name=THE_ONE).values_list("keeps_log", flat=True)
    collection = CollectionAccount.objects.filter(account__name=THE_ONE)
    return LogSwitches(card.first(), collection.values_list("keeps_log", flat=True).first())
