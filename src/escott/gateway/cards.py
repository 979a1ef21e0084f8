"""The three ways to name a card, and the key of a transaction that one has started.

Each checks itself when it is made, and gives its fields on the wire. None shows a secret.
Source: protocol.md C, Master request and Process request.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from escott.gateway import wire_values as wire
from escott.gateway.secret import Secret


@dataclass(frozen=True, slots=True)
class Token:
    """A card as the token library wrapped it in the shopper's browser: one use, 30 minutes."""

    value: Secret

    def __post_init__(self) -> None:
        self.fields()

    def fields(self) -> dict[str, str]:
        """Token."""
        return {"Token": wire.opaque("Token", wire.revealed("Token", self.value), 256)}


@dataclass(frozen=True, slots=True)
class Member:
    """A card that the gateway keeps for a customer (会員)."""

    kaiin_id: str
    kaiin_pass: Secret

    def __post_init__(self) -> None:
        self.fields()

    def fields(self) -> dict[str, str]:
        """KaiinId and KaiinPass."""
        kaiin_pass = wire.revealed("KaiinPass", self.kaiin_pass)
        return {
            "KaiinId": wire.alphanumeric("KaiinId", self.kaiin_id, 4, 20),
            "KaiinPass": wire.alphanumeric("KaiinPass", kaiin_pass, 4, 12),
        }


@dataclass(frozen=True, slots=True)
class PlainCard:
    """A card's own data. Only for who may hold it (PCI DSS), and for the simulator.

    Attributes:
        expiry_yymm: year, then month.
        security_code: 3 or 4 digits, where it is asked for.
    """

    number: Secret
    expiry_yymm: str = field(repr=False)
    security_code: Secret | None = None

    def __post_init__(self) -> None:
        self.fields()

    def fields(self) -> dict[str, str]:
        """CardNo, CardExp, and SecCd where there is one."""
        fields = {
            "CardNo": wire.digits("CardNo", wire.revealed("CardNo", self.number), 14, 16),
            "CardExp": wire.expiry("CardExp", self.expiry_yymm),
        }
        if self.security_code is not None:
            code = wire.revealed("SecCd", self.security_code)
            fields["SecCd"] = wire.digits("SecCd", code, 3, 4)
        return fields


CardSource = Token | Member | PlainCard


@dataclass(frozen=True, slots=True)
class Transaction:
    """A transaction that the gateway knows, for the telegrams that act on it.

    Attributes:
        member: the member that the master telegram was sent with, if it was one. It must
            then stand in every later telegram (K80), and otherwise in none (K81).
    """

    process_id: str
    process_pass: Secret
    member: Member | None = None

    def __post_init__(self) -> None:
        self.fields()

    def fields(self) -> dict[str, str]:
        """ProcessId, ProcessPass, and the member's fields if and only if there is one."""
        process_pass = wire.revealed("ProcessPass", self.process_pass)
        return {
            "ProcessId": wire.opaque("ProcessId", self.process_id, 64),
            "ProcessPass": wire.opaque("ProcessPass", process_pass, 64),
        } | (self.member.fields() if self.member else {})
