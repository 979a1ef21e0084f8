"""How a telegram is answered that passed all checks: as its card lets it be done and arrive."""

from __future__ import annotations

from collections.abc import Mapping

from escott.simulator.books import Books, LateRequest, Transaction
from escott.simulator.deliveries import Reply
from escott.simulator.options import Options
from escott.simulator.presented_cards import PresentedCard
from escott.simulator.slips import Slip
from escott.simulator.telegrams import Telegram
from escott.simulator.troubles import NO_TROUBLE, Booked, Trouble


def trouble_of(card: PresentedCard, *, on_follow_up: bool) -> Trouble:
    """What goes wrong with the first telegram of a card, or with a later one."""
    row = card.row
    if row is None or row.trouble is None or row.on_follow_up is not on_follow_up:
        return NO_TROUBLE
    return row.trouble


def is_put_off(telegram: Telegram, trouble: Trouble) -> bool:
    """Whether nothing is done about ``telegram`` now."""
    return trouble.booked is Booked.NEVER or (
        trouble.booked is Booked.LATE and not telegram.was_late
    )


class Answering:
    """Makes the replies; keeps what will be carried out later."""

    def __init__(self, options: Options, books: Books) -> None:
        self._options = options
        self._books = books

    def undone(self, telegram: Telegram, trouble: Trouble) -> Reply:
        """Leave the books alone, for now or for good, and let the caller wonder."""
        if trouble.booked is Booked.LATE:
            due = telegram.now + self._options.late_by
            number, fields = telegram.transaction_id, dict(telegram.fields)
            self._books.put(LateRequest(number, telegram.path, fields, due, telegram.card))
        return Reply({}, trouble.delivery)

    def done(
        self,
        telegram: Telegram,
        trouble: Trouble,
        told: Mapping[str, str],
        pair_of: Transaction | Slip | None = None,
    ) -> Reply:
        """The answer to a telegram that was carried out; ``told`` stands in it."""
        if trouble.code:
            return Reply(telegram.answer(trouble.code), trouble.delivery)
        codes = () if trouble.without_code else ("OK",)
        fields = telegram.answer(*codes, pair_of=pair_of, **told)
        delay = self._options.slow_seconds if trouble.slow else 0.0
        return Reply(fields, trouble.delivery, delay)
