"""The kinds of mail: to whom and when each goes, and which places its text may and must use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from escott.django.models.mail import FOR_THE_SHOP, MailKind
from escott.oscar.mail_texts.places import PLACES, Form, Place


@dataclass(frozen=True, slots=True)
class KindOfMail:
    """What is fixed about a kind.

    Attributes:
        when: when it is sent, in words for staff.
        names: the places that it may use, in the order in which the page lists them.
        needs: those without which its body makes no sense.
    """

    kind: MailKind
    when: Any
    names: tuple[str, ...]
    needs: frozenset[str] = frozenset()

    @property
    def to_shop_only(self) -> bool:
        """Customers never get it."""
        return self.kind in FOR_THE_SHOP

    @property
    def in_body(self) -> tuple[Place, ...]:
        """The places of the body."""
        return tuple(PLACES[name] for name in self.names)

    @property
    def in_subject(self) -> tuple[Place, ...]:
        """The places of the subject."""
        return tuple(place for place in self.in_body if place.form is Form.WORDS)


#: The places of a signature, whatever the mail.
IN_SIGNATURE: Final = (PLACES["shop_name"], PLACES["shop_mail"])

_SHOP: Final = ("shop_name", "shop_mail", "signature")
_ORDER: Final = ("order_number", "name", "amount", "order_lines", "delivery")
_TO_PAY: Final = (*_ORDER, "advice", "payment_url", *_SHOP)
_PAGE: Final = frozenset({"payment_url"})
_OPERATION: Final = ("order_number", "name", "before", "after", "order_lines", "delivery", *_SHOP)
_SLIP: Final = (*_ORDER, "fee", "pay_number", "due_date")
_TO_PAY_IN: Final = (*_SLIP, "days_left", "pay_link", "payment_url", *_SHOP)
_LINK: Final = frozenset({"pay_link"})

KINDS: Final[Mapping[MailKind, KindOfMail]] = {
    entry.kind: entry
    for entry in (
        KindOfMail(
            MailKind.ORDER_PAID,
            _("The payment is complete."),
            (*_ORDER, "order_url", "advice", *_SHOP),
        ),
        KindOfMail(
            MailKind.ORDER_FREE,
            _("An order for which there is nothing to pay has been placed."),
            (*_ORDER, "order_url", *_SHOP),
        ),
        KindOfMail(MailKind.PAYMENT_REFUSED, _("The card was refused."), _TO_PAY, _PAGE),
        KindOfMail(
            MailKind.PAYMENT_UNKNOWN,
            _("It is not known yet whether the card was charged."),
            _TO_PAY,
        ),
        KindOfMail(
            MailKind.PAYMENT_NOT_CHARGED,
            _(
                "It has turned out that nothing was charged; or ten minutes after a slip could not "
                "be registered."
            ),
            _TO_PAY,
            _PAGE,
        ),
        KindOfMail(
            MailKind.PAYMENT_UNFINISHED,
            _("Ten minutes after an identity check (3-D Secure) that came to nothing."),
            _TO_PAY,
            _PAGE,
        ),
        KindOfMail(
            MailKind.PAYMENT_REQUEST,
            _("Staff send a payment link from the page of the order."),
            (*_ORDER, "payment_url", *_SHOP),
            _PAGE,
        ),
        KindOfMail(
            MailKind.PAYMENT_CANCELLED,
            _("Staff have cancelled the payment and chosen to tell the customer."),
            _OPERATION,
        ),
        KindOfMail(
            MailKind.AMOUNT_CHANGED,
            _("Staff have changed the amount and chosen to tell the customer."),
            _OPERATION,
            frozenset({"after"}),
        ),
        KindOfMail(
            MailKind.ORDER_ABANDONED,
            _("An order was cancelled because it was not paid in time."),
            (*_ORDER, *_SHOP),
        ),
        KindOfMail(
            MailKind.SLIP_REGISTERED,
            _("An order is to be paid at a convenience store, by Pay-easy or with e-money."),
            _TO_PAY_IN,
            _LINK,
        ),
        KindOfMail(
            MailKind.SLIP_CHANGED,
            _("Staff have changed the amount or the last day, so that the number is another."),
            _TO_PAY_IN,
            _LINK,
        ),
        KindOfMail(
            MailKind.SLIP_REMINDER,
            _("Three days and one day before the last day to pay, and on it."),
            _TO_PAY_IN,
            _LINK,
        ),
        KindOfMail(
            MailKind.SLIP_PAID,
            _("The slip was paid."),
            (*_SLIP, "paid_at", "institution", "order_url", *_SHOP),
        ),
        KindOfMail(
            MailKind.SLIP_DELETED,
            _("Staff have cancelled the slip and chosen to tell the customer."),
            (*_SLIP, "payment_url", *_SHOP),
        ),
        KindOfMail(
            MailKind.SLIP_LAPSED,
            _("An order was cancelled because its slip was not paid by the last day."),
            (*_SLIP, *_SHOP),
        ),
        KindOfMail(
            MailKind.SHOP_CASE,
            _("Something needs attention. Matters of five minutes go into one mail."),
            ("case_count", "cases", "cases_url", *_SHOP),
            frozenset({"cases"}),
        ),
        KindOfMail(
            MailKind.SHOP_DATES,
            _("14, 7, 3 and 1 days before the last day on which a payment can be captured."),
            ("payment_count", "payments", "payments_url", *_SHOP),
            frozenset({"payments"}),
        ),
    )
}
