"""A Python console of the shop: what its database holds, without a process for each look."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

#: The other end: one expression a line in, its value as a line of JSON out.
_CONSOLE: Final = """
import json, sys
import django
django.setup()
from django.contrib.auth import get_user_model
from django.test import Client
from oscar.core.loading import get_model
from escott.django.models import *
Order, User = get_model("order", "Order"), get_user_model()
for line in sys.stdin:
    print(json.dumps(eval(json.loads(line)), default=str), flush=True)
"""


class ShopConsole:
    """Evaluates expressions over the shop's models, among them ``Order`` and ``User``.

    Args:
        root: the folder of the repository.
        environment: that of the shop's processes.
    """

    def __init__(self, root: Path, environment: dict[str, str]) -> None:
        self._root = root
        self._environment = environment
        self._process: subprocess.Popen[str] | None = None

    def value_of(self, expression: str) -> Any:
        """The value of an expression, as JSON has it.

        Raises:
            RuntimeError: it has none; the reason stands on stderr.
        """
        if self._process is None:
            self._process = self._start()
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(expression) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            self.close()
            raise RuntimeError(f"the shop's console ended over {expression}")
        return json.loads(answer)

    def close(self) -> None:
        """End the console; the next expression opens another."""
        process, self._process = self._process, None
        if process is not None:
            process.communicate(timeout=15)

    def _start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", _CONSOLE],
            cwd=self._root,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
