"""What fills the places of a queued mail, and who gets it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from escott.clock import in_japan
from escott.django.advice import advice_in
from escott.django.clock import the_clock
from escott.django.conf import escott_settings
from escott.django.days import days_left_in_words
from escott.django.mail_facts import amounts_of, cases_of, is_test, operation_of, payments_near
from escott.django.models import Case, Mail, Payment, Slip
from escott.django.models.mail import FOR_THE_SHOP, OF_SLIPS, MailKind
from escott.django.plain_mails import told_of
from escott.django.services import live_payment_of
from escott.django.shown_slip import ShownSlip, SlipStage, stage_of
from escott.oscar.links import absolute, payment_page_url, thank_you_url
from escott.oscar.mail_texts.rendering import Block, Values
from escott.oscar.order_moves import status_of
from escott.oscar.order_totals import CLOSED
from escott.oscar.payable import may_be_paid, total_of
from escott.rules.due_dates import days_left
from escott.rules.order_status import OrderStatus
from escott.rules.yen import format_yen

Order = get_model("order", "Order")

#: So many a mail lists; the page that it leads to has them all.
_LISTED: Final = 50


@dataclass(frozen=True, slots=True)
class Facts:
    """What a mail needs besides its text.

    Attributes:
        to: the recipients, one message each.
        is_test: it tells of test mode.
    """

    values: Values
    to: tuple[str, ...]
    is_test: bool


def facts_of(mail: Mail) -> Facts | None:
    """Everything about a queued mail; ``None`` where there is nothing to tell any more."""
    kind = MailKind(mail.kind)
    shop = escott_settings().shop_mail
    if kind in FOR_THE_SHOP:
        told = _FOR_THE_SHOP[kind](mail)
        return Facts({**shop_values(), **told}, (shop,), is_test=False) if told and shop else None
    order = (
        Order.objects.select_related("user", "shipping_address")
        .prefetch_related("lines")
        .filter(number=mail.order_reference)
        .first()
    )
    if _has_nothing_to_say(kind, mail, order):
        return None
    email = (order.email if order else "") or (mail.payment.email if mail.payment else "")
    values = {**shop_values(), **_of_mail(kind, mail), **_of_order(order, mail)}
    return Facts(values, tuple(filter(None, (email, shop))), is_test=is_test(mail))


def _has_nothing_to_say(kind: MailKind, mail: Mail, order: Any) -> bool:
    """The order is gone, or has gone on since the mail was queued."""
    if order is None:
        return kind not in _OUTLIVE_THE_ORDER or mail.payment is None
    if mail.payment is not None and _is_past(kind, mail.payment):
        return True
    if kind in _SAY_HOW_TO_PAY:
        return status_of(order) in CLOSED
    if kind in _ASK_TO_PAY:
        return not may_be_paid(order) or live_payment_of(order.number) is not None
    return kind is MailKind.ORDER_ABANDONED and status_of(order) is not OrderStatus.CANCELLED


#: Pleas to pay: nothing to ask for once the order is being paid, or may not be any more.
_ASK_TO_PAY: Final = frozenset(
    {MailKind.PAYMENT_UNFINISHED, MailKind.PAYMENT_REQUEST, MailKind.PAYMENT_NOT_CHARGED}
)

#: A payment stays when its order is deleted, and its shopper is still told of it.
_OUTLIVE_THE_ORDER: Final = frozenset(
    {MailKind.PAYMENT_CANCELLED, MailKind.AMOUNT_CHANGED, MailKind.SLIP_DELETED}
)

#: What tells of an operation with its amounts.
_WITH_AMOUNTS: Final = frozenset({MailKind.PAYMENT_CANCELLED, MailKind.AMOUNT_CHANGED})


#: How a slip has to stand for each mail about it to be of use.
_OF_USE: Final[Mapping[MailKind, frozenset[SlipStage]]] = {
    MailKind.SLIP_REGISTERED: frozenset({SlipStage.PAYABLE}),
    MailKind.SLIP_CHANGED: frozenset({SlipStage.PAYABLE}),
    MailKind.SLIP_REMINDER: frozenset({SlipStage.PAYABLE}),
    MailKind.SLIP_PAID: frozenset({SlipStage.PAID}),
    MailKind.SLIP_LAPSED: frozenset({SlipStage.LAPSED}),
}


#: What asks for a deposit: nothing to ask for once the order is closed.
_SAY_HOW_TO_PAY: Final = frozenset(
    {MailKind.SLIP_REGISTERED, MailKind.SLIP_CHANGED, MailKind.SLIP_REMINDER}
)


def _is_past(kind: MailKind, payment: Payment) -> bool:
    """The slip has gone on since the mail about it was queued."""
    stages = _OF_USE.get(kind)
    return stages is not None and stage_of(payment, the_clock().now()) not in stages


def shop_values() -> dict[str, str | Block]:
    """What every mail may say of the shop."""
    return {
        "shop_name": str(getattr(settings, "OSCAR_SHOP_NAME", "")),
        "shop_mail": escott_settings().shop_mail,
    }


def order_values(order: Any) -> dict[str, str | Block]:
    """What an order says of itself; ``order`` may be anything that looks like one."""
    context = {
        "order": order,
        "lines": order.lines.all(),
        "address": order.shipping_address,
    }
    return {
        "order_lines": block("order_lines", context),
        "delivery": block("delivery", context),
        "name": _name_of(order) or _("Customer"),
    }


def block(name: str, context: Mapping[str, Any]) -> Block:
    """A place of lines of its own, from its two templates."""
    path = f"escott/oscar/mails/{name}"
    return Block(
        render_to_string(f"{path}.txt", dict(context)),
        mark_safe(render_to_string(f"{path}.html", dict(context))),  # noqa: S308
    )


def _of_mail(kind: MailKind, mail: Mail) -> dict[str, str | Block]:
    if kind in OF_SLIPS and mail.payment is not None:
        return slip_values(ShownSlip.of(mail.payment), mail.payment.slip)
    if kind not in _WITH_AMOUNTS:
        return {"advice": advice_in(mail)}
    amounts = amounts_of(operation_of(mail))
    return {"before": format_yen(amounts.before), "after": format_yen(amounts.after)}


def slip_values(shown: ShownSlip, slip: Slip) -> dict[str, str | Block]:
    """What a mail may say of a slip."""
    left = days_left(slip.due_on, in_japan(the_clock().now()).date())
    return {
        "pay_number": slip.kessai_number,
        "due_date": shown.due_date,
        "days_left": days_left_in_words(left),
        "fee": shown.fee or format_yen(0),
        "pay_link": shown.link,
        "paid_at": shown.paid_at,
        "institution": shown.institution or "-",
    }


def _of_order(order: Any, mail: Mail) -> dict[str, str | Block]:
    if order is None:
        nothing = Block("", mark_safe(""))
        values: dict[str, str | Block] = {
            "order_lines": nothing,
            "delivery": nothing,
            "name": _("Customer"),
            "order_url": "",
            "payment_url": "",
        }
    else:
        values = {
            **order_values(order),
            "order_url": absolute(thank_you_url(order)),
            "payment_url": absolute(payment_page_url(order)),
        }
    amount = mail.payment.amount if mail.payment is not None else total_of(order)
    return {**values, "order_number": mail.order_reference, "amount": format_yen(amount)}


def _name_of(order: Any) -> str:
    """The customer's name, family name first, as the order or the account has it."""
    for person in (order.shipping_address, order.billing_address, order.user):
        if person is not None and person.last_name:
            return f"{person.last_name} {person.first_name}".strip()
    return ""


# ---- to the shop ----


def case_values(cases: Sequence[Case]) -> dict[str, str | Block]:
    """The places of a mail about what needs attention."""
    listed = {
        "cases": [(case, told_of(case)) for case in cases[:_LISTED]],
        "more": len(cases[_LISTED:]),
    }
    return {
        "case_count": str(len(cases)),
        "cases": block("cases", listed),
        "cases_url": absolute(reverse("dashboard:case-list")),
    }


def last_day_values(payments: Sequence[Payment]) -> dict[str, str | Block]:
    """The places of a mail about last days."""
    listed = {
        "payments": payments[:_LISTED],
        "more": len(payments[_LISTED:]),
        "today": the_clock().now().date(),
    }
    return {
        "payment_count": str(len(payments)),
        "payments": block("payments", listed),
        "payments_url": absolute(reverse("dashboard:payment-list")),
    }


def _cases(mail: Mail) -> dict[str, str | Block]:
    cases = cases_of(mail)
    return case_values(cases) if cases else {}


def _last_days(_mail: Mail) -> dict[str, str | Block]:
    payments = payments_near(the_clock().now().date())
    return last_day_values(payments) if payments else {}


_FOR_THE_SHOP: Final[Mapping[MailKind, Callable[[Mail], dict[str, str | Block]]]] = {
    MailKind.SHOP_CASE: _cases,
    MailKind.SHOP_DATES: _last_days,
}
