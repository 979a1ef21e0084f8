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
from escott.simulator.notice_faults import NoticeFault
from escott.simulator.slip_console_desk import SlipWish
from escott.simulator.slips import SlipPayment
from escott.simulator.store import SqliteStore
from tests.simulator.receiver import receiving
from tests.simulator.slips import FREE1, SLIP, Slips

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
def simulator_process(state, *further, keep_clock=False):
    clock = state.with_name("clock.json")
    if not keep_clock:
        SharedClock(clock).set(datetime(2026, 1, 5, 10, 0, tzinfo=JST))
    command = [sys.executable, "-c", "from escott.cli import main; raise SystemExit(main())"]
    files = ["--state", str(state), "--clock", str(clock)]
    process = subprocess.Popen(
        [*command, "simulator", "--port", "0", *files, *further], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        yield process, process.stdout.readline().split("http://")[1].strip().rstrip("/")
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        process.wait()
        process.stdout.close()


def post(host, path, body):
    connection = http.client.HTTPConnection(host, timeout=10)
    connection.request("POST", path, body)
    answer = connection.getresponse().read().decode()
    connection.close()
    return answer


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
            answer = dict(parse_qsl(post(host, "/online/aut/OAUT002.do", urlencode(telegram))))
            answered.append((answer["TransactionId"], answer["ProcessId"]))
        process.send_signal(signal.SIGKILL)
        process.wait()
    kept = books_in(state).transactions.values()
    assert [(item.transaction_id, item.process_id) for item in kept] == answered


def test_slips_notices_and_plans_are_read_back_unchanged(serve, state):
    merchant = serve(state=state)
    slips = Slips(merchant)
    pair = slips.new(MerchantFree1="1", Title="ご案内")
    slips.new(MerchantFree1="2")
    collection = merchant.gateway.collection
    collection.console_operate("1", "2Chg", SlipWish(5000))
    collection.pay("1", SlipPayment(times=2, faults=(NoticeFault.DOUBLED, NoticeFault.REORDERED)))
    collection.note_reply(collection.notices()[0].number, "http://a/", 500, "no")
    payment = SlipPayment(cvs_cd="ATM", faults=(NoticeFault.WRONG_HASH,))
    collection.plan("2", merchant.clock.now() + timedelta(days=1), payment)
    collection.trouble("2Ref", "K96", times=3)
    collection.register_notice_url("", "87654321")
    before = merchant.gateway.with_books(lambda books: books.collection)
    after = books_in(state).collection
    for name in (
        *("slips", "notices", "planned_payments", "planned_troubles", "notice_addresses"),
    ):
        assert getattr(after, name) == getattr(before, name)
        assert getattr(after, name)
    assert after.waiting_notices() == before.waiting_notices()
    (former,) = after.find_by_process_id(pair["ProcessId"]).former_link_codes
    assert after.find_by_link_code(former).merchant_free1 == "1"


def test_what_was_planned_is_done_by_the_next_process(serve, state):
    merchant = serve(state=state)
    Slips(merchant).new()
    merchant.gateway.collection.plan(FREE1, merchant.clock.now() + timedelta(days=1))
    serve.stop_all()
    merchant.clock.advance(timedelta(days=2))
    collection = serve(state=state).gateway.collection
    assert collection.slip(FREE1).is_paid
    assert len(collection.notices()) == 1
    assert books_in(state).collection.planned_payments == {}


def test_a_killed_simulator_remembers_slips_and_goes_on_with_their_notices(state):
    with receiving() as receiver:
        receiver.reply = b"0"
        with simulator_process(state, "--notice-url", receiver.url) as (process, host):
            receiver.answer_with(500)
            telegram = {
                "MerchantId": "12345678",
                "MerchantPass": "pass1234",
                "TransactionDate": "20260105",
                "OperateId": "2Add",
                "MerchantFree1": FREE1,
                **SLIP,
            }
            post(host, "/online/cnv/OCNV005.do", urlencode(telegram))
            post(host, f"/simulator/slips/{FREE1}/pay", "{}")
            first = receiver.wait()
            process.send_signal(signal.SIGKILL)
            process.wait()
        with simulator_process(state, "--notice-url", receiver.url, keep_clock=True) as (_, host):
            body = '{"advance_seconds": 60}'
            connection = http.client.HTTPConnection(host, timeout=10)
            connection.request("PUT", "/simulator/clock", body)
            connection.getresponse().read()
            connection.close()
            assert receiver.wait() == first
    kept = books_in(state).collection
    assert [slip.is_paid for slip in kept.slips.values()] == [True]
    assert [len(notice.attempts) for notice in kept.notices.values()] == [2]
