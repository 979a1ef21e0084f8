"""The demo shop as it is after its seeding, which is done once for a whole run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings

from tests.template_database import SERVER, Template, template_in

ROOT: Final = Path(__file__).parents[1]
_BUILD: Final = """
from django.core.management import call_command
call_command("migrate", verbosity=0, interactive=False)
call_command("seed_shop")
"""


class SeededShop:
    """The shop's data, to be copied: its database and its pictures.

    Args:
        folder: shared by the processes of the run.
    """

    def __init__(self, folder: Path) -> None:
        self._var = folder / "seeded"
        self._template: Template = template_in(folder)
        self._template.make_once(self._build)

    @contextmanager
    def copied_to(self, var: Path) -> Iterator[str]:
        """``var`` becomes the folder of a shop; the name of its database, which is gone after."""
        shutil.copytree(self._var / "media", var / "media")
        with self._template.copied(var / "shop.db") as name:
            yield name

    def _build(self, name: str) -> None:
        self._var.mkdir()
        command = [sys.executable, "demo/manage.py", "shell", "--no-imports", "-c", _BUILD]
        environment = shop_environment(self._var, name)
        done = subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True)
        assert done.returncode == 0, done.stderr.decode()
        if not SERVER:
            (self._var / "shop.db").rename(name)


def shop_environment(var: Path, database: str) -> dict[str, str]:
    """The environment of the shop's processes: those whose data are ``var`` and ``database``."""
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(str(ROOT / path) for path in ("", "src", "demo")),
        "ENCRYPTION_KEYS": " ".join(settings.ESCOTT["ENCRYPTION_KEYS"]),
        "SHOP_VAR": str(var),
        # Tests of 3-D Secure and of slips switch them on themselves.
        "SHOP_SECURE": "dont_use",
        "SHOP_COLLECTION": "off",
        "DATABASE_URL": _address_of(database),
    }


def _address_of(name: str) -> str:
    """``DATABASE_URL`` of a database; empty on SQLite, whose file stands in the shop's folder."""
    return urlunsplit(urlsplit(SERVER)._replace(path=f"/{name}")) if SERVER else ""
