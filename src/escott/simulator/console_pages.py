"""The merchant console under ``/merchant/``: the transactions, and what a person does to them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from escott.clock import in_japan
from escott.gateway.operations import OperateId
from escott.gateway.response_codes import lookup
from escott.simulator.books import Transaction
from escott.simulator.console_csv import ENCODINGS, as_csv
from escott.simulator.console_desk import ON_CONSOLE, WITH_AMOUNT, ChangedMeanwhile
from escott.simulator.console_search import ConsoleSearch
from escott.simulator.live import LiveGateway
from escott.simulator.pages import HEADERS, Pages
from escott.simulator.posted_forms import read_form
from escott.simulator.telegrams import Refused
from escott.simulator.typed_values import read_amount

PAGE_SIZE: Final = 50
_TRANSACTION: Final = "/merchant/transactions/{transaction_id}"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an operation was not carried out: the name of a text, or codes of the gateway.

    ``operation`` and ``typed`` are what the person asked for, to be mended in its form.
    """

    status: int
    text: str = ""
    codes: tuple[str, ...] = ()
    operation: OperateId | None = None
    typed: str = ""


class ConsolePages:
    """The console of one gateway."""

    def __init__(self, gateway: LiveGateway, pages: Pages) -> None:
        self._gateway = gateway
        self._pages = pages

    async def console(self, request: Request) -> Response:
        """The transactions, newest first, as far as they are searched for."""
        search = ConsoleSearch.of(request.query_params)
        found = self._found(search)
        number = page_number(request.query_params.get("page"), len(found))
        first = (number - 1) * PAGE_SIZE
        return self._pages.page(
            request,
            "console.html",
            status=400 if search.wrong else 200,
            transactions=found[first : first + PAGE_SIZE],
            count=len(found),
            search=search,
            encodings=ENCODINGS,
            number=number,
            has_older=first + PAGE_SIZE < len(found),
        )

    async def csv(self, request: Request) -> Response:
        """The same transactions, all of them, as a file."""
        search = ConsoleSearch.of(request.query_params)
        encoding = request.query_params.get("encoding", "utf-8")
        if search.wrong or encoding not in ENCODINGS:
            return await self.console(request)
        body = await asyncio.to_thread(as_csv, self._found(search), encoding)
        today = in_japan(self._gateway.clock.now()).strftime("%Y%m%d")
        disposition = f'attachment; filename="transactions-{today}.csv"'
        charset = {"utf-8": "utf-8", "sjis": "Shift_JIS"}[encoding]
        return Response(
            body,
            headers=HEADERS | {"Content-Disposition": disposition},
            media_type=f"text/csv; charset={charset}",
        )

    async def transaction(self, request: Request) -> Response:
        """One transaction with its history, and what can be done to it."""
        found = self._gateway.find(request.path_params["transaction_id"])
        return self._pages.missing(request) if found is None else self._detail(request, found)

    async def confirm(self, request: Request) -> Response:
        """The question before 取消, which cannot be taken back."""
        found = self._gateway.find(request.path_params["transaction_id"])
        if found is None:
            return self._pages.missing(request)
        if OperateId.DELETE not in self._gateway.console_operations(found):
            return self._onwards(request, found)
        return self._pages.page(request, "cancel.html", transaction=found)

    async def operate(self, request: Request) -> Response:
        """Do what a form of the console asks for."""
        found = self._gateway.find(request.path_params["transaction_id"])
        if found is None:
            return self._pages.missing(request)
        form = await read_form(request)
        named = [operation for operation in ON_CONSOLE if operation == form.get("operation")]
        if not named:
            return self._detail(request, found, Problem(400, "unreadable_form"))
        (operation,) = named
        if operation is OperateId.DELETE and form.get("confirmed") != "yes":
            return self._onwards(request, found, "/cancel")
        typed = form.get("amount", "")
        amount = read_amount(typed) if operation in WITH_AMOUNT else None
        if operation in WITH_AMOUNT and amount is None:
            problem = Problem(422, "wrong_amount", operation=operation, typed=typed)
            return self._detail(request, found, problem)
        try:
            done = self._gateway.console_operate(
                found.transaction_id, operation, amount, seen=form.get("seen", "")
            )
        except ChangedMeanwhile:
            problem = Problem(409, "changed_meanwhile")
        except Refused as refused:
            problem = Problem(409, "", refused.codes, operation, typed)
        else:
            return self._onwards(request, done, done=done.history[-1].transaction_id)
        now = self._gateway.find(found.transaction_id) or found
        return self._detail(request, now, problem)

    def _found(self, search: ConsoleSearch) -> list[Transaction]:
        if search.wrong:
            return []
        return [item for item in reversed(self._gateway.console()) if search.finds(item)]

    def _detail(
        self, request: Request, transaction: Transaction, problem: Problem | None = None
    ) -> Response:
        last = transaction.history[-1]
        just_done = last.transaction_id == request.query_params.get("done") and last.on_console
        return self._pages.page(
            request,
            "transaction.html",
            status=problem.status if problem else 200,
            transaction=transaction,
            operations=self._gateway.console_operations(transaction),
            with_amount=WITH_AMOUNT,
            problem=problem,
            done=last.operation if just_done and not problem else None,
            lookup=lookup,
        )

    def _onwards(
        self, request: Request, transaction: Transaction, further: str = "", **query: str
    ) -> Response:
        """To a page of the transaction, in the same language."""
        path = _TRANSACTION.format(transaction_id=transaction.transaction_id) + further
        if request.query_params.get("lang") == "en":
            query["lang"] = "en"
        asked = f"?{urlencode(query)}" if query else ""
        return RedirectResponse(path + asked, status_code=303, headers=HEADERS)


def routes(gateway: LiveGateway) -> list[BaseRoute]:
    """The console of ``gateway``."""
    console = ConsolePages(gateway, Pages(gateway))

    async def to_console(request: Request) -> Response:
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"/merchant/{query}", status_code=308)

    return [
        Route("/merchant", to_console),
        Route("/merchant/", console.console),
        Route("/merchant/list.csv", console.csv),
        Route(_TRANSACTION, console.transaction, methods=["GET"]),
        Route(_TRANSACTION, console.operate, methods=["POST"]),
        Route(f"{_TRANSACTION}/cancel", console.confirm),
    ]


def page_number(text: str | None, count: int) -> int:
    """The page of a list that an address names, as far as there is one."""
    last = max(1, -(-count // PAGE_SIZE))
    wanted = int(text) if text and text.isascii() and text.isdigit() and len(text) < 7 else 1
    return min(max(1, wanted), last)
