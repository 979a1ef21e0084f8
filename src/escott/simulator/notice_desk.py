"""Makes deposit notices, says which is due, and keeps what became of each delivery.

Nothing is sent here: see ``notice_sender``. How often the real gateway tries is not known
(protocol.md H, L 29); here ``Options.notice_pauses`` says it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from escott.simulator.books import Books
from escott.simulator.deposit_notices import (
    DepositNotice,
    NoticeAddress,
    NoticeAttempt,
    NoticeEnd,
)
from escott.simulator.merchants import Merchant
from escott.simulator.notice_faults import NoticeFault
from escott.simulator.notice_forms import notice_body
from escott.simulator.options import Options
from escott.simulator.slips import Slip, SlipDeposit

_HELD_BACK = frozenset({NoticeFault.DELAYED, NoticeFault.REORDERED})


class NoticeDesk:
    """The notices in the books."""

    def __init__(self, merchants: tuple[Merchant, ...], options: Options, books: Books) -> None:
        self._merchants = {merchant.merchant_id: merchant for merchant in merchants}
        self._options = options
        self._books = books

    def tell(
        self, slip: Slip, deposit: SlipDeposit, faults: tuple[NoticeFault, ...], now: datetime
    ) -> list[DepositNotice]:
        """The notices of a deposit: one, or two where it is doubled."""
        merchant = self._merchants[slip.merchant_id]
        body = notice_body(slip, deposit, merchant, faults, self._options)
        copies = 2 if NoticeFault.DOUBLED in faults else 1
        return [self._new(slip, deposit, faults, body, now) for _ in range(copies)]

    def url_of(self, merchant_id: str) -> str:
        """Where the notices of a merchant go; empty where nowhere."""
        address = self._books.collection.notice_addresses.get(merchant_id)
        return self._options.notice_url if address is None else address.url

    def register(self, merchant_id: str, url: str) -> None:
        """Let the notices of a merchant go to ``url``, those that wait as well."""
        self._books.put(NoticeAddress(merchant_id, url))

    def next_due(self, now: datetime) -> DepositNotice | None:
        """The notice to send next."""
        return self._books.collection.next_notice(now)

    def note(self, number: str, attempt: NoticeAttempt) -> DepositNotice | None:
        """Keep what came of a delivery; the notice as it stands then.

        None if there is no such notice any more: the books were emptied meanwhile.
        """
        notice = self._books.collection.notices.get(number)
        if notice is None:
            return None
        attempts = (*notice.attempts, attempt)
        if self._is_confirmed(attempt):
            noted = replace(notice, attempts=attempts, due=None, end=NoticeEnd.TAKEN)
        elif len(attempts) > len(self._options.notice_pauses):
            noted = replace(notice, attempts=attempts, due=None, end=NoticeEnd.GIVEN_UP)
        else:
            pause = self._options.notice_pauses[len(attempts) - 1]
            noted = replace(notice, attempts=attempts, due=attempt.at + pause)
        self._books.put(noted)
        self._release(noted, attempt.at)
        return noted

    def _new(
        self,
        slip: Slip,
        deposit: SlipDeposit,
        faults: tuple[NoticeFault, ...],
        body: str,
        now: datetime,
    ) -> DepositNotice:
        end = NoticeEnd.WAITING
        if NoticeFault.LOST in faults:
            end = NoticeEnd.LOST
        elif not self.url_of(slip.merchant_id):
            end = NoticeEnd.NO_ADDRESS
        later = self._options.delayed_notice_by if _HELD_BACK & set(faults) else None
        due = now if later is None else now + later
        notice = DepositNotice(
            number=self._books.next_transaction_id(),
            slip=slip.transaction_id,
            merchant_id=slip.merchant_id,
            merchant_free1=slip.merchant_free1,
            recv_num=deposit.recv_num,
            faults=faults,
            body=body,
            made_at=now,
            due=due if end is NoticeEnd.WAITING else None,
            is_held=NoticeFault.REORDERED in faults,
            end=end,
        )
        self._books.put(notice)
        return notice

    def _is_confirmed(self, attempt: NoticeAttempt) -> bool:
        """Whether the merchant has the notice: status 200, and a reply that says so."""
        wanted = self._options.notice_replies
        reply = attempt.reply.strip()
        return attempt.status == 200 and (reply in wanted or ("OK" in wanted and "OK" in reply))

    def _release(self, sent: DepositNotice, now: datetime) -> None:
        """Let the notices go that waited for ``sent``, a later one, to go first."""
        for held in self._books.collection.waiting_notices():
            if held.is_held and held.merchant_id == sent.merchant_id and held.number < sent.number:
                self._books.put(replace(held, is_held=False, due=now))
