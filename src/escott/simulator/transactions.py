"""Finds the transaction that ProcessId and ProcessPass name, while it may still be used."""

from __future__ import annotations

import hmac

from escott.gateway.operations import OperateId
from escott.simulator import periods
from escott.simulator.books import Books, Transaction
from escott.simulator.merchants import Merchant
from escott.simulator.options import Options
from escott.simulator.telegrams import Refused, Telegram


class Transactions:
    """The transactions in the gateway's books, by the pair that a merchant holds."""

    def __init__(self, options: Options, books: Books) -> None:
        self._options = options
        self._books = books

    def find(self, telegram: Telegram, operation: OperateId, merchant: Merchant) -> Transaction:
        """The transaction that ``telegram`` names.

        Raises:
            Refused: K12, for an unknown pair, and after the periods in ``periods``.
        """
        found = self._books.find_by_process_id(telegram.get("ProcessId"))
        if (
            found is None
            or found.merchant_id != merchant.merchant_id
            or not hmac.compare_digest(found.process_pass, telegram.get("ProcessPass"))
            or periods.is_purged(found.begun_at, telegram.now, self._options)
        ):
            raise Refused("K12")
        may_still_be_asked = operation is OperateId.SEARCH and self._options.search_after_handling
        if not may_still_be_asked and periods.is_over(found.begun_at, telegram.now, self._options):
            raise Refused("K12")
        return found
