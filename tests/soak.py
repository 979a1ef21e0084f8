"""How much a test does: little in ``make test``, the full figures in ``make soak``."""

from __future__ import annotations

import os
from typing import Final, TypeVar

Figure = TypeVar("Figure")

#: ``make soak`` sets ESCOTT_SOAK.
FULL: Final = bool(os.environ.get("ESCOTT_SOAK"))


def figure(small: Figure, full: Figure) -> Figure:
    """The figure of this run."""
    return full if FULL else small
