"""A field for digits and letters that forgives 全角: １２３４ is taken as 1234."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms


def half_width(text: str) -> str:
    """The text in half width and without spaces, as the gateway's letter prints it."""
    return "".join(unicodedata.normalize("NFKC", text).split())


class HalfWidthField(forms.CharField):
    """What an input method left in full width is not a mistake of the person's."""

    def to_python(self, value: Any) -> str:
        return half_width(super().to_python(value) or "")


class UpperCaseField(HalfWidthField):
    """A code of letters, ``jp`` as good as ``JP``."""

    def to_python(self, value: Any) -> str:
        return super().to_python(value).upper()
