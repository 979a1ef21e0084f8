"""A payment as a row of 決済一覧: what it is paid by, and the day that staff have to keep."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from oscar.core.loading import get_model

from escott.clock import in_japan
from escott.django.models import Mode, Payment
from escott.django.models.slip import slip_of
from escott.oscar.dashboard.payment_links import payment_url
from escott.rules import due_dates
from escott.rules.payment_methods import PaymentMethod
from escott.rules.payment_states import PaymentState
from escott.rules.watch_dates import NEAR_DAYS, days_left

Order = get_model("order", "Order")


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day of operations of a card payment, or the day until which a slip can be paid.

    Attributes:
        name: 操作期限 or 支払期限.
        left: days until then, while something is to be done by then.
        near: from so many days on.
    """

    name: str
    day: date | None
    left: int | None = None
    near: int = NEAR_DAYS

    @property
    def is_near(self) -> bool:
        return self.left is not None and self.left <= self.near

    @property
    def written(self) -> str:
        return "–" if self.day is None else f"{self.day:%Y/%m/%d}"

    @property
    def time_left(self) -> str:
        """Until the day; empty where nothing is to be done by then."""
        if self.left is None:
            return ""
        if self.left < 0:
            return pgettext("last day", "passed")
        if self.left == 0:
            return pgettext("last day", "today")
        text = ngettext("%(days)d day left", "%(days)d days left", self.left)
        return text % {"days": self.left}


@dataclass(frozen=True, slots=True)
class Row:
    """One payment as the list shows it.

    Attributes:
        order_url: empty where the order was deleted.
        name: of whom the goods go to.
    """

    payment: Payment
    order_url: str
    name: str
    deadline: Deadline

    @property
    def pk(self) -> str:
        """The payment's number, without the separators of a figure."""
        return str(self.payment.pk)

    @property
    def url(self) -> str:
        return payment_url(self.payment)

    @property
    def cases_url(self) -> str:
        return reverse("dashboard:case-list")

    @property
    def is_test(self) -> bool:
        return self.payment.mode == Mode.TEST

    @property
    def is_slip(self) -> bool:
        return self.payment.method == PaymentMethod.COLLECTION

    @property
    def money_came(self) -> str:
        """売上計上 or 入金, with its date; empty while there is none."""
        return _MONEY[PaymentMethod(self.payment.method)](self.payment)


def rows_of(payments: Sequence[Payment], today: date) -> list[Row]:
    """The payments with their orders, read at once."""
    orders = _orders_of(payments)
    return [_row(payment, orders.get(payment.order_reference), today) for payment in payments]


def customers(payments: Sequence[Payment]) -> Mapping[int, tuple[str]]:
    """By the payment's number whom its goods go to, for the CSV."""
    orders = _orders_of(payments)
    return {each.pk: (_name(each, orders.get(each.order_reference)),) for each in payments}


def _orders_of(payments: Sequence[Payment]) -> dict[str, Any]:
    numbers = {payment.order_reference for payment in payments}
    found = Order.objects.filter(number__in=numbers).select_related("shipping_address").order_by()
    return {order.number: order for order in found}


def _row(payment: Payment, order: Any, today: date) -> Row:
    return Row(
        payment=payment,
        order_url=reverse("dashboard:order-detail", args=[order.number]) if order else "",
        name=_name(payment, order),
        deadline=_DEADLINES[PaymentMethod(payment.method)](payment, today),
    )


def _name(payment: Payment, order: Any) -> str:
    address = order.shipping_address if order is not None else None
    whose = address or payment.customer
    return f"{whose.last_name} {whose.first_name}".strip() if whose is not None else ""


def _operable_until(payment: Payment, today: date) -> Deadline:
    day = payment.operable_until
    waits = day is not None and payment.state == PaymentState.AUTHORISED
    left = days_left(day, today) if waits and day else None
    return Deadline(_("Operations until"), day, left)


def _payable_until(payment: Payment, today: date) -> Deadline:
    slip = slip_of(payment)
    if slip is None:
        return Deadline("", None)
    waits = payment.state == PaymentState.UNPAID
    left = due_dates.days_left(slip.due_on, today) if waits else None
    return Deadline(_("Payable until"), slip.due_on, left, near=due_dates.DUE_NEAR_DAYS)


_DEADLINES: Final[Mapping[PaymentMethod, Callable[[Payment, date], Deadline]]] = {
    PaymentMethod.CARD: _operable_until,
    PaymentMethod.COLLECTION: _payable_until,
}


def _captured(payment: Payment) -> str:
    day = payment.captured_on
    return "" if day is None else _("Captured on %s") % f"{day:%Y/%m/%d}"


def _deposited(payment: Payment) -> str:
    slip = slip_of(payment)
    if slip is None or slip.deposited_at is None:
        return ""
    return _("Paid in on %s") % f"{in_japan(slip.deposited_at):%Y/%m/%d}"


_MONEY: Final[Mapping[PaymentMethod, Callable[[Payment], str]]] = {
    PaymentMethod.CARD: _captured,
    PaymentMethod.COLLECTION: _deposited,
}
