"""A text that nobody may see: passwords, keys, ProcessPass, tokens."""

from __future__ import annotations

import hmac
from typing import Final


class Secret:
    """Wraps a text so that it shows in no ``repr``, log line, f-string or traceback.

    ``reveal()`` is the only way to the text; search for it to find every use.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        if not isinstance(text, str):
            raise TypeError(f"a Secret is made of str, not {type(text).__name__}")
        self._text: Final = text

    def reveal(self) -> str:
        """The text itself, for the one place that must send or encrypt it."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(●●●●)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format(repr(self), spec)

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._text.encode(), other._text.encode())

    def __hash__(self) -> int:
        return hash(self._text)

    def __reduce__(self) -> str | tuple[object, ...]:
        raise TypeError("a Secret is not to be pickled")
