"""The hosted card page over HTTP: the gateway's own address, and the screens behind it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from escott.gateway.operations import HOSTED_PATH
from escott.simulator.hosted_visits import HostedVisits
from escott.simulator.live import LiveGateway
from escott.simulator.magic_cards import DECLINED, DEMO_CARD, TROUBLED
from escott.simulator.screens import SCREENS
from escott.simulator.visit_desk import VisitDesk
from escott.simulator.visit_pages import VisitPages, read_form
from escott.simulator.visit_requests import NoWayBack
from escott.simulator.visits import Place, Visit

VISIT_PATH: Final = "/simulator/hosted/{visit_id}"
SCREEN_PATH: Final = "/simulator/hosted/{visit_id}/{screen}"

#: Cards to try, shown beside the form: one that is approved, one refused, one with trouble.
_HINTS: Final = (DEMO_CARD, DECLINED[2], TROUBLED[1])
#: What people write between the groups of a number.
_BETWEEN_DIGITS: Final = str.maketrans("", "", " -\u3000")


def routes(gateway: LiveGateway, desk: VisitDesk, pages: VisitPages) -> list[BaseRoute]:
    """The hosted card page over ``gateway``."""
    visits = HostedVisits(gateway, desk)

    async def begin(request: Request) -> Response:
        try:
            form = await read_form(request)
            visit = visits.begin(form.get("MerchantId", ""), form.get("EncryptValue", ""))
        except NoWayBack as error:
            return pages.unreadable(request, error)
        return where_it_stands(request, visit)

    async def find(request: Request) -> Response:
        visit = desk.find(request.path_params["visit_id"])
        if visit is None or visit.place is not Place.HOSTED:
            return pages.missing(request)
        return where_it_stands(request, visit) if visit.is_open else pages.ended(request, visit)

    async def show(request: Request) -> Response:
        visit_id, name = request.path_params["visit_id"], request.path_params["screen"]
        found = visits.at(visit_id, name)
        if found is None:
            return await find(request)
        visit, screen = found
        return pages.page(
            request,
            "hosted_entry.html" if screen.is_entry else "hosted_confirm.html",
            visit,
            screen=screen,
            other=SCREENS.get(screen.other),
            hints=_HINTS,
            tries_left=gateway.options.hosted_tries - visit.failures,
        )

    async def act(request: Request) -> Response:
        visit_id, name = request.path_params["visit_id"], request.path_params["screen"]
        try:
            form = await read_form(request)
        except NoWayBack as error:
            return pages.unreadable(request, error)
        match form.get("action"):
            case "enter":
                visits.enter(visit_id, name, _card_fields(form))
            case "confirm":
                await asyncio.sleep(visits.confirm(visit_id, name))
            case "cancel":
                visits.cancel(visit_id, name)
        visit = desk.find(visit_id)
        if visit is None or visit.place is not Place.HOSTED:
            return pages.missing(request)
        return where_it_stands(request, visit)

    def where_it_stands(request: Request, visit: Visit) -> Response:
        if not visit.is_open:
            return pages.back(request, visit)
        path = SCREEN_PATH.format(visit_id=visit.visit_id, screen=visit.screen)
        return pages.onwards(request, path)

    return [
        Route(HOSTED_PATH, begin, methods=["GET", "POST"]),
        Route(VISIT_PATH, find, methods=["GET"]),
        Route(SCREEN_PATH, show, methods=["GET"]),
        Route(SCREEN_PATH, act, methods=["POST"]),
    ]


def _card_fields(form: Mapping[str, str]) -> dict[str, str]:
    """The card of an entry form by the names of the wire."""
    number = form.get("CardNo", "").translate(_BETWEEN_DIGITS)
    expiry = form.get("ExpYear", "").strip() + form.get("ExpMonth", "").strip().zfill(2)
    given = {"CardNo": number, "CardExp": expiry, "SecCd": form.get("SecCd", "").strip()}
    return {name: text for name, text in given.items() if text}
