"""The simulator's ASGI application: the gateway's paths, and pages and an API of its own."""

from __future__ import annotations

from typing import Final

from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send

from escott.gateway.operations import PATHS
from escott.simulator import api, pages, token_endpoints
from escott.simulator.gateway_endpoint import GatewayEndpoint
from escott.simulator.live import LiveGateway

_GATEWAY_PATHS: Final = frozenset(PATHS.values())


class SimulatorApp:
    """Telegrams go straight to the gateway; everything else is routed by Starlette."""

    def __init__(self, gateway: LiveGateway) -> None:
        self._endpoint = GatewayEndpoint(gateway)
        self._rest = Starlette(
            routes=[
                *token_endpoints.routes(gateway),
                *api.routes(gateway),
                *pages.routes(gateway),
            ]
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] in _GATEWAY_PATHS:
            await self._endpoint(scope, receive, send)
        else:
            await self._rest(scope, receive, send)

    def hang_up(self) -> None:
        """Let nobody wait for an answer any longer, because the server stops."""
        self._endpoint.hang_up()
