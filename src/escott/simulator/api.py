"""The simulator's own JSON interface, for tests and demos. The real gateway has none.

======  ===========================  ==========================================
GET     /simulator/transactions      the books, newest first; ``?free1=`` exact
POST    /simulator/transactions/…    operate as on the console: ``{"operation": "1Delete"}``,
                                     ``{"operation": "1Change", "amount": 3000}``
GET     /simulator/members           the members, newest first; no KaiinPass
GET     /simulator/clock             ``{"now": ...}``, Japan time
PUT     /simulator/clock             ``{"now": ...}`` or ``{"advance_seconds": ...}``; what comes
                                     due by that has happened when the answer comes
POST    /simulator/reset             forget everything
======  ===========================  ==========================================
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from escott.simulator.books import Entry, Member, Transaction
from escott.simulator.live import LiveGateway
from escott.simulator.telegrams import Refused

_NO_STORE: Final = {"Cache-Control": "no-store"}


def routes(gateway: LiveGateway, settled: Callable[[], Awaitable[None]]) -> list[Route]:
    """The interface over ``gateway``; ``settled`` waits until what is due has been delivered."""

    async def transactions(request: Request) -> Response:
        free1 = request.query_params.get("free1")
        found = reversed(gateway.console(free1))
        return _json({"transactions": [_transaction(item) for item in found]})

    async def operate(request: Request) -> Response:
        which = request.path_params["transaction_id"]
        try:
            operation, amount = _operation(json.loads(await request.body()))
            done = gateway.console_operate(which, operation, amount)
        except (ValueError, TypeError):
            problem = 'give {"operation": "1Delete"} or {"operation": "1Change", "amount": 3000}'
            return _json({"error": problem}, status=400)
        except LookupError as error:
            return _json({"error": str(error)}, status=404)
        except Refused as refused:
            return _json({"response_cd": "|".join(refused.codes)}, status=409)
        return _json(_transaction(done))

    async def members(_request: Request) -> Response:
        return _json({"members": [_member(item) for item in reversed(gateway.members())]})

    async def clock(_request: Request) -> Response:
        return _json({"now": gateway.clock.now().isoformat()})

    async def move_clock(request: Request) -> Response:
        try:
            _move(gateway, json.loads(await request.body()))
        except (ValueError, TypeError, KeyError, OverflowError):
            problem = 'give {"now": "2026-01-31T12:00:00+09:00"} or {"advance_seconds": 60}'
            return _json({"error": problem}, status=400)
        await settled()
        return _json({"now": gateway.clock.now().isoformat()})

    async def reset(_request: Request) -> Response:
        gateway.reset()
        return _json({"transactions": []})

    return [
        Route("/simulator/transactions", transactions, methods=["GET"]),
        Route("/simulator/transactions/{transaction_id}", operate, methods=["POST"]),
        Route("/simulator/members", members, methods=["GET"]),
        Route("/simulator/clock", clock, methods=["GET"]),
        Route("/simulator/clock", move_clock, methods=["PUT"]),
        Route("/simulator/reset", reset, methods=["POST"]),
    ]


def _operation(wish: dict[str, Any]) -> tuple[str, int | None]:
    """What to do, and the amount if one is named.

    Raises:
        TypeError: the wish says neither.
    """
    match wish:
        case {"operation": str(operation), "amount": int(amount)} if not isinstance(amount, bool):
            return operation, amount
        case {"operation": str(operation)} if "amount" not in wish:
            return operation, None
        case _:
            raise TypeError("an operation is missing, or an amount is no whole number of yen")


def _move(gateway: LiveGateway, wish: dict[str, Any]) -> None:
    if "now" in wish:
        gateway.clock.set(datetime.fromisoformat(wish["now"]))
    else:
        gateway.clock.advance(timedelta(seconds=wish["advance_seconds"]))


def _json(content: object, status: int = 200) -> Response:
    return JSONResponse(content, status_code=status, headers=_NO_STORE)


def _transaction(transaction: Transaction) -> dict[str, object]:
    return {
        "transaction_id": transaction.transaction_id,
        "process_id": transaction.process_id,
        "merchant_id": transaction.merchant_id,
        "operation": transaction.first.value,
        "state": transaction.state.value,
        "charged": transaction.is_charged,
        "amount": transaction.amount,
        "pay_type": transaction.pay_type,
        "sales_date": transaction.sales_date,
        "card": transaction.card.masked,
        "brand": transaction.card.brand.value.label,
        "begun_at": transaction.begun_at.isoformat(),
        "merchant_free1": transaction.merchant_free1,
        "merchant_free2": transaction.merchant_free2,
        "merchant_free3": transaction.merchant_free3,
        "kaiin_id": transaction.kaiin_id,
        "secure_result_code": transaction.secure_result_code,
        "history": [_entry(entry) for entry in transaction.history],
    }


def _entry(entry: Entry) -> dict[str, object]:
    return {
        "transaction_id": entry.transaction_id,
        "at": entry.at.isoformat(),
        "operation": entry.operation.value,
        "response_cd": "|".join(entry.codes),
        "state": entry.state.value,
        "amount": entry.amount,
        "sales_date": entry.sales_date,
        "on_console": entry.on_console,
    }


def _member(member: Member) -> dict[str, object]:
    return {
        "merchant_id": member.merchant_id,
        "kaiin_id": member.kaiin_id,
        "kaiin_status": member.status.value,
        "card": member.card.masked,
        "card_exp": member.card.expiry,
        "brand": member.card.brand.value.label,
        "card_updater": member.card_updater,
        "added_at": member.added_at.isoformat(),
        "kaiin_enable_date": member.enabled_on,
    }
