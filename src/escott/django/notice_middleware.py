"""Takes deposit notices before anything else of the site can keep them away.

A log-in wall, a maintenance page, CSRF, a language prefix or a redirect would lose the notice:
put it first::

    MIDDLEWARE = ["escott.django.notice_middleware.NoticeMiddleware", ...]

It knows two addresses: the package's own (``escott:deposit-notice``), and the one that shops
have registered with the gateway for the WordPress plug-in, ``/?wc-api=wc_sonypayment``.
Source: requirements.md A018 and A155.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import NoReverseMatch, get_script_prefix, reverse

from escott.django.notice_desk import answer_notice

#: The query of the address that the plug-in uses.
FORMER_QUERY: Final = ("wc-api", "wc_sonypayment")


class NoticeMiddleware:
    """First in ``MIDDLEWARE``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if is_notice_address(request):
            return answer_notice(request)
        return self.get_response(request)


def stands_first() -> bool:
    """Whether the site's settings put this middleware before all others."""
    name = f"{NoticeMiddleware.__module__}.{NoticeMiddleware.__qualname__}"
    return settings.MIDDLEWARE[:1] == [name]


def is_notice_address(request: HttpRequest) -> bool:
    """Whether the request is for one of the two addresses, with or without a last slash."""
    path = request.path_info.rstrip("/")
    if path:
        return path == _own_path(settings.ROOT_URLCONF)
    name, value = FORMER_QUERY
    query = request.META.get("QUERY_STRING", "")
    return query == f"{name}={value}" or (name in query and request.GET.get(name) == value)


@lru_cache(maxsize=4)
def _own_path(urlconf: str) -> str | None:
    """Below the site's own prefix; ``None`` where the addresses are not part of the site."""
    try:
        whole = reverse("escott:deposit-notice", urlconf=urlconf)
    except NoReverseMatch:
        return None
    return "/" + whole.removeprefix(get_script_prefix()).strip("/")
