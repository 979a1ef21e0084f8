"""What the panel does for one payment; each method has its own (:mod:`~escott.django.panel.desks`).

A press goes the same way for both: the button, a form where something is asked for, a
confirmation, and the POST that carries it out under the key of the confirmation.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from escott.django.clock import the_clock
from escott.django.models import Operation, Payment
from escott.django.panel.buttons import OperationButton, reason_of
from escott.django.panel.results import Notice, not_done
from escott.django.payment_page import see_other
from escott.django.services.claim import KeyReused, NotPossible, Overtaken, SameAmount

if TYPE_CHECKING:
    from escott.django.panel.page import PanelPage


@dataclass(frozen=True, slots=True)
class Inquiry:
    """How the gateway is asked about the payment.

    Attributes:
        button: the word on its button.
        asking: what is said while it is asked.
        by_itself: the script asks as soon as the panel is open.
        again: its button stays once it is answered, for the answer may be another in a minute.
    """

    button: str
    asking: str
    by_itself: bool = True
    again: bool = False


class Desk(ABC):
    """One payment at the panel.

    Attributes:
        page: the page that is being asked for.
        payment: with the rows that the panel shows.
    """

    def __init__(self, page: PanelPage, payment: Payment) -> None:
        self.page = page
        self.payment = payment

    @property
    @abstractmethod
    def title(self) -> str:
        """The title of the panel."""

    @abstractmethod
    def buttons(self) -> list[OperationButton]:
        """What this user may ask for."""

    @abstractmethod
    def inquiry(self) -> Inquiry | None:
        """How the gateway is asked; ``None`` where it could tell nothing."""

    def said(self) -> Notice | None:
        """What came of something that this address names, besides an operation."""
        return None

    @abstractmethod
    def ask(self) -> HttpResponse:
        """GET: the form, or the confirmation."""

    @abstractmethod
    def press(self) -> HttpResponse:
        """POST: carry it out."""

    @abstractmethod
    def inquire(self) -> HttpResponse:
        """POST: ask the gateway how the payment stands, and show it."""

    @abstractmethod
    def adopt(self) -> HttpResponse:
        """POST: take over what the gateway has told."""

    # ---- what they share ----

    @property
    def request(self) -> HttpRequest:
        return self.page.request

    @property
    def user(self) -> Any:
        return self.request.user

    @cached_property
    def now(self) -> datetime:
        return the_clock().now()

    @property
    def operations_seen(self) -> int:
        """The number of the last operation that this page knows of."""
        return len(self.payment.operations.all())

    def refuse(self, reason: str, status: int = 409) -> HttpResponse:
        """The panel, which says that nothing was asked of the gateway, and why."""
        return self.page.show_payment(notice=not_done(reason, self.payment), status=status)

    def refuse_form(self) -> HttpResponse:
        """The panel, where something was posted that no page of ours posts."""
        return self.refuse(_("The form was not complete. Please begin again."), 400)

    def carry_out(self, act: Callable[[], Operation], same: Callable[[], str]) -> HttpResponse:
        """Carry an operation out; back to the panel, which tells what came of it.

        Args:
            same: what to say where the operation would change nothing.
        """
        try:
            operation = act()
        except NotPossible as refused:
            return self.refuse(reason_of(refused.obstacle, self.payment))
        except Overtaken:
            return self.refuse(_("Somebody else was faster. Please look again."))
        except SameAmount:
            return self.refuse(same())
        except KeyReused:
            return self.refuse(_("The form was used before. Please begin again."))
        return see_other(self.page.detail_url(operation=operation.number))
