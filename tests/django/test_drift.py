"""状態不一致: somebody operated on a payment in the gateway's console, which nobody can prevent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any, Final

import pytest

from escott.clock import JST, SettableClock
from escott.django.models import AuditEntry, Case, CaseKind, MerchantAccount, Operation, Payment
from escott.django.orders import PayableOrder
from escott.django.services import compare as comparing
from escott.django.services import operate, pay_by_token
from escott.django.services.adopt import NothingToAdopt, adopt, write_over
from escott.django.services.claim import KeyReused, NotPossible
from escott.django.services.compare import Told, compare, note_comparison
from escott.django.services.expiry import expire_due
from escott.django.signals import payment_changed
from escott.gateway import Secret
from escott.gateway.operations import OperateId
from escott.rules.card_states import CardOperation
from escott.rules.drift import Drift, Found
from escott.rules.payment_states import PaymentState
from escott.simulator.server import SimulatorServer
from tests.cases import attention_of
from tests.django.conftest import NEVER, at_once

TODAY: Final = date(2026, 4, 1)

AUTHORISE, GATHER = CardOperation.AUTHORISE, CardOperation.GATHER
CAPTURE, CANCEL, CHANGE, AGAIN = (
    CardOperation.CAPTURE,
    CardOperation.CANCEL,
    CardOperation.CHANGE_AMOUNT,
    CardOperation.REAUTHORISE,
)
TELEGRAMS: Final = {
    CAPTURE: OperateId.CAPTURE,
    CANCEL: OperateId.DELETE,
    CHANGE: OperateId.CHANGE,
    AGAIN: OperateId.REAUTH,
}

#: A way to a state: the charge, and what we did after it.
Way = tuple[CardOperation, ...]
Charge = Callable[..., Payment]
Elsewhere = Callable[..., None]


@pytest.fixture
def charge(
    new_order: Callable[..., PayableOrder], token: Callable[..., Secret], clock: SettableClock
) -> Charge:
    """Makes a payment of ¥3,780 by a charge, and does to it here what follows."""

    def make(first: CardOperation = AUTHORISE, *steps: CardOperation) -> Payment:
        MerchantAccount.objects.update(card_charge=first)
        payment = pay_by_token(new_order(3780), token(), clock=clock)
        for step in steps:
            operate(payment.pk, step, key=f"{payment.pk}-{step}", clock=clock)
        payment.refresh_from_db()
        return payment

    return make


@pytest.fixture
def elsewhere(simulator: SimulatorServer) -> Elsewhere:
    """Does something to a payment in the gateway's console."""

    def do(payment: Payment, *operations: CardOperation, amount: int | None = None) -> None:
        for operation in operations:
            given = amount if operation in {CHANGE, AGAIN} else None
            named = payment.transaction_code
            simulator.gateway.console_operate(named, TELEGRAMS[operation], given)

    return do


def now_stands(payment: Payment) -> tuple[str, int]:
    payment.refresh_from_db()
    return payment.state, payment.amount


# ---- what is found ----

#: The way to our state, what was done elsewhere, the new amount, the drift, its case.
FOUND: Final[list[tuple[Way, Way, int, Drift, CaseKind]]] = [
    ((AUTHORISE,), (CAPTURE,), 3780, Drift.CAPTURED, CaseKind.STATE_DIFFERS),
    ((AUTHORISE,), (CHANGE,), 5000, Drift.AMOUNT_CHANGED, CaseKind.AMOUNT_DIFFERS),
    ((AUTHORISE,), (CHANGE, CAPTURE), 5000, Drift.CAPTURED, CaseKind.STATE_DIFFERS),
    ((GATHER,), (CANCEL,), 3780, Drift.CANCELLED, CaseKind.STATE_DIFFERS),
    ((GATHER,), (CHANGE,), 2980, Drift.AMOUNT_CHANGED, CaseKind.AMOUNT_DIFFERS),
    ((AUTHORISE, CAPTURE), (CANCEL,), 3780, Drift.CANCELLED, CaseKind.STATE_DIFFERS),
    ((GATHER, CANCEL), (AGAIN,), 3780, Drift.REAUTHORISED, CaseKind.STATE_DIFFERS),
    ((AUTHORISE, CANCEL), (AGAIN, CAPTURE), 4000, Drift.REAUTHORISED, CaseKind.STATE_DIFFERS),
]


@pytest.mark.parametrize(("way", "done", "amount", "drift", "kind"), FOUND)
def test_a_comparison_finds_it_and_opens_its_case(
    way: Way,
    done: Way,
    amount: int,
    drift: Drift,
    kind: CaseKind,
    charge: Charge,
    elsewhere: Elsewhere,
    clock: SettableClock,
) -> None:
    payment = charge(*way)
    assert compare(payment.pk, clock=clock).told is Told.SAME
    assert attention_of(payment) == ""
    elsewhere(payment, *done, amount=amount)
    told = compare(payment.pk, clock=clock)
    assert (told.told, told.drift) == (Told.DIFFERS, drift)
    assert attention_of(payment) == kind
    case = Case.objects.get(payment=payment)
    assert (case.seen["drift"], case.seen["amount"]) == (drift, amount)
    assert payment.operations.count() == len(way), "comparing takes nothing over"


@pytest.mark.parametrize(("way", "done", "amount", "drift", "kind"), FOUND)
def test_adopting_brings_our_record_to_where_the_gateway_stands(
    way: Way,
    done: Way,
    amount: int,
    drift: Drift,
    kind: CaseKind,
    charge: Charge,
    elsewhere: Elsewhere,
    clock: SettableClock,
    simulator: SimulatorServer,
    django_user_model: Any,
) -> None:
    clerk = django_user_model.objects.create_user("suzuki", is_staff=True)
    payment = charge(*way)
    clock.advance(timedelta(days=1))
    elsewhere(payment, *done, amount=amount)
    compare(payment.pk, clock=clock)
    first = adopt(payment.pk, key="press", actor=clerk, clock=clock)
    [booked] = simulator.gateway.transactions()
    assert now_stands(payment) == (booked.state, booked.amount)
    taken = payment.captured_on.strftime("%Y%m%d") if payment.captured_on else ""
    assert taken == (booked.sales_date if booked.state in {"captured", "gathered"} else "")
    assert attention_of(payment) == ""
    assert compare(payment.pk, clock=clock).told is Told.SAME
    assert (first.resolved_by, first.actor, first.state) == ("elsewhere", clerk, "ok")
    assert AuditEntry.objects.filter(area="case").exists()


def test_it_is_closed_when_the_two_agree_again(
    charge: Charge, elsewhere: Elsewhere, clock: SettableClock
) -> None:
    payment = charge(GATHER)
    elsewhere(payment, CHANGE, amount=5000)
    compare(payment.pk, clock=clock)
    elsewhere(payment, CHANGE, amount=3780)
    assert compare(payment.pk, clock=clock).told is Told.SAME
    assert attention_of(payment) == ""
    assert Case.objects.get().closed_at == clock.now()


def test_a_case_tells_what_was_found_last_and_there_is_one_of_it(
    charge: Charge, elsewhere: Elsewhere, clock: SettableClock
) -> None:
    payment = charge(GATHER)
    for amount in (5000, 6000):
        elsewhere(payment, CHANGE, amount=amount)
        compare(payment.pk, clock=clock)
    assert Case.objects.get().seen["amount"] == 6000
    elsewhere(payment, CANCEL)
    compare(payment.pk, clock=clock)
    assert attention_of(payment) == CaseKind.STATE_DIFFERS, "the other kind is over"


def test_a_payment_that_the_gateway_does_not_know_any_more(
    charge: Charge, simulator: SimulatorServer, clock: SettableClock
) -> None:
    payment = charge(GATHER)
    simulator.gateway.reset()
    told = compare(payment.pk, clock=clock)
    assert (told.told, told.drift) == (Told.DIFFERS, Drift.GONE)
    assert attention_of(payment) == CaseKind.GONE
    with pytest.raises(NothingToAdopt):
        adopt(payment.pk, key="press", actor=None, clock=clock)
    assert now_stands(payment) == ("gathered", 3780)


def test_after_the_last_day_a_payment_that_is_not_told_is_no_case(
    charge: Charge, simulator: SimulatorServer, clock: SettableClock
) -> None:
    payment = charge(GATHER)
    clock.advance(timedelta(days=61))
    simulator.gateway.reset()
    assert compare(payment.pk, clock=clock).told is Told.NOT_NOW
    assert attention_of(payment) == ""


def test_a_gateway_that_does_not_answer_opens_and_closes_nothing(
    charge: Charge,
    elsewhere: Elsewhere,
    clock: SettableClock,
    settings: Any,
    closed_port: int,
) -> None:
    payment = charge(GATHER)
    elsewhere(payment, CANCEL)
    compare(payment.pk, clock=clock)
    settings.ESCOTT = settings.ESCOTT | {"TEST_GATEWAY_URL": f"http://127.0.0.1:{closed_port}"}
    assert compare(payment.pk, clock=clock).told is Told.NO_ANSWER
    assert attention_of(payment) == CaseKind.STATE_DIFFERS


# ---- what our own next operation finds ----


def test_an_authorisation_cancelled_elsewhere_is_found_by_its_next_operation(
    charge: Charge, elsewhere: Elsewhere, clock: SettableClock
) -> None:
    payment = charge(AUTHORISE)
    elsewhere(payment, CANCEL)
    assert compare(payment.pk, clock=clock).told is Told.SAME, "1Search cannot tell"
    refused = operate(payment.pk, CAPTURE, key="ship", clock=clock)
    assert (refused.state, refused.response_codes) == ("refused", "K14")
    assert attention_of(payment) == CaseKind.STATE_DIFFERS


def test_what_k14_has_told_is_not_ended_by_a_1search_that_cannot_tell(
    charge: Charge, elsewhere: Elsewhere, clock: SettableClock
) -> None:
    payment = charge(AUTHORISE)
    elsewhere(payment, CANCEL)
    operate(payment.pk, CAPTURE, key="ship", clock=clock)
    clock.advance(timedelta(days=1))
    assert compare(payment.pk, clock=clock).told is Told.SAME
    assert attention_of(payment) == CaseKind.STATE_DIFFERS


def test_the_consoles_list_tells_it_and_it_is_taken_over(
    charge: Charge, elsewhere: Elsewhere, clock: SettableClock
) -> None:
    payment = charge(AUTHORISE)
    elsewhere(payment, CANCEL)
    operate(payment.pk, CAPTURE, key="ship", clock=clock)
    payment.refresh_from_db()
    found = Found(3780, None, cancelled=True)
    told = note_comparison(payment, found, clock.now())
    assert (told.told, told.drift) == (Told.DIFFERS, Drift.CANCELLED)
    write_over(payment.pk, Drift.CANCELLED, found, key="list", actor=None, clock=clock)
    assert now_stands(payment) == ("cancelled", 3780)
    assert (payment.live, attention_of(payment)) == (False, "")


def test_an_operation_that_the_gateway_carries_out_ends_what_k14_had_told(
    charge: Charge, elsewhere: Elsewhere, clock: SettableClock
) -> None:
    payment = charge(AUTHORISE)
    elsewhere(payment, CANCEL)
    operate(payment.pk, CAPTURE, key="ship", clock=clock)
    elsewhere(payment, AGAIN, amount=3780)
    clock.advance(timedelta(minutes=1))
    operate(payment.pk, CHANGE, amount=3000, key="change", clock=clock)
    assert compare(payment.pk, clock=clock).told is Told.SAME
    assert attention_of(payment) == ""


@pytest.mark.parametrize("operation", [CANCEL, CHANGE])
def test_a_payment_that_is_gone_is_found_by_its_next_operation_and_then_called_gone(
    operation: CardOperation, charge: Charge, simulator: SimulatorServer, clock: SettableClock
) -> None:
    payment = charge(AUTHORISE)
    simulator.gateway.reset()
    amount = 3000 if operation is CHANGE else None
    refused = operate(payment.pk, operation, amount=amount, key="k", clock=clock)
    assert refused.response_codes == "K12"
    assert attention_of(payment) == CaseKind.STATE_DIFFERS
    compare(payment.pk, clock=clock)
    assert attention_of(payment) == CaseKind.GONE


# ---- an operation of ours is never taken for one done elsewhere ----


@pytest.mark.parametrize(
    ("way", "steps"),
    [
        ((AUTHORISE,), (CAPTURE,)),
        ((AUTHORISE,), (CANCEL,)),
        ((GATHER,), (CANCEL,)),
        ((GATHER,), (CHANGE,)),
        ((GATHER,), (CANCEL, AGAIN)),
        ((AUTHORISE, CAPTURE), (CANCEL, AGAIN, CAPTURE)),
        ((GATHER, CANCEL), (AGAIN,)),
    ],
)
@pytest.mark.parametrize("answered", range(4), ids=lambda number: f"answered_after_{number}")
def test_an_operation_carried_out_during_the_comparison_never_looks_like_drift(
    way: Way,
    steps: Way,
    answered: int,
    charge: Charge,
    clock: SettableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The gateway answers at any moment between the operations of somebody else in the shop."""
    payment = charge(*way)
    really_inquire = comparing.inquire

    def busy(*asked: Any) -> Any:
        told = None
        for number, step in enumerate(steps):
            if number == answered:
                told = really_inquire(*asked)
            amount = {CHANGE: 5000, AGAIN: 3780}.get(step)
            operate(payment.pk, step, amount=amount, key=f"meanwhile-{number}", clock=clock)
        return told or really_inquire(*asked)

    monkeypatch.setattr(comparing, "inquire", busy)
    assert compare(payment.pk, clock=clock).told is Told.NOT_NOW
    assert attention_of(payment) == ""
    monkeypatch.undo()
    assert compare(payment.pk, clock=clock).told is Told.SAME


def test_while_an_operation_is_under_way_or_unknown_nothing_is_compared(
    charge: Charge, simulator: SimulatorServer, clock: SettableClock
) -> None:
    payment = charge(AUTHORISE)
    for state in ("started", "unknown"):
        Operation.objects.filter(payment=payment).update(state=state)
        assert compare(payment.pk, clock=clock).told is Told.NOT_NOW


@pytest.mark.parametrize("state", sorted(set(PaymentState) - set(comparing.OPEN)), ids=str)
def test_what_is_not_open_is_not_compared(
    state: PaymentState, charge: Charge, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment = charge(AUTHORISE)
    Payment.objects.filter(pk=payment.pk).update(state=state)
    monkeypatch.setattr(comparing, "inquire", lambda *_asked: pytest.fail("the gateway was asked"))
    assert compare(payment.pk, clock=clock).told is Told.NOT_NOW


# ---- taken over exactly once ----


def operations_of(payment: Payment) -> list[str]:
    return list(payment.operations.order_by("number").values_list("kind", flat=True))


@pytest.mark.parametrize("same_key", [True, False], ids=["one press", "two of staff"])
def test_of_many_who_take_it_over_at_once_one_does(
    same_key: bool, charge: Charge, elsewhere: Elsewhere, clock: SettableClock
) -> None:
    payment = charge(AUTHORISE)
    elsewhere(payment, CHANGE, CAPTURE, amount=5000)
    results = at_once(
        [
            partial(
                adopt, payment.pk, key="press" if same_key else f"p{n}", actor=None, clock=clock
            )
            for n in range(6)
        ]
    )
    done = [result for result in results if isinstance(result, Operation)]
    assert len({operation.pk for operation in done}) == 1
    if same_key:
        assert len(done) == 6
    else:
        late = [result for result in results if not isinstance(result, Operation)]
        assert [type(result) for result in late] == [NothingToAdopt] * 5
    assert operations_of(payment) == ["authorise", "capture"]
    assert now_stands(payment) == ("captured", 5000)


def test_a_repeat_returns_the_first_result_and_a_key_of_another_payment_is_refused(
    charge: Charge, elsewhere: Elsewhere, clock: SettableClock
) -> None:
    payment, other = charge(GATHER), charge(GATHER)
    elsewhere(payment, CANCEL)
    elsewhere(other, CANCEL)
    first = adopt(payment.pk, key="press", actor=None, clock=clock)
    assert adopt(payment.pk, key="press", actor=None, clock=clock) == first
    with pytest.raises(KeyReused):
        adopt(other.pk, key="press", actor=None, clock=clock)
    assert operations_of(other) == ["gather"]


def test_where_nothing_differs_there_is_nothing_to_take_over(
    charge: Charge, clock: SettableClock
) -> None:
    payment = charge(GATHER)
    with pytest.raises(NothingToAdopt) as nothing:
        adopt(payment.pk, key="press", actor=None, clock=clock)
    assert nothing.value.comparison.told is Told.SAME


def test_what_was_found_before_an_operation_of_ours_is_not_taken_over_after_it(
    charge: Charge, elsewhere: Elsewhere, clock: SettableClock
) -> None:
    payment = charge(AUTHORISE)
    elsewhere(payment, CHANGE, amount=5000)
    found = compare(payment.pk, clock=clock)
    operate(payment.pk, CHANGE, amount=4000, key="ours", clock=clock)
    with pytest.raises(NothingToAdopt):
        write_over(
            payment.pk,
            Drift.AMOUNT_CHANGED,
            found.found,
            key="late",
            actor=None,
            after=found.after,
            clock=clock,
        )
    assert now_stands(payment) == ("authorised", 4000)
    assert compare(payment.pk, clock=clock).told is Told.SAME


def test_another_amount_on_a_cancelled_payment_is_not_guessed_at(
    charge: Charge, elsewhere: Elsewhere, clock: SettableClock
) -> None:
    payment = charge(AUTHORISE, CANCEL)
    elsewhere(payment, AGAIN, amount=4000)
    assert compare(payment.pk, clock=clock).drift is Drift.AMOUNT_CHANGED
    with pytest.raises(NothingToAdopt):
        adopt(payment.pk, key="press", actor=None, clock=clock)
    assert now_stands(payment) == ("cancelled", 3780)


@pytest.mark.parametrize("state", ["started", "unknown"])
def test_nothing_is_taken_over_while_an_operation_is_unfinished(
    state: str, charge: Charge, clock: SettableClock
) -> None:
    payment = charge(GATHER)
    Operation.objects.filter(payment=payment).update(state=state)
    with pytest.raises(NotPossible) as refusal:
        write_over(payment.pk, Drift.CANCELLED, Found(3780), key="k", actor=None, clock=clock)
    assert refusal.value.obstacle == {"started": "under_way", "unknown": "result_unknown"}[state]


def test_a_reauthorisation_elsewhere_waits_while_another_payment_of_the_order_is_live(
    charge: Charge,
    elsewhere: Elsewhere,
    token: Callable[..., Secret],
    clock: SettableClock,
) -> None:
    payment = charge(GATHER, CANCEL)
    order = PayableOrder(reference=payment.order_reference, amount=3780)
    again = pay_by_token(order, token(), clock=clock)
    elsewhere(payment, AGAIN, amount=3780)
    with pytest.raises(NotPossible, match="another_live"):
        adopt(payment.pk, key="press", actor=None, clock=clock)
    assert attention_of(payment) == CaseKind.STATE_DIFFERS
    operate(again.pk, CANCEL, key="make room", clock=clock)
    adopt(payment.pk, key="press", actor=None, clock=clock)
    assert now_stands(payment) == ("gathered", 3780)
    assert payment.live


def test_an_expired_authorisation_that_was_captured_in_time_is_taken_over_from_the_console(
    charge: Charge, elsewhere: Elsewhere, clock: SettableClock
) -> None:
    payment = charge(AUTHORISE)
    elsewhere(payment, CAPTURE)
    Payment.objects.update(process_id="")  # so 1Search can't tell before it runs out
    clock.advance(timedelta(days=61))
    expire_due(clock, NEVER)
    assert attention_of(payment) == CaseKind.EXPIRED
    found = Found(3780, TODAY, cancelled=False)
    write_over(payment.pk, Drift.CAPTURED, found, key="list", actor=None, clock=clock)
    assert now_stands(payment) == ("captured", 3780)
    assert (payment.live, payment.captured_on, attention_of(payment)) == (True, TODAY, "")


def test_the_host_shop_is_told_what_was_taken_over(
    charge: Charge, elsewhere: Elsewhere, clock: SettableClock
) -> None:
    heard: list[str] = []

    def listener(payment: Payment, **_kwargs: Any) -> None:
        heard.append(payment.state)

    payment = charge(GATHER)
    elsewhere(payment, CANCEL)
    payment_changed.connect(listener)
    try:
        adopt(payment.pk, key="press", actor=None, clock=clock)
    finally:
        payment_changed.disconnect(listener)
    assert heard == ["cancelled"]


def test_the_sales_date_of_a_capture_elsewhere_is_the_gateways(
    charge: Charge, elsewhere: Elsewhere, clock: SettableClock
) -> None:
    payment = charge(AUTHORISE)
    elsewhere(payment, CAPTURE)
    clock.advance(timedelta(days=2))
    adopt(payment.pk, key="press", actor=None, clock=clock)
    payment.refresh_from_db()
    assert payment.captured_on == TODAY
    assert payment.operations.get(number=2).started_at.astimezone(JST).date() > TODAY
