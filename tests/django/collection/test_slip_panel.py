"""決済情報 of a slip in the Django admin: what staff see, press and are told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from django.test import Client

from escott.clock import JST, SettableClock, SharedClock
from escott.django.models import AuditEntry, CaseKind, Mail, Operation, Payment
from escott.django.services.cases import open_case
from escott.django.services.collection import change_slip, delete_slip
from escott.rules.collection_states import CollectionOperation
from escott.rules.payment_states import PaymentState
from escott.simulator.live_collection import LiveCollection
from escott.simulator.slips import SlipPayment
from tests.cases import attention_of
from tests.django.collection.conftest import Register, again
from tests.django.panel_pages import buttons, confirmation, page, press, sign_in, text_of
from tests.forbidden_transport import ForbiddenTransport

NOON = datetime(2026, 4, 1, 12, 0, tzinfo=JST)

VIEW = "view_payment"
EVERYTHING = (VIEW, "change_slip", "cancel_payment", "request_payment", "resolve_case")

ALREADY_PAID, ALREADY_DELETED = "入金済です。", "取消済みです。"
LAPSED = "期限切れです。入金のないまま支払期限を過ぎました。"
UNCONFIRMED, UNKNOWN = "登録を確認できていません。", "結果が不明です。"
ONCE_ONLY = "変更は1回までです。すでに変更されています。"

CHANGE, DELETE, GUIDANCE = "change", "delete", "guidance"

#: state: why each of the three can't be pressed; empty where it can.
TABLE: Final[dict[str, tuple[str, str, str]]] = {
    "unpaid": ("", "", ""),
    "changed": (ONCE_ONLY, "", ""),
    "deposited": (ALREADY_PAID,) * 3,
    "deleted": (ALREADY_DELETED,) * 3,
    "lapsed": (LAPSED,) * 3,
    "lost": (UNCONFIRMED,) * 3,
    "change_lost": (UNKNOWN,) * 3,
    "past_due": (
        "",
        "",
        "支払期限を過ぎています。",
    ),
    "past_period": (
        "60日を過ぎています（操作期限 2026/05/31）。",
        "60日を過ぎています（操作期限 2026/05/31）。",
        "支払期限を過ぎています。",
    ),
}

In = Callable[[str], Payment]


@pytest.fixture
def staff(collection: Any) -> Client:
    """佐藤, who may do everything within the period."""
    return sign_in("佐藤", *EVERYTHING)


@pytest.fixture
def in_state(
    register: Register, till: LiveCollection, clock: SettableClock, shared_clock: SharedClock
) -> In:
    """A payment of ¥3,780 by slip, in a state."""

    def move(to: datetime) -> None:
        clock.set(to)
        shared_clock.set(to)

    def make(state: str) -> Payment:
        if state == "lost":
            till.trouble("2Add", "lost_after")
        payment = register()
        match state:
            case "changed":
                change_slip(payment.pk, amount=4000, due_on=_day(9), key="way", actor=None)
            case "change_lost":
                till.trouble("2Chg", "lost_after")
                change_slip(payment.pk, amount=4000, due_on=_day(9), key="way", actor=None)
            case "deposited":
                till.pay(payment.transaction_code, SlipPayment(cvs_cd="LSN"))
                staff_asks(payment)
            case "deleted":
                delete_slip(payment.pk, key="way", actor=None)
            case "lapsed":
                Payment.objects.filter(pk=payment.pk).update(state="lapsed", live=False)
            case "past_due":
                move(NOON + timedelta(days=8))
            case "past_period":
                move(NOON + timedelta(days=61))
        return again(payment)

    return make


def staff_asks(payment: Payment, client: Client | None = None) -> Any:
    """入金を確認."""
    asking = client or sign_in("鈴木", VIEW)
    return asking.post(page(payment, "compare"), follow=True)


def _day(day: int) -> Any:
    return datetime(2026, 4, day, tzinfo=JST).date()


# ---- the table: state times operation ----


@pytest.mark.parametrize("state", TABLE)
def test_every_button_is_there_or_disabled_with_its_reason(
    state: str, in_state: In, staff: Client
) -> None:
    payment = in_state(state)
    told = buttons(staff, payment)
    assert tuple(told[kind] for kind in (CHANGE, DELETE, GUIDANCE)) == TABLE[state]


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        (state, kind)
        for state, row in TABLE.items()
        for kind, reason in zip((CHANGE, DELETE, GUIDANCE), row, strict=True)
        if reason
    ],
)
def test_what_is_disabled_is_refused_by_its_address_too(
    state: str, kind: str, in_state: In, staff: Client
) -> None:
    payment = in_state(state)
    operations, mails = payment.operations.count(), Mail.objects.count()
    fields = {
        "kind": kind,
        "key": "k" * 20,
        "after": str(operations),
        "amount": "4100",
        "due_on": "2026-04-10",
    }

    assert staff.get(page(payment, "operate"), {"kind": kind}).status_code == 409
    answer = staff.post(page(payment, "operate"), fields)

    assert "決済サービスへの依頼は行いませんでした" in text_of(answer, 409)
    assert (payment.operations.count(), Mail.objects.count()) == (operations, mails)


@pytest.mark.parametrize(
    ("codename", "kind"),
    [("change_slip", CHANGE), ("cancel_payment", DELETE), ("request_payment", GUIDANCE)],
)
def test_a_button_without_its_permission_is_absent_and_its_address_refuses(
    codename: str, kind: str, in_state: In
) -> None:
    payment = in_state("unpaid")
    clerk = sign_in("clerk", VIEW, codename)
    assert buttons(clerk, payment) == {kind: ""}
    for other in {CHANGE, DELETE, GUIDANCE, "accept", "treat_as_deleted"} - {kind}:
        assert clerk.get(page(payment, "operate"), {"kind": other}).status_code == 403
        assert clerk.post(page(payment, "operate"), {"kind": other}).status_code == 403
    assert payment.operations.count() == 1


def test_the_operations_of_a_card_are_none_of_a_slip(in_state: In, staff: Client) -> None:
    payment = in_state("unpaid")
    for kind in ("capture", "change_amount", "cancel", "reauthorise", "register", "deposit"):
        assert staff.get(page(payment, "operate"), {"kind": kind}).status_code == 303
        assert staff.post(page(payment, "operate"), {"kind": kind}).status_code == 400
    assert staff.post(page(payment, "adopt"), {"key": "k" * 20}).status_code == 400
    assert payment.operations.count() == 1


def test_a_get_changes_nothing_and_does_not_ask_the_gateway(
    in_state: In, staff: Client, settings: Any
) -> None:
    payment = in_state("unpaid")
    forbidden = "tests.forbidden_transport.ForbiddenTransport"
    settings.ESCOTT = settings.ESCOTT | {"TRANSPORT": forbidden}
    ForbiddenTransport.asked.clear()
    for kind in (CHANGE, DELETE, GUIDANCE, "accept", "treat_as_deleted", ""):
        query = {"kind": kind, "key": "k" * 20, "after": "1", "amount": "2980"}
        staff.get(page(payment, "operate"), query)
    staff.get(page(payment), {"told": "paid", "mail": "1"})
    assert not ForbiddenTransport.asked
    assert payment.operations.count() == 1
    assert not Mail.objects.exclude(payment=None).exists()


# ---- what is shown ----


def test_the_panel_shows_the_slip(in_state: In, staff: Client) -> None:
    payment = in_state("unpaid")
    answer = staff.get(page(payment))
    words = text_of(answer)
    for each in (
        "コンビニ・電子マネー・Pay-easy",
        "未入金",
        "¥3,780",
        "2026/04/08（水）（あと7日）",
        payment.slip.kessai_number,
        "山田 花子",
        "0312345678",
        "つむぎの手ぬぐい",
        "操作期限 2026/05/31",
        "未使用（1回まで）",
        "登録",
        payment.operations.get().transaction_id,
    ):
        assert each in words, each
    assert f"code={payment.slip.link_code}&amp;rkbn=2" in answer.content.decode()


def test_the_fee_stands_beside_the_amount(register: Register, staff: Client) -> None:
    payment = register(fee=330)
    assert "¥3,780 決済手数料 ¥330 を含む" in text_of(staff.get(page(payment)))


def test_a_deposit_is_shown_with_its_place_time_and_number(in_state: In, staff: Client) -> None:
    payment = in_state("deposited")
    words = text_of(staff.get(page(payment)))
    for each in ("入金済", "ローソン", "2026/04/01 12:00", payment.slip.receipt_number, "入金"):
        assert each in words, each
    assert "お客様の画面を開く" not in words


def test_where_a_change_was_lost_the_number_is_marked_and_no_link_is_shown(
    in_state: In, staff: Client
) -> None:
    payment = in_state("change_lost")
    words = text_of(staff.get(page(payment)))
    assert f"{payment.slip.kessai_number}（無効の可能性があります）" in words
    assert "お客様の画面を開く" not in words
    assert "変更済み（1回まで）" in words


def test_after_a_change_the_number_that_the_customer_may_still_name_is_shown_as_invalid(
    in_state: In, staff: Client
) -> None:
    slip = in_state("changed").slip
    words = text_of(staff.get(page(slip.payment)))
    assert slip.former_number != slip.kessai_number
    assert f"{slip.former_number}（無効）" in words


# ---- 変更 ----


def test_the_form_comes_with_what_is_there_and_with_the_days_that_can_be(
    in_state: In, staff: Client
) -> None:
    payment = in_state("unpaid")
    html = staff.get(page(payment, "operate"), {"kind": CHANGE}).content.decode()
    assert 'name="amount" id="id_amount" value="3780"' in html
    assert 'value="2026-04-08" min="2026-04-01" max="2026-05-31"' in html
    assert "2026/04/01（水）から2026/05/31（日）まで" in html


@pytest.mark.parametrize(
    ("amount", "due_on", "wrong"),
    [
        ("", "2026-04-10", "変更後の金額を入力してください"),
        ("0", "2026-04-10", "¥1 から ¥299,999"),
        ("300000", "2026-04-10", "¥1 から ¥299,999"),
        ("12.5", "2026-04-10", "円単位の数字"),
        ("4000", "", "新しい支払期限を入力してください"),
        ("4000", "4/10", "2026-04-10 の形式"),
        ("4000", "2026-02-30", "2026-04-10 の形式"),
        ("4000", "2026-03-31", "2026/04/01（水）から2026/05/31（日）まで"),
        ("4000", "2026-06-01", "2026/04/01（水）から2026/05/31（日）まで"),
        ("3780", "2026-04-08", "すでにこの金額・支払期限です"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_asked(
    amount: str, due_on: str, wrong: str, in_state: In, staff: Client
) -> None:
    payment = in_state("unpaid")
    query = {"kind": CHANGE, "amount": amount, "due_on": due_on}
    answer = staff.get(page(payment, "operate"), query)
    assert wrong in text_of(answer, 422)
    assert 'aria-invalid="true"' in answer.content.decode()
    assert payment.operations.count() == 1


def test_the_confirmation_tells_both_before_and_after_and_what_it_means(
    in_state: In, staff: Client
) -> None:
    payment = in_state("unpaid")
    query = {"kind": CHANGE, "amount": "４，０００円", "due_on": "2026/04/10"}
    words = text_of(staff.get(page(payment, "operate"), query))
    for each in (
        "¥3,780 → から次へ変わります： ¥4,000",
        "2026/04/08（水） → から次へ変わります： 2026/04/10（金）",
        "変更は1回までです",
        "払込番号が変わります",
        "hanako@example.com へ自動でメールします",
    ):
        assert each in words, each


def test_without_an_address_staff_have_to_tell_the_new_number_themselves(
    in_state: In, staff: Client
) -> None:
    payment = in_state("unpaid")
    Payment.objects.update(email="")
    query = {"kind": CHANGE, "amount": "4000", "due_on": "2026-04-10"}
    words = text_of(staff.get(page(payment, "operate"), query))
    assert "新しい払込番号を別の方法でご案内ください" in words


def test_a_change_is_done_once_and_not_twice(
    in_state: In, staff: Client, till: LiveCollection
) -> None:
    payment = in_state("unpaid")
    before = payment.slip.kessai_number
    fields = confirmation(staff, payment, CHANGE, amount=4000, due_on="2026-04-10")

    done = text_of(press(staff, payment, fields))
    repeated = text_of(press(staff, payment, fields))

    for words in (done, repeated):
        assert "変更が完了しました" in words
        assert "hanako@example.com" in words
    changed = again(payment)
    assert (changed.amount, changed.slip.due_on) == (4000, _day(10))
    assert changed.slip.kessai_number != before
    assert changed.slip.kessai_number in done
    assert [slip.amount for slip in till.slips()] == [4000]
    assert payment.operations.count() == 2
    assert Mail.objects.filter(kind="slip_changed").count() == 1
    assert buttons(staff, payment)[CHANGE] == ONCE_ONLY


def test_only_the_due_date_may_be_changed(in_state: In, staff: Client) -> None:
    payment = in_state("unpaid")
    fields = confirmation(staff, payment, CHANGE, amount=3780, due_on="2026-05-31")
    assert "変更が完了しました" in text_of(press(staff, payment, fields))
    assert (again(payment).amount, again(payment).slip.due_on.day) == (3780, 31)


def test_a_day_that_passes_between_confirmation_and_press_is_refused_kindly(
    in_state: In, staff: Client, shared_clock: SharedClock, clock: SettableClock
) -> None:
    payment = in_state("unpaid")
    fields = confirmation(staff, payment, CHANGE, amount=4000, due_on="2026-04-01")
    shared_clock.set(NOON + timedelta(days=1))
    clock.set(NOON + timedelta(days=1))
    answer = press(staff, payment, fields)
    assert "2026/04/02（木）から2026/05/31（日）まで" in text_of(answer, 409)
    assert payment.operations.count() == 1


def test_a_lost_change_says_what_is_not_known(
    in_state: In, staff: Client, till: LiveCollection
) -> None:
    payment = in_state("unpaid")
    till.trouble("2Chg", "lost_after")
    fields = confirmation(staff, payment, CHANGE, amount=4000, due_on="2026-04-10")
    words = text_of(press(staff, payment, fields))
    assert "変更: 結果不明" in words
    assert attention_of(payment) == "result_unknown"


def test_a_refused_change_leaves_the_slip_as_it_was(
    in_state: In, staff: Client, till: LiveCollection
) -> None:
    payment = in_state("unpaid")
    till.trouble("2Chg", "K23")
    fields = confirmation(staff, payment, CHANGE, amount=4000, due_on="2026-04-10")
    words = text_of(press(staff, payment, fields))
    assert "K23" in words
    assert again(payment).slip.link_code == payment.slip.link_code
    assert buttons(staff, payment)[CHANGE] == ""


# ---- 取消 ----


@pytest.mark.parametrize("mail", [True, False])
def test_a_slip_is_cancelled_and_the_customer_told_if_wished_for(
    mail: bool, in_state: In, staff: Client, till: LiveCollection
) -> None:
    payment = in_state("unpaid")
    fields = confirmation(staff, payment, DELETE)
    assert "注文はそのままです" in text_of(staff.get(page(payment, "operate"), {"kind": DELETE}))
    if not mail:
        del fields["tells_customer"]

    words = text_of(press(staff, payment, fields))

    assert "削除が完了しました" in words
    assert again(payment).state == PaymentState.DELETED
    assert [slip.is_deleted for slip in till.slips()] == [True]
    assert Mail.objects.filter(kind="slip_deleted").exists() is mail


def test_of_two_staff_the_slower_is_told_what_the_other_did(in_state: In, staff: Client) -> None:
    payment = in_state("unpaid")
    slower = sign_in("鈴木", *EVERYTHING)
    seen = confirmation(slower, payment, DELETE)
    press(staff, payment, confirmation(staff, payment, CHANGE, amount=4000, due_on="2026-04-10"))

    words = text_of(press(slower, payment, seen), 409)

    assert "先にほかの処理が行われました" in words
    assert "佐藤" in words
    assert "変更（¥4,000）" in words
    assert again(payment).state == PaymentState.UNPAID


def test_a_change_is_not_made_on_what_somebody_else_has_tried_meanwhile(
    in_state: In, staff: Client, till: LiveCollection
) -> None:
    payment = in_state("unpaid")
    slower = sign_in("鈴木", *EVERYTHING)
    seen = confirmation(slower, payment, CHANGE, amount=5000, due_on="2026-04-10")
    till.trouble("2Chg", "K23")
    press(staff, payment, confirmation(staff, payment, CHANGE, amount=4000, due_on="2026-04-10"))

    words = text_of(press(slower, payment, seen), 409)

    assert "先にほかの処理が行われました" in words
    assert (again(payment).amount, payment.operations.count()) == (3780, 2)


# ---- お支払い案内を再送 ----


def test_how_to_pay_is_sent_once_by_one_press_and_again_by_another(
    in_state: In, staff: Client
) -> None:
    payment = in_state("unpaid")
    fields = confirmation(staff, payment, GUIDANCE)

    for _press in range(2):
        words = text_of(press(staff, payment, fields))
        assert "お支払い案内を hanako@example.com へ送信します" in words
    assert Mail.objects.filter(kind="slip_registered", occasion=fields["key"]).count() == 1
    press(staff, payment, confirmation(staff, payment, GUIDANCE))

    sent = Mail.objects.filter(kind="slip_registered").exclude(occasion="")
    assert sent.count() == 2
    assert AuditEntry.objects.filter(action="お支払い案内を再送しました").count() == 2
    assert payment.operations.count() == 1


def test_how_to_pay_is_not_sent_to_nobody(in_state: In, staff: Client) -> None:
    payment = in_state("unpaid")
    Payment.objects.update(email="")
    assert buttons(staff, payment)[GUIDANCE] == "お客様のメールアドレスが登録されていません。"


def test_a_number_that_may_be_worthless_is_not_sent(
    in_state: In, staff: Client, clock: SettableClock, till: LiveCollection
) -> None:
    payment = in_state("change_lost")
    Operation.objects.filter(payment=payment, state="unknown").update(state="lost", due_at=None)
    assert buttons(staff, payment)[GUIDANCE].startswith("ご案内済みの払込番号は使えない可能性")


def test_a_slip_that_the_gateway_does_not_know_is_not_advertised(
    in_state: In, staff: Client, till: LiveCollection
) -> None:
    payment = in_state("unpaid")
    till.trouble("2Ref", "K12")
    staff_asks(payment)
    assert buttons(staff, payment)[GUIDANCE].startswith("ご案内済みの払込番号は使えない可能性")


# ---- 入金を確認 ----


def test_it_is_told_where_and_when_it_was_paid(
    in_state: In, staff: Client, till: LiveCollection
) -> None:
    payment = in_state("unpaid")
    till.pay(payment.transaction_code, SlipPayment(cvs_cd="LSN"))

    words = text_of(staff_asks(payment, staff))

    assert "入金されています：¥3,780, ローソン, 2026/04/01 12:00" in words
    assert "入金済" in words
    assert again(payment).state == PaymentState.DEPOSITED
    assert buttons(staff, payment)[DELETE] == ALREADY_PAID


def test_a_script_gets_the_whole_panel_where_the_payment_has_changed(
    in_state: In, staff: Client, till: LiveCollection
) -> None:
    payment = in_state("unpaid")
    header = {"X-Escott-Dialog": "1"}
    same = staff.post(page(payment, "compare"), headers=header)
    assert "まだ入金されていません" in text_of(same)
    assert "ep-facts" not in same.content.decode()

    till.pay(payment.transaction_code)
    answer = staff.post(page(payment, "compare"), headers=header)
    assert answer.status_code == 303
    assert answer["Location"].endswith("?told=paid")
    assert "ep-facts" in staff.get(answer["Location"], headers=header).content.decode()


def test_an_unpaid_slip_is_told_to_be_unpaid(in_state: In, staff: Client) -> None:
    payment = in_state("unpaid")
    answer = staff_asks(payment, staff)
    assert "まだ入金されていません" in text_of(answer)
    assert "入金を確認" in text_of(answer), "a deposit may come any minute: it can be asked again"
    assert 'data-escott-compare="now"' not in answer.content.decode(), "and not by itself"


def test_no_answer_is_told_and_changes_nothing(
    in_state: In, staff: Client, till: LiveCollection
) -> None:
    payment = in_state("unpaid")
    till.trouble("2Ref", "lost_after")
    assert "入金の状況を確認できませんでした" in text_of(staff_asks(payment, staff))
    assert again(payment).state == PaymentState.UNPAID


@pytest.mark.parametrize(
    ("state", "asks"),
    [("unpaid", True), ("lapsed", True), ("deleted", False), ("deposited", None), ("lost", None)],
)
def test_the_script_asks_by_itself_where_a_deposit_may_come(
    state: str, asks: bool | None, in_state: In, staff: Client
) -> None:
    payment = in_state(state)
    html = staff.get(page(payment)).content.decode()
    assert ("data-escott-compare" in html) is (asks is not None)
    assert ('data-escott-compare="now"' in html) is bool(asks)


# ---- the ways out of an open matter ----


def test_another_amount_is_told_and_accepted_with_a_reason(
    in_state: In, staff: Client, till: LiveCollection
) -> None:
    payment = in_state("unpaid")
    till.pay(payment.transaction_code, SlipPayment(amount=3000, anyway=True))
    words = text_of(staff_asks(payment, staff))
    assert "金額の異なる入金があります：¥3,000" in words
    assert "入金金額 ¥3,000" in words
    assert attention_of(payment) == "deposit_amount"
    told = buttons(staff, payment)
    assert told["accept"] == ""
    assert told[CHANGE].startswith("請求と異なる金額の入金がありました")
    assert "accept" not in buttons(sign_in("clerk", VIEW, "cancel_payment"), payment)

    fields = confirmation(staff, payment, "accept")
    without_reason = press(staff, payment, fields)
    assert "理由を入力してください" in text_of(without_reason, 422)
    words = text_of(press(staff, payment, fields | {"reason": "端数はお客様と合意"}))

    assert "入金が完了しました" in words
    settled = again(payment)
    assert (settled.state, settled.amount) == (PaymentState.DEPOSITED, 3000)
    assert attention_of(payment) == ""
    assert AuditEntry.objects.filter(reason="端数はお客様と合意").exists()
    assert "accept" not in buttons(staff, payment)


def test_a_slip_that_is_gone_is_treated_as_cancelled(
    in_state: In, staff: Client, till: LiveCollection
) -> None:
    payment = in_state("unpaid")
    assert "treat_as_deleted" not in buttons(staff, payment)
    till.trouble("2Ref", "K12", times=2)
    assert "決済サービスに、この払込票がありません" in text_of(staff_asks(payment, staff))
    assert attention_of(payment) == "slip_gone"

    fields = confirmation(staff, payment, "treat_as_deleted")
    words = text_of(press(staff, payment, fields))

    assert "決済サービスの状態に合わせました：削除" in words
    assert again(payment).state == PaymentState.DELETED
    assert attention_of(payment) == ""


def test_a_slip_that_is_there_after_all_stays_unpaid(
    in_state: In, staff: Client, till: LiveCollection
) -> None:
    payment = in_state("unpaid")
    open_case(payment, CaseKind.SLIP_GONE, now=NOON)
    fields = confirmation(staff, payment, "treat_as_deleted")

    words = text_of(press(staff, payment, fields))

    assert "まだ入金されていません" in words
    assert again(payment).state == PaymentState.UNPAID


def test_a_deposit_of_another_amount_on_a_slip_that_ran_out_can_be_accepted(
    in_state: In, staff: Client, till: LiveCollection
) -> None:
    payment = in_state("lapsed")
    till.pay(payment.transaction_code, SlipPayment(amount=3000, anyway=True))
    assert "終了した払込票に入金があります：¥3,000" in text_of(staff_asks(payment, staff))
    assert attention_of(payment) == "deposit_after_end"
    fields = confirmation(staff, payment, "accept")
    press(staff, payment, fields | {"reason": "発送します"})
    assert again(payment).state == PaymentState.DEPOSITED
    assert attention_of(payment) == ""


def test_the_history_names_every_operation_of_a_slip(in_state: In, staff: Client) -> None:
    payment = in_state("changed")
    press(staff, payment, confirmation(staff, payment, DELETE))
    rows = [step.operation for step in staff.get(page(payment)).context["shown"].history]
    assert rows == ["削除", "変更", "登録"]
    dues = [step.due for step in staff.get(page(payment)).context["shown"].history]
    assert dues == ["", "2026/04/09（木）", "2026/04/08（水）"]
    assert payment.operations.get(number=1).kind == CollectionOperation.REGISTER
