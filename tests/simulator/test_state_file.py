"""The books in a file: nothing that was answered is forgotten."""

from __future__ import annotations

import http.client
import signal
import subprocess
import sys
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlencode

import pytest

from escott.clock import JST, SharedClock
from escott.simulator.books import Books
from escott.simulator.magic_cards import TROUBLED
from escott.simulator.store import SqliteStore

LATE = next(card for card in TROUBLED if "90040009" in card.number)


def books_in(path):
    store = SqliteStore(path)
    books = Books(store.records())
    store.close()
    return books


@pytest.fixture
def state(tmp_path):
    return tmp_path / "state.sqlite3"


def test_what_was_written_is_read_back_unchanged(serve, state):
    merchant = serve(state=state)
    merchant.transaction("captured")
    merchant.gateway.token_for()
    merchant.send("1Auth", MerchantPass="wrong")
    before = merchant.gateway.console()
    after = books_in(state)
    assert list(after.transactions.values()) == before
    assert len(after.tokens) == 2
    assert after.log_in_failures["12345678"].count == 1


def test_a_transaction_goes_on_after_a_restart(serve, state):
    pair = serve(state=state).transaction("authorised")
    serve.stop_all()
    merchant = serve(state=state)
    assert merchant.follow("1Capture", pair).codes == ["OK"]


def test_transaction_ids_go_on_rising(serve, state):
    first = serve(state=state).charge().fields["TransactionId"]
    serve.stop_all()
    assert serve(state=state).charge().fields["TransactionId"] > first


def test_a_used_token_stays_used(serve, state):
    merchant = serve(state=state)
    token = merchant.gateway.token_for()
    merchant.charge(Token=token)
    serve.stop_all()
    assert serve(state=state).charge(Token=token).codes == ["KI2"]


def test_a_late_request_is_carried_out_by_the_next_process(serve, state):
    merchant = serve(state=state)
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        merchant.charge(card=LATE)
    serve.stop_all()
    merchant.clock.advance(timedelta(minutes=1))
    assert len(serve(state=state).gateway.charges()) == 1
    assert books_in(state).late_requests == {}


def test_a_reset_empties_the_file(serve, state):
    merchant = serve(state=state)
    merchant.charge()
    merchant.gateway.reset()
    assert books_in(state).transactions == {}


def test_the_number_of_a_real_card_is_stored_nowhere(serve, state):
    merchant = serve(state=state)
    number = "4111111111111111"
    codes = merchant.send("1Auth", CardNo=number, CardExp="2812", Amount="1", PayType="01").codes
    assert codes == ["C16"]
    assert merchant.gateway.declined()
    serve.stop_all()
    assert number.encode() not in state.read_bytes()


@contextmanager
def simulator_process(state):
    clock = state.with_name("clock.json")
    SharedClock(clock).set(datetime(2026, 1, 5, 10, 0, tzinfo=JST))
    command = [sys.executable, "-c", "from escott.cli import main; raise SystemExit(main())"]
    files = ["--state", str(state), "--clock", str(clock)]
    process = subprocess.Popen(
        [*command, "simulator", "--port", "0", *files], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        yield process, process.stdout.readline().split("http://")[1].strip().rstrip("/")
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        process.wait()
        process.stdout.close()


def test_a_killed_simulator_remembers_what_it_answered(state):
    telegram = {
        "MerchantId": "12345678",
        "MerchantPass": "pass1234",
        "TransactionDate": "20260105",
        "OperateId": "1Auth",
        "CardNo": "4000000000001000",
        "CardExp": "2812",
        "Amount": "3780",
        "PayType": "01",
    }
    answered = []
    with simulator_process(state) as (process, host):
        for _ in range(5):
            connection = http.client.HTTPConnection(host, timeout=10)
            connection.request("POST", "/online/aut/OAUT002.do", urlencode(telegram))
            answer = dict(parse_qsl(connection.getresponse().read().decode()))
            connection.close()
            answered.append((answer["TransactionId"], answer["ProcessId"]))
        process.send_signal(signal.SIGKILL)
        process.wait()
    kept = books_in(state).transactions.values()
    assert [(item.transaction_id, item.process_id) for item in kept] == answered
