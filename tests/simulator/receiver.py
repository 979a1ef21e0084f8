"""A merchant's server that notes what is posted to it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import SimpleQueue
from urllib.parse import parse_qsl

_PAGE = b"<!DOCTYPE html><html lang='ja'><title>shop</title><h1>shop</h1>"


class Receiver:
    """What was posted, in the order in which it came; GET is answered with a page.

    Attributes:
        url: where to post to.
        reply: what a post is answered with, beside its status.
        bodies: what was posted, as it came.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.reply = _PAGE
        self.bodies: list[str] = []
        self._statuses: list[int] = []
        self._posted: SimpleQueue[dict[str, str]] = SimpleQueue()

    def answer_with(self, *statuses: int) -> None:
        """The next posts are answered with these, later ones with 200."""
        self._statuses = list(statuses)

    def wait(self) -> dict[str, str]:
        """The next form that is posted."""
        return self._posted.get(timeout=10)

    @property
    def waiting(self) -> int:
        """How many forms came that nobody has looked at."""
        return self._posted.qsize()

    def take(self, body: str) -> int:
        self.bodies.append(body)
        self._posted.put(dict(parse_qsl(body)))
        return self._statuses.pop(0) if self._statuses else 200


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver on a free port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(200, _PAGE)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            status = receiver.take(body)
            self._answer(status, receiver.reply)

        def _answer(self, status: int, content: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver = Receiver(f"http://127.0.0.1:{server.server_port}/back")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
