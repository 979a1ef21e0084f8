"""The gateway's operations by their own names, and the path each is posted to.

Source: protocol.md, sections A, C, E and H.
"""

from __future__ import annotations

from collections.abc import Mapping
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
    MEMBER_ADD = "4MemAdd"
    MEMBER_CHANGE = "4MemChg"
    MEMBER_INVALIDATE = "4MemInval"
    MEMBER_REVALIDATE = "4MemUnInval"
    MEMBER_DELETE = "4MemDel"
    MEMBER_REFERENCE = "4MemRefM"
    TOKEN_REFERENCE = "4MemRefToken"  # noqa: S105 (an operation)
    SECURE = "3Secure"
    SLIP_ADD = "2Add"
    SLIP_CHANGE = "2Chg"
    SLIP_DELETE = "2Del"
    SLIP_REFERENCE = "2Ref"


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

#: Telegrams about a customer's card that the gateway keeps (会員).
MEMBER: Final = frozenset(
    {
        OperateId.MEMBER_ADD,
        OperateId.MEMBER_CHANGE,
        OperateId.MEMBER_INVALIDATE,
        OperateId.MEMBER_REVALIDATE,
        OperateId.MEMBER_DELETE,
        OperateId.MEMBER_REFERENCE,
    }
)

#: Telegrams of オンライン収納代行: convenience stores, Pay-easy and e-money.
COLLECTION: Final = frozenset(
    {
        OperateId.SLIP_ADD,
        OperateId.SLIP_CHANGE,
        OperateId.SLIP_DELETE,
        OperateId.SLIP_REFERENCE,
    }
)

CARD_PATH: Final = "/online/aut/OAUT002.do"
MEMBER_PATH: Final = "/online/crp/OCRP005.do"
TOKEN_PATH: Final = "/online/atn/OATN005.do"  # noqa: S105 (a path)
COLLECTION_PATH: Final = "/online/cnv/OCNV005.do"
TOKEN_SCRIPT_PATH: Final = "/euser/stn/CdGetJavaScript.do"  # noqa: S105 (a path)

#: Where a shopper chooses how to pay a slip.
SLIP_PAGE_PATH: Final = "/JLP/JLPcon"
TEST_SLIP_PAGE_PATH: Final = "/JLPCT/JLPcon"

#: Where the shopper's browser goes, with an EncryptValue: 本人認証 and the hosted card page.
SECURE_PATH: Final = "/online/tds/OTDS010.do"
HOSTED_PATH: Final = "/euser/snp/SSNP005ReferStart.do"

_OTHER_PATHS: Final[Mapping[OperateId, str]] = {
    **dict.fromkeys(MEMBER | {OperateId.TOKEN_REFERENCE}, MEMBER_PATH),
    OperateId.TOKEN_SEARCH: TOKEN_PATH,
    **dict.fromkeys(COLLECTION, COLLECTION_PATH),
}

#: The path under the gateway's host that each telegram is posted to, server to server.
#: 3Secure is none of them: only a browser carries it.
PATHS: Final[Mapping[OperateId, str]] = {
    operation: _OTHER_PATHS.get(operation, CARD_PATH)
    for operation in OperateId
    if operation is not OperateId.SECURE
}
