"""The copy of a result that the gateway's server posts to PostUrl, beside the browser's way back.

Source: protocol.md F. How often the real one tries is unknown; this one tries until it is
answered with 200, a few times, and ``Options.post_copies`` loses or doubles the copy.
"""

from __future__ import annotations

import http.client
import logging
import threading
import time
from collections.abc import Callable
from contextlib import closing
from typing import Final
from urllib.parse import urlencode, urlsplit

from escott.simulator.options import Options

_log: Final = logging.getLogger(__name__)

_TIMEOUT: Final = 5.0
_CONNECTIONS: Final[dict[str, Callable[..., http.client.HTTPConnection]]] = {
    "http": http.client.HTTPConnection,
    "https": http.client.HTTPSConnection,
}


class PostCopies:
    """Sends copies, each in a thread of its own; nobody waits for one."""

    def __init__(self, options: Options) -> None:
        self._options = options

    def send(self, url: str, value: str) -> None:
        """Let ``value`` be posted to ``url`` as EncryptValue."""
        for _ in range(self._options.post_copies):
            threading.Thread(target=self._deliver, args=(url, value), daemon=True).start()

    def _deliver(self, url: str, value: str) -> None:
        host = urlsplit(url).netloc
        for attempt in range(self._options.post_copy_tries):
            if attempt:
                time.sleep(self._options.post_copy_pause)
            try:
                status = _post(url, urlencode({"EncryptValue": value}))
            except (OSError, ValueError, http.client.HTTPException) as error:
                _log.warning("copy to %s not delivered: %s", host, type(error).__name__)
                continue
            if status == http.client.OK:
                return
            _log.warning("copy to %s answered with status %s", host, status)


def _post(url: str, body: str) -> int:
    parts = urlsplit(url)
    target = parts.path or "/"
    if parts.query:
        target += f"?{parts.query}"
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Connection": "close"}
    with closing(_CONNECTIONS[parts.scheme](parts.netloc, timeout=_TIMEOUT)) as connection:
        connection.request("POST", target, body, headers)
        return connection.getresponse().status
