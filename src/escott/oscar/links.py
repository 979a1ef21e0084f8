"""Signed links: who holds one may see and pay that one order, without a session.

A shopper comes back to an order's payment page from a mail, another browser or a second tab,
so the link itself is the proof. It shows what was ordered and never an address.
"""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.contrib.sites.models import Site
from django.core.signing import BadSignature, Signer
from django.http import Http404
from django.urls import reverse
from oscar.core.loading import get_model

from escott.django.conf import escott_settings

Order = get_model("order", "Order")

_signer = Signer(salt="escott.oscar.order")

#: The longest address that the gateway leads a shopper back to (ReturnURL; protocol.md H).
LONGEST_RETURN_URL: Final = 128


def reference_of(order: Any) -> str:
    """The order's number, signed."""
    return _signer.sign(order.number)


def order_of(reference: str) -> Any:
    """The order of a signed reference.

    Raises:
        Http404: the signature is wrong, or the order is gone.
    """
    try:
        number = _signer.unsign(reference)
    except BadSignature:
        raise Http404 from None
    order = Order.objects.select_related("user").filter(number=number).first()
    if order is None:
        raise Http404
    return order


def absolute(path: str) -> str:
    """The address of a page for a mail or the gateway: there is no request with the host."""
    if site := escott_settings().site_url:
        return f"{site}{path}"
    scheme = "https" if settings.SESSION_COOKIE_SECURE else "http"
    return f"{scheme}://{Site.objects.get_current().domain}{path}"


def payment_page_url(order: Any) -> str:
    """Where the order can be paid, and its payment's state be seen."""
    return reverse("checkout:payment-page", args=[reference_of(order)])


def other_way_url(order: Any) -> str:
    """Where a shopper gives up the order's slip, to pay in another way."""
    return reverse("checkout:payment-other-way", args=[reference_of(order)])


def payment_state_url(order: Any) -> str:
    """What the payment page asks while a result is being checked."""
    return reverse("checkout:payment-state", args=[reference_of(order)])


def thank_you_url(order: Any) -> str:
    """The thank-you page of a paid (or free) order."""
    return reverse("checkout:order-complete", args=[reference_of(order)])
