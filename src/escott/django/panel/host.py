"""What a host shop says about the panel: its frame, its addresses, and what else is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from escott.django.models import Payment


@dataclass(frozen=True, slots=True)
class Link:
    """Something else that this member of staff may do."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Addresses:
    """The panel's own pages for one payment."""

    detail: str
    operate: str
    compare: str
    adopt: str


class PanelHost:
    """Subclass it for a host, and give an instance to the views.

    Attributes:
        frame: the template of a whole page; it includes the template named ``fragment``.
    """

    frame: str

    def addresses(self, payment_id: int) -> Addresses:
        """Where the panel's pages of a payment stand."""
        raise NotImplementedError

    def order_url(self, payment: Payment, user: Any) -> str:
        """The page of the payment's order; empty where there is none for this user."""
        return ""

    def cases_url(self, user: Any) -> str:
        """The queue 要対応; empty where this user has none."""
        return ""

    def links(self, payment: Payment, user: Any) -> list[Link]:
        """What else this user may do with the payment."""
        return []

    def frame_context(self, request: HttpRequest) -> Mapping[str, Any]:
        """What the frame needs besides."""
        return {}
