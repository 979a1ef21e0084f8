"""The simulator as a running server: in this thread for the command, in another for tests."""

from __future__ import annotations

import asyncio
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import uvicorn

from escott.simulator.app import SimulatorApp
from escott.simulator.clocks import MovableClock
from escott.simulator.lines import LineProtocol
from escott.simulator.live import LiveGateway
from escott.simulator.options import Options

_BACKLOG: Final = 2048
_STOP_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)


class _Server(uvicorn.Server):
    """uvicorn that tells when it serves, leaves signals alone and hangs up when it stops."""

    def __init__(self, app: SimulatorApp, when_started: Callable[[], None]) -> None:
        config = uvicorn.Config(
            app,
            http=LineProtocol,
            ws="none",
            loop="asyncio",
            lifespan="off",
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            backlog=_BACKLOG,
            timeout_graceful_shutdown=2,
        )
        super().__init__(config)
        self._app = app
        self._when_started = when_started
        self._loop: asyncio.AbstractEventLoop | None = None

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._loop = asyncio.get_running_loop()
        self._app.open()
        self._when_started()

    def hang_up(self) -> None:
        """Close the lines of the callers that still wait; from any thread."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._app.hang_up)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._app.close()
        await super().shutdown(sockets)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; ``port`` 0 takes any that is free.

    Raises:
        OSError: the address is taken or not ours.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=_BACKLOG)


def url_of(listener: socket.socket) -> str:
    """Where a listening socket is reached, without a slash at the end."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(gateway: LiveGateway, listener: socket.socket, when_started: Callable[[], None]) -> None:
    """Serve in this thread until SIGTERM or SIGINT; then stop and return."""
    server = _Server(SimulatorApp(gateway), when_started)

    def stop() -> None:
        server.should_exit = True

    async def run() -> None:
        loop = asyncio.get_running_loop()
        for number in _STOP_SIGNALS:
            loop.add_signal_handler(number, stop)
        await server.serve(sockets=[listener])

    asyncio.run(run())


class SimulatorServer:
    """The simulator on a free port of 127.0.0.1, in a thread, for as long as the ``with`` lasts.

    Attributes:
        base_url: where it is reached, for example ``http://127.0.0.1:40123``.
        gateway: the gateway itself, for looking at the books: ``gateway.charges()``.
        clock: its clock; the machine's unless one is given.

    Args:
        options: how it behaves where the protocol leaves it open.
        clock: a clock to share with the shop under test.
        state: the file that keeps its books; None keeps them in memory.
        port: the port; any free one by default.
        notice_url: where deposit notices go, instead of ``options.notice_url``.
    """

    def __init__(
        self,
        *,
        options: Options | None = None,
        clock: MovableClock | None = None,
        state: Path | None = None,
        port: int = 0,
        notice_url: str = "",
    ) -> None:
        if notice_url:
            options = replace(options or Options(), notice_url=notice_url)
        self.gateway = LiveGateway(options=options, clock=clock, state=state)
        self.clock = self.gateway.clock
        self._listener = listen("127.0.0.1", port)
        self.base_url = url_of(self._listener)
        self._started = threading.Event()
        self._server = _Server(SimulatorApp(self.gateway), self._started.set)
        self._thread = threading.Thread(target=self._run, name="simulator", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._started.wait()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.should_exit = True
        self._thread.join()
        self.gateway.close()

    def hang_up(self) -> None:
        """Close the lines of all callers that wait for an answer, as a gateway does that falls."""
        self._server.hang_up()

    def _run(self) -> None:
        try:
            asyncio.run(self._server.serve(sockets=[self._listener]))
        finally:
            self._started.set()
