"""Every state times every process telegram, over HTTP (protocol.md, section C)."""

from __future__ import annotations

import pytest

from escott.simulator.law import STRICT_LAW

#: Section C's table: what is carried out, and the state it leads to. The rest is K14.
OUTCOMES = {
    ("checked", "1Search"): "checked",
    ("authorised", "1Capture"): "captured",
    ("authorised", "1Change"): "authorised",
    ("authorised", "1Delete"): "cancelled",
    ("authorised", "1ReAuth"): "authorised",
    ("authorised", "1Search"): "authorised",
    ("captured", "1Change"): "captured",
    ("captured", "1Delete"): "cancelled",
    ("captured", "1Search"): "captured",
    ("gathered", "1Change"): "gathered",
    ("gathered", "1Delete"): "cancelled",
    ("gathered", "1Search"): "gathered",
    ("cancelled", "1ReAuth"): "authorised",
    ("cancelled", "1Search"): "cancelled",
}
STATES = ("checked", "authorised", "captured", "gathered", "cancelled")
OPERATIONS = ("1Capture", "1Change", "1Delete", "1ReAuth", "1Search")


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("state", STATES)
def test_each_cell_of_the_table(merchant, state, operation):
    pair = merchant.transaction(state)
    (before,) = merchant.gateway.transactions()
    answer = merchant.follow(operation, pair)
    (after,) = merchant.gateway.transactions()
    if (state, operation) in OUTCOMES:
        assert answer.codes == ["OK"]
        assert after.state.value == OUTCOMES[state, operation]
    else:
        assert answer.codes == ["K14"]
        assert (after.state, after.amount) == (before.state, before.amount)


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("wrong", [{"ProcessId": "0" * 32}, {"ProcessPass": "0" * 32}])
def test_an_unknown_pair_is_k12(merchant, operation, wrong):
    pair = merchant.transaction("authorised") | wrong
    assert merchant.follow(operation, pair).codes == ["K12"]


def test_a_cancelled_immediate_sale_comes_back_as_one(merchant):
    pair = merchant.transaction("gathered")
    merchant.follow("1Delete", pair)
    assert merchant.follow("1ReAuth", pair).codes == ["OK"]
    assert merchant.gateway.transactions()[0].state == "gathered"


def test_a_cancelled_capture_comes_back_as_an_authorisation(merchant):
    pair = merchant.transaction("captured")
    merchant.follow("1Delete", pair)
    merchant.follow("1ReAuth", pair)
    assert merchant.gateway.transactions()[0].state == "authorised"


def test_reauthorising_an_immediate_sale_needs_a_sales_date(merchant):
    pair = merchant.transaction("gathered")
    merchant.follow("1Delete", pair)
    assert merchant.follow("1ReAuth", pair, SalesDate=None).codes == ["K39"]


def test_that_requirement_is_an_option(serve):
    merchant = serve(reauth_needs_sales_date=False)
    pair = merchant.transaction("gathered")
    merchant.follow("1Delete", pair)
    assert merchant.follow("1ReAuth", pair, SalesDate=None).codes == ["OK"]


def test_reauthorising_an_authorisation_needs_none(merchant):
    pair = merchant.transaction("cancelled")
    assert merchant.follow("1ReAuth", pair, SalesDate=None).codes == ["OK"]


def test_a_strict_gateway_reauthorises_only_what_was_cancelled(serve):
    merchant = serve(law=STRICT_LAW)
    assert merchant.follow("1ReAuth", merchant.transaction("authorised")).codes == ["K14"]
    assert merchant.follow("1ReAuth", merchant.transaction("cancelled")).codes == ["OK"]


def test_a_change_to_the_same_amount_is_k23(merchant):
    pair = merchant.transaction("authorised")
    assert merchant.follow("1Change", pair, Amount="3780").codes == ["K23"]


def test_a_change_goes_up_and_down(merchant):
    pair = merchant.transaction("gathered")
    for amount in ("5000", "1"):
        assert merchant.follow("1Change", pair, Amount=amount).codes == ["OK"]
        assert merchant.follow("1Search", pair).fields["Amount"] == amount


def test_a_search_tells_amount_and_date_of_sales(merchant):
    pair = merchant.transaction("captured")
    answer = merchant.follow("1Search", pair).fields
    assert (answer["Amount"], answer["SalesDate"]) == ("3780", "20260105")
    assert answer["ProcessId"] == pair["ProcessId"]


def test_an_authorisation_has_no_date_of_sales(merchant):
    assert merchant.follow("1Search", merchant.transaction("authorised")).fields["SalesDate"] == ""


def test_the_pair_stays_the_same_through_the_chain(merchant):
    pair = merchant.transaction("cancelled")
    assert merchant.follow("1ReAuth", pair).fields["ProcessId"] == pair["ProcessId"]


def test_a_gateway_may_issue_a_new_pair(serve):
    merchant = serve(reauth_issues_new_pair=True)
    pair = merchant.transaction("cancelled")
    again = merchant.follow("1ReAuth", pair).fields
    assert merchant.follow("1Search", pair).codes == ["K12"]
    latest = {name: again[name] for name in ("ProcessId", "ProcessPass")}
    assert merchant.follow("1Search", latest).codes == ["OK"]
    assert merchant.follow("1Search", latest | {"ProcessId": pair["ProcessId"]}).codes == ["K12"]


def test_the_history_keeps_refusals_too(merchant):
    pair = merchant.transaction("captured")
    merchant.follow("1Capture", pair)
    (transaction,) = merchant.gateway.transactions()
    told = [(entry.operation.value, entry.codes) for entry in transaction.history]
    assert told == [("1Auth", ("OK",)), ("1Capture", ("OK",)), ("1Capture", ("K14",))]
