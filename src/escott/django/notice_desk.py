"""The answer to a deposit notice: store it whole, then say so; nothing else happens here.

It needs no session, no log-in and no transaction, and believes nothing. What was stored is
looked at by the worker (``services.collection.noticing``). A notice that could not be stored is
answered 500, so that the gateway sends it again.
"""

from __future__ import annotations

import logging
from typing import Final

from django.db import InterfaceError, OperationalError, connections, router
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables

from escott.django.clock import the_clock
from escott.django.insert_row import insert_row
from escott.django.models import Notice
from escott.django.notice_probe import PROBE, proof_for
from escott.django.notice_senders import may_send
from escott.django.notice_settings import notice_settings
from escott.django.visitor_address import sender_address
from escott.gateway import Secret
from escott.gateway.deposit_notices import LONGEST_NOTICE

log = logging.getLogger("escott.collection")

_BY_POST: Final = "This address takes deposit notices, by POST."


def answer_notice(request: HttpRequest) -> HttpResponse:
    """Take what was posted to the address of deposit notices."""
    if request.method != "POST":
        answer = _plain(_BY_POST, status=405)
        answer["Allow"] = "POST"
        return answer
    try:
        body = request.read(LONGEST_NOTICE + 1)
    except (UnreadablePostError, OSError):
        return _plain("not read", status=400)
    query = request.META.get("QUERY_STRING", "").encode()
    if len(body) + len(query) + 1 > LONGEST_NOTICE:
        return _plain("too long", status=413)
    if not _has_all_of(body, request):
        return _plain("not whole", status=400)
    if body.startswith(PROBE):
        return _plain(proof_for(body, sender_address(request)))
    return _take(request, b"&".join(filter(None, (body, query))))


@csrf_exempt
def notice_desk(request: HttpRequest) -> HttpResponse:
    """The same as a view, for a site without the middleware."""
    return answer_notice(request)


def _has_all_of(body: bytes, request: HttpRequest) -> bool:
    """A connection may break off, and a WSGI server hands over no body whose length is not told.
    What is not answered as received comes again.
    """
    told = request.META.get("CONTENT_LENGTH") or ""
    if told.isdecimal():
        return len(body) == int(told)
    return bool(body) or "HTTP_TRANSFER_ENCODING" not in request.META


@sensitive_variables("raw")
def _take(request: HttpRequest, raw: bytes) -> HttpResponse:
    try:
        settings = notice_settings()
        address = sender_address(request)
        if not may_send(address, settings.senders):
            log.warning("a deposit notice from %s was turned away", address)
            return _plain("forbidden", status=403)
        _store(raw, str(address or ""))
    except Exception as error:  # noqa: BLE001  (whatever it is, the gateway must send it again)
        log.error("a deposit notice could not be stored: %s", type(error).__name__)
        return _plain("not stored", status=500)
    return _plain(settings.reply)


@sensitive_variables("raw", "columns")
def _store(raw: bytes, address: str) -> None:
    """One insert; on a new connection, if the database has dropped the old one."""
    now = the_clock().now()
    columns = {
        "received_at": now,
        "due_at": now,
        "raw": Secret(raw.decode("utf-8", "backslashreplace")),
        "remote_address": address[:45],
    }
    try:
        insert_row(Notice, columns)
    except (OperationalError, InterfaceError):
        connection = connections[router.db_for_write(Notice)]
        connection.close_if_unusable_or_obsolete()
        if connection.connection is not None:
            raise
        insert_row(Notice, columns)


def _plain(text: str, status: int = 200) -> HttpResponse:
    body = text.encode()
    headers = {
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Length": str(len(body)),  # else a server may send it in pieces
        "Cache-Control": "no-store",
    }
    return HttpResponse(body, status=status, headers=headers)
