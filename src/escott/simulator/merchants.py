"""Who may talk to the simulator: the fixed demo merchants.

The values are public and belong to no contract; README and the page at ``/`` print them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from escott.gateway.operations import COLLECTION, OperateId


@dataclass(frozen=True, slots=True)
class Merchant:
    """A merchant's contract with the gateway.

    ``operations`` is what the contract covers; anything else is answered with K06.
    ``token_code`` is the トークン決済認証コード; ``key`` and ``vector`` encrypt what
    travels through a browser.
    """

    merchant_id: str
    merchant_pass: str
    tenants: frozenset[str]
    operations: frozenset[OperateId]
    token_code: str = ""
    key: str = ""
    vector: str = ""


DEMO_CARDS: Final = Merchant(
    merchant_id="12345678",
    merchant_pass="pass1234",  # noqa: S106
    tenants=frozenset({"0001"}),
    operations=frozenset(OperateId),
    token_code="escottDemoTokenCode0000000000001",  # noqa: S106
    key="escottDemoKey001",
    vector="escottDemoVec001",
)

DEMO_COLLECTION: Final = Merchant(
    merchant_id="87654321",
    merchant_pass="pass4321",  # noqa: S106
    tenants=frozenset({"0001"}),
    operations=COLLECTION,
)

DEMO_MERCHANTS: Final = (DEMO_CARDS, DEMO_COLLECTION)
