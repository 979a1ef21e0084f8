"""The floor of every exchange with a gateway: ``http.client``, one connection each, no more."""

from __future__ import annotations

from http.client import HTTPConnection
from typing import Final
from urllib.parse import urlencode, urlsplit

from escott.gateway.operations import PATHS, OperateId

HEADERS: Final = {
    "Content-Type": "application/x-www-form-urlencoded",
    "Connection": "close",
}


def post(address: str, operation: OperateId, fields: dict[str, str]) -> bytes:
    """Post the fields of a telegram; the whole answer."""
    connection = HTTPConnection(urlsplit(address).netloc)
    connection.request("POST", PATHS[operation], urlencode(fields), HEADERS)
    answer = connection.getresponse().read()
    connection.close()
    return answer


def get(address: str, path: str) -> bytes:
    """Get a page; its whole body."""
    connection = HTTPConnection(urlsplit(address).netloc)
    connection.request("GET", path)
    answer = connection.getresponse().read()
    connection.close()
    return answer
