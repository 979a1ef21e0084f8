"""Why a telegram was not sent, and why its result is unknown: the vocabulary of both.

Outcomes carry these reasons, and so do the transport's exceptions that become outcomes.
"""

from __future__ import annotations

from enum import StrEnum


class NotSentReason(StrEnum):
    """Why a request never left."""

    UNKNOWN_HOST = "unknown_host"
    CONNECTION_REFUSED = "connection_refused"
    CONNECT_TIMEOUT = "connect_timeout"
    TLS_CERTIFICATE = "tls_certificate"
    TLS_HANDSHAKE = "tls_handshake"
    UNREACHABLE = "unreachable"
    TOO_LATE = "too_late"  # the caller itself had stood still for too long
    TOKEN_UNTOLD = "token_untold"  # noqa: S105  (nobody said whether the token is good)
    NOT_LEFT = "not_left"  # the shopper's browser never went to the gateway's page
    BUSY = "busy"  # the caller's own bound on calls under way


class UnknownReason(StrEnum):
    """Why nobody here can say what the gateway did."""

    READ_TIMEOUT = "read_timeout"
    CONNECTION_LOST = "connection_lost"
    HTTP_STATUS = "http_status"
    INCOMPLETE_BODY = "incomplete_body"
    TOO_LARGE = "too_large"
    MALFORMED = "malformed"
    NO_RESPONSE_CODE = "no_response_code"
    NO_PROCESS_ID = "no_process_id"
    NO_SLIP_LINK = "no_slip_link"
    NOT_OUR_ANSWER = "not_our_answer"
    MONEY_MAY_HAVE_MOVED = "money_may_have_moved"
    NOT_CONFIRMED = "not_confirmed"  # the browser brought OK, and 1Search did not confirm it
    NOT_RETURNED = "not_returned"  # the browser did not come back from the gateway's page
    PROCESS_DIED = "process_died"
    DEFECT = "defect"  # of this software, while the gateway was being asked
