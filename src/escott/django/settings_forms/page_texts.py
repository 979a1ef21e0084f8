"""The words of a page of settings, as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple


class PageTexts(NamedTuple):
    """What a page of settings says: its fields under their headings, and their words."""

    sections: Sequence[tuple[Any, Sequence[str]]]
    labels: Mapping[str, Any]
    switches: Mapping[str, Any]
    help: Mapping[str, Any]

    @property
    def names(self) -> tuple[str, ...]:
        """Every field, in the order of the page."""
        return tuple(name for _title, names in self.sections for name in names)
