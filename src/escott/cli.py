"""The ``escott`` command."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from escott import __version__
from escott.clock import SharedClock

#: What ``escott simulator`` needs beyond the distribution's own requirements.
_SIMULATOR_NEEDS: Final = ("starlette", "uvicorn", "h11", "jinja2")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit status of the process."""
    parser = _parser()
    chosen = parser.parse_args(arguments)
    if chosen.command == "simulator":
        return _simulator(chosen)
    parser.print_help()
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="escott", description="e-SCOTT Smart for Python.")
    parser.add_argument("--version", action="version", version=f"escott {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="command")
    simulator = commands.add_parser(
        "simulator",
        help="run the gateway simulator",
        description="Serve a simulated e-SCOTT Smart gateway until SIGTERM or Ctrl-C.",
    )
    simulator.add_argument("--host", default="127.0.0.1", help="address (%(default)s)")
    simulator.add_argument("--port", type=int, default=8001, help="port (%(default)s)")
    simulator.add_argument(
        "--state", type=Path, metavar="FILE", help="keep the books in FILE; otherwise in memory"
    )
    simulator.add_argument(
        "--clock", type=Path, metavar="FILE", help="share a settable clock through FILE"
    )
    simulator.add_argument(
        "--notice-url",
        default="",
        metavar="URL",
        help="post deposit notices (入金結果通知) to URL; the shop's own address for them",
    )
    return parser


def _simulator(chosen: argparse.Namespace) -> int:
    missing = [name for name in _SIMULATOR_NEEDS if find_spec(name) is None]
    if missing:
        return _fail(
            f"escott simulator needs {', '.join(missing)}: pip install 'escott[simulator]'"
        )
    from escott.simulator.live import LiveGateway
    from escott.simulator.live_collection import is_address
    from escott.simulator.options import Options
    from escott.simulator.server import listen, serve, url_of

    if chosen.notice_url and not is_address(chosen.notice_url):
        return _fail(f"escott simulator cannot send notices to {chosen.notice_url}")
    try:
        listener = listen(chosen.host, chosen.port)
    except OSError as error:
        return _fail(f"escott simulator cannot listen on {chosen.host}:{chosen.port}: {error}")
    clock = SharedClock(chosen.clock) if chosen.clock else None
    options = Options(notice_url=chosen.notice_url)
    gateway = LiveGateway(options=options, clock=clock, state=chosen.state)
    address = url_of(listener)
    try:
        serve(gateway, listener, lambda: _say(f"e-SCOTT Smart simulator: {address}/"))
    finally:
        gateway.close()
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _fail(line: str) -> int:
    sys.stderr.write(f"{line}\n")
    return 1
