"""The words of a shop for its order statuses (requirements.md, how the host's words translate)."""

from __future__ import annotations

import pytest

from escott.oscar.order_moves import move_order
from escott.oscar.statuses import JAPANESE, pipeline, words
from escott.rules.order_status import OrderStatus
from tests.oscar.conftest import Order, Shopper, the_order


def test_the_words_are_those_that_operators_know() -> None:
    assert list(words().values()) == [
        "支払い待ち",
        "保留中",
        "処理中",
        "完了",
        "失敗",
        "キャンセル",
        "払い戻し",
    ]


def test_a_shop_may_use_words_of_its_own() -> None:
    assert words({"processing": "Being packed"})[OrderStatus.PROCESSING] == "Being packed"
    assert "Being packed" in pipeline({"processing": "Being packed"})


@pytest.mark.parametrize("chosen", [{"no_status": "x"}, {"processing": "完了"}])
def test_words_that_cannot_be_told_apart_are_refused(chosen: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"."):
        words(chosen)


def test_every_status_has_its_followers() -> None:
    assert pipeline().keys() == set(JAPANESE.values())


def test_an_order_moves_only_from_the_statuses_that_are_named(shopper: Shopper) -> None:
    shopper.buys()
    order = the_order()

    assert not move_order(order, OrderStatus.FAILED, only_from=[OrderStatus.AWAITING_PAYMENT])
    assert the_order().status == "処理中"


def test_a_stale_order_does_not_move(shopper: Shopper) -> None:
    shopper.buys(card="4000000007120001")
    stale = the_order()
    Order.objects.update(status="キャンセル")

    assert not move_order(stale, OrderStatus.PROCESSING, only_from=[OrderStatus.FAILED])
    assert the_order().status == "キャンセル"
