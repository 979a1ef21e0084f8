"""The page of the till, where a tester pays a slip in place of a shopper.

It is the simulator's own: the real gateway has stores. A slip is named by its link, so that
the page can be reached from the shopper's.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from escott.clock import JST
from escott.simulator.institutions import INSTITUTIONS, USUAL
from escott.simulator.live import LiveGateway
from escott.simulator.notice_faults import NoticeFault
from escott.simulator.pages import HEADERS
from escott.simulator.posted_forms import read_pairs
from escott.simulator.slip_pages import TILL_PATH, SlipPages, address
from escott.simulator.slips import Slip, SlipPayment
from escott.simulator.till import NotTaken

#: How somebody may pay, in the order of the page.
MODES: Final = ("now", "at", "late", "twice", "never")


@dataclass(frozen=True, slots=True)
class TillForm:
    """What was chosen on the page; ``moment`` as it was typed."""

    cvs_cd: str
    mode: str = "now"
    moment: str = ""
    anyway: bool = False
    faults: tuple[NoticeFault, ...] = ()

    @classmethod
    async def read(cls, request: Request) -> TillForm:
        """The form that was posted."""
        pairs = await read_pairs(request)
        fields = dict(pairs)
        chosen = {value for name, value in pairs if name == "fault"}
        return cls(
            cvs_cd=fields.get("cvs_cd", ""),
            mode=fields.get("mode", ""),
            moment=fields.get("moment", ""),
            anyway=fields.get("anyway") == "yes",
            faults=tuple(fault for fault in NoticeFault if fault.value in chosen),
        )

    @property
    def is_whole(self) -> bool:
        """Whether it says all that it needs to."""
        asks_when = self.mode == "at"
        return (
            self.mode in MODES
            and self.cvs_cd in INSTITUTIONS
            and (not asks_when or self.due is not None)
        )

    @property
    def due(self) -> datetime | None:
        """The moment that was typed, in Japan time."""
        try:
            return datetime.fromisoformat(self.moment).replace(tzinfo=JST)
        except ValueError:
            return None

    @property
    def payment(self) -> SlipPayment:
        """What is paid."""
        return SlipPayment(
            cvs_cd=self.cvs_cd,
            times=2 if self.mode == "twice" else 1,
            anyway=self.anyway or self.mode == "late",
            faults=self.faults,
        )


class TillPages:
    """The till of one gateway; ``settled`` waits until what is due has been delivered."""

    def __init__(self, gateway: LiveGateway, settled: Callable[[], Awaitable[None]]) -> None:
        self._gateway = gateway
        self._collection = gateway.collection
        self._pages = SlipPages(gateway)
        self._settled = settled

    async def show(self, request: Request) -> Response:
        """What can be done with the slip, and what has been told of it."""
        slip = self._slip(request)
        if slip is None:
            return self._missing(request)
        return self._page(request, slip, TillForm(slip.cvs_cd or USUAL.cvs_cd))

    async def act(self, request: Request) -> Response:
        """Pay, or plan to, or not."""
        slip = self._slip(request)
        if slip is None:
            return self._missing(request)
        form = await TillForm.read(request)
        if not form.is_whole:
            return self._page(request, slip, form, 422, "wrong_till")
        try:
            done = await self._carry_out(slip, form)
        except NotTaken as refused:
            now = self._collection.slip(slip.transaction_id)
            return self._page(request, now, form, 409, f"till_refused_{refused.state.value}")
        return RedirectResponse(
            address(request, TILL_PATH, done=done), status_code=303, headers=HEADERS
        )

    async def _carry_out(self, slip: Slip, form: TillForm) -> str:
        """Do what ``form`` says; the name of what was done."""
        which = slip.transaction_id
        match form.mode:
            case "never":
                self._collection.cancel_plan(which)
                return "forgotten"
            case "late":
                self._collection.plan(which, _noon_after(slip.pay_limit), form.payment)
            case "at" if form.due is not None:
                self._collection.plan(which, form.due, form.payment)
            case _:
                self._collection.pay(which, form.payment)
                await self._settled()
                return "paid"
        await self._settled()
        return "planned"

    def _slip(self, request: Request) -> Slip | None:
        code = request.query_params.get("code", "").strip()
        slip = self._collection.slip_of_link(code)
        return slip if slip is not None and slip.link_code == code else None

    def _missing(self, request: Request) -> Response:
        return self._pages.page(request, "slip_closed.html", None, 404, closed="unknown")

    def _page(
        self,
        request: Request,
        slip: Slip,
        form: TillForm,
        status: int = 200,
        problem: str = "",
    ) -> Response:
        return self._pages.page(
            request,
            "till.html",
            slip,
            status,
            form=form,
            modes=MODES,
            faults=tuple(NoticeFault),
            problem=problem,
            done=request.query_params.get("done", "") if not problem else "",
            planned=self._collection.planned(slip),
            notices=list(reversed(self._collection.notices(slip))),
        )


def routes(gateway: LiveGateway, settled: Callable[[], Awaitable[None]]) -> list[BaseRoute]:
    """The till of ``gateway``."""
    pages = TillPages(gateway, settled)
    return [
        Route(TILL_PATH, pages.show, methods=["GET"]),
        Route(TILL_PATH, pages.act, methods=["POST"]),
    ]


def _noon_after(pay_limit: datetime) -> datetime:
    """Noon of the day after the last minute in which the slip can be paid."""
    day = pay_limit.date() + timedelta(days=1)
    return datetime.combine(day, time(12), JST)
