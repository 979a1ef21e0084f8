"""The demo shop, served as the demo serves it: gunicorn with ``demo/gunicorn.conf.py``."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench import exchange
from bench.processes import environment, stop

DEMO: Final = Path(__file__).parents[1] / "demo"

#: The gateway while nothing is paid.
_NOBODY: Final = "http://127.0.0.1:9"

#: Letters of what a process logged before it failed.
_TOLD_OF_A_FAILURE: Final = 4000

_THE_SHOP: Final = "bench.shop_wsgi:application"


@dataclass(frozen=True, slots=True)
class DemoShop:
    """A shop whose tables are made and whose shelves are filled.

    Attributes:
        folder: where it keeps everything.
        database_url: its PostgreSQL; empty for SQLite.
        paid: the key of the goods for ¥3,780.
        free: the key of the same goods for ¥0.
    """

    folder: Path
    database_url: str
    paid: int
    free: int

    @classmethod
    def new(cls, folder: Path, database_url: str) -> DemoShop:
        """Make the tables and fill the shelves."""
        variables = _variables(folder, database_url, _NOBODY)
        for command in (
            ("demo/manage.py", "migrate", "--verbosity=0"),
            ("demo/manage.py", "seed_shop"),
        ):
            _run(variables, *command)
        goods = json.loads(_run(variables, "-m", "bench.shop_goods"))
        return cls(folder, database_url, goods["paid"], goods["free"])

    def variables(self, gateway: str = _NOBODY) -> dict[str, str]:
        """The environment of a process that works with the shop and asks that gateway."""
        return _variables(self.folder, self.database_url, gateway)

    def run(self, gateway: str, module: str, *arguments: str) -> str:
        """Run ``python -m module`` beside the shop; what it printed."""
        return _run(self.variables(gateway), "-m", module, *arguments)

    @contextmanager
    def working(self, gateway: str) -> Iterator[None]:
        """Have the demo's worker at work while the ``with`` lasts."""
        variables = self.variables(gateway) | {"PYTHONUNBUFFERED": "1"}
        with (
            (self.folder / "worker.log").open("a") as log,
            subprocess.Popen(
                [sys.executable, "demo/manage.py", "escott_worker"],
                env=variables,
                cwd=DEMO.parent,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            ) as process,
        ):
            try:
                assert process.stdout is not None
                if not process.stdout.readline():
                    raise RuntimeError("the worker did not start")
                yield
            finally:
                stop(process)

    @contextmanager
    def served(self, gateway: str, *options: str, application: str = _THE_SHOP) -> Iterator[str]:
        """Serve it while the ``with`` lasts; its address.

        Args:
            gateway: the address of the gateway that it asks.
            options: of gunicorn, where they are to differ from the demo's.
            application: what is served, if not the shop.
        """
        variables = _variables(self.folder, self.database_url, gateway)
        with socket.create_server(("127.0.0.1", 0), backlog=1024) as listener:
            command = [
                *(sys.executable, "-m", "gunicorn", "-c", "demo/gunicorn.conf.py"),
                *("--bind", f"fd://{listener.fileno()}", "--graceful-timeout", "1"),
                *(*options, application),
            ]
            with (
                (self.folder / "shop.log").open("a") as log,
                subprocess.Popen(
                    command,
                    env=variables,
                    pass_fds=[listener.fileno()],
                    cwd=DEMO.parent,
                    stderr=log,
                    text=True,
                ) as process,
            ):
                try:
                    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
                    exchange.get(address, "/")  # waits in the listener's queue until it is up
                    yield address
                finally:
                    stop(process)


def _variables(folder: Path, database_url: str, gateway: str) -> dict[str, str]:
    return environment(
        DJANGO_SETTINGS_MODULE="shop.settings",
        SHOP_SECURE="dont_use",
        SHOP_VAR=str(folder),
        DATABASE_URL=database_url,
        GATEWAY_URL=gateway,
    )


def _run(variables: dict[str, str], *command: str) -> str:
    """What the command printed; what it logged is shown only if it fails."""
    done = subprocess.run(
        [sys.executable, *command],
        env=variables,
        cwd=DEMO.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stderr[-_TOLD_OF_A_FAILURE:]}")
    return done.stdout
