"""The payers whose kana makes something happen."""

from __future__ import annotations

import http.client
from datetime import timedelta

import pytest

from escott.gateway.operations import OperateId
from escott.gateway.response_codes import CATALOGUE
from escott.simulator.full_width import is_katakana
from escott.simulator.magic_payers import (
    DECLINED,
    OPERATIONS,
    OUTCOMES,
    TROUBLED,
    outcome_for,
    read_out,
)
from escott.simulator.troubles import Booked
from tests.simulator.receiver import receiving
from tests.simulator.slips import FREE1, Slips

NO_ANSWER = (http.client.HTTPException, OSError)
#: The words before an outcome, without the empty one.
LATER = [word for word in OPERATIONS if word]
#: What each trouble lets a caller see.
SEEN = {
    "slow": "OK",
    "lost_after": None,
    "lost_before": None,
    "carried_out_late": None,
    "hangs_after": None,
    "hangs_before": None,
    "html": "html",
    "error_500": "500",
    "empty": "",
    "half": None,
    "huge": "huge",
    "without_code": "no code",
    "done_but_k96": "K96",
    "paid_at_once": "OK",
}


@pytest.fixture
def slips(merchant):
    return Slips(merchant)


def seen(act):
    """What the caller sees of an answer; None where none comes."""
    try:
        answer = act()
    except NO_ANSWER:
        return None
    if answer.status != 200:
        return str(answer.status)
    if not answer.body or b"<html" in answer.body.lower() or b"<!DOCTYPE" in answer.body:
        return "html" if answer.body else ""
    if len(answer.body) > 1_000_000:
        return "huge"
    return answer.fields.get("ResponseCd", "no code")


def test_every_word_is_katakana_and_leaves_room_for_a_name():
    words = [word + row.kana for word in OPERATIONS for row in OUTCOMES.values()]
    assert len(words) == len(set(words))
    assert [word for word in words if not is_katakana(word) or len(word) > 19] == []


def test_no_word_is_taken_for_another():
    for word, operation in OPERATIONS.items():
        for row in OUTCOMES.values():
            for asked in OPERATIONS.values():
                found = outcome_for(f"{word}{row.kana}　ハナコ", asked)
                assert found.name == (row.name if asked is operation else "")


def test_codes_are_read_out_in_japanese():
    assert (read_out("K51"), read_out("W99")) == ("ケーゴイチ", "ダブリューキュウキュウ")
    assert all(row.decline in CATALOGUE for row in DECLINED)


@pytest.mark.parametrize(
    "kana", ["ヤマダ　ハナコ", "オク　レイコ", "ダン　マリ", "ケーコ", "ヘンコウ", ""]
)
def test_other_names_do_nothing(kana):
    assert {outcome_for(kana, operation).name for operation in OPERATIONS.values()} == {""}


@pytest.mark.parametrize("kana", ["カラッポ", "カラッポタロウ", "カラ・ッポ　タロウ", "ｶﾗｯﾎﾟ ﾀﾛｳ"])
def test_a_word_is_found_however_it_is_spaced_and_written(kana):
    assert outcome_for(kana, OperateId.SLIP_ADD).name == "empty"


@pytest.mark.parametrize("row", DECLINED, ids=lambda row: row.decline)
def test_a_code_refuses_the_registration(slips, row):
    assert slips.add(NameKana=f"{row.kana}　ア").codes == [row.decline]
    assert slips.gateway.collection.slips() == []


@pytest.mark.parametrize("row", TROUBLED, ids=lambda row: row.name)
def test_a_trouble_of_a_registration(slips, row):
    came = seen(lambda: slips.add(timeout=2, NameKana=f"{row.kana}　ア"))
    assert came == SEEN[row.name]
    registered = len(slips.gateway.collection.slips())
    assert registered == (row.trouble.booked is Booked.AT_ONCE)
    slips.clock.advance(timedelta(minutes=1))
    registered = len(slips.gateway.collection.slips())
    assert registered == (row.trouble.booked is not Booked.NEVER)


@pytest.mark.parametrize("word", LATER)
@pytest.mark.parametrize("name", ["K14", "lost_after", "lost_before", "done_but_k96", "html"])
def test_a_trouble_of_a_later_telegram_alone(slips, word, name):
    row, operation = OUTCOMES[name], OPERATIONS[word].value
    pair = slips.new(NameKana=f"{word}{row.kana}　ア")
    came = seen(lambda: slips.follow(operation, pair, timeout=2))
    assert came == (row.decline or SEEN[name])
    is_done = not row.decline and row.trouble.booked is not Booked.NEVER
    slip = slips.only
    assert slip.changes == (is_done and operation == "2Chg")
    assert slip.is_deleted == (is_done and operation == "2Del")


def test_a_refused_later_telegram_is_in_the_history(slips):
    pair = slips.new(NameKana="ヘンコウダブリューゼロイチ　ア")
    slips.follow("2Chg", pair)
    assert slips.only.history[-1].codes == ("W01",)
    assert slips.follow("2Del", pair).codes == ["OK"]


def test_a_change_may_be_carried_out_late(slips):
    pair = slips.new(NameKana="ヘンコウアトカラショリ　ア")
    assert seen(lambda: slips.follow("2Chg", pair)) is None
    assert slips.only.changes == 0
    slips.clock.advance(timedelta(minutes=1))
    assert (slips.only.changes, slips.only.amount) == (1, 4000)


def test_a_deposit_may_be_told_before_the_answer_to_the_registration(serve):
    with receiving() as receiver:
        receiver.reply = b"0"
        slips = Slips(serve(notice_url=receiver.url, slow_seconds=1.5))
        answer = slips.add(NameKana="ハヤバライ　ア")
        assert receiver.waiting == 1
        assert receiver.wait()["ProcessId"] == answer.fields["ProcessId"]


def test_a_trouble_can_be_planned_for_the_next_telegrams_of_anybody(slips):
    pair = slips.new()
    slips.gateway.collection.trouble("2Ref", "K96", times=2)
    codes = [slips.follow("2Ref", pair).codes for _ in range(3)]
    assert codes == [["K96"], ["K96"], ["OK"]]
    slips.gateway.collection.trouble("2Del", "lost_after")
    assert seen(lambda: slips.follow("2Del", pair)) is None
    assert slips.only.is_deleted


@pytest.mark.parametrize(
    ("operation", "outcome", "times"),
    [("1Auth", "K96", 1), ("2Ref", "nonsense", 1), ("2Ref", "K96", 0)],
)
def test_a_trouble_that_there_is_not_is_a_mistake(slips, operation, outcome, times):
    with pytest.raises(ValueError, match=outcome):
        slips.gateway.collection.trouble(operation, outcome, times)


def test_a_planned_trouble_comes_before_the_name(slips):
    slips.gateway.collection.trouble("2Add", "W01")
    assert slips.add(NameKana="ケーゴイチ　ア").codes == ["W01"]
    assert slips.add(NameKana="ケーゴイチ　ア").codes == ["K51"]
    assert FREE1 not in {slip.merchant_free1 for slip in slips.gateway.collection.slips()}
