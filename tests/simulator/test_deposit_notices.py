"""入金結果通知: what is posted to the merchant, until it confirms, and what may go wrong."""

from __future__ import annotations

import hashlib
import json
import socket
from datetime import timedelta
from urllib.parse import parse_qsl

import pytest

from escott.simulator.deposit_notices import NoticeEnd
from escott.simulator.notice_faults import NoticeFault
from escott.simulator.notice_sender import NoticeReply, deliver_due_notices
from escott.simulator.options import Options
from escott.simulator.server import SimulatorServer
from escott.simulator.slips import SlipPayment
from tests.simulator.receiver import receiving
from tests.simulator.slips import FREE1, Slips


class Shop:
    """A shop that takes notices in process, and answers with what it is told to."""

    def __init__(self, slips: Slips, *replies: NoticeReply) -> None:
        self.slips = slips
        self.collection = slips.gateway.collection
        self.replies = list(replies)
        self.bodies: list[str] = []

    def post(self, _url: str, body: str) -> NoticeReply:
        self.bodies.append(body)
        return self.replies.pop(0) if self.replies else NoticeReply(200, "0")

    def receive(self) -> list[dict[str, str]]:
        """The forms that come when everything that is due is delivered."""
        before = len(self.bodies)
        deliver_due_notices(self.collection, self.post)
        return [dict(parse_qsl(body, keep_blank_values=True)) for body in self.bodies[before:]]


@pytest.fixture
def asleep(monkeypatch):
    """Nothing is sent by itself, so that a test delivers when it likes."""
    monkeypatch.setattr("escott.simulator.notice_sender.NoticeSender.start", lambda self: None)


@pytest.fixture
def slips(serve, asleep):
    return Slips(serve(notice_url="http://shop.example/notice"))


@pytest.fixture
def shop(slips):
    return Shop(slips)


def test_a_deposit_is_told_in_the_fields_of_the_protocol(slips, shop):
    registered = slips.add(MerchantFree2="two", MerchantFree3="三").fields
    slips.clock.advance(timedelta(hours=1))
    deposit = slips.pay(cvs_cd="LSN").deposits[0]
    (form,) = shop.receive()
    hashed = registered["ProcessPass"] + deposit.recv_num + "pass1234"
    assert form == {
        "MerchantId": "12345678",
        "TransactionId": registered["TransactionId"],
        "TransactionDate": "20260105",
        "OperateId": "2Add",
        "MerchantFree1": FREE1,
        "MerchantFree2": "two",
        "MerchantFree3": "三",
        "ProcessId": registered["ProcessId"],
        "ProcessPass": registered["ProcessPass"],
        "ResponseCd": "OK",
        "Condition": "000",
        "Amount": "3780",
        "CvsCd": "LSN",
        "TenantCd": deposit.tenant_cd,
        "NyukinDate": "202601051100",
        "StampFlag": "0",
        "RecvNum": deposit.recv_num,
        "HashCd": hashlib.md5(hashed.encode()).hexdigest(),
    }


def test_the_hash_has_the_password_of_the_merchant_whose_slip_it_is(slips, shop):
    other = Slips(slips.merchant, MerchantId="87654321", MerchantPass="pass4321")
    registered = other.add(MerchantFree1="7").fields
    deposit = slips.pay("7").deposits[0]
    (form,) = shop.receive()
    hashed = registered["ProcessPass"] + deposit.recv_num + "pass4321"
    assert form["HashCd"] == hashlib.md5(hashed.encode()).hexdigest()


def test_a_notice_comes_again_until_it_is_confirmed(slips, shop):
    slips.in_state("paid")
    shop.replies = [NoticeReply(500, "0"), NoticeReply(200, "1"), NoticeReply(None, error="E")]
    assert len(shop.receive()) == 1
    for minutes in (1, 5, 30):
        assert shop.receive() == []
        slips.clock.advance(timedelta(minutes=minutes))
        assert len(shop.receive()) == 1
    slips.clock.advance(timedelta(days=9))
    assert shop.receive() == []
    assert len(set(shop.bodies)) == 1
    (notice,) = shop.collection.notices()
    assert notice.end is NoticeEnd.TAKEN
    assert [(attempt.status, attempt.reply, attempt.error) for attempt in notice.attempts] == [
        (500, "0", ""),
        (200, "1", ""),
        (None, "", "E"),
        (200, "0", ""),
    ]


def test_a_notice_that_nobody_confirms_is_given_up(slips, shop):
    slips.in_state("paid")
    shop.replies = [NoticeReply(200, "<html>")] * 99
    for _ in range(10):
        shop.receive()
        slips.clock.advance(timedelta(days=1))
    (notice,) = shop.collection.notices()
    assert (notice.end, notice.due, len(notice.attempts)) == (NoticeEnd.GIVEN_UP, None, 7)


@pytest.mark.parametrize(
    ("accepted", "reply", "end"),
    [
        ({"0"}, "0", "taken"),
        ({"0"}, "0\n", "taken"),
        ({"0"}, "", "waiting"),
        ({"0"}, "OK", "waiting"),
        ({"0"}, "00", "waiting"),
        ({"0", "OK"}, "<html><body>OK</body></html>", "taken"),
        ({"0", ""}, "", "taken"),
        ({"OK"}, "0", "waiting"),
    ],
)
@pytest.mark.usefixtures("asleep")
def test_what_confirms_a_notice_is_an_option(serve, accepted, reply, end):
    slips = Slips(serve(notice_url="http://shop.example/", notice_replies=frozenset(accepted)))
    slips.in_state("paid")
    shop = Shop(slips, NoticeReply(200, reply))
    shop.receive()
    assert shop.collection.notices()[0].end == end


def told(shop, *faults):
    """The forms of the notice of a payment with these faults."""
    shop.slips.new()
    shop.slips.pay(faults=faults)
    return shop.receive()


@pytest.mark.parametrize(
    ("fault", "field", "value"),
    [
        (NoticeFault.WRONG_AMOUNT, "Amount", "3781"),
        (NoticeFault.UNKNOWN_CONDITION, "Condition", "999"),
        (NoticeFault.OTHER_MERCHANT, "MerchantId", "92345678"),
        (NoticeFault.UNKNOWN_FREE1, "MerchantFree1", "999999999999"),
    ],
)
def test_a_fault_changes_its_field_and_no_other(shop, fault, field, value):
    (wrong,) = told(shop, fault)
    shop.collection.send_notice(FREE1)
    (right,) = shop.receive()
    assert {name for name in right if right[name] != wrong[name]} == {field}
    assert wrong[field] == value


def test_a_forged_notice_has_a_hash_that_looks_like_one(shop):
    (forged,) = told(shop, NoticeFault.WRONG_HASH)
    shop.collection.send_notice(FREE1)
    (right,) = shop.receive()
    assert forged["HashCd"] != right["HashCd"]
    assert len(forged["HashCd"]) == 32
    assert {name for name in right if right[name] != forged[name]} == {"HashCd"}


def test_a_garbled_notice_cannot_be_read(shop):
    told(shop, NoticeFault.GARBLED)
    assert "HashCd=" not in shop.bodies[0]
    assert "%ZZ" in shop.bodies[0]


def test_a_lost_notice_never_comes_until_somebody_sends_it_again(slips, shop):
    assert told(shop, NoticeFault.LOST) == []
    slips.clock.advance(timedelta(days=9))
    assert shop.receive() == []
    assert shop.collection.notices()[0].end is NoticeEnd.LOST
    shop.collection.send_notice(FREE1)
    assert len(shop.receive()) == 1


def test_a_doubled_notice_comes_twice_the_same(shop):
    first, second = told(shop, NoticeFault.DOUBLED)
    assert first == second
    assert len(shop.collection.slip(FREE1).deposits) == 1


def test_a_delayed_notice_comes_later(slips, shop):
    assert told(shop, NoticeFault.DELAYED) == []
    slips.clock.advance(timedelta(minutes=30))
    assert len(shop.receive()) == 1


def test_a_notice_is_overtaken_by_the_next(slips, shop):
    slips.new()
    slips.new(MerchantFree1="2")
    slips.pay(faults=(NoticeFault.REORDERED,))
    assert shop.receive() == []
    slips.pay("2")
    assert [form["MerchantFree1"] for form in shop.receive()] == ["2", FREE1]


def test_a_notice_that_none_overtakes_comes_after_a_while(slips, shop):
    assert told(shop, NoticeFault.REORDERED) == []
    slips.clock.advance(timedelta(minutes=30))
    assert len(shop.receive()) == 1


def test_a_slip_that_is_paid_twice_is_told_twice(slips, shop):
    slips.new()
    slips.pay(times=2, faults=(NoticeFault.REORDERED,))
    second, first = shop.receive()
    assert second["RecvNum"] > first["RecvNum"]
    assert (
        slips.follow("2Ref", {key: first[key] for key in ("ProcessId", "ProcessPass")}).fields[
            "RecvNum"
        ]
        == (first["RecvNum"])
    )


def test_a_notice_may_tell_of_a_deposit_that_never_was(slips, shop):
    pair = slips.new()
    shop.collection.send_notice(FREE1, (NoticeFault.WRONG_HASH,))
    (form,) = shop.receive()
    assert form["NyukinDate"] == "202601051000"
    assert "NyukinDate" not in slips.follow("2Ref", pair).fields
    assert slips.only.state_at(slips.now) == "unpaid"


@pytest.mark.usefixtures("asleep")
def test_without_an_address_a_notice_is_kept_until_somebody_sends_it_again(serve):
    slips = Slips(serve())
    shop = Shop(slips)
    slips.in_state("paid")
    assert shop.receive() == []
    assert shop.collection.notices()[0].end is NoticeEnd.NO_ADDRESS
    shop.collection.register_notice_url("http://shop.example/", "12345678")
    assert shop.receive() == []
    shop.collection.send_notice(FREE1)
    assert len(shop.receive()) == 1
    assert shop.collection.notice_url("87654321") == ""


def test_a_notice_goes_to_the_address_of_the_moment(slips, shop):
    slips.in_state("paid")
    shop.collection.register_notice_url("http://elsewhere.example/?a=b")
    shop.receive()
    assert shop.collection.notices()[0].attempts[0].url == "http://elsewhere.example/?a=b"


def test_an_address_that_was_taken_away_is_none(slips, shop):
    slips.in_state("paid")
    shop.collection.register_notice_url("")
    assert shop.receive() == []
    assert shop.collection.notices()[0].attempts[0].error == "no address"


@pytest.mark.parametrize(
    "url",
    ["shop.example", "ftp://shop.example/", "http://", "http://a b/", "http://x:0/", "x" * 300],
)
def test_what_is_no_address_is_not_registered(shop, url):
    with pytest.raises(ValueError, match="http"):
        shop.collection.register_notice_url(url)
    assert shop.collection.notice_url("12345678") == "http://shop.example/notice"


def test_over_the_wire_a_notice_is_posted_and_its_reply_kept(serve):
    with receiving() as receiver:
        receiver.reply = b"0"
        slips = Slips(serve(notice_url=f"{receiver.url}?wc-api=wc_sonypayment"))
        slips.in_state("paid")
        assert receiver.wait()["MerchantFree1"] == FREE1


def test_moving_the_clock_over_the_wire_pays_and_tells_what_is_due(serve):
    with receiving() as receiver:
        receiver.reply = b"0"
        slips = Slips(serve(notice_url=receiver.url))
        pair = slips.new()
        slips.gateway.collection.plan(
            FREE1, slips.now + timedelta(days=2), SlipPayment(cvs_cd="ATM")
        )
        slips.merchant.request("PUT", "/simulator/clock", '{"advance_seconds": 172799}')
        assert receiver.waiting == 0
        slips.merchant.request("PUT", "/simulator/clock", '{"advance_seconds": 86400}')
        assert receiver.waiting == 1
        assert receiver.wait()["NyukinDate"] == "202601071000"
        assert slips.follow("2Ref", pair).fields["CvsCd"] == "ATM"


def test_moving_the_clock_over_the_wire_tries_again(serve):
    with receiving() as receiver:
        receiver.reply = b"0"
        receiver.answer_with(500)
        slips = Slips(serve(notice_url=receiver.url))
        slips.new()
        path = f"/simulator/slips/{FREE1}/pay"
        paid = json.loads(slips.merchant.request("POST", path).body)
        assert [notice["state"] for notice in paid["notices"]] == ["waiting"]
        slips.merchant.request("PUT", "/simulator/clock", '{"advance_seconds": 60}')
        (notice,) = slips.gateway.collection.notices()
        assert [attempt.status for attempt in notice.attempts] == [500, 200]


def test_a_merchant_that_is_not_there_is_told_later(serve):
    with receiving() as receiver:
        gone = receiver.url
    slips = Slips(serve(notice_url=gone))
    slips.new()
    slips.merchant.request("POST", f"/simulator/slips/{FREE1}/pay")
    (notice,) = slips.gateway.collection.notices()
    assert (notice.attempts[0].status, notice.attempts[0].error) == (None, "ConnectionRefusedError")
    assert notice.due == slips.now + timedelta(minutes=1)


def test_a_redirect_is_not_followed_and_confirms_nothing(serve):
    with receiving() as receiver:
        receiver.reply = b"0"
        receiver.answer_with(301)
        slips = Slips(serve(notice_url=receiver.url))
        slips.new()
        slips.merchant.request("POST", f"/simulator/slips/{FREE1}/pay")
        assert slips.gateway.collection.notices()[0].attempts[0].status == 301
        assert receiver.waiting == 1


def test_a_reply_to_a_notice_that_was_forgotten_meanwhile_does_no_harm(slips, shop):
    slips.in_state("paid")
    notice = shop.collection.next_notice()
    slips.gateway.reset()
    assert shop.collection.note_reply(notice.number, "http://shop.example/", 200, "0") is None
    assert shop.collection.notices() == []


def test_a_merchant_that_never_answers_is_not_waited_for_for_ever(serve, monkeypatch):
    monkeypatch.setattr("escott.simulator.notice_sender._TIMEOUT", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        slips = Slips(serve(notice_url=f"http://127.0.0.1:{silent.getsockname()[1]}/"))
        slips.new()
        slips.merchant.request("POST", f"/simulator/slips/{FREE1}/pay")
        assert slips.gateway.collection.notices()[0].attempts[0].error == "TimeoutError"


def test_a_server_that_is_given_an_address_keeps_it_through_a_reset():
    options = Options(notice_replies=frozenset({"OK"}))
    with SimulatorServer(options=options, notice_url="http://127.0.0.1:9/") as server:
        assert server.gateway.options.notice_replies == {"OK"}
        server.gateway.collection.register_notice_url("")
        server.gateway.reset()
        assert server.gateway.collection.notice_url("12345678") == "http://127.0.0.1:9/"
