"""Telegrams as HTTP carries them: query and body merged, answers as the gateway writes them.

Source: protocol.md A (transport), M 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from escott.gateway.codec import decode, encode
from escott.gateway.errors import MalformedTelegram
from escott.simulator.deliveries import Delivery, Reply
from escott.simulator.live import LiveGateway
from escott.simulator.options import Options

_HTML: Final = b"<!DOCTYPE html><title>Service Unavailable</title><h1>Service Unavailable</h1>"
_HUGE: Final = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class HttpForm:
    """Status, content type and whole body of an answer."""

    status: int
    content_type: str
    body: bytes


def exchange(gateway: LiveGateway, path: str, query: bytes, body: bytes) -> Reply:
    """Let ``gateway`` answer one request. What can't be read at all is answered with K01.

    A field may stand in the query or in the body; the body wins.
    """
    try:
        fields = {**_read(query), **_read(body)}
    except (MalformedTelegram, UnicodeDecodeError):
        return gateway.malformed()
    return gateway.handle(path, fields)


def http_form(reply: Reply, options: Options) -> HttpForm:
    """The HTTP answer of a reply, as far as its delivery lets it arrive at all.

    Empty values stay in the body: an answer always names its Free fields.
    """
    raw = "" if options.percent_encode_bar else "|"
    text = encode(reply.fields, keep_empty=True, raw=raw).encode("ascii")
    match reply.delivery:
        case Delivery.HTML:
            return HttpForm(200, "text/html; charset=UTF-8", _HTML)
        case Delivery.ERROR_500:
            return HttpForm(500, "text/html; charset=UTF-8", _HTML)
        case Delivery.EMPTY:
            return HttpForm(200, "text/plain; charset=UTF-8", b"")
        case Delivery.HUGE:
            return HttpForm(200, "text/plain; charset=UTF-8", text.ljust(_HUGE, b" "))
        case Delivery.WHOLE | Delivery.HALF | Delivery.DROPPED | Delivery.HELD:
            return HttpForm(200, "text/plain; charset=UTF-8", text)


def _read(text: bytes) -> dict[str, str]:
    return decode(text.decode("utf-8"), plus_is_space=True)
