"""オンライン収納代行 over the simulator's JSON interface, for tests and demos.

======  ================================  ==================================================
GET     /simulator/slips                  newest first; ``?free1=`` exact
GET     /simulator/slips/…                one slip
POST    /simulator/slips/…                as on the console: ``{"operation": "2Del"}``,
                                          ``{"operation": "2Chg", "amount": 3000,
                                          "last_day": "2026-01-31"}``
POST    /simulator/slips/…/pay            pay at the till; see below
DELETE  /simulator/slips/…/pay            forget the payment that was planned
POST    /simulator/slips/…/notices        ``{"faults": [...]}``: send a notice again, or one of a
                                          deposit that there never was
GET     /simulator/notices                the journal of deliveries, newest first; ``?free1=``
GET     /simulator/notice-url             where the notices of each merchant go
PUT     /simulator/notice-url             ``{"url": ...}``, for one with ``"merchant_id"``
POST    /simulator/troubles               ``{"operation": "2Ref", "outcome": "lost_after",
                                          "times": 1}``: rows of ``magic_payers``
======  ================================  ==================================================

A slip is named by its TransactionId, its 決済番号, or a MerchantFree1 of its own. All of
``pay`` may be left out: ``cvs_cd`` (where), ``at`` (when, otherwise now), ``times``,
``anyway`` (also where a real till would refuse), ``amount`` (another than the slip's),
``faults`` (names of ``notice_faults``). A payment now, and a notice, are answered after the
notice's first delivery.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from escott.simulator.deposit_notices import DepositNotice, NoticeAttempt
from escott.simulator.live import LiveGateway
from escott.simulator.notice_faults import NoticeFault, read_faults
from escott.simulator.slip_console_desk import SlipWish
from escott.simulator.slips import PlannedPayment, Slip, SlipDeposit, SlipEntry, SlipPayment
from escott.simulator.telegrams import Refused
from escott.simulator.till import NotTaken

_NO_STORE: Final = {"Cache-Control": "no-store"}
_SLIP: Final = "/simulator/slips/{which}"


class CollectionApi:
    """The interface over ``gateway``; ``settled`` waits until what is due has been delivered."""

    def __init__(self, gateway: LiveGateway, settled: Callable[[], Awaitable[None]]) -> None:
        self._gateway = gateway
        self._collection = gateway.collection
        self._settled = settled

    async def slips(self, request: Request) -> Response:
        found = self._collection.slips(request.query_params.get("free1"))
        return _json({"slips": [self._told(slip) for slip in reversed(found)]})

    async def slip(self, request: Request) -> Response:
        return _json(self._told(self._named(request)))

    async def operate(self, request: Request) -> Response:
        wish = await _wish(request, operation=str, amount=int, last_day=str)
        last_day = date.fromisoformat(wish["last_day"]) if "last_day" in wish else None
        done = self._collection.console_operate(
            self._named(request).transaction_id,
            wish["operation"],
            SlipWish(wish.get("amount"), last_day),
        )
        return _json(self._told(done))

    async def pay(self, request: Request) -> Response:
        wish = await _wish(
            request, cvs_cd=str, at=str, times=int, anyway=bool, amount=int, faults=list
        )
        due = _moment(wish.pop("at")) if "at" in wish else None
        payment = SlipPayment(**wish | {"faults": _faults(wish)})
        which = self._named(request).transaction_id
        if due is None:
            self._collection.pay(which, payment)
            await self._settled()
        else:
            self._collection.plan(which, due, payment)
        return _json(self._told(self._collection.slip(which)))

    async def forget_plan(self, request: Request) -> Response:
        slip = self._named(request)
        self._collection.cancel_plan(slip.transaction_id)
        return _json(self._told(slip))

    async def send_notice(self, request: Request) -> Response:
        wish = await _wish(request, faults=list)
        slip = self._named(request)
        sent = self._collection.send_notice(slip.transaction_id, _faults(wish))
        await self._settled()
        numbers = {notice.number for notice in sent}
        now = [notice for notice in self._collection.notices(slip) if notice.number in numbers]
        return _json({"notices": [_notice(notice) for notice in now]})

    async def notices(self, request: Request) -> Response:
        free1 = request.query_params.get("free1")
        found = [
            _notice(notice)
            for notice in reversed(self._collection.notices())
            if free1 is None or notice.merchant_free1 == free1
        ]
        return _json({"notices": found})

    async def notice_url(self, _request: Request) -> Response:
        return _json(self._addresses())

    async def register_notice_url(self, request: Request) -> Response:
        wish = await _wish(request, url=str, merchant_id=str)
        self._collection.register_notice_url(wish["url"], wish.get("merchant_id", ""))
        await self._settled()
        return _json(self._addresses())

    async def trouble(self, request: Request) -> Response:
        wish = await _wish(request, operation=str, outcome=str, times=int)
        self._collection.trouble(wish["operation"], wish["outcome"], wish.get("times", 1))
        return _json(wish)

    def _named(self, request: Request) -> Slip:
        return self._collection.slip(request.path_params["which"])

    def _addresses(self) -> dict[str, object]:
        merchants = [merchant.merchant_id for merchant in self._gateway.merchants]
        return {"notice_urls": {item: self._collection.notice_url(item) for item in merchants}}

    def _told(self, slip: Slip) -> dict[str, object]:
        planned = self._collection.planned(slip)
        return _slip(slip, self._gateway.clock.now()) | {
            "planned_payment": _planned(planned) if planned else None,
            "notices": [_notice(notice) for notice in self._collection.notices(slip)],
        }


def routes(gateway: LiveGateway, settled: Callable[[], Awaitable[None]]) -> list[Route]:
    """The interface over ``gateway``."""
    api = CollectionApi(gateway, settled)
    return [
        Route("/simulator/slips", _explained(api.slips), methods=["GET"]),
        Route(_SLIP, _explained(api.slip), methods=["GET"]),
        Route(_SLIP, _explained(api.operate), methods=["POST"]),
        Route(f"{_SLIP}/pay", _explained(api.pay), methods=["POST"]),
        Route(f"{_SLIP}/pay", _explained(api.forget_plan), methods=["DELETE"]),
        Route(f"{_SLIP}/notices", _explained(api.send_notice), methods=["POST"]),
        Route("/simulator/notices", _explained(api.notices), methods=["GET"]),
        Route("/simulator/notice-url", _explained(api.notice_url), methods=["GET"]),
        Route("/simulator/notice-url", _explained(api.register_notice_url), methods=["PUT"]),
        Route("/simulator/troubles", _explained(api.trouble), methods=["POST"]),
    ]


Handler = Callable[[Request], Awaitable[Response]]


def _explained(handler: Handler) -> Handler:
    """``handler``, with what it raises told as JSON."""

    async def explained(request: Request) -> Response:
        try:
            return await handler(request)
        except Refused as refused:
            return _json({"response_cd": "|".join(refused.codes)}, status=409)
        except NotTaken as refused:
            return _json({"state": refused.state.value}, status=409)
        except KeyError as error:
            return _json({"error": f"{error} is missing"}, status=400)
        except LookupError as error:
            return _json({"error": str(error)}, status=404)
        except (ValueError, TypeError) as error:
            return _json({"error": str(error)}, status=400)

    return explained


async def _wish(request: Request, **kinds: type) -> dict[str, Any]:
    """The JSON object that was posted; an empty body wishes for nothing.

    Raises:
        ValueError: it is no such object, or has a value that is not of its kind.
    """
    body = await request.body()
    wish = json.loads(body) if body else {}
    if not isinstance(wish, dict):
        raise ValueError("give a JSON object")
    for name, value in wish.items():
        if name not in kinds:
            raise ValueError(f"{name!r} is unknown here; known are {', '.join(kinds)}")
        if type(value) is not kinds[name]:
            raise ValueError(f"{name} must be a {kinds[name].__name__}")
    return wish


def _faults(wish: Mapping[str, Any]) -> tuple[NoticeFault, ...]:
    return read_faults(wish.get("faults", []))


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment needs its offset, as in 2026-01-31T12:00:00+09:00")
    return moment


def _json(content: object, status: int = 200) -> Response:
    return JSONResponse(content, status_code=status, headers=_NO_STORE)


def _slip(slip: Slip, now: datetime) -> dict[str, object]:
    return {
        "transaction_id": slip.transaction_id,
        "merchant_id": slip.merchant_id,
        "process_id": slip.process_id,
        "state": slip.state_at(now).value,
        "amount": slip.amount,
        "pay_limit": slip.pay_limit.isoformat(),
        "kessai_number": slip.kessai_number,
        "link_code": slip.link_code,
        "changes": slip.changes,
        "name": slip.name,
        "kana": slip.kana,
        "telephone": slip.telephone,
        "product": slip.product,
        "return_url": slip.return_url,
        "texts": slip.texts,
        "cvs_cd": slip.cvs_cd,
        "begun_at": slip.begun_at.isoformat(),
        "merchant_free1": slip.merchant_free1,
        "merchant_free2": slip.merchant_free2,
        "merchant_free3": slip.merchant_free3,
        "deposits": [_deposit(deposit) for deposit in slip.deposits],
        "history": [_entry(entry) for entry in slip.history],
    }


def _deposit(deposit: SlipDeposit) -> dict[str, object]:
    return {
        "paid_at": deposit.paid_at.isoformat(),
        "amount": deposit.amount,
        "cvs_cd": deposit.cvs_cd,
        "tenant_cd": deposit.tenant_cd,
        "recv_num": deposit.recv_num,
        "stamped": deposit.stamped,
    }


def _entry(entry: SlipEntry) -> dict[str, object]:
    return {
        "transaction_id": entry.transaction_id,
        "at": entry.at.isoformat(),
        "operation": entry.act.value,
        "response_cd": "|".join(entry.codes),
        "state": entry.state.value,
        "amount": entry.amount,
        "pay_limit": entry.pay_limit.isoformat(),
        "kessai_number": entry.kessai_number,
        "by": entry.by.value,
    }


def _planned(planned: PlannedPayment) -> dict[str, object]:
    payment = planned.payment
    return {
        "due": planned.due.isoformat(),
        "cvs_cd": payment.cvs_cd,
        "times": payment.times,
        "anyway": payment.anyway,
        "faults": [fault.value for fault in payment.faults],
    }


def _notice(notice: DepositNotice) -> dict[str, object]:
    return {
        "number": notice.number,
        "slip": notice.slip,
        "merchant_id": notice.merchant_id,
        "merchant_free1": notice.merchant_free1,
        "recv_num": notice.recv_num,
        "faults": [fault.value for fault in notice.faults],
        "made_at": notice.made_at.isoformat(),
        "due": notice.due.isoformat() if notice.due else None,
        "state": notice.end.value,
        "attempts": [_attempt(attempt) for attempt in notice.attempts],
    }


def _attempt(attempt: NoticeAttempt) -> dict[str, object]:
    return {
        "at": attempt.at.isoformat(),
        "url": attempt.url,
        "status": attempt.status,
        "reply": attempt.reply,
        "error": attempt.error,
    }
