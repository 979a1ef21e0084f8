"""Two rules for every page: the language that was chosen, and where scripts may come from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

Respond = Callable[[HttpRequest], HttpResponse]


class ChosenLanguage:
    """Japanese unless the visitor chose English at the foot of the page.

    Django's own middleware would follow the browser's language; this is a shop in Japan.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


_SHOP: Final = {
    "default-src": "'self'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
#: Oscar's dashboard and Django's admin write scripts and styles into their pages.
_BACK_OFFICE: Final = {
    **_SHOP,
    "script-src": "'self' 'unsafe-inline' 'unsafe-eval'",
    "style-src": "'self' 'unsafe-inline'",
}


class ContentSecurityPolicy:
    """Nothing from other hosts. Payment pages have brought a stricter policy of their own."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        back_office = request.path.startswith(("/dashboard/", "/admin/"))
        policy = _BACK_OFFICE if back_office else _SHOP
        response.headers.setdefault(
            "Content-Security-Policy",
            "; ".join(f"{rule} {where}" for rule, where in policy.items()),
        )
        return response
