"""The browser's side of tokens: the script, and the office that the script asks.

The script stands under the real path. How the real one fetches a token is unknown; ours
posts a form to ``/simulator/tokens`` with CORS. A page with a Content-Security-Policy
needs the gateway's origin in ``script-src`` and ``connect-src``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from escott.gateway.codec import decode
from escott.gateway.errors import MalformedTelegram
from escott.gateway.operations import TOKEN_SCRIPT_PATH
from escott.gateway.response_codes import lookup
from escott.simulator.live import LiveGateway
from escott.simulator.tokens import TokenMade, TokenRefused

TOKENS_PATH: Final = "/simulator/tokens"

_SCRIPT: Final = Path(__file__).with_name("static") / "token.js"
_HEADERS: Final = {"Cache-Control": "no-store", "Connection": "close"}
_ANYWHERE: Final = {**_HEADERS, "Access-Control-Allow-Origin": "*"}


def routes(gateway: LiveGateway) -> list[Route]:
    """The token script and the token office."""
    script = _SCRIPT.read_bytes()

    async def serve_script(_request: Request) -> Response:
        return Response(script, media_type="text/javascript", headers=_HEADERS)

    async def make_token(request: Request) -> Response:
        try:
            form = decode((await request.body()).decode("utf-8"), plus_is_space=True)
        except (MalformedTelegram, UnicodeDecodeError):
            return _answer(TokenRefused(("K01",)))
        code = form.pop("k_TokenNinsyoCode", "")
        return _answer(gateway.make_token(code, form))

    return [
        Route(TOKEN_SCRIPT_PATH, serve_script, methods=["GET"]),
        Route(TOKENS_PATH, make_token, methods=["POST"]),
    ]


def _answer(made: TokenMade | TokenRefused) -> Response:
    match made:
        case TokenMade(token, masked_card):
            return JSONResponse({"token": token, "card": masked_card}, headers=_ANYWHERE)
        case TokenRefused(codes):
            meanings = "\n".join(f"{lookup(code).japanese}（{code}）" for code in codes)
            return JSONResponse(
                {"codes": list(codes), "message": meanings}, status_code=400, headers=_ANYWHERE
            )
