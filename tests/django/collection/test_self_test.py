"""Do notices arrive? The site asks itself over its public address, and names what is in the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from django.core import signing

from escott.django.models import CollectionAccount, Notice
from escott.django.notice_probe import new_probe, proof_for, proof_in
from escott.django.notice_self_test import SelfTestEnd, ask_own_notice_url
from tests.django.collection.conftest import FORMER, OWN, post


@contextmanager
def server(answer: Callable[[BaseHTTPRequestHandler, bytes], None]) -> Iterator[str]:
    """A web server before the site; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answer(self, body)

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = Thread(target=running.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{running.server_port}"
        finally:
            running.shutdown()
            thread.join()


def says(status: int, text: str = "", **headers: str) -> Any:
    """Answers with a status."""

    def answer(handler: BaseHTTPRequestHandler, _body: bytes) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(text)))
        handler.end_headers()
        handler.wfile.write(text.encode())

    return answer


def passes_on(path: str) -> Any:
    """A proxy before the site itself."""

    def answer(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        says(200, post(body.decode(), path).content.decode())(handler, body)

    return answer


@pytest.mark.parametrize("path", [OWN, FORMER])
def test_a_question_that_arrives_is_answered_with_a_proof_and_stored_nowhere(
    path: str, collection: CollectionAccount
) -> None:
    collection.notice_addresses = "54.238.10.224"
    collection.save()
    with server(passes_on(path)) as url:
        result = ask_own_notice_url(url + path)
    assert (result.end, result.status, result.arrives) == (SelfTestEnd.ARRIVES, 200, True)
    assert result.seen_from == "127.0.0.1"
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    ("answer", "end", "status"),
    [
        (says(301, Location="https://www.shop.example/"), SelfTestEnd.REDIRECTED, 301),
        (says(401), SelfTestEnd.LOG_IN_WALL, 401),
        (says(403), SelfTestEnd.FORBIDDEN, 403),
        (says(404), SelfTestEnd.OTHER_STATUS, 404),
        (says(503), SelfTestEnd.OTHER_STATUS, 503),
        (says(200, "0"), SelfTestEnd.ANOTHER_SITE, 200),
        (says(200, "<html>maintenance</html>"), SelfTestEnd.ANOTHER_SITE, 200),
    ],
)
def test_what_stands_in_the_way_is_named(answer: Any, end: SelfTestEnd, status: int) -> None:
    with server(answer) as url:
        result = ask_own_notice_url(url + "/")
    assert (result.end, result.status, result.arrives) == (end, status, False)
    assert result.redirected_to == ("https://www.shop.example/" if status == 301 else "")


def test_an_address_that_does_not_answer_is_named(closed_port: int) -> None:
    for url, end in (
        (f"http://127.0.0.1:{closed_port}/", SelfTestEnd.UNREACHABLE),
        ("shop.example", SelfTestEnd.NO_ADDRESS),
        ("http://127.0.0.1:port/", SelfTestEnd.NO_ADDRESS),
    ):
        assert ask_own_notice_url(url).end is end


def test_a_server_without_tls_is_named() -> None:
    with server(says(200)) as url:
        assert ask_own_notice_url(url.replace("http:", "https:")).end is SelfTestEnd.TLS


def test_only_this_site_answers_its_own_questions(settings: Any) -> None:
    probe = new_probe()
    question = probe.body()
    right = proof_for(question, None)
    assert proof_in(right, probe) is not None
    assert proof_in(right, new_probe()) is None
    assert proof_for(b"escott_probe=forged", None) == ""
    settings.SECRET_KEY = "another site's"
    assert proof_for(question, None) == ""
    assert proof_in(right, probe) is None


def test_an_old_question_is_answered_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    probe, now = new_probe(), signing.time.time()
    monkeypatch.setattr(signing.time, "time", lambda: now - 301)
    old = probe.body()
    monkeypatch.setattr(signing.time, "time", lambda: now)
    assert proof_for(probe.body(), None)
    assert proof_for(old, None) == ""
