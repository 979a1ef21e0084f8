"""What the two pages for shoppers have in common: their look, their way back, their errors.

Their policy lets a form go to the simulator and to the merchant's RedirectUrl, nowhere else,
and no script run but the simulator's own files.
"""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import quote, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from escott.gateway.codec import decode
from escott.gateway.errors import MalformedTelegram
from escott.gateway.response_codes import lookup
from escott.simulator.pages import environment
from escott.simulator.texts import words_for
from escott.simulator.visit_desk import VisitDesk
from escott.simulator.visit_requests import NoWayBack
from escott.simulator.visits import Place, Visit

RETURN_PATH: Final = "/simulator/return/{visit_id}"

_HEADERS: Final = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    # The merchant learns which site its shopper came from, as it would of the real one, and
    # nothing of the address, which is the key of the visit.
    "Referrer-Policy": "strict-origin-when-cross-origin",
}
_POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "form-action {targets}; base-uri 'none'; frame-ancestors 'none'"
)


class VisitPages:
    """Renders pages for shoppers, and sends them where their visit stands."""

    def __init__(self, desk: VisitDesk) -> None:
        self._desk = desk
        self._templates = environment()

    def page(
        self,
        request: Request,
        template: str,
        visit: Visit | None = None,
        status: int = 200,
        **values: Any,
    ) -> Response:
        """A page in the look of the place that is visited."""
        words = words_for(request.query_params.get("lang"))
        html = self._templates.get_template(template).render(
            t=words,
            visit=visit,
            look=visit.place.value if visit else Place.HOSTED.value,
            other_language=f"lang={words.other}",
            lang_query="" if words.language == "ja" else f"?lang={words.language}",
            lookup=lookup,
            **values,
        )
        targets = "'self'" if visit is None else f"'self' {_origin(visit.return_url)}"
        policy = {"Content-Security-Policy": _POLICY.format(targets=targets)}
        return HTMLResponse(html, status_code=status, headers=_HEADERS | policy)

    def unreadable(self, request: Request, error: NoWayBack) -> Response:
        """What is said of a request that nobody can be sent back from."""
        return self.page(request, "visit_unreadable.html", status=400, code=error.code)

    def missing(self, request: Request) -> Response:
        """What is said of a visit that nobody knows."""
        return self.page(request, "visit_missing.html", status=404)

    def onwards(self, request: Request, path: str) -> Response:
        """To another page, in the same language."""
        query = "?lang=en" if request.query_params.get("lang") == "en" else ""
        return RedirectResponse(path + query, status_code=303, headers=_HEADERS)

    def back(self, request: Request, visit: Visit) -> Response:
        """To the way back of an ended visit."""
        return self.onwards(request, RETURN_PATH.format(visit_id=visit.visit_id))

    def ended(self, request: Request, visit: Visit) -> Response:
        """The page of a visit that has ended, for who comes there again."""
        if not visit.result:
            return self.page(request, "visit_left.html", visit)
        return self.page(request, "visit_ended.html", visit)

    async def give_back(self, request: Request) -> Response:
        """The way back itself: a form that sends itself, or a redirect by option."""
        visit = self._desk.find(request.path_params["visit_id"])
        if visit is None or visit.is_open:
            return self.missing(request)
        if not visit.result:
            return self.page(request, "visit_left.html", visit)
        way = self._desk.way_back(visit)
        if way.by_get:
            joint = "&" if urlsplit(way.url).query else "?"
            url = f"{way.url}{joint}EncryptValue={quote(way.value, safe='')}"
            return RedirectResponse(url, status_code=303, headers=_HEADERS)
        return self.page(request, "visit_return.html", visit, way=way)

    def routes(self) -> list[BaseRoute]:
        """The way back."""
        return [Route(RETURN_PATH, self.give_back, methods=["GET"])]


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a request, from its query and its body; the body wins.

    Raises:
        NoWayBack: they cannot be read (K01).
    """
    try:
        body = (await request.body()).decode("utf-8")
        query = request.url.query
        return decode(query, plus_is_space=True) | decode(body, plus_is_space=True)
    except (MalformedTelegram, UnicodeDecodeError):
        raise NoWayBack("K01") from None


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
