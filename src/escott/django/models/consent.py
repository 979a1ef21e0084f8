"""同意: the words that shoppers agreed to, each wording kept once."""

from __future__ import annotations

import hashlib
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class Consent(models.Model):
    """One wording of the consent text. Payments and trips point to what was agreed to."""

    digest = models.CharField(max_length=64, unique=True, editable=False)
    text = models.TextField(_("text"))

    class Meta:
        verbose_name = _("consent text")
        verbose_name_plural = _("consent texts")

    def __str__(self) -> str:
        return self.text[:40]

    @classmethod
    def to(cls, text: str) -> Consent:
        """The row of this wording."""
        consent, _made = cls.objects.get_or_create(digest=digest_of(text), defaults={"text": text})
        return consent


def digest_of(text: str) -> str:
    """What names a wording in the database."""
    return hashlib.sha256(text.encode()).hexdigest()


#: Digits become letters: sixteen in a row might pass for a card number, which pages refuse.
_IN_LETTERS: Final = str.maketrans("0123456789", "ghijklmnop")


def mark_of(text: str) -> str:
    """What the page posts for a wording, so that nobody agrees to words unseen. Letters only."""
    return digest_of(text).translate(_IN_LETTERS)
