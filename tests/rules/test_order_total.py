"""金額不一致: the order's total beside what its payment holds, and the one thing that mends it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escott.rules.order_total import Mending, mending_of, mending_of_slip
from escott.rules.payment_states import PAID, PaymentState

YEN = st.integers(0, 9_999_999)


def mending(
    total: int,
    *,
    amount: int = 3780,
    refunded: int = 0,
    state: PaymentState = PaymentState.AUTHORISED,
    may_be_changed: bool = True,
) -> Mending | None:
    return mending_of(
        state, amount=amount, total=total, refunded=refunded, may_be_changed=may_be_changed
    )


@pytest.mark.parametrize("state", sorted(PAID))
@pytest.mark.parametrize(
    ("total", "told"),
    [
        (3780, None),
        (5000, Mending.CHANGE_AMOUNT),
        (2980, Mending.CHANGE_AMOUNT),
        (0, Mending.CANCEL),
    ],
)
def test_while_it_can_be_changed_one_operation_mends_it(
    state: PaymentState, total: int, told: Mending | None
) -> None:
    assert mending(total, state=state) is told


@pytest.mark.parametrize(
    ("total", "told"),
    [
        (3780, None),
        (5000, Mending.ORDER_OF_ITS_OWN),
        (2980, Mending.RECORD_REFUND),
        (0, Mending.RECORD_REFUND),
    ],
)
def test_after_that_more_is_an_order_of_its_own_and_less_is_given_back(
    total: int, told: Mending | None
) -> None:
    assert mending(total, may_be_changed=False) is told


@pytest.mark.parametrize(
    ("total", "told"),
    [
        (2980, None),
        (3780, None),  # given back, and the order left as it was
        (4000, Mending.ORDER_OF_ITS_OWN),
        (2000, Mending.RECORD_REFUND),
    ],
)
def test_what_went_back_outside_the_gateway_counts_and_the_gateway_is_left_alone(
    total: int, told: Mending | None
) -> None:
    """A 利用額変更 after a refund outside would give the same money back twice."""
    assert mending(total, refunded=800) is told


@pytest.mark.parametrize("state", sorted(set(PaymentState) - PAID))
@given(total=YEN, may_be_changed=st.booleans())
def test_a_payment_that_took_no_money_needs_no_mending(
    state: PaymentState, total: int, may_be_changed: bool
) -> None:
    assert mending(total, state=state, may_be_changed=may_be_changed) is None


@given(total=YEN, amount=st.integers(1, 9_999_999), share=st.floats(0, 1), may=st.booleans())
def test_there_is_something_to_do_exactly_where_they_differ(
    total: int, amount: int, share: float, may: bool
) -> None:
    refunded = int(amount * share)
    told = mending(total, amount=amount, refunded=refunded, may_be_changed=may)
    assert (told is None) is (amount - refunded <= total <= amount)


@pytest.mark.parametrize(
    ("total", "may_be_changed", "may_be_deleted", "told"),
    [
        (3780, True, True, None),
        (5000, True, True, Mending.CHANGE_SLIP),
        (2980, True, True, Mending.CHANGE_SLIP),
        (299_999, True, True, Mending.CHANGE_SLIP),
        (300_000, True, True, Mending.REGISTER_ANEW),
        (0, True, True, Mending.DELETE_SLIP),
        (5000, False, True, Mending.REGISTER_ANEW),
        (2980, False, True, Mending.REGISTER_ANEW),
        (0, False, True, Mending.DELETE_SLIP),
        (5000, False, False, None),
        (0, False, False, None),
        (300_000, True, False, None),
        (0, True, False, None),
    ],
)
def test_an_unpaid_slip_is_changed_once_and_then_registered_anew(
    total: int, may_be_changed: bool, may_be_deleted: bool, told: Mending | None
) -> None:
    found = mending_of_slip(
        amount=3780, total=total, may_be_changed=may_be_changed, may_be_deleted=may_be_deleted
    )
    assert found is told
