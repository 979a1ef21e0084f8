"""The gateway's operations by their own names, and the path each is posted to.

Source: protocol.md, sections A, C and E.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class OperateId(StrEnum):
    """処理区分: what a telegram asks for. The values are case-sensitive on the wire."""

    CHECK = "1Check"
    AUTH = "1Auth"
    GATHERING = "1Gathering"
    CAPTURE = "1Capture"
    CHANGE = "1Change"
    DELETE = "1Delete"
    SEARCH = "1Search"
    REAUTH = "1ReAuth"
    TOKEN_SEARCH = "1TokenSearch"  # noqa: S105 (an operation)


#: Telegrams that start a transaction and are answered with a ProcessId (マスター電文).
MASTER: Final = frozenset({OperateId.CHECK, OperateId.AUTH, OperateId.GATHERING})

#: Telegrams that act on a transaction and name its ProcessId (プロセス電文).
PROCESS: Final = frozenset(
    {
        OperateId.CAPTURE,
        OperateId.CHANGE,
        OperateId.DELETE,
        OperateId.SEARCH,
        OperateId.REAUTH,
    }
)

CARD_PATH: Final = "/online/aut/OAUT002.do"
TOKEN_PATH: Final = "/online/atn/OATN005.do"  # noqa: S105 (a path)
TOKEN_SCRIPT_PATH: Final = "/euser/stn/CdGetJavaScript.do"  # noqa: S105 (a path)

#: The path under the gateway's host that each operation is posted to.
PATHS: Final = {
    operation: TOKEN_PATH if operation is OperateId.TOKEN_SEARCH else CARD_PATH
    for operation in OperateId
}
