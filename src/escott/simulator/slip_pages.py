"""The page that a slip's link opens (JLPcon): where to pay, by which number, until when.

It stands under the paths of the test and of the production environment; here both are one.
Source: protocol.md A and H.
"""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from escott.gateway.operations import SLIP_PAGE_PATH, TEST_SLIP_PAGE_PATH
from escott.simulator.institutions import BY_KIND, GONE, INSTITUTIONS, Kind
from escott.simulator.live import LiveGateway
from escott.simulator.pages import HEADERS, environment
from escott.simulator.posted_forms import read_form
from escott.simulator.slip_law import SlipState
from escott.simulator.slips import Slip
from escott.simulator.texts import words_for

TILL_PATH: Final = "/simulator/till"

#: ``rkbn`` of who comes from the checkout, and may go back there.
_FROM_CHECKOUT: Final = "1"
#: Pay-easy's number of the agency; this one belongs to nobody.
_AGENCY_NUMBER: Final = "00000"
#: The institutions that one pays by, not at.
_PAID_BY: Final = frozenset({Kind.BANK, Kind.MONEY})


class SlipPages:
    """The pages of slips, for shoppers."""

    def __init__(self, gateway: LiveGateway) -> None:
        self._gateway = gateway
        self._templates = environment()

    async def show(self, request: Request) -> Response:
        """The slip as it stands, or why there is nothing to pay."""
        code = request.query_params.get("code", "").strip()
        slip = self._gateway.collection.slip_of_link(code)
        if slip is None:
            return self.page(request, "slip_closed.html", None, status=404, closed="unknown")
        if slip.link_code != code:
            return self.page(request, "slip_closed.html", None, closed="replaced")
        state = slip.state_at(self._gateway.clock.now())
        if state is not SlipState.UNPAID:
            return self.page(request, "slip_closed.html", slip, closed=state.value)
        if not slip.cvs_cd or request.query_params.get("choose"):
            return self.page(request, "slip_choose.html", slip, by_kind=BY_KIND, gone=GONE)
        return self._slip(request, slip)

    async def choose(self, request: Request) -> Response:
        """Keep the shopper's choice, and show the slip for it."""
        form = await read_form(request)
        code = request.query_params.get("code", "").strip()
        slip = self._gateway.collection.slip_of_link(code)
        if slip is not None and form.get("cvs_cd") in INSTITUTIONS:
            self._gateway.collection.choose(slip, form["cvs_cd"])
        return RedirectResponse(
            address(request, request.url.path), status_code=303, headers=HEADERS
        )

    def page(
        self,
        request: Request,
        template: str,
        slip: Slip | None,
        status: int = 200,
        **values: Any,
    ) -> Response:
        """A page in the look of the collection agency."""
        words = words_for(request.query_params.get("lang"))
        html = self._templates.get_template(template).render(
            t=words,
            slip=slip,
            look="slip",
            now=self._gateway.clock.now(),
            institutions=INSTITUTIONS,
            other_language=str(request.url.include_query_params(lang=words.other).query),
            here=address(request, request.url.path),
            slip_address=address(request, slip_path(request)),
            till_address=address(request, TILL_PATH),
            choose_address=address(request, slip_path(request), choose="1"),
            may_go_back=request.query_params.get("rkbn") == _FROM_CHECKOUT,
            **values,
        )
        return HTMLResponse(html, status_code=status, headers=HEADERS)

    def _slip(self, request: Request, slip: Slip) -> Response:
        institution = INSTITUTIONS[slip.cvs_cd]
        return self.page(
            request,
            "slip_shown.html",
            slip,
            institution=institution,
            title="pay_by" if institution.kind in _PAID_BY else "pay_at",
            agency_number=_AGENCY_NUMBER,
            confirmation_number=slip.telephone.replace("-", "")[-6:],
        )


def routes(gateway: LiveGateway) -> list[BaseRoute]:
    """The page of slips under both its paths."""
    pages = SlipPages(gateway)
    return [
        Route(path, handler, methods=[method])
        for path in (TEST_SLIP_PAGE_PATH, SLIP_PAGE_PATH)
        for method, handler in (("GET", pages.show), ("POST", pages.choose))
    ]


def slip_path(request: Request) -> str:
    """The path by which the shopper came to the slip."""
    came_by = {request.url.path, request.query_params.get("by", "")}
    return SLIP_PAGE_PATH if SLIP_PAGE_PATH in came_by else TEST_SLIP_PAGE_PATH


def address(request: Request, path: str, **further: str) -> str:
    """``path`` for the same slip, in the same language, with the same way back."""
    query = {name: request.query_params.get(name, "") for name in ("code", "rkbn", "lang")}
    if path == TILL_PATH and slip_path(request) == SLIP_PAGE_PATH:
        query["by"] = SLIP_PAGE_PATH
    kept = {name: value for name, value in (query | further).items() if value}
    return f"{path}?{urlencode(kept)}"
