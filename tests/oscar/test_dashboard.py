"""What staff see of a payment in Oscar's dashboard."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from escott.django.models import Consent, MerchantAccount, Payment, SecureUse
from escott.simulator.server import SimulatorServer
from shop.seed.accounts import STAFF
from tests.django.going import Going
from tests.oscar.conftest import Order, Shopper, the_order


def test_the_order_page_shows_payments_with_their_codes_and_meanings(
    shopper: Shopper, new_shopper: Callable[[], Shopper]
) -> None:
    shopper.pays(shopper.buys(card="4000000007120001").url)
    staff = new_shopper()
    staff.signs_in(*STAFF)

    page = staff.client.get(f"/dashboard/orders/{the_order().number}/").content.decode()

    for payment in Payment.objects.all():
        assert payment.transaction_code in page
    assert "決済情報" in page
    assert "G12" in page
    assert "与信売上計上" in page


def test_the_order_page_tells_how_it_was_paid(
    shopper: Shopper, new_shopper: Callable[[], Shopper]
) -> None:
    shopper.buys()
    Payment.objects.update(
        pay_type="03", secure_result_code="4", consent=Consent.to("同意した文面")
    )
    staff = new_shopper()
    staff.signs_in(*STAFF)

    page = staff.client.get(f"/dashboard/orders/{the_order().number}/").content.decode()

    for words in ("3回払い", "4: アテンプト", "同意あり"):
        assert words in page


def test_an_unknown_result_stands_out_in_the_list_of_orders(
    shopper: Shopper, new_shopper: Callable[[], Shopper]
) -> None:
    shopper.buys(card="4000000090020001")
    staff = new_shopper()
    staff.signs_in(*STAFF)

    page = staff.client.get("/dashboard/orders/").content.decode()

    assert "escott-badge--unknown" in page
    assert "結果不明" in page


def test_staff_may_give_an_order_only_what_may_follow() -> None:
    assert Order.pipeline["支払い待ち"] == ("処理中", "完了", "保留中", "失敗", "キャンセル")
    assert Order.pipeline["払い戻し"] == ()


@pytest.mark.parametrize(
    ("card", "refused_with", "setting_is_named"),
    [
        pytest.param("4000000092050006", "U04", True, id="by the setting"),
        pytest.param("4000000092060005", "U15", False, id="by the gateway"),
    ],
)
def test_the_setting_is_named_only_where_it_alone_refused_the_identity_check(
    shopper: Shopper,
    new_shopper: Callable[[], Shopper],
    simulator: SimulatorServer,
    card: str,
    refused_with: str,
    setting_is_named: bool,
) -> None:
    MerchantAccount.objects.update(secure_use=SecureUse.USE, secure_policy="strict")
    confirmation = shopper.goes_to_confirmation()
    fields = {"token": shopper.token_for(card), "consent": "on", "holder_name": "HANAKO YAMADA"}
    going = Going(simulator, shopper.client)
    going.returns(going.leaves(shopper.client.post(confirmation.context["order_url"], fields)))
    staff = new_shopper()
    staff.signs_in(*STAFF)

    page = staff.client.get(f"/dashboard/orders/{the_order().number}/").content.decode()

    assert f"{refused_with}: " in page
    assert ("「3Dセキュアで受け付ける結果」に含まれていません" in page) is setting_is_named
