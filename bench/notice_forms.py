"""Deposit notices as the gateway posts them: each another one, each genuine."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import perf_counter
from typing import Final, Self
from urllib.parse import urlencode, urlsplit

from escott.gateway import Secret
from escott.gateway.deposit_notices import hash_of
from escott.simulator.merchants import DEMO_COLLECTION

#: The address that the demo's gateway knows.
PATH: Final = "/?wc-api=wc_sonypayment"

#: As the stub gateway gives them to every slip.
_PROCESS_TEXT: Final = "0123456789abcdef0123456789abcdef"

AMOUNT: Final = 3780
_FIRST_CODE: Final = 800_000_000_000
_LONGEST_ANSWER: Final = 65536


def code_of(number: int) -> str:
    """The transaction code of the slip with this number."""
    return str(_FIRST_CODE + number)


def notice_of(number: int) -> str:
    """What the gateway posts when the slip with this number was paid."""
    code = code_of(number)
    return urlencode(
        {
            "MerchantId": DEMO_COLLECTION.merchant_id,
            "TransactionId": code,
            "TransactionDate": "20280105",
            "OperateId": "2Add",
            "MerchantFree1": code,
            "MerchantFree2": "",
            "MerchantFree3": "",
            "ProcessId": _PROCESS_TEXT,
            "ProcessPass": _PROCESS_TEXT,
            "ResponseCd": "OK",
            "Condition": "000",
            "Amount": AMOUNT,
            "CvsCd": "LSN",
            "TenantCd": "00001",
            "NyukinDate": "202801051200",
            "StampFlag": "0",
            "RecvNum": code,
            "HashCd": hash_of(
                process_pass=Secret(_PROCESS_TEXT),
                recv_num=code,
                merchant_pass=Secret(DEMO_COLLECTION.merchant_pass),
            ),
        }
    )


@dataclass(frozen=True, slots=True)
class Delivery:
    """One notice on its way, in bytes, so that sending it costs next to nothing."""

    host: str
    port: int
    request: bytes

    @classmethod
    def to(cls, address: str, number: int) -> Self:
        """The notice of a slip for the shop at ``address``."""
        parts, body = urlsplit(address), notice_of(number)
        head = (
            f"POST {PATH} HTTP/1.1\r\n"
            f"Host: {parts.netloc}\r\n"
            "Accept-Encoding: identity\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            "Connection: close\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return cls(parts.hostname or "", parts.port or 80, (head + body).encode())

    def __call__(self) -> float:
        """Send it over a connection of its own; the seconds until the whole answer was here."""
        began = perf_counter()
        with socket.create_connection((self.host, self.port)) as connection:
            connection.sendall(self.request)
            answer = b""
            while piece := connection.recv(_LONGEST_ANSWER):
                answer += piece
        took = perf_counter() - began
        if not (answer.startswith(b"HTTP/1.1 200 ") and answer.endswith(b"\r\n\r\n0")):
            raise RuntimeError(f"not acknowledged: {answer!r}")
        return took


def deliver_all(deliveries: Iterable[Delivery], at_once: int) -> tuple[list[float], float]:
    """Send them all, so many at once; the seconds of each, and of all together."""
    with ThreadPoolExecutor(at_once) as senders:
        began = perf_counter()
        times = list(senders.map(Delivery.__call__, deliveries))
        return times, perf_counter() - began
