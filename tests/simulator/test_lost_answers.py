"""Slow, lost, late and broken answers: what the caller sees, and what stands in the books."""

from __future__ import annotations

import http.client
import threading
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from escott.simulator import troubles
from escott.simulator.magic_cards import DEMO_CARD, TROUBLED

CARD_PATH = "/online/aut/OAUT002.do"
BROKEN_LINE = (http.client.RemoteDisconnected, ConnectionResetError)


def card_with(trouble, *, on_follow_up=False):
    return next(
        card for card in TROUBLED if card.trouble is trouble and card.on_follow_up is on_follow_up
    )


def status_of(merchant, token):
    return merchant.send("1TokenSearch", Token=token).fields["TokenResponseCd"]


def test_a_lost_answer_leaves_a_charge(merchant):
    with pytest.raises(BROKEN_LINE):
        merchant.charge(card=card_with(troubles.LOST_AFTER))
    assert len(merchant.gateway.charges("000000000042")) == 1


def test_a_line_that_broke_before_leaves_none_and_the_token_unused(merchant):
    token = merchant.gateway.token_for(card_with(troubles.LOST_BEFORE))
    with pytest.raises(BROKEN_LINE):
        merchant.charge(Token=token)
    assert merchant.gateway.console() == []
    assert status_of(merchant, token) == "OK"


def test_a_late_request_is_carried_out_after_it_was_given_up(merchant):
    token = merchant.gateway.token_for(card_with(troubles.CARRIED_OUT_LATE))
    with pytest.raises(BROKEN_LINE):
        merchant.charge(Token=token)
    merchant.clock.advance(timedelta(seconds=29))
    assert (merchant.gateway.charges(), status_of(merchant, token)) == ([], "OK")
    merchant.clock.advance(timedelta(seconds=1))
    assert status_of(merchant, token) == "KI2"
    (charge,) = merchant.gateway.charges()
    assert (charge.amount, charge.begun_at) == (3780, merchant.clock.now())


def test_a_late_request_is_carried_out_once(merchant):
    card = card_with(troubles.CARRIED_OUT_LATE)
    direct = {"CardNo": card.number, "CardExp": card.expiry}
    with pytest.raises(BROKEN_LINE):
        merchant.send("1Auth", Amount="3780", PayType="01", **direct)
    merchant.clock.advance(timedelta(days=1))
    merchant.gateway.console()
    assert len(merchant.gateway.charges()) == 1


def test_a_late_request_whose_token_has_gone_charges_nothing(serve):
    merchant = serve(late_by=timedelta(hours=1))
    with pytest.raises(BROKEN_LINE):
        merchant.charge(card=card_with(troubles.CARRIED_OUT_LATE))
    merchant.clock.advance(timedelta(hours=2))
    assert merchant.gateway.charges() == []


def test_a_slow_answer_comes(merchant):
    assert merchant.charge(card=card_with(troubles.SLOW)).codes == ["OK"]


def test_nobody_waits_for_somebody_elses_slow_answer(serve):
    merchant = serve(hang_seconds=600)
    token = merchant.gateway.token_for(card_with(troubles.HANGS_AFTER))
    body = urlencode(merchant.fields("1Auth", Token=token, Amount="1", PayType="01"))
    hanging = [http.client.HTTPConnection(merchant.host, timeout=10) for _ in range(20)]
    for connection in hanging:
        connection.request("POST", CARD_PATH, body)
    assert merchant.charge(card=DEMO_CARD).codes == ["OK"]
    for connection in hanging:
        connection.close()


@pytest.mark.parametrize(
    ("trouble", "charges"), [(troubles.HANGS_AFTER, 1), (troubles.HANGS_BEFORE, 0)]
)
def test_silence_lasts_until_the_caller_gives_up(merchant, trouble, charges):
    with pytest.raises(TimeoutError):
        merchant.charge(card=card_with(trouble), timeout=0.2)
    assert len(merchant.gateway.charges()) == charges


def test_silence_does_not_last_for_ever(serve):
    merchant = serve(hang_seconds=0.1)
    with pytest.raises(BROKEN_LINE):
        merchant.charge(card=card_with(troubles.HANGS_AFTER))


def test_a_server_that_stops_hangs_up(serve):
    merchant = serve()
    seen: list[BaseException] = []

    def wait_in_silence():
        try:
            merchant.charge(card=card_with(troubles.HANGS_AFTER), timeout=30)
        except BROKEN_LINE as error:
            seen.append(error)

    waiting = threading.Thread(target=wait_in_silence)
    waiting.start()
    while not merchant.gateway.charges():
        pass
    serve.stop_all()
    waiting.join()
    assert len(seen) == 1


@pytest.mark.parametrize(
    ("trouble", "status", "length"),
    [
        (troubles.ANSWERS_HTML, 200, None),
        (troubles.ANSWERS_ERROR, 500, None),
        (troubles.ANSWERS_NOTHING, 200, 0),
        (troubles.ANSWERS_TOO_MUCH, 200, 10 * 1024 * 1024),
    ],
)
def test_a_broken_answer_leaves_a_charge(merchant, trouble, status, length):
    answer = merchant.charge(card=card_with(trouble))
    assert answer.status == status
    assert length is None or len(answer.body) == length
    assert len(merchant.gateway.charges()) == 1


def test_half_an_answer_breaks_off(merchant):
    with pytest.raises(http.client.IncompleteRead) as broken:
        merchant.charge(card=card_with(troubles.ANSWERS_HALF))
    assert broken.value.partial.startswith(b"TransactionId=")
    assert len(merchant.gateway.charges()) == 1


def test_an_answer_may_lack_its_code(merchant):
    answer = merchant.charge(card=card_with(troubles.ANSWERS_WITHOUT_CODE)).fields
    assert "ResponseCd" not in answer
    assert "ProcessId" in answer
    assert len(merchant.gateway.charges()) == 1


def test_k96_may_come_although_it_was_charged(merchant):
    answer = merchant.charge(card=card_with(troubles.CHARGED_BUT_K96))
    assert answer.codes == ["K96"]
    assert "ProcessId" not in answer.fields
    assert len(merchant.gateway.charges()) == 1


def test_a_later_operation_may_be_carried_out_and_its_answer_lost(merchant):
    card = card_with(troubles.LOST_AFTER, on_follow_up=True)
    pair = merchant.transaction("authorised", Token=merchant.gateway.token_for(card))
    with pytest.raises(BROKEN_LINE):
        merchant.follow("1Capture", pair)
    assert merchant.follow("1Search", pair).fields["SalesDate"] == "20260105"


def test_a_later_operation_may_never_arrive(merchant):
    card = card_with(troubles.LOST_BEFORE, on_follow_up=True)
    pair = merchant.transaction("authorised", Token=merchant.gateway.token_for(card))
    with pytest.raises(BROKEN_LINE):
        merchant.follow("1Capture", pair)
    assert merchant.follow("1Search", pair).fields["SalesDate"] == ""


def test_a_later_operation_may_be_carried_out_late(merchant):
    card = card_with(troubles.CARRIED_OUT_LATE, on_follow_up=True)
    pair = merchant.transaction("authorised", Token=merchant.gateway.token_for(card))
    with pytest.raises(BROKEN_LINE):
        merchant.follow("1Delete", pair)
    assert merchant.gateway.transactions()[0].state == "authorised"
    merchant.clock.advance(timedelta(seconds=30))
    assert merchant.gateway.transactions()[0].state == "cancelled"


def test_what_is_refused_is_refused_at_once(merchant):
    card = card_with(troubles.LOST_AFTER, on_follow_up=True)
    pair = merchant.transaction("authorised", Token=merchant.gateway.token_for(card))
    assert merchant.follow("1Change", pair, Amount="3780").codes == ["K23"]
