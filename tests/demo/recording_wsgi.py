"""The demo shop's WSGI application, with everything it receives written to a file.

What stands in the file is what a shop's server could have seen, logged or kept.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from io import BytesIO
from typing import Any

from shop.wsgi import application as shop


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Write the request down, then let the shop answer it."""
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = BytesIO(body)
    head = "\n".join(
        f"{name}: {value}"
        for name, value in sorted(environ.items())
        if isinstance(value, str) and not name.startswith(("gunicorn.", "wsgi.", "SERVER_"))
    )
    with open(os.environ["REQUESTS_FILE"], "ab") as file:
        file.write(head.encode("utf-8", "replace") + b"\n\n" + body + b"\n====\n")
    answer: Iterable[bytes] = shop(environ, start_response)
    return answer
