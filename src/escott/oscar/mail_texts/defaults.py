"""The texts that a shop begins with, in the language in force. The editor starts from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from escott.django.conf import escott_settings
from escott.django.models.mail import MailKind


@dataclass(frozen=True, slots=True)
class Text:
    """The text of a kind of mail, with its places.

    Attributes:
        sender: an address, with a name before it or not; empty for the site's.
        signature: what ``{signature}`` is filled with.
    """

    sender: str
    subject: str
    body: str
    signature: str

    def items(self) -> dict[str, str]:
        """The four parts by their names."""
        return {part.name: getattr(self, part.name) for part in fields(self)}


def default_text(kind: MailKind) -> Text:
    """The text of a kind, as long as staff have not written another."""
    subject, paragraphs = _TEXTS[kind]
    body = "\n\n".join(str(paragraph) for paragraph in paragraphs)
    return Text("", str(subject), body, default_signature())


def default_signature() -> str:
    """Whom to ask, and the shop's name."""
    asks = gettext("If you have any questions, please write to {shop_mail}.")
    return f"{asks}\n{{shop_name}}" if escott_settings().shop_mail else "{shop_name}"


def _link(label: Any, place: str) -> Any:
    """A label with the address below it: in HTML a button."""
    return format_lazy("{label}\n{place}", label=label, place=place)


_DEAR: Final = _("Dear {name},")
_THE_ORDER: Final = ("{order_lines}", "{delivery}", "{signature}")
_PAY: Final = _link(_("Pay your order"), "{payment_url}")
_SEE: Final = _link(_("See your order"), "{order_url}")
_NOT_PAID_YET: Final = _("We have received your order, but it is not paid yet.")
_TO_PAY_IN: Final = _(
    "Payment number: {pay_number}\n"
    "Amount (with tax, shipping and fee): {amount}\n"
    "Please pay by: {due_date}, 23:59"
)
_PAY_IN: Final = _link(_("Choose how to pay, or see your slip"), "{pay_link}")
_HOW_TO_PAY_IN: Final = _(
    "How to pay\n"
    "1. On the page above, choose a convenience store, a bank (Pay-easy) or e-money.\n"
    "2. Note the number that it shows, and pay at the till, the ATM or online.\n"
    "3. We tell you by mail as soon as your payment has arrived."
)

_TEXTS: Final[Mapping[MailKind, tuple[Any, tuple[Any, ...]]]] = {
    MailKind.ORDER_PAID: (
        _("[{shop_name}] Thank you for your order ({order_number})"),
        (_("Thank you for your order. Your payment is complete."), _SEE, *_THE_ORDER),
    ),
    MailKind.ORDER_FREE: (
        _("[{shop_name}] Thank you for your order ({order_number})"),
        (_("Thank you for your order. There was nothing to pay."), _SEE, *_THE_ORDER),
    ),
    MailKind.PAYMENT_REFUSED: (
        _("[{shop_name}] Your card could not be charged ({order_number})"),
        (
            _("We have received your order, but your payment did not go through."),
            "{advice}",
            _PAY,
            *_THE_ORDER,
        ),
    ),
    MailKind.PAYMENT_UNKNOWN: (
        _("[{shop_name}] We are checking your payment ({order_number})"),
        (
            _("We have received your order."),
            "{advice}",
            _link(_("See how your payment stands"), "{payment_url}"),
            *_THE_ORDER,
        ),
    ),
    MailKind.PAYMENT_NOT_CHARGED: (
        _("[{shop_name}] Please pay your order again ({order_number})"),
        (_NOT_PAID_YET, "{advice}", _PAY, *_THE_ORDER),
    ),
    MailKind.PAYMENT_UNFINISHED: (
        _("[{shop_name}] Your order is waiting for its payment ({order_number})"),
        (_NOT_PAID_YET, "{advice}", _PAY, *_THE_ORDER),
    ),
    MailKind.PAYMENT_REQUEST: (
        _("[{shop_name}] Please pay for your order ({order_number})"),
        (
            _DEAR,
            _("Please pay for your order on the page below."),
            _("Amount: {amount}"),
            _PAY,
            _("The page is for this order alone. Please do not pass its address on."),
            *_THE_ORDER,
        ),
    ),
    MailKind.PAYMENT_CANCELLED: (
        _("[{shop_name}] Your payment has been cancelled ({order_number})"),
        (
            _DEAR,
            _("We have cancelled the card payment of your order {order_number}."),
            _("Amount: {before} → {after}"),
            _(
                "When the money is returned depends on your card company. It may be charged first "
                "and returned in a later month; please ask your card company for the date."
            ),
            "{signature}",
        ),
    ),
    MailKind.AMOUNT_CHANGED: (
        _("[{shop_name}] The amount of your payment has changed ({order_number})"),
        (
            _DEAR,
            _("We have changed the amount of the card payment of your order {order_number}."),
            _("Amount: {before} → {after}"),
            _(
                "When the difference is charged or returned depends on your card company; please "
                "ask it for the date."
            ),
            "{signature}",
        ),
    ),
    MailKind.ORDER_ABANDONED: (
        _("[{shop_name}] Your order has been cancelled ({order_number})"),
        (
            _DEAR,
            _("We have cancelled your order, as it was not paid in time."),
            _("Nothing has been charged. If you still want the goods, please order again."),
            *_THE_ORDER,
        ),
    ),
    MailKind.SLIP_REGISTERED: (
        _("[{shop_name}] How to pay for your order ({order_number})"),
        (
            _DEAR,
            _("Thank you for your order. We send it as soon as your payment has arrived."),
            _TO_PAY_IN,
            _PAY_IN,
            _HOW_TO_PAY_IN,
            *_THE_ORDER,
        ),
    ),
    MailKind.SLIP_CHANGED: (
        _("[{shop_name}] Your payment number has changed ({order_number})"),
        (
            _DEAR,
            _(
                "We have changed the payment of your order {order_number}. The number that you had "
                "before cannot be paid any more: please pay by this one."
            ),
            _TO_PAY_IN,
            _PAY_IN,
            _HOW_TO_PAY_IN,
            # Not the order's lines: their total may be the one before.
            "{signature}",
        ),
    ),
    MailKind.SLIP_REMINDER: (
        _("[{shop_name}] Please pay for your order by {due_date} ({order_number})"),
        (
            _DEAR,
            _("Your order is not paid yet. Time left: {days_left}."),
            _TO_PAY_IN,
            _PAY_IN,
            _HOW_TO_PAY_IN,
            _("If you have paid in the meantime, there is nothing left for you to do."),
            *_THE_ORDER,
        ),
    ),
    MailKind.SLIP_PAID: (
        _("[{shop_name}] Your payment has arrived ({order_number})"),
        (
            _DEAR,
            _("Thank you. Your payment has arrived."),
            _("Paid: {paid_at}\nAt: {institution}\nAmount: {amount}"),
            _SEE,
            *_THE_ORDER,
        ),
    ),
    MailKind.SLIP_DELETED: (
        _("[{shop_name}] Your payment number has been cancelled ({order_number})"),
        (
            _DEAR,
            _(
                "We have cancelled the payment number {pay_number} of your order {order_number}. "
                "It cannot be paid any more."
            ),
            _("Nothing has been charged. If you have paid by it all the same, please tell us."),
            "{signature}",
        ),
    ),
    MailKind.SLIP_LAPSED: (
        _("[{shop_name}] Your order has been cancelled ({order_number})"),
        (
            _DEAR,
            _("We have cancelled your order, as we have seen no payment by {due_date}."),
            _(
                "Nothing has been charged, and the payment number cannot be used any more. If you "
                "have paid in the meantime, please tell us. If you still want the goods, please "
                "order again."
            ),
            *_THE_ORDER,
        ),
    ),
    MailKind.SHOP_CASE: (
        _("[{shop_name}] Payments need your attention ({case_count})"),
        (
            _("Something has happened to payments that a person has to look at."),
            "{cases}",
            _link(_("Open what needs attention"), "{cases_url}"),
        ),
    ),
    MailKind.SHOP_DATES: (
        _("[{shop_name}] The last day to capture comes near ({payment_count})"),
        (
            _(
                "These payments are authorised and not captured yet. After its last day a payment "
                "can be neither captured nor cancelled, and the authorisation runs out."
            ),
            "{payments}",
            _link(_("Open the list of payments"), "{payments_url}"),
        ),
    ),
}
