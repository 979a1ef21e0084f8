"""What a person was shown, kept in the form, so that two do not overwrite each other.

Each field's value is in the page as a keyed digest, which tells nothing about a secret. Back
with the post it shows which fields this person touched: only those are written, and a field
that somebody else has changed meanwhile is asked about first.
"""

from __future__ import annotations

import json
from typing import Any

from django.utils.crypto import salted_hmac

from escott.gateway.secret import Secret


def digest(value: Any) -> str:
    """The same for the same value, whatever line ends a browser has put into it."""
    text = value.reveal() if isinstance(value, Secret) else str(value)
    plain = "\n".join(text.strip().splitlines())
    return salted_hmac("escott.settings.seen", plain, algorithm="sha256").hexdigest()[:16]


def read(posted: str) -> dict[str, str]:
    """What a post brought back; nothing from a page of another kind."""
    try:
        found = json.loads(posted)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
