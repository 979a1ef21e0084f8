"""What the gateway's desks work with, together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from escott.simulator.authentications import Authentications
from escott.simulator.books import Books
from escott.simulator.card_sources import CardSources
from escott.simulator.members import Register
from escott.simulator.options import Options


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """``new_id`` makes 32 letters and digits."""

    options: Options
    books: Books
    register: Register
    sources: CardSources
    authentications: Authentications
    new_id: Callable[[], str]
