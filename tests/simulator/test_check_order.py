"""Which check comes first, and which codes are joined (protocol.md, section M 3)."""

from __future__ import annotations

from datetime import timedelta

import pytest

BAD_TOKEN = "short"
UNKNOWN_PAIR = {"ProcessId": "a" * 32, "ProcessPass": "b" * 32}
DIRECT = {"CardNo": "4000000000001000", "CardExp": "2812"}
CHARGE = {"Amount": "1000", "PayType": "01"}


def test_an_unknown_merchant_is_k02(merchant):
    assert merchant.send("1Auth", MerchantId="99999999").codes == ["K02"]


def test_a_merchant_without_id_is_k02(merchant):
    assert merchant.send("1Auth", MerchantId=None).codes == ["K02"]


def test_a_wrong_password_is_k03(merchant):
    assert merchant.send("1Auth", MerchantPass="wrong").codes == ["K03"]


def test_the_code_of_a_wrong_password_is_an_option(serve):
    assert serve(wrong_pass_code="K02").send("1Auth", MerchantPass="wrong").codes == ["K02"]


def test_the_fifth_wrong_password_locks_the_merchant_out(merchant):
    codes = [merchant.send("1Auth", MerchantPass="wrong").codes[0] for _ in range(5)]
    assert codes == ["K03", "K03", "K03", "K03", "KG8"]
    assert merchant.charge().codes == ["KG8"]


def test_the_lock_out_ends_after_half_an_hour(merchant):
    for _ in range(5):
        merchant.send("1Auth", MerchantPass="wrong")
    merchant.clock.advance(timedelta(minutes=30))
    assert merchant.charge().codes == ["OK"]


def test_after_a_lock_out_the_count_begins_again(merchant):
    for _ in range(5):
        merchant.send("1Auth", MerchantPass="wrong")
    merchant.clock.advance(timedelta(minutes=30))
    assert merchant.send("1Auth", MerchantPass="wrong").codes == ["K03"]


def test_a_right_password_ends_the_row_of_wrong_ones(merchant):
    for _ in range(4):
        merchant.send("1Auth", MerchantPass="wrong")
    merchant.charge()
    assert merchant.send("1Auth", MerchantPass="wrong").codes == ["K03"]


def test_the_merchant_is_checked_before_the_fields(merchant):
    assert merchant.send("1Auth", MerchantPass="wrong", Amount="abc").codes == ["K03"]


@pytest.mark.parametrize("operation", ["1auth", "9Unknown", "3Secure", ""])
def test_an_unknown_operation_is_k06(merchant, operation):
    assert merchant.post("/online/aut/OAUT002.do", merchant.fields(operation)).codes == ["K06"]


def test_an_operation_at_the_wrong_path_is_k06(merchant):
    fields = merchant.fields("1Auth", Token=merchant.gateway.token_for(), **CHARGE)
    assert merchant.post("/online/atn/OATN005.do", fields).codes == ["K06"]


def test_the_collection_contract_does_not_cover_cards(merchant):
    pair = {"MerchantId": "87654321", "MerchantPass": "pass4321"}
    assert merchant.send("1Auth", **pair, **DIRECT, **CHARGE).codes == ["K06"]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("TenantId", "1", "K04"),
        ("TransactionDate", "20260230", "K05"),
        ("TransactionDate", None, "K05"),
        ("MerchantFree1", "x" * 21, "K07"),
        ("MerchantFree1", "全角", "K07"),
        ("MerchantFree2", "全角", "K08"),
        ("MerchantFree3", "x" * 21, "K09"),
        ("CardNo", "4000", "K20"),
        ("CardNo", "4000000000001001", "K82"),
        ("CardNo", None, "K20"),
        ("CardExp", "2813", "K21"),
        ("CardExp", None, "K21"),
        ("PayType", "1", "K22"),
        ("PayType", None, "K22"),
        ("Amount", "0", "K23"),
        ("Amount", "-5", "K23"),
        ("Amount", "1,000", "K23"),
        ("Amount", "123456789", "K23"),
        ("Amount", "\uff11\uff10", "K23"),
        ("Amount", None, "K23"),
        ("SecCd", "77", "K24"),
        ("KanaSei", "ヤマダ", "K25"),
        ("KanaMei", "hanako", "K26"),
        ("BirthDay", "1332", "K27"),
        ("TelNo", "0312345678", "K28"),
        ("KaiinId", "abcd1234", "KIJ"),
        ("Token", "f" * 64, "KIJ"),
        ("TenantId", "0002", "K13"),
    ],
)
def test_a_field_that_is_not_as_it_must_be_has_its_own_code(merchant, field, value, code):
    fields = {**DIRECT, **CHARGE, field: value}
    assert merchant.send("1Auth", **fields).codes == [code]


@pytest.mark.parametrize(
    ("operation", "field", "value", "code"),
    [
        ("1Capture", "ProcessId", None, "K10"),
        ("1Capture", "ProcessId", "a" * 31, "K10"),
        ("1Capture", "ProcessPass", None, "K11"),
        ("1Capture", "SalesDate", None, "K39"),
        ("1Capture", "SalesDate", "20260106", "K39"),
        ("1Change", "Amount", None, "K23"),
        ("1ReAuth", "Amount", None, "K23"),
        ("1ReAuth", "SalesDate", "20261301", "K39"),
        ("1Delete", "KaiinId", "a", "K45"),
        ("1Delete", "KaiinPass", "!", "K46"),
    ],
)
def test_so_has_a_field_of_a_process_telegram(merchant, operation, field, value, code):
    answer = merchant.follow(operation, dict(UNKNOWN_PAIR), **{field: value})
    assert answer.codes == [code]


def test_field_codes_are_joined_in_their_order(merchant):
    answer = merchant.send("1Auth", CardNo="4", CardExp="9999", Amount="0", PayType="01")
    assert answer.fields["ResponseCd"] == "K20|K21|K23"


def test_a_sales_date_counts_in_japan(merchant):
    pair = merchant.transaction("authorised")
    merchant.clock.set(merchant.clock.now().replace(hour=0, minute=1) + timedelta(days=1))
    assert merchant.follow("1Capture", pair, SalesDate="20260106").codes == ["OK"]


def test_the_fields_are_checked_before_the_token(merchant):
    assert merchant.send("1Auth", Token=BAD_TOKEN, Amount="0", PayType="01").codes == ["K23"]


def test_the_fields_are_checked_before_the_pair(merchant):
    assert merchant.send("1Delete", ProcessId="x", ProcessPass="b" * 32).codes == ["K10"]


def test_a_member_is_unknown_as_long_as_there_are_none(merchant):
    member = {"KaiinId": "abcd1234", "KaiinPass": "pass1234"}
    assert merchant.send("1Auth", **CHARGE, **member).codes == ["K71"]


def test_half_a_member_lacks_the_other_field(merchant):
    assert merchant.send("1Auth", KaiinId="abcd1234", **CHARGE).codes == ["K46"]


def test_a_process_telegram_may_not_name_a_member_that_the_first_did_not(merchant):
    pair = merchant.transaction("authorised")
    member = {"KaiinId": "abcd1234", "KaiinPass": "pass1234"}
    assert merchant.follow("1Capture", pair, **member).codes == ["K81"]


def test_the_pair_is_checked_before_the_member(merchant):
    assert merchant.follow("1Delete", dict(UNKNOWN_PAIR), KaiinId="abcd1234").codes == ["K12"]


def test_the_member_is_checked_before_the_state(merchant):
    pair = merchant.transaction("cancelled")
    assert merchant.follow("1Delete", pair, KaiinId="abcd1234").codes == ["K81"]


def test_the_state_is_checked_before_the_amount(merchant):
    pair = merchant.transaction("cancelled")
    assert merchant.follow("1Change", pair, Amount="3780").codes == ["K14"]


def test_a_token_is_checked_before_the_issuer(merchant):
    assert merchant.send("1Auth", Token=BAD_TOKEN, **CHARGE).codes == ["KHX"]


def test_fields_that_do_not_belong_are_ignored(merchant):
    assert merchant.charge("1Auth", SalesDate="nonsense", ProcessId="?", eLIO="").codes == ["OK"]


def test_empty_fields_are_absent(merchant):
    answer = merchant.charge("1Auth", KaiinId="", KaiinPass="", CardNo="", SecCd="", TenantId="")
    assert answer.codes == ["OK"]


def test_an_empty_required_field_is_missing(merchant):
    assert merchant.charge("1Auth", Amount="").codes == ["K23"]
