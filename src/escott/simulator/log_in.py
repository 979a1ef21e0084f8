"""Who is asking: MerchantId, MerchantPass, and the lock-out after wrong ones."""

from __future__ import annotations

import hmac
from datetime import datetime

from escott.simulator.books import Books, LogInFailures
from escott.simulator.merchants import Merchant
from escott.simulator.options import Options


class LogIn:
    """Admits merchants and counts their wrong passwords in the books."""

    def __init__(self, merchants: tuple[Merchant, ...], options: Options, books: Books) -> None:
        self._merchants = {merchant.merchant_id: merchant for merchant in merchants}
        self._options = options
        self._books = books

    def admit(self, merchant_id: str, merchant_pass: str, now: datetime) -> Merchant | str:
        """The merchant, or the code that turns it away: K02, K03 (by option), KG8.

        A locked-out merchant is turned away with the right password too.
        """
        merchant = self._merchants.get(merchant_id)
        if merchant is None:
            return "K02"
        failures = self._books.log_in_failures.get(merchant_id)
        if failures and failures.locked_until and now < failures.locked_until:
            return "KG8"
        if not hmac.compare_digest(merchant_pass.encode(), merchant.merchant_pass.encode()):
            return self._count(merchant_id, failures, now)
        if failures and failures.count:
            self._books.put(LogInFailures(merchant_id, 0, None))
        return merchant

    def _count(self, merchant_id: str, failures: LogInFailures | None, now: datetime) -> str:
        earlier = failures.count if failures and failures.locked_until is None else 0
        locked = earlier + 1 >= self._options.lock_out_after
        until = now + self._options.lock_out_for if locked else None
        self._books.put(LogInFailures(merchant_id, earlier + 1, until))
        return "KG8" if locked else self._options.wrong_pass_code
