"""The shop's mails about an order, with its lines: to the shopper, and a copy to the shop.

Set ``ESCOTT["MAIL_COMPOSER"] = "escott.oscar.mails.compose"``. The texts are templates,
``escott/oscar/mails/<kind>.subject.txt``, ``.txt`` and ``.html``, in the site's language.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.sites.models import Site
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import override
from oscar.core.loading import get_model

from escott.django.advice import advice_in
from escott.django.conf import escott_settings
from escott.django.models import Mail
from escott.django.models.mail import MailKind
from escott.django.services import live_payment_of
from escott.oscar.links import payment_page_url, thank_you_url
from escott.oscar.order_moves import status_of
from escott.oscar.statuses import PAYABLE

Order = get_model("order", "Order")


def compose(mail: Mail) -> list[EmailMessage]:
    """The messages of one queued mail; none if the order is gone."""
    order = (
        Order.objects.select_related("user", "shipping_address")
        .prefetch_related("lines")
        .filter(number=mail.order_reference)
        .first()
    )
    if order is None or _is_overtaken(mail, order):
        return []
    with override(settings.LANGUAGE_CODE):
        context = _context(mail, order)
        name = f"escott/oscar/mails/{mail.kind}"
        subject = " ".join(render_to_string(f"{name}.subject.txt", context).split())
        text = render_to_string(f"{name}.txt", context)
        html = render_to_string(f"{name}.html", context)
    recipients = [order.email, escott_settings().shop_mail]
    return [_message(subject, text, html, to) for to in recipients if to]


def _is_overtaken(mail: Mail, order: Any) -> bool:
    """Whether a plea to finish paying has nothing to ask for any more."""
    if mail.kind != MailKind.PAYMENT_UNFINISHED:
        return False
    return status_of(order) not in PAYABLE or live_payment_of(order.number) is not None


def _context(mail: Mail, order: Any) -> dict[str, Any]:
    settled = mail.kind in {MailKind.ORDER_PAID, MailKind.ORDER_FREE}
    page = thank_you_url(order) if settled else payment_page_url(order)
    return {
        "order": order,
        "lines": order.lines.all(),
        "address": order.shipping_address,
        "payment": mail.payment,
        "advice": advice_in(mail),
        "page_url": _absolute(page),
        "shop_name": getattr(settings, "OSCAR_SHOP_NAME", ""),
        "shop_mail": escott_settings().shop_mail,
    }


def _absolute(path: str) -> str:
    """The address of a page for a mail, which has no request to take the host from."""
    scheme = "https" if settings.SESSION_COOKIE_SECURE else "http"
    return f"{scheme}://{Site.objects.get_current().domain}{path}"


def _message(subject: str, text: str, html: str, to: str) -> EmailMessage:
    message = EmailMultiAlternatives(subject, text, to=[to])
    message.attach_alternative(html, "text/html")
    return message
