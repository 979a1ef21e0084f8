"""The demo shop as its own processes: gunicorn as the demo configures it, worker, database."""

from __future__ import annotations

import socket
import subprocess
import sys
import urllib.request
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from tests.demo.shop_console import ShopConsole
from tests.patience import wait_until
from tests.seeded_shop import ROOT, SeededShop, shop_environment


@dataclass
class RunningShop:
    """A demo shop on a port of its own, with its data in ``folder``.

    Attributes:
        seeded: what it starts with.
        gateway_url: where test mode sends its telegrams.
        environment: more settings for its processes.
        wsgi: the application that gunicorn serves.
    """

    folder: Path
    seeded: SeededShop
    gateway_url: str
    environment: dict[str, str] = field(default_factory=dict)
    wsgi: str = "shop.wsgi:application"
    server: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        # gunicorn is given the socket: a port that is only named may be another's by then.
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.log = self.folder / "shop.log"
        self.requests = self.folder / "requests.log"
        self._processes: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self.database = stack.enter_context(self.seeded.copied_to(self.folder / "var"))
            self._console = ShopConsole(ROOT, self._environment())
            stack.callback(self._console.close)
            stack.callback(self._stop)
            site = f"domain='127.0.0.1:{self.port}'"
            self.rows(f"get_model('sites', 'Site').objects.update({site})")
            self._serve()
            self._start("demo/manage.py", "escott_worker")
            self._wait_until_it_answers()
            self._running = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._running.close()

    def _stop(self) -> None:
        for process in reversed(self._processes):
            process.terminate()
        for process in self._processes:
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def manage(self, *arguments: str) -> str:
        """Run a management command of the shop; what it printed."""
        done = subprocess.run(
            [sys.executable, "demo/manage.py", *arguments],
            cwd=ROOT,
            env=self._environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise RuntimeError(f"{arguments[0]} failed: {done.stderr[-2000:]}")
        return done.stdout

    def rows(self, expression: str) -> Any:
        """The value of an expression over the shop's models, as JSON has it."""
        return self._console.value_of(expression)

    def wait_until(self, expression: str) -> None:
        """Look until an expression is true, such as for the worker to do its part."""
        wait_until(lambda: self.rows(expression), expression)

    def configure(self, **columns: str | bool) -> dict[str, Any]:
        """Change card settings; what stood there before."""
        before: dict[str, Any] = self.rows(f"MerchantAccount.objects.values(*{[*columns]}).get()")
        self.rows(f"MerchantAccount.objects.update(**{columns})")
        return before

    def _serve(self) -> None:
        settings = ("-c", str(ROOT / "demo" / "gunicorn.conf.py"))
        with self._listener:
            place = ("--bind", f"fd://{self._listener.fileno()}")
            self._start("-m", "gunicorn", *settings, *place, *self.server, self.wsgi)

    def _start(self, *arguments: str) -> None:
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=ROOT,
                env=self._environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=[self._listener.fileno()] if self._listener.fileno() >= 0 else [],
            )
        self._processes.append(process)

    def _environment(self) -> dict[str, str]:
        return {
            **shop_environment(self.folder / "var", self.database),
            "SHOP_PORT": str(self.port),
            "GATEWAY_URL": self.gateway_url,
            "REQUESTS_FILE": str(self.requests),
            **self.environment,
        }

    def _wait_until_it_answers(self) -> None:
        wait_until(self._answers, "the shop to start")

    def _answers(self) -> bool:
        if self._processes[0].poll() is not None:
            raise RuntimeError(f"the shop did not start: {self.log.read_text()[-2000:]}")
        try:
            urllib.request.urlopen(self.base_url, timeout=60).close()
        except OSError:
            return False
        return True
