"""注文ステータス: 完了 only when everything is virtual and the money was taken at once."""

from itertools import product

import pytest

from escott.rules.card_states import CardState
from escott.rules.order_status import (
    OrderStatus,
    status_after_card_payment,
    status_after_deposit,
    status_of_free_order,
)

PAID = (CardState.AUTHORISED, CardState.GATHERED, CardState.CAPTURED)
WANTED = (OrderStatus.PROCESSING, OrderStatus.COMPLETED)


@pytest.mark.parametrize(("state", "virtual", "wanted"), [*product(PAID, (True, False), WANTED)])
def test_a_paid_order_is_processing_unless_every_condition_for_completed_holds(
    state: CardState, virtual: bool, wanted: OrderStatus
) -> None:
    status = status_after_card_payment(state, all_virtual=virtual, wanted=wanted)
    completed = state is CardState.GATHERED and virtual and wanted is OrderStatus.COMPLETED
    assert status is (OrderStatus.COMPLETED if completed else OrderStatus.PROCESSING)


@pytest.mark.parametrize(("virtual", "wanted"), [*product((True, False), WANTED)])
def test_a_free_order_follows_the_same_rule(virtual: bool, wanted: OrderStatus) -> None:
    status = status_of_free_order(all_virtual=virtual, wanted=wanted)
    completed = virtual and wanted is OrderStatus.COMPLETED
    assert status is (OrderStatus.COMPLETED if completed else OrderStatus.PROCESSING)


@pytest.mark.parametrize(("virtual", "wanted"), [*product((True, False), WANTED)])
def test_a_paid_slip_follows_the_same_rule(virtual: bool, wanted: OrderStatus) -> None:
    status = status_after_deposit(all_virtual=virtual, wanted=wanted)
    completed = virtual and wanted is OrderStatus.COMPLETED
    assert status is (OrderStatus.COMPLETED if completed else OrderStatus.PROCESSING)
