"""Every state of a member times every telegram, over HTTP (protocol.md, section D)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from escott.clock import JST
from escott.simulator.magic_cards import APPROVED, DECLINED, DEMO_CARD, TROUBLED
from escott.simulator.member_law import MEMBER_LAW, MemberStatus
from escott.simulator.troubles import CARRIED_OUT_LATE, LOST_AFTER
from tests.simulator.conftest import MEMBER

OTHER_CARD = APPROVED[1]
DIRECT = {"CardNo": "4000000000001000", "CardExp": "2812", "SecCd": "777"}
OPERATIONS = ("4MemAdd", "4MemChg", "4MemInval", "4MemUnInval", "4MemDel", "4MemRefM", "1Auth")

#: Section D's table: the code that refuses, or the KaiinStatus afterwards.
TABLE = {
    "none": ("0", "K71", "K71", "K71", "K71", "K71", "K71"),
    "valid": ("K69", "0", "3", "K73", "K70", "0", "0"),
    "invalid": ("K69", "K75", "K75", "0", "4", "3", "K79"),
    "locked": ("K69", "K79", "3", "0", "4", "2", "K79"),
    "deleted": ("K69", "K71", "K71", "K71", "K71", "K71", "K71"),
}
CELLS = [
    (state, operation, cell)
    for state, row in TABLE.items()
    for operation, cell in zip(OPERATIONS, row, strict=True)
]


def ask(merchant, operation):
    if operation == "1Auth":
        return merchant.member("1Auth", Amount="3780", PayType="01")
    card = OTHER_CARD if operation in {"4MemAdd", "4MemChg"} else None
    return merchant.member(operation, card)


def status(merchant):
    """The KaiinStatus of the only member in the books, or None."""
    members = merchant.gateway.members()
    return members[0].status.value if members else None


def reference(merchant, **fields):
    return merchant.member("4MemRefM", **fields).fields


@pytest.mark.parametrize(("state", "operation", "cell"), CELLS)
def test_each_cell_of_the_table(merchant, state, operation, cell):
    merchant.member_in(state)
    before = merchant.gateway.members()
    answer = ask(merchant, operation)
    if cell.startswith("K"):
        assert answer.codes == [cell]
        assert merchant.gateway.members() == before
    else:
        assert answer.codes == ["OK"]
        assert status(merchant) == cell


def test_the_codes_of_the_table_are_an_option(serve):
    invalid = {**MEMBER_LAW[MemberStatus.INVALID]}
    for operation, cell in invalid.items():
        if cell == "K79":
            invalid[operation] = "K75"
    merchant = serve(member_law={**MEMBER_LAW, MemberStatus.INVALID: invalid})
    merchant.member_in("invalid")
    assert ask(merchant, "1Auth").codes == ["K75"]


def test_a_reference_tells_the_masked_card_and_the_state(merchant):
    merchant.member_in("valid")
    assert {
        "KaiinId": "customer0001",
        "CardNo": "4000********1000",
        "CardExp": "2812",
        "CompanyCd": "Y2",
        "KaiinStatus": "0",
        "KaiinEnableDate": "20260105",
    }.items() <= reference(merchant).items()


def test_a_gateway_may_hide_the_leading_digits(serve):
    merchant = serve(shown_leading_digits=0)
    merchant.member_in("valid")
    assert reference(merchant)["CardNo"] == "************1000"
    token = merchant.gateway.token_for(next(card for card in APPROVED if len(card.number) == 14))
    assert merchant.send("4MemRefToken", Token=token).fields["CardNo"] == "**********1006"


def test_a_gateway_may_hide_the_last_digits_or_show_none(serve):
    for leading, shown in ((4, "4000************"), (0, "****************")):
        merchant = serve(shown_leading_digits=leading, shown_last_digits=0)
        merchant.member_in("valid")
        assert reference(merchant)["CardNo"] == shown
        token = merchant.gateway.token_for()
        assert merchant.send("4MemRefToken", Token=token).fields["CardNo"] == shown


def test_a_change_keeps_the_member_and_replaces_the_card(merchant):
    merchant.member_in("valid")
    assert merchant.member("4MemChg", OTHER_CARD).fields["CompanyCd"] == "Y3"
    assert reference(merchant)["CardNo"] == "5100********1006"


def test_a_change_may_bring_a_new_password(merchant):
    merchant.member_in("valid")
    assert merchant.member("4MemChg", OTHER_CARD, NewKaiinPass="newpass12").codes == ["OK"]
    assert reference(merchant)["ResponseCd"] == "K71"
    assert reference(merchant, KaiinPass="newpass12")["ResponseCd"] == "OK"


def test_adding_tells_member_company_and_what_matched(merchant):
    answer = merchant.member("4MemAdd", DEMO_CARD, EnableCheckUseKbn="1").fields
    told = {"KaiinId": "customer0001", "CompanyCd": "Y2", "EnableCheckUseKbn": "1", "McSecCd": "0"}
    assert told.items() <= answer.items()
    assert "ProcessId" not in answer


def test_revalidating_tells_the_company_and_starts_a_new_date(merchant):
    merchant.member_in("invalid")
    merchant.clock.advance(timedelta(days=1))
    assert merchant.member("4MemUnInval").fields["CompanyCd"] == "Y2"
    assert reference(merchant)["KaiinEnableDate"] == "20260106"


def test_a_member_belongs_to_its_merchant(merchant):
    merchant.member_in("valid")
    other = {"MerchantId": "87654321", "MerchantPass": "pass4321"}
    assert merchant.member("4MemRefM", **other).codes == ["K06"]


# -- passwords ------------------------------------------------------------------------


def test_the_fifth_wrong_password_in_a_row_locks_the_member(merchant):
    merchant.member_in("valid")
    codes = [reference(merchant, KaiinPass="wrong123")["ResponseCd"] for _ in range(6)]
    assert codes == ["K71", "K71", "K71", "K71", "K74", "K74"]
    assert reference(merchant)["KaiinStatus"] == "2"


@pytest.mark.parametrize("operation", ["4MemChg", "4MemInval", "4MemUnInval", "4MemDel", "1Auth"])
def test_every_telegram_counts_wrong_passwords(serve, operation):
    merchant = serve(member_locked_after=1)
    merchant.member_in("valid")
    card = OTHER_CARD if operation == "4MemChg" else None
    paid = {"Amount": "1", "PayType": "01"} if operation == "1Auth" else {}
    assert merchant.member(operation, card, KaiinPass="wrong123", **paid).codes == ["K74"]


def test_a_right_password_ends_the_row_of_wrong_ones(merchant):
    merchant.member_in("valid")
    for _ in range(4):
        reference(merchant, KaiinPass="wrong123")
    assert reference(merchant)["ResponseCd"] == "OK"
    assert reference(merchant, KaiinPass="wrong123")["ResponseCd"] == "K71"


def test_a_member_that_was_unlocked_may_err_again(merchant):
    merchant.member_in("locked")
    assert merchant.member("4MemUnInval").codes == ["OK"]
    assert reference(merchant, KaiinPass="wrong123")["ResponseCd"] == "K71"


def test_a_right_password_does_not_unlock(merchant):
    merchant.member_in("locked")
    assert reference(merchant)["KaiinStatus"] == "2"
    assert ask(merchant, "1Auth").codes == ["K79"]
    assert reference(merchant, KaiinPass="wrong123")["ResponseCd"] == "K74"


def test_no_password_shows(merchant):
    merchant.member_in("valid")
    (member,) = merchant.gateway.members()
    assert member.kaiin_pass not in repr(member)
    for path in ("/merchant/members", "/simulator/members"):
        assert member.kaiin_pass.encode() not in merchant.request("GET", path).body


# -- cards ----------------------------------------------------------------------------


def test_a_card_may_be_given_directly(merchant):
    assert merchant.member("4MemAdd", **DIRECT).codes == ["OK"]


def test_of_a_security_code_nothing_is_kept(merchant):
    merchant.member("4MemAdd", **DIRECT)
    (member,) = merchant.gateway.members()
    assert set(member.card.assists) == {"8"}


def test_a_card_may_come_from_a_transaction(merchant):
    pair = merchant.transaction("gathered")
    assert merchant.member("4MemAdd", **pair).codes == ["OK"]
    assert reference(merchant)["CardNo"] == "4000********1000"


def test_an_unknown_transaction_is_k12(merchant):
    pair = {"ProcessId": "0" * 32, "ProcessPass": "0" * 32}
    assert merchant.member("4MemAdd", **pair).codes == ["K12"]
    known = merchant.transaction("gathered")
    assert merchant.member("4MemAdd", **known | {"ProcessPass": "0" * 32}).codes == ["K12"]


def test_a_transaction_of_a_member_makes_no_second_one(merchant):
    merchant.member_in("valid")
    charged = merchant.member("1Gathering", Amount="1", PayType="01").fields
    pair = {name: charged[name] for name in ("ProcessId", "ProcessPass")}
    assert merchant.member("4MemAdd", KaiinId="customer0002", **pair).codes == ["KIL"]


@pytest.mark.parametrize("operation", ["4MemAdd", "4MemChg"])
def test_a_token_serves_once(merchant, operation):
    token = merchant.gateway.token_for()
    merchant.member_in("valid" if operation == "4MemChg" else "none")
    assert merchant.member(operation, Token=token).codes == ["OK"]
    again = "4MemChg" if operation == "4MemChg" else "1Check"
    assert merchant.send(again, **(MEMBER if again == "4MemChg" else {}), Token=token).codes == [
        "KI2"
    ]


@pytest.mark.parametrize("operation", ["4MemAdd", "4MemChg"])
@pytest.mark.parametrize("card", DECLINED[:3], ids=lambda card: card.decline)
def test_a_declined_card_is_not_kept_and_can_be_seen(merchant, operation, card):
    merchant.member_in("valid" if operation == "4MemChg" else "none")
    before = merchant.gateway.members()
    assert merchant.member(operation, card).codes == [card.decline]
    assert merchant.gateway.members() == before
    (tried,) = merchant.gateway.declined()
    assert (tried.first, tried.amount) == (operation, 0)


def test_an_expired_card_stays_invalid(serve):
    merchant = serve(member_purge_months=None)
    merchant.member_in("invalid")
    merchant.clock.set(datetime(2029, 1, 1, tzinfo=JST))
    assert merchant.member("4MemUnInval").codes == ["C13"]
    assert status(merchant) == "3"


@pytest.mark.parametrize(
    ("operation", "fields", "codes"),
    [
        ("4MemAdd", {"KaiinId": "abc"}, ["K45"]),
        ("4MemAdd", {"KaiinId": None}, ["K45"]),
        ("4MemAdd", {"KaiinPass": "a" * 13}, ["K46"]),
        ("4MemRefM", {"KaiinPass": None}, ["K46"]),
        ("4MemChg", {"NewKaiinPass": "?"}, ["K47"]),
        ("4MemAdd", {"EnableCheckUseKbn": "2"}, ["K48"]),
        ("4MemAdd", {"Token": "f" * 64, **DIRECT}, ["KIJ"]),
        ("4MemAdd", {"Token": "f" * 64, "ProcessId": "0" * 32}, ["KIJ"]),
        ("4MemAdd", {"ProcessId": "0" * 32}, ["K11"]),
        ("4MemAdd", {"CardNo": "4000000000001001", "CardExp": "2812"}, ["K82"]),
        ("4MemAdd", {}, ["KHZ"]),
        ("4MemAdd", {"Token": "short"}, ["KHX"]),
    ],
)
def test_a_field_that_is_not_as_it_must_be_has_its_own_code(merchant, operation, fields, codes):
    assert merchant.member(operation, **fields).codes == codes


def test_the_member_is_checked_before_the_token(merchant):
    assert merchant.member("4MemChg", Token="short").codes == ["K71"]


def test_a_token_shows_its_card_and_stays_unused(merchant):
    token = merchant.gateway.token_for()
    for _ in range(2):
        answer = merchant.send("4MemRefToken", Token=token).fields
        assert (answer["CardNo"], answer["CardExp"]) == ("4000********1000", "2812")
    assert merchant.charge(Token=token).codes == ["OK"]
    assert merchant.send("4MemRefToken", Token=token).codes == ["KI2"]


@pytest.mark.parametrize(("token", "code"), [(None, "KHZ"), ("short", "KHX"), ("0" * 64, "KHZ")])
def test_what_is_no_token_shows_nothing(merchant, token, code):
    answer = merchant.send("4MemRefToken", Token=token)
    assert answer.codes == [code]
    assert "CardNo" not in answer.fields


# -- periods, trouble, file -----------------------------------------------------------


def test_the_test_environment_forgets_a_member_after_two_months(merchant):
    merchant.member_in("valid")
    merchant.clock.set(datetime(2026, 3, 4, 23, 59, tzinfo=JST))
    assert reference(merchant)["ResponseCd"] == "OK"
    merchant.clock.set(datetime(2026, 3, 5, tzinfo=JST))
    assert reference(merchant)["ResponseCd"] == "K71"
    assert ask(merchant, "1Auth").codes == ["K71"]
    assert merchant.gateway.members() == []
    assert ask(merchant, "4MemAdd").codes == ["OK"]


def test_production_forgets_none(serve):
    merchant = serve(member_purge_months=None)
    merchant.member_in("valid")
    merchant.clock.set(datetime(2028, 1, 5, tzinfo=JST))
    assert reference(merchant)["ResponseCd"] == "OK"


def test_a_deleted_id_is_taken_for_good(merchant):
    merchant.member_in("deleted")
    merchant.clock.set(datetime(2027, 1, 5, tzinfo=JST))
    assert ask(merchant, "4MemAdd").codes == ["K69"]


def with_trouble(trouble, *, on_follow_up):
    return next(
        card for card in TROUBLED if card.trouble is trouble and card.on_follow_up is on_follow_up
    )


def test_a_lost_answer_leaves_a_member_behind(merchant):
    card = with_trouble(LOST_AFTER, on_follow_up=False)
    with pytest.raises(ConnectionError):
        merchant.member("4MemAdd", card)
    assert status(merchant) == "0"


def test_a_lost_answer_to_a_later_telegram_leaves_it_done(merchant):
    card = with_trouble(LOST_AFTER, on_follow_up=True)
    assert merchant.member("4MemAdd", card).codes == ["OK"]
    with pytest.raises(ConnectionError):
        merchant.member("4MemInval")
    assert status(merchant) == "3"


def test_a_member_may_be_registered_late(merchant):
    with pytest.raises(ConnectionError):
        merchant.member("4MemAdd", with_trouble(CARRIED_OUT_LATE, on_follow_up=False))
    assert merchant.gateway.members() == []
    merchant.clock.advance(timedelta(minutes=1))
    assert status(merchant) == "0"


def test_a_card_of_a_transaction_has_the_trouble_of_later_telegrams(merchant):
    card = with_trouble(LOST_AFTER, on_follow_up=True)
    pair = merchant.transaction("gathered", card=card)
    with pytest.raises(ConnectionError):
        merchant.member("4MemAdd", **pair)
    assert status(merchant) == "0"


def test_members_outlive_the_process(serve, tmp_path):
    state = tmp_path / "state.sqlite3"
    serve(state=state).member_in("locked")
    serve.stop_all()
    merchant = serve(state=state)
    assert reference(merchant)["KaiinStatus"] == "2"
    merchant.gateway.reset()
    serve.stop_all()
    assert serve(state=state).gateway.members() == []
