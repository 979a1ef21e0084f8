"""The slips on the merchant console, under ``/merchant/slips``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from escott.gateway.operations import TEST_SLIP_PAGE_PATH, OperateId
from escott.gateway.response_codes import lookup
from escott.simulator.console_desk import ChangedMeanwhile
from escott.simulator.console_pages import PAGE_SIZE, page_number
from escott.simulator.institutions import INSTITUTIONS
from escott.simulator.live import LiveGateway
from escott.simulator.notice_faults import NoticeFault
from escott.simulator.pages import HEADERS, Pages
from escott.simulator.posted_forms import read_form, read_pairs
from escott.simulator.slip_console_desk import ON_SLIP_CONSOLE, SlipWish
from escott.simulator.slip_pages import TILL_PATH
from escott.simulator.slip_search import SlipSearch
from escott.simulator.slips import Hand, Slip
from escott.simulator.telegrams import Refused
from escott.simulator.typed_values import read_amount, read_day

LIST_PATH: Final = "/merchant/slips"
_SLIP: Final = "/merchant/slips/{transaction_id}"


@dataclass(frozen=True, slots=True)
class TypedChange:
    """What a person typed into the form of 変更."""

    amount: str
    last_day: str

    @property
    def wish(self) -> SlipWish:
        """The same, as far as it can be read."""
        return SlipWish(read_amount(self.amount), read_day(self.last_day))

    @property
    def is_readable(self) -> bool:
        """Whether both can be read."""
        return None not in {self.wish.amount, self.wish.last_day}


@dataclass(frozen=True, slots=True)
class SlipProblem:
    """Why nothing was done: the name of a text, or codes; and what the person had typed."""

    status: int
    text: str = ""
    codes: tuple[str, ...] = ()
    typed: TypedChange | None = None


class SlipConsolePages:
    """The console of one gateway; ``settled`` waits until what is due has been delivered."""

    def __init__(self, gateway: LiveGateway, settled: Callable[[], Awaitable[None]]) -> None:
        self._collection = gateway.collection
        self._pages = Pages(gateway)
        self._settled = settled

    async def slips(self, request: Request) -> Response:
        """The slips, newest first, as far as they are searched for."""
        search = SlipSearch.of(request.query_params)
        found = []
        if not search.wrong:
            found = [slip for slip in reversed(self._collection.slips()) if search.finds(slip)]
        number = page_number(request.query_params.get("page"), len(found))
        first = (number - 1) * PAGE_SIZE
        return self._pages.page(
            request,
            "slips.html",
            status=400 if search.wrong else 200,
            slips=found[first : first + PAGE_SIZE],
            count=len(found),
            search=search,
            institutions=INSTITUTIONS,
            number=number,
            has_older=first + PAGE_SIZE < len(found),
        )

    async def slip(self, request: Request) -> Response:
        """One slip with its history, its deposits and notices, and what can be done to it."""
        found = self._found(request)
        return self._pages.missing(request) if found is None else self._detail(request, found)

    async def confirm(self, request: Request) -> Response:
        """The question before 取消, which cannot be taken back."""
        found = self._found(request)
        if found is None:
            return self._pages.missing(request)
        if OperateId.SLIP_DELETE not in self._collection.console_operations(found):
            return _onwards(request, found)
        return self._pages.page(request, "slip_cancel.html", slip=found)

    async def operate(self, request: Request) -> Response:
        """Do what a form of the console asks for."""
        found = self._found(request)
        if found is None:
            return self._pages.missing(request)
        form = await read_form(request)
        named = [operation for operation in ON_SLIP_CONSOLE if operation == form.get("operation")]
        if not named:
            return self._detail(request, found, SlipProblem(400, "unreadable_form"))
        (operation,) = named
        if operation is OperateId.SLIP_DELETE and form.get("confirmed") != "yes":
            return _onwards(request, found, "/cancel")
        typed = TypedChange(form.get("amount", ""), form.get("last_day", ""))
        if operation is OperateId.SLIP_CHANGE and not typed.is_readable:
            return self._detail(request, found, SlipProblem(422, "wrong_change", typed=typed))
        try:
            done = self._collection.console_operate(
                found.transaction_id, operation, typed.wish, seen=form.get("seen", "")
            )
        except ChangedMeanwhile:
            problem = SlipProblem(409, "changed_meanwhile")
        except Refused as refused:
            problem = SlipProblem(409, "", refused.codes, typed)
        else:
            return _onwards(request, done, done=done.history[-1].transaction_id)
        return self._detail(request, self._found(request) or found, problem)

    async def send_notice(self, request: Request) -> Response:
        """Tell the merchant of the deposit again, or of one that there never was."""
        found = self._found(request)
        if found is None:
            return self._pages.missing(request)
        chosen = {value for name, value in await read_pairs(request) if name == "fault"}
        faults = tuple(fault for fault in NoticeFault if fault.value in chosen)
        self._collection.send_notice(found.transaction_id, faults)
        await self._settled()
        return _onwards(request, found, sent="1")

    def _found(self, request: Request) -> Slip | None:
        try:
            return self._collection.slip(request.path_params["transaction_id"])
        except LookupError:
            return None

    def _detail(self, request: Request, slip: Slip, problem: SlipProblem | None = None) -> Response:
        last = slip.history[-1]
        is_just_done = (
            last.transaction_id == request.query_params.get("done") and last.by is Hand.CONSOLE
        )
        link = {"code": slip.link_code, "rkbn": "2"}
        if request.query_params.get("lang") == "en":
            link["lang"] = "en"
        return self._pages.page(
            request,
            "slip.html",
            status=problem.status if problem else 200,
            slip=slip,
            operations=self._collection.console_operations(slip),
            institutions=INSTITUTIONS,
            faults=tuple(NoticeFault),
            notices=list(reversed(self._collection.notices(slip))),
            planned=self._collection.planned(slip),
            problem=problem,
            done=last.act if is_just_done and not problem else None,
            sent=request.query_params.get("sent") == "1" and not problem,
            shopper_page=f"{TEST_SLIP_PAGE_PATH}?{urlencode(link)}",
            till_page=f"{TILL_PATH}?{urlencode(link)}",
            lookup=lookup,
        )


def routes(gateway: LiveGateway, settled: Callable[[], Awaitable[None]]) -> list[BaseRoute]:
    """The console's pages about slips."""
    console = SlipConsolePages(gateway, settled)
    return [
        Route(LIST_PATH, console.slips),
        Route(_SLIP, console.slip, methods=["GET"]),
        Route(_SLIP, console.operate, methods=["POST"]),
        Route(f"{_SLIP}/cancel", console.confirm),
        Route(f"{_SLIP}/notices", console.send_notice, methods=["POST"]),
    ]


def _onwards(request: Request, slip: Slip, further: str = "", **query: str) -> Response:
    """To a page of the slip, in the same language."""
    path = _SLIP.format(transaction_id=slip.transaction_id) + further
    if request.query_params.get("lang") == "en":
        query["lang"] = "en"
    asked = f"?{urlencode(query)}" if query else ""
    return RedirectResponse(path + asked, status_code=303, headers=HEADERS)
