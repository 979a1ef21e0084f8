"""The page of 本人認証 over HTTP: the gateway's own address, and the card company's page."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from escott.gateway.operations import SECURE_PATH
from escott.simulator.live import LiveGateway
from escott.simulator.secure_visits import BY_HAND, CODE, TRIES, SecureVisits
from escott.simulator.visit_desk import VisitDesk
from escott.simulator.visit_pages import VisitPages, read_form
from escott.simulator.visit_requests import NoWayBack
from escott.simulator.visits import Place

PAGE_PATH: Final = "/simulator/secure/{visit_id}"


def routes(gateway: LiveGateway, desk: VisitDesk, pages: VisitPages) -> list[BaseRoute]:
    """本人認証 over ``gateway``."""
    visits = SecureVisits(gateway, desk)

    async def begin(request: Request) -> Response:
        try:
            form = await read_form(request)
            visit = visits.begin(form.get("MerchantId", ""), form.get("EncryptValue", ""))
        except NoWayBack as error:
            return pages.unreadable(request, error)
        if visit.is_open:
            return pages.onwards(request, PAGE_PATH.format(visit_id=visit.visit_id))
        return pages.back(request, visit)

    async def show(request: Request) -> Response:
        visit = desk.find(request.path_params["visit_id"])
        if visit is None or visit.place is not Place.SECURE:
            return pages.missing(request)
        if not visit.is_open:
            return pages.ended(request, visit)
        return pages.page(
            request,
            "secure.html",
            visit,
            by_hand=BY_HAND.values(),
            code=CODE,
            tries_left=TRIES - visit.failures,
        )

    async def act(request: Request) -> Response:
        visit_id = request.path_params["visit_id"]
        try:
            form = await read_form(request)
        except NoWayBack as error:
            return pages.unreadable(request, error)
        match form.get("action"):
            case "code":
                visits.enter_code(visit_id, form.get("code", ""))
            case "choose":
                visits.choose(visit_id, form.get("outcome", ""))
            case "cancel":
                visits.cancel(visit_id)
            case "leave":
                visits.leave(visit_id)
        visit = desk.find(visit_id)
        if visit is None or visit.is_open:
            return pages.onwards(request, PAGE_PATH.format(visit_id=visit_id))
        return pages.back(request, visit)

    return [
        Route(SECURE_PATH, begin, methods=["POST"]),
        Route(PAGE_PATH, show, methods=["GET"]),
        Route(PAGE_PATH, act, methods=["POST"]),
    ]
