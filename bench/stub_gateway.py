"""A gateway that costs next to nothing: it says OK to everything. A process of its own.

    python -m bench.stub_gateway [--delay SECONDS] [--hold]

Prints its address, then serves until it is terminated. The answer is constant but for the
two echoes without which no client may believe it. Every slip that it is asked about (2Ref) was
paid, under a receipt number that is the transaction code. With ``--hold`` every telegram waits
until somebody gets ``/release``; a GET of ``/waiting`` tells how many do.
"""

from __future__ import annotations

import argparse
import asyncio
import re
from typing import Final, cast

_HEAD: Final = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: "
_LENGTH: Final = re.compile(rb"content-length: *([0-9]+)", re.IGNORECASE)
_ANSWER: Final = (
    b"TransactionId=1000000000123&TransactionDate=20280105&OperateId=%b"
    b"&MerchantFree1=%b&MerchantFree2=&MerchantFree3="
    b"&ProcessId=0123456789abcdef0123456789abcdef&ProcessPass=0123456789abcdef0123456789abcdef"
    b"&ResponseCd=OK&CompanyCd=Y2&ApproveNo=1234567&TokenResponseCd=OK"
)
#: What the operations of slips add: %b is the transaction code.
_OF_SLIPS: Final = {
    b"2Add": b"&KessaiNumber=%b&FreeArea=%b0123456789abcdef",
    b"2Ref": b"&Amount=3780&CvsCd=LSN&TenantCd=00001&NyukinDate=202801051200&StampFlag=0"
    b"&RecvNum=%b",
}


class Waiting:
    """The telegrams that are held, and the event that lets them go."""

    def __init__(self) -> None:
        self.count = 0
        self.released = asyncio.Event()


class Exchange(asyncio.Protocol):
    """One connection: one request, one answer."""

    def __init__(self, delay: float, waiting: Waiting | None) -> None:
        self._delay = delay
        self._waiting = waiting
        self._received = b""
        self._held: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, blank_line, body = self._received.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if not blank_line or len(body) < int(length[1] if length else 0):
            return
        if head.startswith(b"GET"):
            self._send(self._told(head.split(b" ", 2)[1]))
        elif self._waiting is not None and not self._waiting.released.is_set():
            self._held = asyncio.get_running_loop().create_task(self._hold(body, self._waiting))
        elif self._delay:
            asyncio.get_running_loop().call_later(self._delay, self._answer, body)
        else:
            self._answer(body)

    async def _hold(self, body: bytes, waiting: Waiting) -> None:
        waiting.count += 1
        await waiting.released.wait()
        waiting.count -= 1
        self._answer(body)

    def _told(self, path: bytes) -> bytes:
        if self._waiting is None:
            return b"0"
        if path == b"/release":
            self._waiting.released.set()
        return b"%d" % self._waiting.count

    def _answer(self, body: bytes) -> None:
        fields = dict(piece.split(b"=", 1) for piece in body.split(b"&"))
        operation, code = fields[b"OperateId"], fields[b"MerchantFree1"]
        more = _OF_SLIPS.get(operation, b"").replace(b"%b", code)
        self._send(_ANSWER % (operation, code) + more)

    def _send(self, body: bytes) -> None:
        self._transport.write(b"%b%d\r\n\r\n%b" % (_HEAD, len(body), body))
        self._transport.close()


async def serve(delay: float, *, hold: bool) -> None:
    """Serve on a free port of 127.0.0.1 for ever."""
    waiting = Waiting() if hold else None
    server = await asyncio.get_running_loop().create_server(
        lambda: Exchange(delay, waiting), "127.0.0.1", 0, backlog=1024
    )
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(description="A gateway that says OK to everything.")
    parser.add_argument("--delay", type=float, default=0.0)
    parser.add_argument("--hold", action="store_true")
    chosen = parser.parse_args()
    asyncio.run(serve(chosen.delay, hold=chosen.hold))


if __name__ == "__main__":
    main()
