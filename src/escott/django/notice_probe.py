"""How the site proves to itself that notices arrive: a signed question, and its signed answer.

The question comes back over the public address, like a notice, and is stored nowhere. Both are
signed with the site's own key: nobody else can ask, or answer.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from urllib.parse import parse_qs, urlencode

from django.core import signing

from escott.django.visitor_address import Address

_FIELD: Final = "escott_probe"

#: What the body of a question begins with.
PROBE: Final = f"{_FIELD}=".encode()

_ASKS: Final = "escott.notice.probe"
_ANSWERS: Final = "escott.notice.proof"

#: How long a question is answered.
_GOOD_FOR: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Probe:
    """A question that nobody has asked before."""

    nonce: str

    def body(self) -> bytes:
        """What is posted to the address."""
        return urlencode({_FIELD: signing.dumps(self.nonce, salt=_ASKS)}).encode()


@dataclass(frozen=True, slots=True)
class Proof:
    """The right answer.

    Attributes:
        seen_from: the address that the request came from, as this site sees it.
    """

    seen_from: str


def new_probe() -> Probe:
    """A question with a nonce of its own."""
    return Probe(secrets.token_hex(16))


def proof_for(body: bytes, seen_from: Address | None) -> str:
    """The answer to a question; empty if it is none of ours, or too old."""
    asked = parse_qs(body.decode("ascii", "replace")).get(_FIELD, [""])[0]
    try:
        nonce = signing.loads(asked, salt=_ASKS, max_age=_GOOD_FOR)
    except signing.BadSignature:
        return ""
    return signing.dumps({"nonce": nonce, "from": str(seen_from or "")}, salt=_ANSWERS)


def proof_in(answer: str, probe: Probe) -> Proof | None:
    """What an answer proves; ``None`` if it does not answer this question."""
    try:
        told: Any = signing.loads(answer.strip(), salt=_ANSWERS, max_age=_GOOD_FOR)
    except signing.BadSignature:
        return None
    if told.get("nonce") != probe.nonce:
        return None
    return Proof(told.get("from", ""))
