"""要対応: every case says what happened, what it means for the money, and the next step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from escott.clock import SettableClock
from escott.django.case_situations import URGENCY, Situation, situation_of
from escott.django.case_texts import TEXTS, explain_case
from escott.django.models import AuditEntry, Case, CaseKind, MerchantAccount, Operation, Payment
from escott.django.orders import PayableOrder
from escott.django.services import NotSettleable, operate, pay_by_token, settle
from escott.django.services.cases import (
    CaseClosed,
    NotForStaff,
    close_cases,
    dismiss,
    open_case,
    open_case_without_payment,
)
from escott.django.services.recovery import ask_now, asking_helps, recover_due
from escott.gateway import Secret
from escott.rules.card_states import CardOperation
from escott.rules.collection_states import CollectionOperation
from escott.rules.drift import Drift
from escott.rules.unknown_outcome import GRACE
from tests.cases import attention_of
from tests.django.conftest import NEVER, at_once
from tests.payment_rows import slip_row

MANUAL: Final = Path(__file__).parents[2] / "docs" / "ja" / "unknown.md"

LOST: Final = "4000000090020001"
LOST_BEFORE: Final = "4000000090030000"
LOST_LATER: Final = "4000000091020000"

Pays = Callable[..., Payment]


@pytest.fixture
def pays(
    new_order: Callable[..., PayableOrder], token: Callable[..., Secret], clock: SettableClock
) -> Pays:
    """Pays a new order with a card."""
    return lambda *card: pay_by_token(new_order(), token(*card), clock=clock)


@pytest.fixture
def clerk(django_user_model: Any) -> Any:
    return django_user_model.objects.create_user("suzuki", is_staff=True)


#: What each case has seen, by the situation that it is in.
SEEN: Final[dict[Situation, tuple[CaseKind, dict[str, Any]]]] = {
    Situation.LATE_SUCCESS: (CaseKind.LATE_SUCCESS, {}),
    Situation.LISTED_AS_CHARGED: (
        CaseKind.LATE_SUCCESS,
        {"listed": "gathered", "amount": 5000, "transaction_id": "1000000000001"},
    ),
    Situation.LATE_DOUBT: (CaseKind.LATE_DOUBT, {}),
    Situation.ORDER_CLOSED: (CaseKind.ORDER_CLOSED, {}),
    Situation.CAPTURED_ELSEWHERE: (
        CaseKind.STATE_DIFFERS,
        {"drift": Drift.CAPTURED, "amount": 5000, "sales_date": "2026-04-02"},
    ),
    Situation.CANCELLED_ELSEWHERE: (
        CaseKind.STATE_DIFFERS,
        {"drift": Drift.CANCELLED, "amount": 5000, "sales_date": ""},
    ),
    Situation.REAUTHORISED_ELSEWHERE: (
        CaseKind.STATE_DIFFERS,
        {"drift": Drift.REAUTHORISED, "amount": 5000, "sales_date": ""},
    ),
    Situation.REFUSED_BY_STATE: (CaseKind.STATE_DIFFERS, {"refused": "K14"}),
    Situation.AMOUNT_DIFFERS: (
        CaseKind.AMOUNT_DIFFERS,
        {"drift": Drift.AMOUNT_CHANGED, "amount": 5000, "sales_date": ""},
    ),
    Situation.GONE: (CaseKind.GONE, {"drift": Drift.GONE}),
    Situation.EXPIRED: (CaseKind.EXPIRED, {"amount": 5000}),
    Situation.OPERATION_FAILED: (
        CaseKind.OPERATION_FAILED,
        {"operation": "capture", "why": "period_over"},
    ),
    Situation.TOTAL_DIFFERS: (CaseKind.TOTAL_DIFFERS, {"amount": 5000, "total": 4200}),
}


_DEPOSIT: Final = {"amount": 5000, "paid_at": "2026-04-02T09:10:00+09:00"}
_NOTICE: Final = _DEPOSIT | {"receipt": "021253738648", "condition": "000", "response": "OK"}

#: The same about slips.
SEEN_OF_SLIPS: Final[dict[Situation, tuple[CaseKind, dict[str, Any]]]] = {
    Situation.SLIP_LATE_SUCCESS: (CaseKind.LATE_SUCCESS, {}),
    Situation.DEPOSIT_FOR_CLOSED_ORDER: (CaseKind.ORDER_CLOSED, {}),
    Situation.DEPOSIT_AMOUNT: (CaseKind.DEPOSIT_AMOUNT, _DEPOSIT),
    Situation.DEPOSIT_AFTER_END: (CaseKind.DEPOSIT_AFTER_END, _DEPOSIT | {"state": "deleted"}),
    Situation.DEPOSIT_CONTRADICTED: (CaseKind.DEPOSIT_AFTER_END, {"state": "deposited"}),
    Situation.DEPOSIT_CONDITION: (CaseKind.DEPOSIT_CONDITION, _NOTICE | {"condition": "900"}),
    Situation.DEPOSIT_DENIED: (CaseKind.DEPOSIT_CONDITION, _NOTICE),
    Situation.PAID_TWICE: (CaseKind.PAID_TWICE, _DEPOSIT | {"state": "lapsed"}),
    Situation.PAID_AGAIN: (CaseKind.PAID_TWICE, _NOTICE),
    Situation.SLIP_GONE: (CaseKind.SLIP_GONE, {}),
    Situation.SLIP_LINK_LOST: (CaseKind.SLIP_LINK_LOST, {}),
}

#: And about notices that belong to no payment.
SEEN_OF_NOTICES: Final[dict[Situation, tuple[CaseKind, dict[str, Any]]]] = {
    Situation.NOTICE_UNMATCHED: (
        CaseKind.NOTICE_UNMATCHED,
        _NOTICE | {"transaction_code": "000000000042"},
    ),
    Situation.NOTICE_NOT_READ: (
        CaseKind.NOTICE_UNMATCHED,
        {"transaction_code": "000000000042", "notice": 7},
    ),
    Situation.NOTICE_UNTRUSTED: (
        CaseKind.NOTICE_UNTRUSTED,
        {"count": 17, "last": "2026-04-02T09:10:00+09:00"},
    ),
}


def case_of(payment: Payment) -> Case:
    return Case.objects.select_related("payment").get(payment=payment)


@pytest.mark.parametrize("situation", SEEN)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_kind_of_case_is_told_in_full_sentences(
    situation: Situation, language: str, pays: Pays, clock: SettableClock
) -> None:
    payment = pays()
    kind, seen = SEEN[situation]
    open_case(payment, kind, now=clock.now(), **seen)
    case = case_of(payment)
    assert situation_of(case, None) is situation
    said = said_of(case, language)
    for fact in ("5,000", "1000000000001", "2026/04/02", "K14", "4,200"):
        if fact.replace(",", "").replace("/", "-") in str(seen):
            assert fact in said or situation is Situation.CANCELLED_ELSEWHERE


def said_of(case: Case, language: str) -> str:
    """All that staff read about a case, in whole sentences."""
    with override(language):
        told = explain_case(case)
    texts = (told.what, told.money, told.next_step)
    assert all(texts)
    assert not any("%(" in text or "unknown amount" in text for text in texts)
    return " ".join(texts)


@pytest.mark.parametrize("situation", SEEN_OF_SLIPS)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_kind_of_case_about_a_slip_is_told_in_full_sentences(
    situation: Situation, language: str, account: MerchantAccount, clock: SettableClock
) -> None:
    payment = slip_row(slip={"institution": "LSN"})
    kind, seen = SEEN_OF_SLIPS[situation]
    open_case(payment, kind, now=clock.now(), **seen)
    case = case_of(payment)
    assert situation_of(case, None) is situation
    said = said_of(case, language)
    if "amount" in seen:
        assert "5,000" in said or situation is Situation.DEPOSIT_CONDITION
    if situation in {Situation.DEPOSIT_AMOUNT, Situation.PAID_TWICE, Situation.PAID_AGAIN}:
        where = {"en": "Lawson", "ja": "ローソン"}[language]
        assert f"{where}, 2026/04/02 09:10" in said
    if situation is Situation.PAID_AGAIN:
        assert "021253738648" in said, "which of the two is to be looked up"
    if situation is Situation.DEPOSIT_CONDITION:
        assert "900" in said


@pytest.mark.parametrize("situation", SEEN_OF_NOTICES)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_kind_of_case_about_no_payment_is_told_in_full_sentences(
    situation: Situation, language: str, account: MerchantAccount, clock: SettableClock
) -> None:
    kind, seen = SEEN_OF_NOTICES[situation]
    open_case_without_payment(kind, now=clock.now(), **seen)
    case = Case.objects.get()
    assert situation_of(case, None) is situation
    said = said_of(case, language)
    assert "17" in said if "count" in seen else "000000000042" in said


def test_no_kind_is_without_a_text_or_a_place_in_the_queue() -> None:
    assert set(URGENCY) == set(CaseKind)
    everything = SEEN | SEEN_OF_SLIPS | SEEN_OF_NOTICES
    unknown = {situation for situation in Situation if situation not in everything}
    assert set(TEXTS) == set(Situation)
    assert {kind for kind, _ in everything.values()} | {CaseKind.RESULT_UNKNOWN} == set(CaseKind)
    assert len(unknown) == 9, "those of an unknown result"


# ---- an unknown result ----


def test_while_the_worker_asks_staff_may_wait_and_then_it_is_their_turn(
    pays: Pays, clock: SettableClock
) -> None:
    payment = pays(LOST)
    unknown = payment.operations.get()
    assert situation_of(case_of(payment), unknown) is Situation.CHARGE_ASKED_ABOUT
    assert asking_helps(unknown)
    clock.advance(GRACE)
    recover_due(clock, NEVER)
    unknown.refresh_from_db()
    assert situation_of(case_of(payment), unknown) is Situation.CHARGE_UNTOLD
    assert not asking_helps(unknown), "the gateway has answered and could not tell"


def test_an_unknown_operation_on_a_payment_is_told_apart_from_a_charge(
    pays: Pays, clock: SettableClock
) -> None:
    payment = pays(LOST_LATER)
    unknown = operate(payment.pk, CardOperation.CANCEL, key="cancel", clock=clock)
    assert situation_of(case_of(payment), unknown) is Situation.OPERATION_ASKED_ABOUT
    recover_due(clock, NEVER)
    clock.advance(timedelta(minutes=1))
    recover_due(clock, NEVER)
    unknown.refresh_from_db()
    assert situation_of(case_of(payment), unknown) is Situation.OPERATION_UNTOLD
    assert "取消" in explain_case(case_of(payment), unknown).what


@pytest.mark.parametrize(
    ("kind", "asked_about", "untold"),
    [
        (
            CollectionOperation.CHANGE,
            Situation.SLIP_CHANGE_ASKED_ABOUT,
            Situation.SLIP_CHANGE_UNTOLD,
        ),
        (
            CollectionOperation.DELETE,
            Situation.SLIP_DELETION_ASKED_ABOUT,
            Situation.SLIP_DELETION_UNTOLD,
        ),
    ],
)
def test_an_unknown_operation_on_a_slip_says_what_the_customer_can_pay_by(
    kind: CollectionOperation,
    asked_about: Situation,
    untold: Situation,
    account: MerchantAccount,
    clock: SettableClock,
) -> None:
    payment = slip_row()
    open_case(payment, CaseKind.RESULT_UNKNOWN, now=clock.now())
    unknown = Operation(
        payment=payment,
        number=2,
        kind=kind,
        amount=4000,
        state="unknown",
        started_at=clock.now(),
        due_at=clock.now(),
    )
    case = case_of(payment)
    assert situation_of(case, unknown) is asked_about
    unknown.due_at = None
    assert situation_of(case, unknown) is untold
    with override("ja"):
        told = explain_case(case, unknown)
    assert "¥4,000" in told.what
    assert "入金があれば検知されます" in told.money


def test_what_is_known_by_now_asks_for_nothing(pays: Pays, clock: SettableClock) -> None:
    payment = pays(LOST)
    case = case_of(payment)
    assert situation_of(case, None) is Situation.ALREADY_KNOWN


def test_staff_may_have_the_gateway_asked_at_once(pays: Pays, clock: SettableClock) -> None:
    payment = pays(LOST_BEFORE)
    unknown = payment.operations.get()
    assert ask_now(unknown.pk, clock=clock).state == "unknown", "it may still be working on it"
    assert attention_of(payment) == "result_unknown"
    clock.advance(GRACE)
    Operation.objects.update(due_at=clock.now() + GRACE)
    asked = ask_now(unknown.pk, clock=clock)
    assert (asked.state, asked.resolved_by) == ("not_done", "token_search")
    assert attention_of(payment) == "", "before the worker was due"


def test_pressing_often_does_not_use_up_the_inquiries_of_the_worker(
    pays: Pays, clock: SettableClock, settings: Any, closed_port: int
) -> None:
    unknown = pays(LOST).operations.get()
    settings.ESCOTT = settings.ESCOTT | {"TEST_GATEWAY_URL": f"http://127.0.0.1:{closed_port}"}
    for _ in range(40):
        ask_now(unknown.pk, clock=clock)
    unknown.refresh_from_db()
    assert unknown.due_at is not None, "the worker goes on"
    assert unknown.leased_until is None


def test_nobody_asks_while_a_worker_does(pays: Pays, clock: SettableClock) -> None:
    unknown = pays(LOST_BEFORE).operations.get()
    clock.advance(GRACE)
    [leased] = Operation.lease_due(clock.now(), lasting=timedelta(minutes=1))
    assert ask_now(leased.pk, clock=clock).state == "unknown"
    clock.advance(timedelta(minutes=1))
    assert ask_now(unknown.pk, clock=clock).state == "not_done", "the worker died"


# ---- the end of a case ----


def test_a_settlement_closes_the_case_at_once_and_says_who_and_why(
    pays: Pays, clock: SettableClock, clerk: Any
) -> None:
    payment = pays(LOST)
    settle(payment.operations.get().pk, done=True, note="seen", actor=clerk, clock=clock)
    case = case_of(payment)
    assert (case.closed_at, case.closed_by, case.note) == (clock.now(), clerk, "seen")
    assert attention_of(payment) == "", "although the worker would have asked later"
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.area, entry.reason) == (clerk, "case", "seen")
    assert payment.transaction_code in entry.subject


def test_a_settlement_that_is_refused_leaves_no_trace(
    pays: Pays, clock: SettableClock, clerk: Any
) -> None:
    payment = pays(LOST)
    with pytest.raises(NotSettleable):
        settle(payment.operations.get().pk, done=False, note="early", actor=clerk, clock=clock)
    assert attention_of(payment) == "result_unknown"
    assert not AuditEntry.objects.exists()


def test_of_two_who_settle_at_the_same_moment_one_is_told(
    pays: Pays, clock: SettableClock, django_user_model: Any
) -> None:
    payment = pays(LOST)
    unknown = payment.operations.get()
    clock.advance(GRACE)
    people = [django_user_model.objects.create_user(name) for name in ("suzuki", "sato")]

    def settles(done: bool, actor: Any) -> Callable[[], Operation]:
        return lambda: settle(unknown.pk, done=done, note=str(done), actor=actor, clock=clock)

    results = at_once([settles(True, people[0]), settles(False, people[1])])

    refused = [each for each in results if isinstance(each, NotSettleable)]
    assert len(refused) == 1, results
    unknown.refresh_from_db()
    case, entry = case_of(payment), AuditEntry.objects.get()
    assert (case.note, entry.reason) == (entry.reason, case.note)
    assert unknown.note == f"{case.closed_by}: {case.note}"
    assert (unknown.state == "ok") is (case.note == "True")


def test_dismissing_needs_a_case_that_staff_may_end_and_keeps_the_note(
    pays: Pays, clock: SettableClock, clerk: Any
) -> None:
    payment = pays()
    open_case(payment, CaseKind.ORDER_CLOSED, now=clock.now())
    open_case(payment, CaseKind.EXPIRED, now=clock.now())
    case = Case.objects.get(kind=CaseKind.ORDER_CLOSED)
    closed = dismiss(case.pk, note="cancelled it", actor=clerk, clock=clock)
    assert (closed.closed_by, closed.note) == (clerk, "cancelled it")
    assert attention_of(payment) == "expired", "the other one stays"
    with pytest.raises(CaseClosed):
        dismiss(case.pk, note="again", actor=clerk, clock=clock)
    close_cases(payment, [CaseKind.EXPIRED], now=clock.now())
    assert attention_of(payment) == ""


def test_an_unknown_result_cannot_be_ticked_off(
    pays: Pays, clock: SettableClock, clerk: Any
) -> None:
    payment = pays(LOST)
    with pytest.raises(NotForStaff):
        dismiss(case_of(payment).pk, note="never mind", actor=clerk, clock=clock)
    assert attention_of(payment) == "result_unknown"


# ---- sites without a dashboard ----


def test_the_admin_shows_cases_with_their_texts_and_the_way_to_the_settlement(
    pays: Pays, clock: SettableClock, admin_client: Client
) -> None:
    payment = pays(LOST)
    case, operation = case_of(payment), payment.operations.get()
    listing = admin_client.get(reverse("admin:escott_case_changelist")).content.decode()
    assert reverse("admin:escott_operation_settle", args=[operation.pk]) in listing
    page = admin_client.get(reverse("admin:escott_case_change", args=[case.pk])).content.decode()
    assert explain_case(case, operation).next_step in page
    url = reverse("admin:escott_case_change", args=[case.pk])
    assert admin_client.post(url, {"note": "x"}).status_code == 403
    assert admin_client.get(reverse("admin:escott_case_add")).status_code == 403
    settle(operation.pk, done=True, note="seen", clock=clock)
    listing = admin_client.get(reverse("admin:escott_case_changelist")).content.decode()
    assert "/settle/" not in listing


def test_the_list_of_cases_in_the_admin_costs_the_same_however_many_there_are(
    pays: Pays, clock: SettableClock, admin_client: Client, django_assert_max_num_queries: Any
) -> None:
    MerchantAccount.objects.update(card_charge=CardOperation.AUTHORISE)
    for _ in range(5):
        open_case(pays(), CaseKind.ORDER_CLOSED, now=clock.now())
    with django_assert_max_num_queries(10):
        admin_client.get(reverse("admin:escott_case_changelist"))


def test_the_operators_manual_names_every_kind_in_the_words_of_the_page() -> None:
    page = MANUAL.read_text(encoding="utf-8")
    assert [kind for kind in URGENCY if str(kind.label) not in page] == []
