"""The books in one SQLite file, so that the simulator survives its process.

A changed record is written before the answer that tells of it leaves. The file holds
simulated money and magic cards only; see ``presented_cards`` for what is never kept.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any, Final

from escott.gateway.operations import OperateId
from escott.simulator.books import (
    Changes,
    Entry,
    IssuedAuthentication,
    IssuedToken,
    LastNumber,
    LateRequest,
    LogInFailures,
    Member,
    Record,
    Transaction,
)
from escott.simulator.brands import Brand
from escott.simulator.deposit_notices import (
    DepositNotice,
    NoticeAddress,
    NoticeAttempt,
    NoticeEnd,
)
from escott.simulator.law import State
from escott.simulator.member_law import MemberStatus
from escott.simulator.notice_faults import read_faults
from escott.simulator.presented_cards import PresentedCard
from escott.simulator.slip_law import SlipState
from escott.simulator.slips import (
    Hand,
    PlannedPayment,
    PlannedTrouble,
    Slip,
    SlipAct,
    SlipDeposit,
    SlipEntry,
    SlipPayment,
)
from escott.simulator.visits import Place, Visit

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS record (
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (kind, key)
) WITHOUT ROWID
"""


class SqliteStore:
    """Records of the books by kind and key. Not for several processes at once.

    Args:
        path: the file; it is made where there is none.
    """

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.execute(_SCHEMA)

    def records(self) -> Iterator[Record]:
        """Everything that was saved, in the order of the keys."""
        rows = self._connection.execute("SELECT kind, body FROM record ORDER BY kind, key")
        for kind, body in rows:
            yield _READERS[kind](json.loads(body))

    def save(self, changes: Changes) -> None:
        """Write all of ``changes`` or nothing."""
        if not changes:
            return
        self._connection.execute("BEGIN IMMEDIATE")
        for (kind, key), record in changes.items():
            if record is None:
                self._connection.execute(
                    "DELETE FROM record WHERE kind = ? AND key = ?", (kind.__name__, key)
                )
            else:
                self._connection.execute(
                    "INSERT OR REPLACE INTO record (kind, key, body) VALUES (?, ?, ?)",
                    (kind.__name__, key, json.dumps(asdict(record), default=_plain)),
                )
        self._connection.execute("COMMIT")

    def clear(self) -> None:
        """Forget everything."""
        self._connection.execute("DELETE FROM record")

    def close(self) -> None:
        self._connection.close()


def _plain(value: object) -> str:
    match value:
        case datetime():
            return value.isoformat()
        case Enum():
            return value.name
        case _:
            raise TypeError(f"{type(value).__name__} has no place in the books")


def _card(data: dict[str, Any]) -> PresentedCard:
    return PresentedCard(
        **data | {"brand": Brand[data["brand"]], "assists": tuple(data["assists"])}
    )


def _entry(data: dict[str, Any]) -> Entry:
    return Entry(
        **data
        | {
            "at": datetime.fromisoformat(data["at"]),
            "operation": OperateId(data["operation"]),
            "codes": tuple(data["codes"]),
            "state": State(data["state"]),
        }
    )


def _transaction(data: dict[str, Any]) -> Transaction:
    return Transaction(
        **data
        | {
            "first": OperateId(data["first"]),
            "state": State(data["state"]),
            "card": _card(data["card"]),
            "begun_at": datetime.fromisoformat(data["begun_at"]),
            "history": tuple(_entry(entry) for entry in data["history"]),
        }
    )


def _token(data: dict[str, Any]) -> IssuedToken:
    return IssuedToken(
        **data
        | {
            "card": _card(data["card"]),
            "made_at": datetime.fromisoformat(data["made_at"]),
            "used_at": _moment(data["used_at"]),
        }
    )


def _member(data: dict[str, Any]) -> Member:
    return Member(
        **data
        | {
            "status": MemberStatus[data["status"]],
            "card": _card(data["card"]),
            "added_at": datetime.fromisoformat(data["added_at"]),
        }
    )


def _authentication(data: dict[str, Any]) -> IssuedAuthentication:
    return IssuedAuthentication(
        **data
        | {
            "made_at": datetime.fromisoformat(data["made_at"]),
            "used_at": _moment(data["used_at"]),
        }
    )


def _late_request(data: dict[str, Any]) -> LateRequest:
    card = data.get("card")
    return LateRequest(
        **data
        | {
            "due": datetime.fromisoformat(data["due"]),
            "card": _card(card) if card else None,
        }
    )


def _log_in_failures(data: dict[str, Any]) -> LogInFailures:
    return LogInFailures(**data | {"locked_until": _moment(data["locked_until"])})


def _last_number(data: dict[str, Any]) -> LastNumber:
    return LastNumber(**data)


def _visit(data: dict[str, Any]) -> Visit:
    return Visit(
        **data
        | {
            "place": Place(data["place"]),
            "begun_at": datetime.fromisoformat(data["begun_at"]),
            "card": _card(data["card"]) if data["card"] else None,
            "own_card": _card(data["own_card"]) if data["own_card"] else None,
            "codes": tuple(data["codes"]),
        }
    )


def _slip_entry(data: dict[str, Any]) -> SlipEntry:
    return SlipEntry(
        **data
        | {
            "at": datetime.fromisoformat(data["at"]),
            "act": SlipAct(data["act"]),
            "codes": tuple(data["codes"]),
            "state": SlipState(data["state"]),
            "pay_limit": datetime.fromisoformat(data["pay_limit"]),
            "by": Hand(data["by"]),
        }
    )


def _slip_deposit(data: dict[str, Any]) -> SlipDeposit:
    return SlipDeposit(**data | {"paid_at": datetime.fromisoformat(data["paid_at"])})


def _slip(data: dict[str, Any]) -> Slip:
    return Slip(
        **data
        | {
            "begun_at": datetime.fromisoformat(data["begun_at"]),
            "pay_limit": datetime.fromisoformat(data["pay_limit"]),
            "former_link_codes": tuple(data["former_link_codes"]),
            "deposits": tuple(_slip_deposit(deposit) for deposit in data["deposits"]),
            "history": tuple(_slip_entry(entry) for entry in data["history"]),
        }
    )


def _planned_payment(data: dict[str, Any]) -> PlannedPayment:
    payment = data["payment"]
    return PlannedPayment(
        **data
        | {
            "due": datetime.fromisoformat(data["due"]),
            "payment": SlipPayment(**payment | {"faults": read_faults(payment["faults"])}),
        }
    )


def _planned_trouble(data: dict[str, Any]) -> PlannedTrouble:
    return PlannedTrouble(**data)


def _notice(data: dict[str, Any]) -> DepositNotice:
    return DepositNotice(
        **data
        | {
            "faults": read_faults(data["faults"]),
            "made_at": datetime.fromisoformat(data["made_at"]),
            "due": _moment(data["due"]),
            "attempts": tuple(
                NoticeAttempt(**attempt | {"at": datetime.fromisoformat(attempt["at"])})
                for attempt in data["attempts"]
            ),
            "end": NoticeEnd(data["end"]),
        }
    )


def _notice_address(data: dict[str, Any]) -> NoticeAddress:
    return NoticeAddress(**data)


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


_READERS: Final[dict[str, Callable[[dict[str, Any]], Record]]] = {
    Transaction.__name__: _transaction,
    IssuedToken.__name__: _token,
    Member.__name__: _member,
    IssuedAuthentication.__name__: _authentication,
    LateRequest.__name__: _late_request,
    LogInFailures.__name__: _log_in_failures,
    LastNumber.__name__: _last_number,
    Visit.__name__: _visit,
    Slip.__name__: _slip,
    PlannedPayment.__name__: _planned_payment,
    PlannedTrouble.__name__: _planned_trouble,
    DepositNotice.__name__: _notice,
    NoticeAddress.__name__: _notice_address,
}
