"""Do notices arrive? The site posts a question to its own public address (requirements.md A019).

A registration mistake or something between the gateway and the site is the most common reason
why a deposit is not seen: a redirect, a log-in wall, a certificate, another server altogether.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import urllib3
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    LocationParseError,
    NameResolutionError,
    NewConnectionError,
    ReadTimeoutError,
    SSLError,
)

from escott.django.notice_probe import Proof, new_probe, proof_in

#: As much of an answer as is read.
_LONGEST_ANSWER: Final = 4_096

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})


class SelfTestEnd(StrEnum):
    """What came of the question."""

    ARRIVES = "arrives"  # notices to this address arrive here
    REDIRECTED = "redirected"  # a notice would be lost on the way
    LOG_IN_WALL = "log_in_wall"  # 401: Basic auth stands before the site
    FORBIDDEN = "forbidden"  # 403: an address restriction or a firewall
    OTHER_STATUS = "other_status"
    ANOTHER_SITE = "another_site"  # something answered that is not this site
    TLS = "tls"  # no TLS connection came about, or the certificate is not accepted
    NO_SUCH_HOST = "no_such_host"
    TIMED_OUT = "timed_out"
    UNREACHABLE = "unreachable"
    NO_ADDRESS = "no_address"  # it is no http or https address


@dataclass(frozen=True, slots=True)
class SelfTestResult:
    """What came of it.

    Attributes:
        status: the HTTP status, where something answered.
        redirected_to: where a redirect leads.
        seen_from: the sender's address as this site sees it, where the question arrived.
        detail: the library's words about a connection that did not come about.
    """

    end: SelfTestEnd
    status: int | None = None
    redirected_to: str = ""
    seen_from: str = ""
    detail: str = ""

    @property
    def arrives(self) -> bool:
        """Notices to this address arrive."""
        return self.end is SelfTestEnd.ARRIVES


def ask_own_notice_url(url: str, *, timeout: float = 10.0) -> SelfTestResult:
    """Post a question to the address that is registered with the gateway, and judge the answer.

    Redirects are told and not followed, for the gateway's notice would not survive them.

    Args:
        url: the public address of notices, such as ``https://shop.example/?wc-api=...``.
        timeout: seconds in all.
    """
    if not url.startswith(("http://", "https://")):
        return SelfTestResult(SelfTestEnd.NO_ADDRESS)
    probe = new_probe()
    try:
        with urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(total=timeout)) as pool:
            answer = pool.request(
                "POST",
                url,
                body=probe.body(),
                headers={"Content-Type": "application/x-www-form-urlencoded"},
                redirect=False,
                preload_content=False,
            )
            text = answer.read(_LONGEST_ANSWER).decode("utf-8", "replace")
            answer.release_conn()
    except (HTTPError, LocationParseError) as error:
        return SelfTestResult(_end_without_answer(error), detail=str(error)[:200])
    location = answer.headers.get("Location", "") if answer.status in _REDIRECTS else ""
    return _judged(answer.status, location, proof_in(text, probe))


def _judged(status: int, location: str, proof: Proof | None) -> SelfTestResult:
    if status in _REDIRECTS:
        return SelfTestResult(SelfTestEnd.REDIRECTED, status, redirected_to=location[:200])
    if status != 200:
        return SelfTestResult(_BY_STATUS.get(status, SelfTestEnd.OTHER_STATUS), status)
    if proof is None:
        return SelfTestResult(SelfTestEnd.ANOTHER_SITE, status)
    return SelfTestResult(SelfTestEnd.ARRIVES, status, seen_from=proof.seen_from)


_BY_STATUS: Final = {401: SelfTestEnd.LOG_IN_WALL, 403: SelfTestEnd.FORBIDDEN}


def _end_without_answer(error: Exception) -> SelfTestEnd:
    match error:
        case LocationParseError():
            return SelfTestEnd.NO_ADDRESS
        case SSLError():
            return SelfTestEnd.TLS
        case NameResolutionError():
            return SelfTestEnd.NO_SUCH_HOST
        case NewConnectionError():  # a ConnectTimeoutError by urllib3's family tree
            return SelfTestEnd.UNREACHABLE
        case ConnectTimeoutError() | ReadTimeoutError():
            return SelfTestEnd.TIMED_OUT
        case _:
            return SelfTestEnd.UNREACHABLE
