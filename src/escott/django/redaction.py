"""The second line of defence of the log: what looks like a secret is not kept.

Secrets are not logged in the first place (:class:`escott.gateway.secret.Secret`); this is for
what another library, or an error's text, might carry.
"""

from __future__ import annotations

import re
from typing import Final

MASK: Final = "●●●●"

#: What comes before a value that is nobody's business, as on the wire or in a dictionary.
_NAMED: Final = re.compile(
    r"""((?:[A-Za-z_]*(?:pass|token|secret|password|key|encryptvalue|cardno|seccd)['"]?\s*[=:]\s*)"""
    r"""['"]?)(?!●)([^\s&'",;)}\]]+)""",
    re.IGNORECASE,
)
_CARD: Final = re.compile(
    r"(?<!\d)(?:\d{13,16}|\d{4}[ -]\d{4}[ -]\d{4}[ -]\d{1,4}|\d{4}[ -]\d{6}[ -]\d{4,5})(?!\d)"
)
#: Hex or base64 of a key's length; a word or a path has no digit in it.
_LONG: Final = re.compile(r"(?=[A-Za-z+/_=-]*[0-9])[0-9A-Za-z+/_=-]{32,}")


def redacted(text: str) -> str:
    """The text without card numbers, passwords, tokens and other long runs of signs."""
    text = _NAMED.sub(rf"\1{MASK}", text)
    text = _CARD.sub(MASK, text)
    return _LONG.sub(MASK, text)
