"""Whatever answers instead of the gateway: staff get the cause, the shopper calm advice.

Nothing is lost: every attempt has its row, and no order is stuck without a way on.
"""

from __future__ import annotations

import logging
import ssl
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override

from escott.clock import SettableClock
from escott.django.advice import advice_for
from escott.django.explanation import explain
from escott.django.models import MerchantAccount, Operation, Payment
from escott.django.orders import PayableOrder
from escott.django.services import pay_by_token
from escott.gateway import NotSentReason, Secret, UnknownReason
from escott.simulator.server import SimulatorServer
from tests.gateway.authority import Authority
from tests.gateway.stub_gateway import StubGateway

Order = Callable[..., PayableOrder]
NewToken = Callable[..., Secret]

NOT_CHARGED = "ご請求は発生していません"
BEING_CHECKED = "お支払い状況を確認しています"


@pytest.fixture
def point_to(settings: Any, simulator: SimulatorServer) -> Callable[[str], None]:
    """Sends the shop's telegrams somewhere else."""

    def point(url: str) -> None:
        settings.ESCOTT = settings.ESCOTT | {"TEST_GATEWAY_URL": url}

    return point


@pytest.fixture
def expired_server(tmp_path: Path) -> Iterator[StubGateway]:
    """A TLS server whose certificate has run out."""
    context: ssl.SSLContext = Authority(tmp_path).server(expired=True)
    stub = StubGateway(lambda _stub, connection: connection.close(), context)
    yield stub
    stub.close()


def test_a_wrong_password_tells_staff_to_check_it_and_the_shopper_to_ask_the_shop(
    new_order: Order, token: NewToken, clock: SettableClock, account: MerchantAccount
) -> None:
    account.test_password = Secret("wrong1234")
    account.save()
    payment = pay_by_token(new_order(), token(), clock=clock)
    explained = explain(payment.operations.get())
    assert payment.state == "refused"
    assert explained.what[0].startswith("K03: ")
    assert "パスワード" in explained.next_steps[0]
    assert NOT_CHARGED in advice_for(payment)
    assert "パスワード" not in advice_for(payment)


def test_an_unknown_host_was_not_sent(
    new_order: Order, token: NewToken, clock: SettableClock, point_to: Callable[[str], None]
) -> None:
    with_token = token()
    point_to("https://gateway.invalid")
    payment = pay_by_token(new_order(), with_token, clock=clock)
    assert payment.operations.get().reason == "unknown_host"
    assert "DNS" in explain(payment.operations.get()).what[0]
    assert NOT_CHARGED in advice_for(payment)


def test_an_expired_certificate_is_not_trusted_with_a_payment(
    new_order: Order,
    token: NewToken,
    clock: SettableClock,
    point_to: Callable[[str], None],
    expired_server: StubGateway,
) -> None:
    with_token = token()
    point_to(expired_server.url)
    payment = pay_by_token(new_order(), with_token, clock=clock)
    assert payment.operations.get().reason == "tls_certificate"
    assert "証明書" in explain(payment.operations.get()).what[0]
    assert NOT_CHARGED in advice_for(payment)


@pytest.mark.parametrize(
    "card",
    [
        "4000000090070006",  # HTML
        "4000000090090004",  # an empty body
        "4000000090100001",  # half a body
        "4000000090080005",  # 500
        "4000000090110000",  # 10 MB
        "4000000090120009",  # no ResponseCd
    ],
)
def test_a_broken_answer_is_unknown_calm_and_kept(
    card: str,
    new_order: Order,
    token: NewToken,
    clock: SettableClock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    payment = pay_by_token(new_order(), token(card), clock=clock)
    operation = payment.operations.get()
    explained = explain(operation)
    assert payment.state == "unknown"
    assert explained.what
    assert "加盟店管理画面" in explained.money
    assert BEING_CHECKED in advice_for(payment)
    assert NOT_CHARGED not in advice_for(payment)
    assert "pass1234" not in caplog.text
    assert Payment.objects.get() == payment


@pytest.mark.parametrize("reason", [*NotSentReason, *UnknownReason])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_reason_has_its_words_for_staff(reason: str, language: str) -> None:
    state = "not_sent" if reason in set(NotSentReason) else "unknown"
    with override(language):
        explained = explain(Operation(state=state, reason=reason))
    assert explained.what[0]
    assert explained.what[0].isascii() is (language == "en")
    assert explained.money.isascii() is (language == "en")


@pytest.mark.parametrize(("days_later", "word"), [(61, "取扱期間"), (1, "該当する取引")])
def test_k12_is_explained_by_the_case_that_our_own_record_tells(
    days_later: int,
    word: str,
    new_order: Order,
    token: NewToken,
    clock: SettableClock,
) -> None:
    payment = pay_by_token(new_order(), token(), clock=clock)
    assert payment.charged_at is not None
    refused = Operation(
        payment=payment,
        number=2,
        kind="cancel",
        state="refused",
        response_codes="K12",
        started_at=payment.charged_at + timedelta(days=days_later),
    )
    assert word in explain(refused).next_steps[0]
