"""入金 in words: where a slip was paid."""

from __future__ import annotations

from escott.django.advice import in_language_of_page
from escott.gateway.customer_actions import Advice
from escott.gateway.institutions import institution


def institution_name(code: str) -> str:
    """The convenience store or bank of a CvsCd, in the language of the page; empty for none."""
    known = institution(code)
    return in_language_of_page(Advice(known.english, known.japanese))
