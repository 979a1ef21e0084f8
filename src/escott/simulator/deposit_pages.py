"""入金通知操作: where staff who test pay slips in, and see how their notices fare.

The real test environment has such a page on its merchant console (manual, part on testing);
what it looks like is not known.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from escott.simulator.console_pages import PAGE_SIZE, page_number
from escott.simulator.institutions import INSTITUTIONS
from escott.simulator.live import LiveGateway
from escott.simulator.pages import HEADERS, Pages
from escott.simulator.posted_forms import read_form
from escott.simulator.slips import Slip
from escott.simulator.till import NotTaken

PATH: Final = "/merchant/deposits"

#: How far the clock is moved by each button.
STEPS: Final = {
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(days=7),
}
#: What is shown after an act, by its name in the address.
_DONE: Final = frozenset({"notice_url_saved", "clock_moved", "deposit_paid", "deposit_sent"})
_LATEST: Final = 20
_LONGEST_NUMBER: Final = 20


class DepositPages:
    """The console of one gateway; ``settled`` waits until what is due has been delivered."""

    def __init__(self, gateway: LiveGateway, settled: Callable[[], Awaitable[None]]) -> None:
        self._gateway = gateway
        self._collection = gateway.collection
        self._pages = Pages(gateway)
        self._settled = settled

    async def show(self, request: Request) -> Response:
        """The slips, the latest notices, and the settings."""
        return self._page(request)

    async def register_url(self, request: Request) -> Response:
        """Let notices go to another address."""
        form = await read_form(request)
        url = form.get("url", "").strip()
        try:
            self._collection.register_notice_url(url, form.get("merchant_id", ""))
        except ValueError:
            return self._page(request, 422, "notice_url_wrong", typed=form)
        except LookupError:
            return self._pages.missing(request)
        return _onwards(request, "notice_url_saved")

    async def move_clock(self, request: Request) -> Response:
        """Move the clock forward; what is due by then happens."""
        step = STEPS.get((await read_form(request)).get("step", ""))
        if step is None:
            return self._page(request, 400, "unreadable_form")
        self._gateway.clock.advance(step)
        await self._settled()
        return _onwards(request, "clock_moved")

    async def pay(self, request: Request) -> Response:
        """Pay a slip in, and tell its merchant."""
        slip = await self._named(request)
        if slip is None:
            return self._pages.missing(request)
        try:
            self._collection.pay(slip.transaction_id)
        except NotTaken as refused:
            return self._page(request, 409, "deposit_not", state=refused.state.value)
        await self._settled()
        return _onwards(request, "deposit_paid", slip)

    async def send_again(self, request: Request) -> Response:
        """Tell the merchant of a deposit again."""
        slip = await self._named(request)
        if slip is None or not slip.is_paid:
            return self._pages.missing(request)
        self._collection.send_notice(slip.transaction_id)
        await self._settled()
        return _onwards(request, "deposit_sent", slip)

    async def _named(self, request: Request) -> Slip | None:
        try:
            return self._collection.slip((await read_form(request)).get("slip", ""))
        except LookupError:
            return None

    def _page(
        self,
        request: Request,
        status: int = 200,
        problem: str = "",
        *,
        typed: Mapping[str, str] | None = None,
        state: str = "",
    ) -> Response:
        slips = list(reversed(self._collection.slips()))
        number = page_number(request.query_params.get("page"), len(slips))
        first = (number - 1) * PAGE_SIZE
        done = request.query_params.get("done", "")
        return self._pages.page(
            request,
            "deposits.html",
            status=status,
            slips=slips[first : first + PAGE_SIZE],
            by_number={slip.transaction_id: slip for slip in slips},
            notices=list(reversed(self._collection.notices()))[:_LATEST],
            urls=[
                (merchant.merchant_id, self._collection.notice_url(merchant.merchant_id))
                for merchant in self._gateway.merchants
            ],
            typed_url=(typed or {}).get("url", ""),
            typed_merchant=(typed or {}).get("merchant_id", ""),
            steps=tuple(STEPS),
            institutions=INSTITUTIONS,
            problem=problem,
            problem_state=state,
            done=done if done in _DONE and not problem else "",
            done_slip=request.query_params.get("slip", "")[:_LONGEST_NUMBER],
            number=number,
            has_older=first + PAGE_SIZE < len(slips),
        )


def routes(gateway: LiveGateway, settled: Callable[[], Awaitable[None]]) -> list[BaseRoute]:
    """入金通知操作 of ``gateway``."""
    pages = DepositPages(gateway, settled)
    return [
        Route(PATH, pages.show, methods=["GET"]),
        Route(f"{PATH}/url", pages.register_url, methods=["POST"]),
        Route(f"{PATH}/clock", pages.move_clock, methods=["POST"]),
        Route(f"{PATH}/pay", pages.pay, methods=["POST"]),
        Route(f"{PATH}/notice", pages.send_again, methods=["POST"]),
    ]


def _onwards(request: Request, done: str, slip: Slip | None = None) -> Response:
    """Back to the page, in the same language; it says what was done."""
    query = {"done": done}
    if slip is not None:
        query["slip"] = slip.kessai_number
    if request.query_params.get("lang") == "en":
        query["lang"] = "en"
    return RedirectResponse(f"{PATH}?{urlencode(query)}", status_code=303, headers=HEADERS)
