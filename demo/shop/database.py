"""The database of the demo: SQLite, or PostgreSQL where ``DATABASE_URL`` names one."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

#: Every commit is on the disk before it counts, readers never wait, and a writer takes its
#: lock when its transaction begins, so that no transaction fails half way for want of it.
SQLITE_PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=20000"


def sqlite(path: Path) -> dict[str, Any]:
    """Settings for a SQLite file that holds money."""
    return {
        "ENGINE": "shop.queueing.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": SQLITE_PRAGMAS,
        },
    }


def postgresql(url: str) -> dict[str, Any]:
    """Settings for ``postgresql://user:password@host:port/name``, or ``?host=/socket/folder``.

    Raises:
        ValueError: the address is not one of PostgreSQL.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError("DATABASE_URL must begin with postgresql://")
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "postgres",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host") or parts.hostname or "",
        "PORT": str(parts.port or query.get("port", "")),
        "CONN_MAX_AGE": 0,
        "OPTIONS": {"pool": {"min_size": 2, "max_size": 16, "timeout": 20}},
    }


def database(url: str, *, sqlite_path: Path) -> dict[str, Any]:
    """The database that the environment asks for."""
    return postgresql(url) if url else sqlite(sqlite_path)
