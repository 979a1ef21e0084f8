"""Where visits begin and end. What the two pages have in common stands here.

One act at a time: a form that is sent twice finds, the second time, a visit that has ended.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from secrets import token_hex
from threading import RLock
from typing import Final

from escott.gateway.codec import encode
from escott.gateway.crypto import encrypt_value
from escott.gateway.secret import Secret
from escott.simulator.deliveries import Delivery, Reply
from escott.simulator.fields import CARD
from escott.simulator.live import LiveGateway
from escott.simulator.merchants import Merchant
from escott.simulator.post_copies import PostCopies
from escott.simulator.telegrams import Refused, Telegram
from escott.simulator.visit_requests import VisitRequest, check_request, read_request
from escott.simulator.visits import Ending, Place, Visit

#: What a visit does not remember of its request.
_FORGOTTEN: Final = CARD | {"MerchantId", "MerchantPass"}
#: The code of a visit that took too long.
_TOO_LATE: Final[Mapping[Place, str]] = {Place.SECURE: "U06", Place.HOSTED: "P74"}


@dataclass(frozen=True, slots=True)
class WayBack:
    """Where the browser takes the result, and how."""

    url: str
    value: str
    by_get: bool


class VisitDesk:
    """The visits of one gateway. Safe to use from several threads.

    Attributes:
        acting: the lock to hold from looking at a visit until it is changed.
    """

    def __init__(self, gateway: LiveGateway) -> None:
        self.gateway = gateway
        self.acting = RLock()
        self._copies = PostCopies(gateway.options)

    def begin(
        self,
        place: Place,
        merchant_id: str,
        value: str,
        receive: Callable[[Visit, VisitRequest], Visit],
    ) -> Visit:
        """A new visit; it has ended already if the gateway or ``receive`` refuses it.

        Args:
            receive: shows an accepted visit to its first screen, or raises Refused.

        Raises:
            NoWayBack: the request cannot be read.
        """
        with self.acting:
            request = read_request(self.gateway, place, merchant_id, value)
            visit = _new(request, self.gateway)
            try:
                check_request(self.gateway, request)
                return receive(visit, request)
            except Refused as refused:
                return self.end(visit, Ending.NOT_ACCEPTED, *refused.codes)

    def find(self, visit_id: str) -> Visit | None:
        """The visit; one whose time is over has ended when this returns."""
        with self.acting:
            visit = self.gateway.with_books(lambda books: books.visits.get(visit_id))
            if visit is not None and visit.is_open and self._is_over(visit):
                return self.end(visit, Ending.TIMED_OUT, _TOO_LATE[visit.place])
            return visit

    def end_abandoned(self) -> None:
        """End the hosted visits whose time is over although nobody comes back to them."""
        if not self.gateway.options.hosted_timeout_copy:
            return
        for visit in self.gateway.with_books(lambda books: books.open_visits()):
            if visit.place is Place.HOSTED and self._is_over(visit):
                self.find(visit.visit_id)

    def has_a_rival(self, visit: Visit) -> bool:
        """Whether another visit with its ProcNo has brought the result already."""
        used_by = self.gateway.with_books(
            lambda books: books.visit_that_used(visit.merchant_id, visit.proc_no)
        )
        return used_by not in {None, visit.visit_id}

    def keep(self, visit: Visit) -> Visit:
        """Write ``visit`` into the books."""
        self.gateway.with_books(lambda books: books.put(visit))
        return visit

    def end(self, visit: Visit, outcome: str, *codes: str, **extras: str) -> Visit:
        """End a visit with a result that no telegram was sent for.

        Of several visits with one ProcNo the first brings its result; the others are
        duplicates, whatever happens in them.
        """
        if outcome != Ending.NOT_ACCEPTED and self.has_a_rival(visit):
            outcome, codes = Ending.NOT_ACCEPTED, ("K89",)
        number = self.gateway.with_books(lambda books: books.next_transaction_id())
        telegram = Telegram(number, "", visit.fields, self.gateway.clock.now())
        return self.end_with(visit, outcome, telegram.answer(*codes) | extras)

    def end_with(self, visit: Visit, outcome: str, answer: Mapping[str, str]) -> Visit:
        """End a visit with ``answer``, and send its copy."""
        result = {**answer, "ProcNo": visit.proc_no}
        ended = self.keep(replace(visit, outcome=outcome, result=result))
        self._send_copy(ended)
        return ended

    def end_without_result(self, visit: Visit, outcome: str) -> Visit:
        """End a visit from which nothing goes back."""
        return self.keep(replace(visit, outcome=outcome))

    def end_as_delivered(
        self, visit: Visit, outcome: str, reply: Reply, extras: Mapping[str, str]
    ) -> Visit:
        """End a visit with the answer of a telegram, as far as the card lets it arrive.

        Where it gets lost the browser gets nothing; the copy is sent if something was done.
        """
        if reply.delivery is Delivery.WHOLE:
            return self.end_with(visit, outcome, {**reply.fields, **extras})
        lost = self.end_without_result(visit, Ending.LOST)
        if reply.fields:
            result = {**reply.fields, **extras, "ProcNo": visit.proc_no}
            self._send_copy(replace(lost, result=result))
        return lost

    def merchant_of(self, visit: Visit) -> Merchant:
        """Whose request it was."""
        merchant = self.gateway.merchant(visit.merchant_id)
        if merchant is None:
            raise LookupError("the visit's merchant is not known here")
        return merchant

    def way_back(self, visit: Visit) -> WayBack:
        """How the result of an ended visit goes back."""
        by_get = visit.place is Place.HOSTED and self.gateway.options.hosted_return_by_get
        return WayBack(visit.return_url, self._encrypted(visit), by_get)

    def _is_over(self, visit: Visit) -> bool:
        return self.gateway.clock.now() - visit.begun_at > self.gateway.options.visit_life

    def _send_copy(self, visit: Visit) -> None:
        url = visit.fields.get("PostUrl", "")
        if url and self._is_copied(visit):
            self._copies.send(url, self._encrypted(visit))

    def _is_copied(self, visit: Visit) -> bool:
        if visit.outcome == Ending.TIMED_OUT and visit.place is Place.HOSTED:
            return self.gateway.options.hosted_timeout_copy
        return visit.outcome != Ending.NOT_ACCEPTED

    def _encrypted(self, visit: Visit) -> str:
        merchant = self.merchant_of(visit)
        raw = "" if self.gateway.options.percent_encode_bar else "|"
        content = encode(visit.result, keep_empty=True, raw=raw)
        return encrypt_value(content, Secret(merchant.key), Secret(merchant.vector))


def _new(request: VisitRequest, gateway: LiveGateway) -> Visit:
    counts_from = {
        Place.SECURE: gateway.options.secure_proc_no_counts_from,
        Place.HOSTED: gateway.options.hosted_proc_no_counts_from,
    }
    return Visit(
        visit_id=token_hex(16),
        place=request.place,
        merchant_id=request.merchant.merchant_id,
        fields={name: text for name, text in request.fields.items() if name not in _FORGOTTEN},
        begun_at=gateway.clock.now(),
        counts_from_start=counts_from[request.place] == "start",
    )
