"""Two rules for every page: the language that was chosen, and where scripts may come from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
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
    """Nothing from other hosts; on pages with a card form, the gateway's token script."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        policy = dict(
            _BACK_OFFICE if request.path.startswith(("/dashboard/", "/admin/")) else _SHOP
        )
        if gateway := getattr(request, "card_form_gateway", None):
            policy["script-src"] = policy["connect-src"] = f"'self' {gateway}"
        response.headers.setdefault(
            "Content-Security-Policy",
            "; ".join(f"{rule} {where}" for rule, where in policy.items()),
        )
        return response

    def process_template_response(
        self, request: HttpRequest, response: TemplateResponse
    ) -> TemplateResponse:
        """Note where the page's token script comes from, if the page has one."""
        card_form = (response.context_data or {}).get("card_form")
        if card_form is not None:
            script = urlsplit(card_form.token_script_url)
            request.card_form_gateway = f"{script.scheme}://{script.netloc}"  # type: ignore[attr-defined]
        return response
