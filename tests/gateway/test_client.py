from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NoReturn

import pytest

from escott.clock import SettableClock
from escott.gateway import (
    AnswerLost,
    Client,
    Endpoints,
    HttpAnswer,
    Merchant,
    NotSent,
    NotSentReason,
    Ok,
    RequestNotSent,
    Secret,
    Timeouts,
    Unknown,
    UnknownReason,
)
from escott.gateway.codec import decode
from tests.gateway.stub_gateway import ACCEPTED, CHARGE, PASSWORD, SECRETS, TOKEN

JUST_AFTER_MIDNIGHT_IN_JAPAN = datetime(2026, 1, 4, 15, 0, tzinfo=UTC)


@dataclass
class Recorder:
    """A transport that remembers what it was given, and answers the same each time."""

    answer: Callable[[], HttpAnswer]
    sent: list[tuple[str, bytes, Timeouts]] = field(default_factory=list)

    def post(self, url: str, body: bytes, *, timeouts: Timeouts) -> HttpAnswer:
        self.sent.append((url, body, timeouts))
        return self.answer()


def accepting() -> HttpAnswer:
    return HttpAnswer(200, ACCEPTED)


def client_over(transport: Recorder) -> Client:
    return Client(
        Endpoints.at("http://127.0.0.1:8001"),
        Merchant("12345678", Secret(PASSWORD)),
        transport,
        SettableClock(JUST_AFTER_MIDNIGHT_IN_JAPAN),
        Timeouts(connect=1, read=2),
    )


def test_a_telegram_is_posted_once_with_the_merchants_fields() -> None:
    transport = Recorder(accepting)

    assert isinstance(client_over(transport).send(CHARGE), Ok)

    [(url, body, timeouts)] = transport.sent
    assert url == "http://127.0.0.1:8001/online/aut/OAUT002.do"
    assert timeouts == Timeouts(connect=1, read=2)
    assert decode(body.decode("ascii")) == {
        "MerchantId": "12345678",
        "MerchantPass": PASSWORD,
        "TenantId": "0001",
        "TransactionDate": "20260105",
        "OperateId": "1Gathering",
        "MerchantFree1": "000000000042",
        "PayType": "01",
        "Amount": "3780",
        "Token": TOKEN,
    }


def raising(error: Exception) -> Callable[[], NoReturn]:
    def fail() -> NoReturn:
        raise error

    return fail


def test_a_request_that_did_not_leave_is_not_sent() -> None:
    error = RequestNotSent(NotSentReason.UNKNOWN_HOST, "no such name")

    outcome = client_over(Recorder(raising(error))).send(CHARGE)

    assert outcome == NotSent(NotSentReason.UNKNOWN_HOST, "no such name")


def test_a_lost_answer_is_unknown() -> None:
    error = AnswerLost(UnknownReason.READ_TIMEOUT, "no whole answer within 60 seconds")

    outcome = client_over(Recorder(raising(error))).send(CHARGE)

    assert outcome == Unknown(UnknownReason.READ_TIMEOUT, "no whole answer within 60 seconds")


def test_a_defect_is_not_taken_for_an_outcome() -> None:
    with pytest.raises(ZeroDivisionError):
        client_over(Recorder(raising(ZeroDivisionError()))).send(CHARGE)


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        (accepting, "1Gathering 000000000042: OK"),
        (
            lambda: HttpAnswer(200, ACCEPTED.replace(b"ResponseCd=OK", b"ResponseCd=G12|K20")),
            "1Gathering 000000000042: refused, G12|K20",
        ),
        (
            raising(RequestNotSent(NotSentReason.CONNECTION_REFUSED, "127.0.0.1:1: refused")),
            "1Gathering 000000000042: not sent, connection_refused: 127.0.0.1:1: refused",
        ),
        (
            lambda: HttpAnswer(500, ACCEPTED),
            "1Gathering 000000000042: unknown, http_status: the gateway answered HTTP 500",
        ),
    ],
    ids=["ok", "refused", "not sent", "unknown"],
)
def test_each_telegram_leaves_one_line_in_the_log_and_no_secret(
    answer: Callable[[], HttpAnswer], line: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        client_over(Recorder(answer)).send(CHARGE)

    assert caplog.messages == [line]
    assert not any(secret in caplog.text for secret in SECRETS)


@pytest.mark.parametrize("timeouts", [{"connect": 0.0}, {"read": -1.0}])
def test_a_time_out_is_positive(timeouts: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="positive"):
        Timeouts(**timeouts)
