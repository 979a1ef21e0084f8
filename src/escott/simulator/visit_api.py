"""Visits of shoppers as JSON, for tests and demos. The real gateway has no such interface.

======  ====================  ==========================================
GET     /simulator/visits     newest first; ``?free1=`` exact
======  ====================  ==========================================

``path`` is where a browser goes on with the visit. Neither passwords nor the fields of a
result are told beyond its two codes.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from escott.simulator.hosted_pages import VISIT_PATH
from escott.simulator.live import LiveGateway
from escott.simulator.secure_pages import PAGE_PATH
from escott.simulator.visits import Place, Visit

_PATHS = {Place.SECURE: PAGE_PATH, Place.HOSTED: VISIT_PATH}


def routes(gateway: LiveGateway) -> list[Route]:
    """The interface over ``gateway``."""

    async def visits(request: Request) -> Response:
        free1 = request.query_params.get("free1")
        found = gateway.with_books(lambda books: list(books.visits.values()))
        oldest_first = sorted(found, key=lambda visit: visit.begun_at)
        content = [
            _visit(visit)
            for visit in reversed(oldest_first)
            if free1 is None or visit.fields.get("MerchantFree1", "") == free1
        ]
        return JSONResponse({"visits": content}, headers={"Cache-Control": "no-store"})

    return [Route("/simulator/visits", visits, methods=["GET"])]


def _visit(visit: Visit) -> dict[str, object]:
    return {
        "path": _PATHS[visit.place].format(visit_id=visit.visit_id),
        "place": visit.place.value,
        "merchant_id": visit.merchant_id,
        "operation": visit.fields.get("OperateId", ""),
        "proc_no": visit.proc_no,
        "merchant_free1": visit.fields.get("MerchantFree1", ""),
        "amount": visit.fields.get("Amount", ""),
        "begun_at": visit.begun_at.isoformat(),
        "screen": visit.screen,
        "card": visit.card.masked if visit.card else "",
        "failures": visit.failures,
        "open": visit.is_open,
        "outcome": visit.outcome,
        "returned": bool(visit.result),
        "response_cd": visit.result.get("ResponseCd", ""),
        "secure_result_code": visit.result.get("SecureResultCode", ""),
    }
