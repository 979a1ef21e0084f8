"""Every state of a slip times every telegram about it, over HTTP (protocol.md H)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from escott.simulator.slip_law import SLIP_LAW, law_refusing_with
from tests.simulator.slips import CHANGE, STATES, Slips

#: What is carried out, and the state it leads to; the code where nothing is.
OUTCOMES = {
    ("unpaid", "2Chg"): "unpaid",
    ("unpaid", "2Del"): "deleted",
    ("unpaid", "2Ref"): "unpaid",
    ("paid", "2Chg"): "K14",
    ("paid", "2Del"): "K14",
    ("paid", "2Ref"): "paid",
    ("deleted", "2Chg"): "K12",
    ("deleted", "2Del"): "K12",
    ("deleted", "2Ref"): "K12",
    ("expired", "2Chg"): "K14",
    ("expired", "2Del"): "K14",
    ("expired", "2Ref"): "expired",
}
OPERATIONS = ("2Chg", "2Del", "2Ref")


@pytest.fixture
def slips(merchant):
    return Slips(merchant)


def test_the_table_has_every_state_and_every_telegram():
    cells = {(state, operation) for state, row in SLIP_LAW.items() for operation in row}
    assert cells == set(OUTCOMES)


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("state", STATES)
def test_each_cell_of_the_table(slips, state, operation):
    pair = slips.in_state(state)
    before = slips.only
    answer = slips.follow(operation, pair, PayLimit="202602012359" if operation == "2Chg" else None)
    after = slips.only
    expected = OUTCOMES[state, operation]
    if expected in STATES:
        assert answer.codes == ["OK"]
        assert after.state_at(slips.now) == expected
    else:
        assert answer.codes == [expected]
        assert (after.state_at(slips.now), after.amount) == (state, before.amount)
        assert after.kessai_number == before.kessai_number


@pytest.mark.parametrize("state", ["paid", "expired"])
def test_a_gateway_may_refuse_with_another_code(serve, state):
    slips = Slips(serve(slip_law=law_refusing_with("W02")))
    pair = slips.in_state(state)
    assert slips.follow("2Del", pair).codes == ["W02"]
    assert slips.follow("2Ref", pair).codes == ["OK"]


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("wrong", [{"ProcessId": "0" * 32}, {"ProcessPass": "0" * 32}])
def test_an_unknown_pair_is_k12(slips, operation, wrong):
    pair = slips.new() | wrong
    assert slips.follow(operation, pair).codes == ["K12"]


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize(("missing", "code"), [("ProcessId", "K10"), ("ProcessPass", "K11")])
def test_a_pair_is_needed(slips, operation, missing, code):
    pair = slips.new() | {missing: None}
    assert slips.follow(operation, pair).codes == [code]


def test_the_slip_of_another_merchant_is_k12(slips, merchant):
    pair = slips.new()
    other = Slips(merchant, MerchantId="87654321", MerchantPass="pass4321")
    assert other.follow("2Ref", pair).codes == ["K12"]
    assert other.follow("2Ref", other.new(MerchantFree1="7")).codes == ["OK"]


def test_a_card_s_pair_is_none_of_a_slip(slips, merchant):
    assert slips.follow("2Ref", merchant.transaction("gathered")).codes == ["K12"]
    assert merchant.follow("1Search", slips.new()).codes == ["K12"]


def test_a_registration_brings_number_and_link(slips):
    told = slips.add().fields
    assert told["KessaiNumber"].isdecimal()
    assert len(told["FreeArea"]) == 64
    assert told["FreeArea"].strip() == slips.only.link_code


def test_the_link_may_come_without_spaces_behind_it(serve):
    assert len(Slips(serve(free_area_width=0)).add().fields["FreeArea"]) == 40


def test_a_change_brings_another_number_and_link_and_only_once(slips):
    first = slips.add().fields
    pair = {name: first[name] for name in ("ProcessId", "ProcessPass")}
    second = slips.follow("2Chg", pair).fields
    assert second["ResponseCd"] == "OK"
    assert second["KessaiNumber"] != first["KessaiNumber"]
    assert second["FreeArea"] != first["FreeArea"]
    assert (slips.only.amount, slips.only.pay_limit.isoformat()) == (
        4000,
        "2026-01-14T23:59:00+09:00",
    )
    assert slips.follow("2Chg", pair, Amount="5000").codes == ["K14"]
    assert slips.only.amount == 4000
    assert slips.follow("2Del", pair).codes == ["OK"]


def test_a_gateway_may_let_a_slip_be_changed_twice(serve):
    slips = Slips(serve(slip_changes=2))
    pair = slips.new()
    codes = [slips.follow("2Chg", pair, Amount=amount).codes for amount in ("1", "2", "3")]
    assert codes == [["OK"], ["OK"], ["K14"]]


def test_a_change_of_the_day_alone_or_of_the_amount_alone_is_one(slips):
    pair = slips.new()
    assert slips.follow("2Chg", pair, Amount="3780").codes == ["OK"]


def test_a_slip_can_be_paid_to_the_end_of_its_last_minute(slips):
    pair = slips.new()
    slips.clock.set(slips.only.pay_limit + timedelta(seconds=59))
    assert slips.follow("2Chg", pair, PayLimit=CHANGE["PayLimit"]).codes == ["OK"]
    slips.clock.set(slips.only.pay_limit + timedelta(minutes=1))
    assert slips.only.state_at(slips.now) == "expired"


def test_an_inquiry_tells_nothing_of_a_deposit_while_there_is_none(slips):
    told = slips.follow("2Ref", slips.new()).fields
    assert told["Amount"] == "3780"
    assert "NyukinDate" not in told
    assert "RecvNum" not in told


def test_an_inquiry_tells_of_the_deposit(slips):
    pair = slips.new()
    slips.clock.advance(timedelta(hours=2, minutes=3))
    paid = slips.pay(cvs_cd="FAM")
    told = slips.follow("2Ref", pair).fields
    deposit = paid.deposits[0]
    assert {
        "Amount": "3780",
        "CvsCd": "FAM",
        "TenantCd": deposit.tenant_cd,
        "NyukinDate": "202601051203",
        "StampFlag": "0",
        "RecvNum": deposit.recv_num,
    }.items() <= told.items()
    assert len(deposit.tenant_cd) <= 5


@pytest.mark.parametrize(
    ("digits", "written"), [(8, "20260105"), (12, "202601051000"), (14, "20260105100000")]
)
def test_the_moment_of_a_deposit_is_written_in_one_of_three_ways(serve, digits, written):
    slips = Slips(serve(nyukin_date_digits=digits))
    pair = slips.in_state("paid")
    assert slips.follow("2Ref", pair).fields["NyukinDate"] == written


@pytest.mark.parametrize(
    ("amount", "cvs_cd", "stamped"),
    [("50000", "LSN", "1"), ("49999", "LSN", "0"), ("50000", "ONL", "0")],
)
def test_a_store_puts_a_revenue_stamp_on_a_large_receipt(slips, amount, cvs_cd, stamped):
    pair = slips.new(Amount=amount)
    slips.pay(cvs_cd=cvs_cd)
    assert slips.follow("2Ref", pair).fields["StampFlag"] == stamped


def test_after_the_handling_period_only_an_inquiry_is_left(slips):
    pair = slips.new(PayLimit="202604302359")
    slips.clock.advance(timedelta(days=60))
    assert slips.follow("2Chg", pair, PayLimit="202604302359").codes == ["OK"]
    slips.clock.advance(timedelta(days=1))
    assert slips.follow("2Del", pair).codes == ["K12"]
    assert slips.follow("2Ref", pair).codes == ["OK"]
    slips.clock.advance(timedelta(days=200))
    assert slips.follow("2Ref", pair).codes == ["K12"]


def test_the_history_keeps_refusals_and_no_inquiries(slips):
    pair = slips.new()
    slips.follow("2Ref", pair)
    slips.pay()
    slips.follow("2Del", pair)
    told = [(entry.act.value, entry.codes, entry.by.value) for entry in slips.only.history]
    assert told == [
        ("2Add", ("OK",), "shop"),
        ("pay", ("OK",), "till"),
        ("2Del", ("K14",), "shop"),
    ]


def test_every_answer_echoes_and_names_the_pair(slips):
    pair = slips.new(MerchantFree2="two", MerchantFree3="三")
    told = slips.follow("2Ref", pair, MerchantFree2="again").fields
    assert pair.items() <= told.items()
    assert (told["OperateId"], told["MerchantFree2"]) == ("2Ref", "again")


def test_a_slip_s_telegram_has_a_path_of_its_own(slips):
    fields = slips.merchant.fields("2Ref", **slips.new())
    assert slips.merchant.post("/online/aut/OAUT002.do", fields).codes == ["K06"]
