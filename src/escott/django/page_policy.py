"""What every payment page says to browsers and caches: keep nothing, load nothing from strangers.

One decorator for pages, one for the start of a trip to the gateway. Neither ever allows inline
scripts or styles. A header that the view has set itself stays. Source: requirements.md A156.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control

from escott.django.card_page import CardForm
from escott.django.conf import escott_settings

View: TypeAlias = Callable[..., HttpResponseBase]

_PAGE: Final[Mapping[str, str]] = {
    "default-src": "'self'",
    "script-src": "'self'",
    "connect-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "frame-ancestors": "'none'",
    "form-action": "'self'",
}

#: The 3-D Secure start page posts to the gateway, which sends the browser on to any card issuer,
#: and browsers hold form-action against the whole way.
_TRIP: Final[Mapping[str, str]] = {**_PAGE, "form-action": "*"}


def card_page_policy(view: View) -> View:
    """For pages on which an order is paid, a card is kept, or a payment is shown.

    Where the answer is a ``TemplateResponse`` with a ``card_form`` in its context, the page may
    also load the gateway's token script, and nothing of the site's ``PAGE_SOURCES``. Where its
    context has ``form_goes_on_to``, an address, the answer to its form may lead to that host.
    """
    return _with(view, _for_page)


def trip_page_policy(view: View) -> View:
    """For the page from which the browser leaves for the gateway: its form may go anywhere.

    A page with a card form must not redirect to the gateway: browsers hold ``form-action``
    against redirects too. It redirects to this page, and this page goes on.
    """
    return _with(view, lambda _response: _TRIP)


def _with(view: View, rules_for: Callable[[HttpResponseBase], Mapping[str, str]]) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        patch_cache_control(response, no_store=True, private=True)
        policy = "; ".join(f"{rule} {where}" for rule, where in rules_for(response).items())
        response.headers.setdefault("Content-Security-Policy", policy)
        return response

    return guarded


def _for_page(response: HttpResponseBase) -> Mapping[str, str]:
    context = getattr(response, "context_data", None) or {}
    card_form = context.get("card_form")
    if isinstance(card_form, CardForm):
        return {**_PAGE, **_with_gateway(card_form.token_script_url)}
    more = escott_settings().page_sources
    return {
        **_PAGE,
        **_with_way_on(context.get("form_goes_on_to", "")),
        **{
            rule: f"{_PAGE.get(rule, _PAGE['default-src'])} {where}" for rule, where in more.items()
        },
    }


def _with_way_on(address: str) -> Mapping[str, str]:
    """Browsers hold form-action against redirects too: to the page of a slip, after 注文する."""
    there = urlsplit(address)
    if not there.netloc:
        return {}
    return {"form-action": f"'self' {there.scheme}://{there.netloc}"}


def _with_gateway(token_script_url: str) -> Mapping[str, str]:
    """What the token script needs: to be loaded, and to ask its own host for a token."""
    script = urlsplit(token_script_url)
    if not script.netloc:
        return {}
    allowed = f"'self' {script.scheme}://{script.netloc}"
    return {"script-src": allowed, "connect-src": allowed}
