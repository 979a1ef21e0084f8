"""One database for a whole run, migrated once; the processes of the run work on copies of it."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import zlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from django.db import connection, connections

#: The address of a PostgreSQL server; without one the databases are files of SQLite.
SERVER = os.environ.get("DATABASE_URL", "")


def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that all processes of this run have in common."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


class Template(ABC):
    """A database that is built once. Databases go by their names; on SQLite these are paths."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.name = self._named("template")

    def make_once(self, build: Callable[[str], None]) -> None:
        """Have ``build`` fill an empty database, given its name, unless a process has done so.

        Who comes while another process builds waits until it is there.
        """
        with (self._folder / "template.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not self._exists():
                unfinished = self._named("unfinished")
                self._create(unfinished)
                build(unfinished)
                self._rename(unfinished)

    @contextmanager
    def copied(self, file: Path) -> Iterator[str]:
        """The name of a new database like the template, gone at the end; on SQLite ``file``."""
        name = self._copy(file)
        yield name
        self._drop(name)

    def _named(self, what: str) -> str:
        return str(self._folder / f"{what}.sqlite3")

    @abstractmethod
    def _exists(self) -> bool: ...

    @abstractmethod
    def _create(self, name: str) -> None: ...

    @abstractmethod
    def _rename(self, name: str) -> None: ...

    @abstractmethod
    def _copy(self, file: Path) -> str: ...

    @abstractmethod
    def _drop(self, name: str) -> None: ...


class SqliteTemplate(Template):
    """A file."""

    def _exists(self) -> bool:
        return Path(self.name).exists()

    def _create(self, name: str) -> None:
        Path(name).unlink(missing_ok=True)

    def _rename(self, name: str) -> None:
        Path(name).rename(self.name)

    def _copy(self, file: Path) -> str:
        with (
            closing(sqlite3.connect(self.name)) as template,
            closing(sqlite3.connect(file)) as copy,
        ):
            template.backup(copy)
        return str(file)

    def _drop(self, name: str) -> None:
        Path(name).unlink()


class PostgresqlTemplate(Template):
    """A database of the server, named after the folder of the run."""

    def _named(self, what: str) -> str:
        return f"test_{zlib.crc32(bytes(self._folder)):x}_{what}"

    def _exists(self) -> bool:
        return bool(_told("SELECT 1 FROM pg_database WHERE datname = %s", self.name))

    def _create(self, name: str) -> None:
        self._drop(name)
        _told(f'CREATE DATABASE "{name}"')

    def _rename(self, name: str) -> None:
        _told(f'ALTER DATABASE "{name}" RENAME TO "{self.name}"')

    def _copy(self, file: Path) -> str:
        name = self._named(f"copy_{os.urandom(4).hex()}")
        _told(f'CREATE DATABASE "{name}" TEMPLATE "{self.name}"')
        return name

    def _drop(self, name: str) -> None:
        _told(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def template_in(folder: Path) -> Template:
    """The template of the run whose processes share ``folder``."""
    return PostgresqlTemplate(folder) if SERVER else SqliteTemplate(folder)


@contextmanager
def connected_to(name: str) -> Iterator[None]:
    """Django's database is the one of that name."""
    before = connection.settings_dict["NAME"]
    _change_to(name)
    yield
    _change_to(before)


def _change_to(name: str | Path) -> None:
    connections.close_all()
    if connection.vendor == "postgresql":
        connection.close_pool()
    connection.settings_dict["NAME"] = name


def _told(sql: str, *values: str) -> list[tuple[object, ...]]:
    import psycopg

    with psycopg.connect(SERVER, autocommit=True) as connection:
        answer = connection.execute(sql, values or None)
        return answer.fetchall() if answer.description else []
