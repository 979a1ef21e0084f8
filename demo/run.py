"""`make demo`: the gateway simulator, the demo shop and its worker, until Ctrl-C.

Everything it writes stands in demo/var; delete that folder to begin anew.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Final, NoReturn

DEMO: Final = Path(__file__).resolve().parent
VAR: Final = Path(os.environ.get("SHOP_VAR", DEMO / "var"))
SHOP_PORT: Final = int(os.environ.get("SHOP_PORT", "8000"))
GATEWAY_PORT: Final = int(os.environ.get("GATEWAY_PORT", "8001"))

_SECONDS_TO_START: Final = 60
_SECONDS_TO_STOP: Final = 75  # a payment under way may take its read time-out


class CannotRun(Exception):
    """The demo cannot start, or has stopped; the message is one line for the person there."""


@dataclass
class Processes:
    """What has been started, and how to stop it: each process with its own group."""

    environment: Mapping[str, str]
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str, *command: str | Path) -> None:
        """Start a process; what it says goes to ``var/log/<name>.log``."""
        with _log_of(name).open("wb") as log:
            self.running[name] = subprocess.Popen(  # noqa: S603  (commands of this file)
                [str(part) for part in command],
                cwd=DEMO,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def check(self) -> None:
        """Raise :class:`CannotRun` if one of them has ended."""
        for name, process in self.running.items():
            if process.poll() is not None:
                raise CannotRun(f"the {name} has stopped; see {_log_of(name)}")

    def stop(self) -> None:
        """Ask all to end, wait, and end what is left."""
        for process in reversed(self.running.values()):
            _signal_group(process, signal.SIGTERM)
        deadline = time.monotonic() + _SECONDS_TO_STOP
        for process in self.running.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                _signal_group(process, signal.SIGKILL)
                process.wait()


def main() -> int:
    """Run the demo; the exit status of ``make demo``."""
    processes = Processes({**os.environ, "DJANGO_SETTINGS_MODULE": "shop.settings"})
    try:
        with _interrupted_by(signal.SIGINT, signal.SIGTERM):
            _prepare(processes.environment)
            _start(processes)
            print(_welcome(), flush=True)
            while True:
                processes.check()
                time.sleep(1)
    except KeyboardInterrupt:
        print("\nstopping / 停止しています", flush=True)
        return 0
    except CannotRun as reason:
        print(f"demo: {reason}", file=sys.stderr)
        return 1
    finally:
        processes.stop()


def _prepare(environment: Mapping[str, str]) -> None:
    for port, variable in ((SHOP_PORT, "SHOP_PORT"), (GATEWAY_PORT, "GATEWAY_PORT")):
        if _is_taken(port):
            raise CannotRun(
                f"port {port} is taken; choose another: {variable}={port + 100} make demo"
            )
    (VAR / "log").mkdir(parents=True, exist_ok=True)
    print("preparing the shop / お店を準備しています", flush=True)
    for command in ("migrate", "seed_shop"):
        log = _log_of(command)
        with log.open("wb") as output:
            done = subprocess.run(  # noqa: S603  (commands of this file)
                [sys.executable, "manage.py", command],
                cwd=DEMO,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            )
        if done.returncode:
            raise CannotRun(f"manage.py {command} failed; see {log}")


def _start(processes: Processes) -> None:
    escott = Path(sys.executable).with_name("escott")
    processes.start(
        "simulator",
        *(escott, "simulator", "--port", str(GATEWAY_PORT)),
        *("--state", VAR / "gateway.db", "--clock", VAR / "clock.json"),
        *("--notice-url", f"http://127.0.0.1:{SHOP_PORT}/?wc-api=wc_sonypayment"),
    )
    processes.start("shop", sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py")
    processes.start("worker", sys.executable, "manage.py", "escott_worker")
    for port in (GATEWAY_PORT, SHOP_PORT):
        _wait_until_it_answers(port, processes)


def _wait_until_it_answers(port: int, processes: Processes) -> None:
    deadline = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < deadline:
        processes.check()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise CannotRun(f"nothing answers on port {port}; see {VAR / 'log'}")


def _is_taken(port: int) -> bool:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)


@contextmanager
def _interrupted_by(*numbers: signal.Signals) -> Iterator[None]:
    """Turn the signals into KeyboardInterrupt, once; a second one does not hurry the end."""

    def interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
        for number in numbers:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    for number in numbers:
        signal.signal(number, interrupt)
    yield


def _log_of(name: str) -> Path:
    return VAR / "log" / f"{name}.log"


def _welcome() -> str:
    shop, gateway = f"http://127.0.0.1:{SHOP_PORT}/", f"http://127.0.0.1:{GATEWAY_PORT}/"
    return f"""
  つむぎ堂（デモ店舗）               {shop}
  管理画面 / dashboard               {shop}dashboard/
      staff@example.com / staff-demo-2028      すべて / everything
      tencho@example.com / tencho-demo-2028    店長 / manager
      juchu@example.com / juchu-demo-2028      受注担当 / order desk
  会員 / customer                    taro@example.com / taro-demo-2028
  決済ゲートウェイのシミュレーター   {gateway}
      ほかのテストカードもここにあります / more test cards are listed there

  カード / card    4000 0000 0000 1000    有効期限 / expiry 12/28    コード / code 777
  本人認証 / 3-D Secure    認証コード / code 123456

  メール / mails   {VAR / "mails"}
  Ctrl-C で停止 / Ctrl-C stops everything
"""


if __name__ == "__main__":
    sys.exit(main())
