"""The pages for people: the cards at ``/``, the members, and how every page looks.

Japanese first; ``?lang=en`` turns a page into English. No page shows the full number of a
card that somebody used.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from escott.clock import in_japan
from escott.gateway.operations import TOKEN_SCRIPT_PATH
from escott.gateway.response_codes import lookup
from escott.simulator import magic_payers
from escott.simulator.books import Transaction
from escott.simulator.law import State
from escott.simulator.live import LiveGateway
from escott.simulator.magic_cards import (
    APPROVED,
    DECLINED,
    DEMO_CARD,
    HOLDER,
    SECURED,
    TROUBLED,
)
from escott.simulator.texts import Words, words_for

_HERE: Final = Path(__file__).parent
HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; "
    "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


def environment() -> Environment:
    """The templates, and how values are written in them."""
    templates = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters |= {
        "grouped": grouped,
        "moment": moment,
        "yen": yen,
        "state": state_name,
        "minute": minute,
    }
    return templates


class Pages:
    """The pages over one gateway."""

    def __init__(self, gateway: LiveGateway) -> None:
        self._gateway = gateway
        self._templates = environment()

    async def cards(self, request: Request) -> Response:
        """The magic cards, the demo merchants, and where everything is."""
        return self.page(
            request,
            "cards.html",
            demo=DEMO_CARD,
            approved=APPROVED,
            declined=DECLINED,
            troubled=TROUBLED,
            secured=SECURED,
            holder=HOLDER,
            merchants=self._gateway.merchants,
            payers_troubled=magic_payers.TROUBLED,
            payers_declined=magic_payers.DECLINED,
            payer_operations=magic_payers.OPERATIONS,
            script_path=TOKEN_SCRIPT_PATH,
            lookup=lookup,
        )

    async def members(self, request: Request) -> Response:
        """The members, newest first."""
        found = list(reversed(self._gateway.members()))
        return self.page(request, "members.html", members=found)

    def missing(self, request: Request) -> Response:
        """What is said of an address that leads nowhere."""
        return self.page(request, "missing.html", status=404)

    def page(self, request: Request, template: str, status: int = 200, **values: Any) -> Response:
        """A page in the language of the request."""
        words = words_for(request.query_params.get("lang"))
        html = self._templates.get_template(template).render(
            t=words,
            now=self._gateway.clock.now(),
            other_language=str(request.url.include_query_params(lang=words.other).query),
            here=request.url.path,
            lang_query="" if words.language == "ja" else f"lang={words.language}",
            **values,
        )
        return HTMLResponse(html, status_code=status, headers=HEADERS)


def routes(gateway: LiveGateway) -> list[BaseRoute]:
    """The pages over ``gateway``, and the files they load."""
    pages = Pages(gateway)

    async def nowhere(request: Request) -> Response:
        return pages.missing(request)

    return [
        Route("/", pages.cards),
        Route("/merchant/members", pages.members),
        Mount("/simulator/static", StaticFiles(directory=_HERE / "static")),
        Route("/{path:path}", nowhere),
    ]


def grouped(number: str) -> str:
    """A card number in groups, as it is printed on the card."""
    sizes = {15: (4, 6, 5), 14: (4, 6, 4)}.get(len(number), (4, 4, 4, 4))
    groups, start = [], 0
    for size in sizes:
        groups.append(number[start : start + size])
        start += size
    return " ".join(groups)


def moment(when: datetime) -> str:
    """A moment in Japan time, to the second."""
    return in_japan(when).strftime("%Y-%m-%d %H:%M:%S")


def minute(when: datetime, words: Words) -> str:
    """A day with its weekday, and the minute, for shoppers."""
    local = in_japan(when)
    if words.language == "ja":
        weekday = "月火水木金土日"[local.weekday()]
        return f"{local.year}年{local.month}月{local.day}日（{weekday}）{local:%H:%M}"
    return f"{local:%a} {local.day} {local:%b %Y, %H:%M}"


def yen(amount: int) -> str:
    """An amount for reading."""
    return f"¥{amount:,}"


def state_name(transaction: Transaction, words: Words) -> str:
    """The state of a transaction in the words of the shop's manual."""
    state = transaction.state
    return words("declined_state" if state is State.DECLINED else state.value)
