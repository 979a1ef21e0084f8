"""The simulator's ASGI application: the gateway's paths, and pages and an API of its own."""

from __future__ import annotations

import asyncio
from typing import Final

from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from escott.gateway.operations import PATHS
from escott.simulator import (
    api,
    collection_api,
    console_pages,
    deposit_pages,
    hosted_pages,
    pages,
    secure_pages,
    slip_console_pages,
    slip_pages,
    till_pages,
    token_endpoints,
    visit_api,
)
from escott.simulator.gateway_endpoint import GatewayEndpoint
from escott.simulator.live import LiveGateway
from escott.simulator.notice_sender import NoticeSender
from escott.simulator.origins import is_foreign
from escott.simulator.visit_desk import VisitDesk
from escott.simulator.visit_pages import VisitPages
from escott.simulator.visit_watch import VisitWatch

_GATEWAY_PATHS: Final = frozenset(PATHS.values())

#: Seconds that a page or a JSON answer waits for notices to be delivered.
_PATIENCE: Final = 6.0

_FOREIGN: Final = PlainTextResponse("a page of another site may not do this\n", status_code=403)


class SimulatorApp:
    """Telegrams go straight to the gateway; everything else is routed by Starlette."""

    def __init__(self, gateway: LiveGateway) -> None:
        self._endpoint = GatewayEndpoint(gateway)
        desk = VisitDesk(gateway)
        self._watch = VisitWatch(desk)
        self._sender = NoticeSender(gateway.collection)
        visit_pages = VisitPages(desk)
        self._rest = Starlette(
            routes=[
                *token_endpoints.routes(gateway),
                *secure_pages.routes(gateway, desk, visit_pages),
                *hosted_pages.routes(gateway, desk, visit_pages),
                *visit_pages.routes(),
                *slip_pages.routes(gateway),
                *till_pages.routes(gateway, self._deliver_notices),
                *visit_api.routes(gateway),
                *api.routes(gateway, self._deliver_notices),
                *collection_api.routes(gateway, self._deliver_notices),
                *console_pages.routes(gateway),
                *slip_console_pages.routes(gateway, self._deliver_notices),
                *deposit_pages.routes(gateway, self._deliver_notices),
                *pages.routes(gateway),
            ]
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] in _GATEWAY_PATHS:
            await self._endpoint(scope, receive, send)
        elif scope["type"] == "http" and is_foreign(scope):
            await _FOREIGN(scope, receive, send)
        else:
            await self._rest(scope, receive, send)

    def open(self) -> None:
        """Watch over the visits and send notices, because the server has started."""
        self._watch.start()
        self._sender.start()

    def hang_up(self) -> None:
        """Let nobody wait for an answer any longer."""
        self._endpoint.hang_up()

    def close(self) -> None:
        """The server stops: nobody waits, and nothing is watched over or sent."""
        self._watch.stop()
        self.hang_up()
        self._sender.stop()

    async def _deliver_notices(self) -> None:
        """Let what is due be delivered, unless merchants take very long to answer."""
        await asyncio.to_thread(self._sender.flush, _PATIENCE)
