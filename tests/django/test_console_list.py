"""The console's list beside our record: what it proves, what it does not, and settling many."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Final

import pytest

from escott.clock import SettableClock
from escott.django.console_list import (
    Decision,
    Finding,
    MixedModes,
    NoneOfOurs,
    Review,
    read_console_list,
    review,
)
from escott.django.console_list.decisions import (
    Expired,
    decision_on,
    read_decisions,
    sign_decisions,
)
from escott.django.models import AuditEntry, Case, MerchantAccount, Payment
from escott.django.orders import PayableOrder
from escott.django.services import operate, pay_by_token
from escott.django.services.compare import compare
from escott.django.services.console_settling import Carried, RowResult, carry_out
from escott.django.services.recovery import recover_due
from escott.gateway import Secret
from escott.rules.card_states import CardOperation
from escott.rules.drift import Drift
from escott.rules.unknown_outcome import GRACE
from escott.simulator.console_csv import as_csv
from escott.simulator.server import SimulatorServer
from tests.cases import attention_of
from tests.django.conftest import NEVER, at_once

LOST: Final = "4000000090020001"
LOST_BEFORE: Final = "4000000090030000"
LATE: Final = "4000000090040009"
DECLINED: Final = "4000000007120001"
LOST_LATER: Final = "4000000091020000"
A_MINUTE: Final = timedelta(minutes=1)

Pays = Callable[..., Payment]
Export = Callable[..., Review]


@pytest.fixture
def pays(
    new_order: Callable[..., PayableOrder], token: Callable[..., Secret], clock: SettableClock
) -> Pays:
    """Pays an order with a card, a minute after the one before; unknown ones are left to staff."""

    def pay(*card: str, charge: CardOperation = CardOperation.GATHER) -> Payment:
        MerchantAccount.objects.update(card_charge=charge)
        clock.advance(A_MINUTE)
        return pay_by_token(new_order(), token(*card), clock=clock)

    return pay


@pytest.fixture
def export(simulator: SimulatorServer, clock: SettableClock) -> Export:
    """The console's list as the simulator exports it now, compared with our record."""

    def compared(*, without: Sequence[Payment] = (), edit: Callable[[str], str] = str) -> Review:
        left_out = {payment.transaction_code for payment in without}
        listed = [
            transaction
            for transaction in simulator.gateway.console()
            if transaction.merchant_free1 not in left_out
        ]
        text = edit(as_csv(listed, "sjis").decode("cp932"))
        return review(read_console_list(text.encode("cp932")), now=clock.now())

    return compared


@pytest.fixture
def clerk(django_user_model: Any) -> Any:
    return django_user_model.objects.create_user("suzuki", is_staff=True)


@pytest.fixture
def confirms(clerk: Any, clock: SettableClock) -> Callable[..., list[RowResult]]:
    """Staff confirm everything that the dry run offers."""

    def confirm(found: Review, *, takes_over: bool = False, key: str = "k") -> list[RowResult]:
        decisions = [decision for each in found.findings if (decision := decision_on(each))]
        return [
            carry_out(each, takes_over=takes_over, key=key, actor=clerk, clock=clock)
            for each in decisions
        ]

    return confirm


def the_finding(found: Review, payment: Payment) -> Finding:
    [finding] = [each for each in found.findings if each.payment.pk == payment.pk]
    return finding


def now_stands(payment: Payment) -> str:
    payment.refresh_from_db()
    return payment.state


# ---- unknown charges ----


def test_charges_that_stand_in_the_list_were_made_and_the_others_were_not(
    pays: Pays, export: Export, confirms: Callable[..., list[RowResult]], clock: SettableClock
) -> None:
    pays()
    lost, never = pays(LOST), pays(LOST_BEFORE)
    clock.advance(GRACE)
    pays()
    found = export()
    assert (found.agreeing, found.foreign, found.bad_lines) == (2, 0, [])
    assert the_finding(found, lost).meaning == "done"
    assert the_finding(found, never).meaning == "not_done"
    assert (now_stands(lost), now_stands(never)) == ("unknown", "unknown"), "a dry run"

    results = confirms(found)

    assert [each.carried for each in results] == ["settled_as_done", "settled_as_not_done"]
    assert (now_stands(lost), now_stands(never)) == ("gathered", "not_charged")
    assert lost.process_id == "", "照合済み: the list has no ProcessId"
    assert (attention_of(lost), attention_of(never)) == ("", "")


def test_the_settlement_names_its_line_and_stands_in_the_audit_log(
    pays: Pays,
    export: Export,
    confirms: Callable[..., list[RowResult]],
    simulator: SimulatorServer,
    clerk: Any,
) -> None:
    lost = pays(LOST)
    confirms(export())
    [charge] = simulator.gateway.charges(lost.transaction_code)
    operation = lost.operations.get()
    assert charge.transaction_id in operation.note
    assert "suzuki" in operation.note
    entry = AuditEntry.objects.get(area="case")
    assert (entry.actor, lost.transaction_code in entry.subject) == (clerk, True)
    assert charge.transaction_id in entry.reason
    case = Case.objects.get()
    assert (case.closed_by, charge.transaction_id in case.note) == (clerk, True)


def test_a_list_that_ends_before_the_grace_does_not_prove_that_nothing_was_charged(
    pays: Pays, export: Export, clock: SettableClock
) -> None:
    pays()
    never = pays(LOST_BEFORE)
    clock.advance(GRACE - 2 * A_MINUTE)
    pays()
    clock.advance(timedelta(hours=1))
    assert the_finding(export(), never).meaning == "not_covered"


def test_a_request_that_the_gateway_still_works_on_is_not_taken_for_not_there(
    pays: Pays, export: Export, clock: SettableClock
) -> None:
    pays()
    late = pays(LATE)
    early = export()
    assert the_finding(early, late).meaning == "not_covered"
    clock.advance(GRACE)
    pays()
    assert the_finding(export(), late).meaning == "done"


def test_a_list_that_begins_after_the_attempt_does_not_cover_it(
    pays: Pays, export: Export, clock: SettableClock
) -> None:
    before = pays()
    never = pays(LOST_BEFORE)
    clock.advance(GRACE)
    pays()
    assert the_finding(export(without=[before]), never).meaning == "not_covered"


def test_a_list_that_lacks_a_payment_of_its_period_proves_no_absence(
    pays: Pays, export: Export, clock: SettableClock
) -> None:
    pays()
    never, filtered_out = pays(LOST_BEFORE), pays()
    clock.advance(GRACE)
    pays()
    found = export(without=[filtered_out])
    assert (found.missing_count, found.missing) == (1, [filtered_out.transaction_code])
    assert not found.proves_absence
    assert the_finding(found, never).meaning == "not_covered"


def test_a_line_that_could_not_be_read_may_be_the_one_that_is_missing(
    pays: Pays, export: Export, clock: SettableClock
) -> None:
    pays()
    never = pays(LOST_BEFORE)
    clock.advance(GRACE)
    pays()
    found = export(edit=lambda text: text + '"?"\r\n')
    assert len(found.bad_lines) == 1
    assert the_finding(found, never).meaning == "not_covered"


def test_a_code_that_a_spreadsheet_has_shortened_is_a_bad_line_and_no_absence(
    pays: Pays, export: Export, clock: SettableClock
) -> None:
    pays()
    lost = pays(LOST)
    clock.advance(GRACE)
    pays()
    Payment.objects.filter(pk=lost.pk).update(transaction_code="000000004711")
    found = export(edit=lambda text: text.replace(lost.transaction_code, "4711"))
    [bad] = found.bad_lines
    assert bad.number == 3
    lost.refresh_from_db()
    assert the_finding(found, lost).meaning == "not_covered"


def test_a_charge_that_was_refused_there_or_cancelled_there_holds_no_money(
    pays: Pays,
    export: Export,
    confirms: Callable[..., list[RowResult]],
    simulator: SimulatorServer,
    clock: SettableClock,
) -> None:
    cancelled = pays(LOST)
    simulator.gateway.console_operate(cancelled.transaction_code, "1Delete")
    assert the_finding(export(), cancelled).meaning == "not_covered", "settled after the grace only"
    clock.advance(GRACE)
    assert the_finding(export(), cancelled).meaning == "not_done"
    confirms(export())
    assert now_stands(cancelled) == "not_charged"


def test_a_charge_with_another_amount_is_left_to_staff(
    pays: Pays, export: Export, simulator: SimulatorServer
) -> None:
    lost = pays(LOST)
    simulator.gateway.console_operate(lost.transaction_code, "1Change", 5000)
    finding = the_finding(export(), lost)
    assert finding.meaning == "other_amount"
    assert decision_on(finding) is None


def test_a_code_that_stands_there_twice_is_left_to_staff(pays: Pays, export: Export) -> None:
    lost = pays(LOST)
    pays()

    def doubled(text: str) -> str:
        return text + text.splitlines()[1] + "\r\n"

    finding = the_finding(export(edit=doubled), lost)
    assert (finding.meaning, finding.line_numbers) == ("twice", (2, 4))
    assert decision_on(finding) is None


def test_a_card_that_failed_before_another_was_charged_is_no_second_charge(
    pays: Pays, export: Export
) -> None:
    lost = pays(LOST)

    def failed_first(text: str) -> str:
        head, line = text.splitlines()[:2]
        return "\r\n".join([head, line.replace("与信売上計上", "失敗"), line])

    finding = the_finding(export(edit=failed_first), lost)
    assert (finding.meaning, finding.line and finding.line.number) == ("done", 3)


def test_a_charge_that_was_captured_there_meanwhile_is_settled_and_becomes_a_case(
    pays: Pays,
    export: Export,
    confirms: Callable[..., list[RowResult]],
    simulator: SimulatorServer,
) -> None:
    lost = pays(LOST, charge=CardOperation.AUTHORISE)
    simulator.gateway.console_operate(lost.transaction_code, "1Capture")
    confirms(export())
    assert (now_stands(lost), attention_of(lost)) == ("authorised", "state_differs")
    confirms(export(), takes_over=True, key="again")
    assert (now_stands(lost), attention_of(lost)) == ("captured", "")


# ---- unknown operations on a payment that stands ----


@pytest.mark.parametrize(
    ("carried_out", "meaning", "state"),
    [(True, "done", "cancelled"), (False, "not_done", "gathered")],
)
def test_an_unknown_cancellation_is_told_by_the_list(
    carried_out: bool,
    meaning: str,
    state: str,
    pays: Pays,
    export: Export,
    confirms: Callable[..., list[RowResult]],
    clock: SettableClock,
) -> None:
    payment = pays(LOST_LATER if carried_out else "4000000091030009")
    operate(payment.pk, CardOperation.CANCEL, key="cancel", clock=clock)
    clock.advance(GRACE)
    if not carried_out:
        assert the_finding(export(), payment).meaning == "not_covered"
        pays()
    assert the_finding(export(), payment).meaning == meaning
    confirms(export())
    assert now_stands(payment) == state
    assert payment.process_id, "only the operation was unknown"


# ---- payments that stand ----


def test_a_cancelled_authorisation_which_an_inquiry_cannot_tell_is_found(
    pays: Pays,
    export: Export,
    confirms: Callable[..., list[RowResult]],
    simulator: SimulatorServer,
    clock: SettableClock,
) -> None:
    payment = pays(charge=CardOperation.AUTHORISE)
    simulator.gateway.console_operate(payment.transaction_code, "1Delete")
    assert compare(payment.pk, clock=clock).told == "same"
    finding = the_finding(export(), payment)
    assert (finding.meaning, finding.drift) == ("differs", Drift.CANCELLED)
    [noted] = confirms(export())
    assert (noted.carried, attention_of(payment)) == (Carried.CASE_OPENED, "state_differs")
    [taken] = confirms(export(), takes_over=True)
    assert (taken.carried, now_stands(payment)) == (Carried.TAKEN_OVER, "cancelled")
    assert attention_of(payment) == ""
    assert payment.operations.get(number=2).resolved_by == "elsewhere"


def test_a_payment_settled_by_hand_is_compared_by_the_list_alone(
    pays: Pays,
    export: Export,
    confirms: Callable[..., list[RowResult]],
    simulator: SimulatorServer,
) -> None:
    lost = pays(LOST)
    confirms(export())
    simulator.gateway.console_operate(lost.transaction_code, "1Change", 5000)
    confirms(export(), takes_over=True)
    lost.refresh_from_db()
    assert (lost.amount, lost.state, lost.process_id) == (5000, "gathered", "")


def test_what_was_operated_on_here_after_the_list_was_made_is_no_difference(
    pays: Pays, export: Export, clock: SettableClock, simulator: SimulatorServer
) -> None:
    payment = pays(charge=CardOperation.AUTHORISE)
    old = as_csv(simulator.gateway.console(), "utf-8")
    clock.advance(A_MINUTE)
    operate(payment.pk, CardOperation.CAPTURE, key="capture", clock=clock)
    found = review(read_console_list(old), now=clock.now())
    assert the_finding(found, payment).meaning == "moved_since"


def test_a_charge_that_our_record_denies_becomes_a_case(
    pays: Pays, export: Export, confirms: Callable[..., list[RowResult]], clock: SettableClock
) -> None:
    refused, lost = pays(DECLINED), pays(LOST)
    assert export().agreeing == 1, "refused there as well"
    Payment.objects.filter(pk=lost.pk).update(state="not_charged", live=False)
    lost.operations.update(state="not_done")
    assert the_finding(export(), lost).meaning == "charged_after_all"
    confirms(export())
    confirms(export())
    assert attention_of(lost) == "late_success+result_unknown"
    assert Case.objects.get(kind="late_success").seen["amount"] == lost.amount
    assert now_stands(refused) == "refused"


# ---- whose list ----


def test_a_list_of_another_shop_is_refused(pays: Pays, export: Export) -> None:
    payment = pays()
    with pytest.raises(NoneOfOurs):
        export(edit=lambda text: text.replace(payment.transaction_code, "999999999999"))
    with pytest.raises(NoneOfOurs):
        export(without=[payment])


def test_lines_of_others_are_counted_and_left_alone(pays: Pays, export: Export) -> None:
    payment, other = pays(), pays()
    found = export(edit=lambda text: text.replace(other.transaction_code, "shop-2-0001"))
    assert (found.foreign, found.agreeing) == (1, 1)
    assert now_stands(payment) == "gathered"


def test_a_list_with_payments_of_both_modes_is_refused(pays: Pays, export: Export) -> None:
    pays()
    Payment.objects.filter(pk=pays().pk).update(mode="production")
    with pytest.raises(MixedModes):
        export()


def test_unknown_payments_of_the_other_mode_are_not_judged(
    pays: Pays, export: Export, clock: SettableClock
) -> None:
    pays()
    never = pays(LOST_BEFORE)
    Payment.objects.filter(pk=never.pk).update(mode="production")
    clock.advance(GRACE)
    pays()
    assert export().findings == []


# ---- confirmation ----


def decisions_of(found: Review) -> list[Decision]:
    return [decision for each in found.findings if (decision := decision_on(each))]


def test_a_repeat_of_the_same_press_tells_the_first_result(
    pays: Pays, export: Export, confirms: Callable[..., list[RowResult]], simulator: SimulatorServer
) -> None:
    lost, changed = pays(LOST), pays(charge=CardOperation.AUTHORISE)
    simulator.gateway.console_operate(changed.transaction_code, "1Delete")
    found = export()
    first = [each.carried for each in confirms(found, takes_over=True)]
    assert [each.carried for each in confirms(found, takes_over=True)] == first
    assert changed.operations.count() == 2
    assert AuditEntry.objects.filter(reason__contains="CSV").count() == 1
    assert now_stands(lost) == "gathered"


def test_who_confirms_after_another_is_told(
    pays: Pays, export: Export, clock: SettableClock, django_user_model: Any
) -> None:
    lost = pays(LOST)
    [decision] = decisions_of(export())
    suzuki, sato = (django_user_model.objects.create_user(name) for name in ("suzuki", "sato"))

    def by(actor: Any) -> Callable[[], RowResult]:
        return lambda: carry_out(
            decision, takes_over=False, key=str(actor), actor=actor, clock=clock
        )

    results = at_once([by(suzuki), by(sato)])
    assert sorted(each.carried for each in results) == ["not_settleable", "settled_as_done"]
    assert AuditEntry.objects.filter(area="case").count() == 1
    assert now_stands(lost) == "gathered"


def test_what_the_worker_found_out_meanwhile_is_not_settled_again(
    pays: Pays, export: Export, confirms: Callable[..., list[RowResult]], clock: SettableClock
) -> None:
    pays()
    never = pays(LOST_BEFORE)
    clock.advance(GRACE)
    pays()
    found = export()
    recover_due(clock, NEVER)
    [result] = confirms(found)
    assert (result.carried, now_stands(never)) == (Carried.NOT_SETTLEABLE, "not_charged")
    assert result.why
    assert never.operations.get().resolved_by == "token_search"


def test_a_payment_operated_on_since_the_dry_run_is_left_alone(
    pays: Pays,
    export: Export,
    confirms: Callable[..., list[RowResult]],
    simulator: SimulatorServer,
    clock: SettableClock,
) -> None:
    payment = pays(charge=CardOperation.AUTHORISE)
    simulator.gateway.console_operate(payment.transaction_code, "1Change", 5000)
    found = export()
    operate(payment.pk, CardOperation.CANCEL, key="cancel", clock=clock)
    for takes_over in (False, True):
        [result] = confirms(found, takes_over=takes_over)
        assert (result.carried, now_stands(payment)) == (Carried.MOVED, "cancelled")


def test_decisions_come_back_only_to_the_one_who_saw_them_and_not_for_long(
    clock: SettableClock, time_machine: Any
) -> None:
    decision = Decision("done", 1, 2, "unknown", 1, "1000000000001", "gathered", 3780, "2026-04-01")
    time_machine.move_to(clock.now(), tick=False)
    signed = sign_decisions([decision], key="k", user_id=7)
    assert read_decisions(signed, user_id=7) == ("k", [decision])
    for text, user in ((signed, 8), (signed[:-1], 7), ("", 7)):
        with pytest.raises(Expired):
            read_decisions(text, user_id=user)
    time_machine.move_to(clock.now() + timedelta(minutes=31), tick=False)
    with pytest.raises(Expired):
        read_decisions(signed, user_id=7)


def test_the_list_is_compared_in_few_queries_however_long_it_is(
    pays: Pays, export: Export, django_assert_max_num_queries: Any
) -> None:
    for _ in range(4):
        pays()
    with django_assert_max_num_queries(5):
        assert export().agreeing == 4
