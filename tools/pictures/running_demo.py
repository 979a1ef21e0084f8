"""The demo, run on free ports with an empty folder of its own and its clock on a fixed day."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from escott.clock import JST, SharedClock

ROOT: Final = Path(__file__).parents[2]
THE_DAY: Final = datetime(2026, 4, 1, 10, 0, tzinfo=JST)


@dataclass(frozen=True, slots=True)
class Demo:
    """The running demo."""

    shop: str
    gateway: str
    environment: dict[str, str]

    def advance(self, seconds: int) -> None:
        """Move the one clock of shop and gateway."""
        body = json.dumps({"advance_seconds": seconds}).encode()
        request = urllib.request.Request(f"{self.gateway}simulator/clock", data=body, method="PUT")
        urllib.request.urlopen(request, timeout=10).close()

    def run(self, program: str) -> None:
        """Run a few lines with the shop's models."""
        self.ask(program)

    def ask(self, program: str) -> str:
        """What a few lines print, with the shop's models."""
        command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", program]
        told = subprocess.run(
            command,
            cwd=ROOT / "demo",
            env=self.environment,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        return told.stdout.strip()


@contextmanager
def running_demo() -> Iterator[Demo]:
    """The demo, as ``make demo`` runs it, until the end of the ``with``."""
    with tempfile.TemporaryDirectory(prefix="escott-pictures-") as folder:
        SharedClock(Path(folder) / "clock.json").set(THE_DAY)
        shop, gateway = free_port(), free_port()
        environment = os.environ | {
            "SHOP_VAR": folder,
            "SHOP_PORT": str(shop),
            "GATEWAY_PORT": str(gateway),
            "DJANGO_SETTINGS_MODULE": "shop.settings",
            "SHOP_SECURE": "dont_use",
        }
        process = subprocess.Popen(
            [sys.executable, "demo/run.py"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert process.stdout is not None
            if not any("Ctrl-C" in line for line in process.stdout):
                raise RuntimeError("the demo did not start")
            yield Demo(f"http://127.0.0.1:{shop}/", f"http://127.0.0.1:{gateway}/", environment)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()


def free_port() -> int:
    """A port of this machine that nobody uses."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port
