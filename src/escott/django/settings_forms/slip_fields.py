"""Fields for what stands on a slip: brought into the form that the gateway prints, or refused.

What can be written otherwise is (half width, ①, ㈱, 髙): the page then shows what will be
printed. What cannot, such as an emoji, is named. The lengths are those of
:class:`escott.gateway.SlipTexts`.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from escott.rules.full_width import to_full_width

#: What people write between figures where a hyphen or "to" is meant.
_HYPHENS: Final = re.compile("[‐-―−ー─━〜～~]")


class SlipText(forms.CharField):
    """One line in full width; refuses what can't be printed and what is too long."""

    def __init__(self, longest: int, **options: Any) -> None:
        super().__init__(required=False, **options)
        self.longest = longest

    def to_python(self, value: Any) -> str:
        prepared = to_full_width(super().to_python(value) or "")
        if prepared.lost:
            characters = " ".join(dict.fromkeys(prepared.lost))
            raise ValidationError(
                _("A slip cannot carry these characters: %(characters)s")
                % {"characters": characters}
            )
        return refuse_longer(prepared.text, self.longest)


class SlipHalfWidth(forms.CharField):
    """One line in half width, hyphens written as such."""

    def __init__(self, longest: int, pattern: str, message: Any, **options: Any) -> None:
        super().__init__(required=False, **options)
        self.longest = longest
        self.well_formed = RegexValidator(rf"\A(?:{pattern})?\Z", message)

    def to_python(self, value: Any) -> str:
        text = unicodedata.normalize("NFKC", super().to_python(value) or "")
        text = _HYPHENS.sub("-", text).strip()
        self.well_formed(text)
        return refuse_longer(text, self.longest)


def refuse_longer(text: str, longest: int) -> str:
    """The text, unless it has more characters than fit."""
    if len(text) > longest:
        raise ValidationError(
            _("At most %(longest)d characters; in the form in which it is printed it has %(now)d.")
            % {"longest": longest, "now": len(text)}
        )
    return text


TELEPHONE: Final = (
    r"[0-9][0-9-]*",
    gettext_lazy("Digits and hyphens only, beginning with a digit."),
)
HOURS: Final = (
    r"[!-~](?:[ -~]*[!-~])?",
    gettext_lazy("Half-width letters, digits and signs only."),
)
