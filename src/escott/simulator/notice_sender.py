"""Posts the deposit notices that are due to the merchants' registered addresses."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from escott.simulator.live_collection import LiveCollection

_TIMEOUT: Final = 5.0
_LONGEST_REPLY: Final = 200
#: Seconds of real time between two looks at the gateway's clock.
_EVERY: Final = 0.25

_CONNECTIONS: Final[dict[str, Callable[..., http.client.HTTPConnection]]] = {
    "http": http.client.HTTPConnection,
    "https": http.client.HTTPSConnection,
}


@dataclass(frozen=True, slots=True)
class NoticeReply:
    """What a merchant answered; ``status`` is None and ``error`` says why if it did not."""

    status: int | None
    text: str = ""
    error: str = ""


_NOWHERE: Final = NoticeReply(None, error="no address")

Post = Callable[[str, str], NoticeReply]


def deliver_due_notices(collection: LiveCollection, post: Post) -> int:
    """Send all notices that are due; returns how many deliveries that were.

    Args:
        post: takes an address and a url-encoded form there. A test may lead it into a
            shop without a socket.
    """
    sent = 0
    while notice := collection.next_notice():
        url = collection.notice_url(notice.merchant_id)
        reply = post(url, notice.body) if url else _NOWHERE
        collection.note_reply(notice.number, url, reply.status, reply.text, reply.error)
        sent += 1
    return sent


def post_form(url: str, body: str) -> NoticeReply:
    """Post a form over the network. Redirects are not followed, as a POST would be lost there."""
    parts = urlsplit(url)
    target = parts.path or "/"
    if parts.query:
        target += f"?{parts.query}"
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Connection": "close"}
    try:
        with closing(_CONNECTIONS[parts.scheme](parts.netloc, timeout=_TIMEOUT)) as connection:
            connection.request("POST", target, body, headers)
            answer = connection.getresponse()
            text = answer.read(_LONGEST_REPLY).decode("utf-8", errors="replace")
            return NoticeReply(answer.status, text)
    except (OSError, ValueError, http.client.HTTPException) as error:
        return NoticeReply(None, error=type(error).__name__)


class NoticeSender:
    """A thread that delivers what is due, from ``start`` until ``stop``."""

    def __init__(self, collection: LiveCollection, post: Post = post_form) -> None:
        self._collection = collection
        self._post = post
        self._stopped = False
        self._rounds = 0
        self._is_busy = False
        self._is_wanted = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="notices", daemon=True)

    def start(self) -> None:
        """Begin to deliver."""
        self._thread.start()

    def stop(self) -> None:
        """Stop; a delivery that is under way is waited for."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join()

    def flush(self, seconds: float) -> None:
        """Deliver what is due now; return when that is done, or after ``seconds``."""
        if not self._thread.is_alive():
            return
        with self._changed:
            wanted = self._rounds + (2 if self._is_busy else 1)
            self._is_wanted = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._rounds >= wanted or self._stopped, seconds)

    def _run(self) -> None:
        while self._wait():
            deliver_due_notices(self._collection, self._post)
            with self._changed:
                self._is_busy = False
                self._rounds += 1
                self._changed.notify_all()

    def _wait(self) -> bool:
        """Wait for the next round; whether there is one."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_wanted or self._stopped, _EVERY)
            self._is_wanted = False
            self._is_busy = not self._stopped
            return self._is_busy
