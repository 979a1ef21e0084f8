"""マイアカウント > クレジットカード, and the staff's page of a customer's cards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission

from escott.django.clock import the_clock
from escott.django.models import AuditEntry, Member, MerchantAccount, Payment, Trip
from escott.simulator.server import SimulatorServer
from shop.seed.accounts import CUSTOMER, STAFF
from tests.oscar.conftest import Shopper

PAGE = "/accounts/saved-card/"
DELETE_PAGE = "/accounts/saved-card/delete/"
DEMO_CARD = "4000000000001000"
MASTERCARD = "5100000000001006"
DECLINED_G12 = "4000000007120001"
LOST_AFTER = "4000000090020001"
LATER_LOST_AFTER = "4000000091020000"


@pytest.fixture
def taro(shopper: Shopper) -> Shopper:
    """The shop's customer, signed in."""
    shopper.signs_in(*CUSTOMER)
    return shopper


@pytest.fixture
def staff(new_shopper: Callable[[], Shopper]) -> Shopper:
    """A member of staff who may do everything, signed in."""
    keeper = new_shopper()
    keeper.signs_in(*STAFF)
    return keeper


def saves(shopper: Shopper, card: str = DEMO_CARD) -> str:
    """Posts the form of the page; the page afterwards."""
    answer = shopper.client.post(PAGE, {"token": shopper.token_for(card)}, follow=True)
    assert answer.status_code == 200
    return str(answer.content.decode())


def page_of(shopper: Shopper, url: str = PAGE) -> str:
    return str(shopper.client.get(url).content.decode())


def paid_with(member: Member, **facts: Any) -> Payment:
    """A payment that was made with the card."""
    now = the_clock().now()
    columns = {
        "transaction_code": f"{Payment.objects.count() + 1:012}",
        "account": member.account,
        "mode": member.mode,
        "order_reference": "100001",
        "customer": member.customer,
        "amount": 3780,
        "charged_by": "gather",
        "member": member,
        "state": "gathered",
        "live": True,
        "created_at": now,
        "charged_at": now,
        "operable_until": now.date() + timedelta(days=60),
    }
    return Payment.objects.create(**columns | facts)


# ---- The customer ----


def test_the_page_asks_strangers_to_sign_in(shopper: Shopper) -> None:
    answer = shopper.client.get(PAGE)
    assert answer.status_code == 302
    assert "/accounts/login/" in answer.url


def test_the_menu_of_the_account_leads_to_the_page(taro: Shopper) -> None:
    assert f'href="{PAGE}"' in page_of(taro, "/accounts/orders/")
    MerchantAccount.objects.update(saves_cards=False)
    assert f'href="{PAGE}"' not in page_of(taro, "/accounts/orders/")


def test_a_card_is_registered_and_shown_by_brand_last_digits_and_expiry(taro: Shopper) -> None:
    assert "登録されているカードはありません" in page_of(taro)
    page = saves(taro)
    assert "カードを登録しました" in page
    assert "VISA •••• 1000" in page
    assert "12/28" in page
    assert "カードを変更する" in page


def test_another_card_takes_its_place(taro: Shopper) -> None:
    saves(taro)
    page = saves(taro, MASTERCARD)
    assert "カードを変更しました" in page
    assert "Mastercard •••• 1006" in page
    assert "•••• 1000" not in page


def test_a_refused_card_is_explained_and_the_saved_one_stays(taro: Shopper) -> None:
    page = saves(taro, DECLINED_G12)
    assert "カードは登録されませんでした" in page
    assert "このカードはご利用いただけません" in page
    saves(taro)
    page = saves(taro, DECLINED_G12)
    assert "登録済みのカードはそのままです" in page
    assert "VISA •••• 1000" in page


def test_a_lost_answer_says_that_it_is_being_checked_and_offers_no_form(taro: Shopper) -> None:
    page = saves(taro, LOST_AFTER)
    assert "登録を確認しています" in page
    assert "payment-checking.js" in page
    assert "data-escott-card-form" not in page
    answer = taro.client.post(PAGE, {"token": taro.token_for(DEMO_CARD)}, follow=True)
    assert "処理中です" in answer.content.decode()
    assert Member.objects.count() == 1


@pytest.mark.parametrize(("expiry", "says"), [("2603", "期限切れ"), ("2604", "今月で有効期限切れ")])
def test_an_expiry_that_is_near_or_past_is_marked(
    expiry: str, says: str, taro: Shopper, settings: Any, tmp_path: Any
) -> None:
    from datetime import datetime

    from escott.clock import JST, SharedClock

    saves(taro)
    SharedClock(tmp_path / "clock.json").set(datetime(2026, 4, 1, 12, 0, tzinfo=JST))
    settings.ESCOTT = settings.ESCOTT | {"CLOCK_FILE": str(tmp_path / "clock.json")}
    Member.objects.update(expiry=expiry)
    assert says in page_of(taro)


def test_a_card_that_the_gateway_does_not_take_any_more_asks_for_another(taro: Shopper) -> None:
    saves(taro)
    Member.objects.update(state="invalid", response_codes="K71")
    page = page_of(taro)
    assert "ご利用いただけなくなりました" in page
    assert "K71" not in page
    assert "カードを登録しました" in saves(taro, MASTERCARD)


def test_the_page_is_kept_by_no_cache_and_loads_the_gateways_script_alone(taro: Shopper) -> None:
    answer = taro.client.get(PAGE)
    assert "no-store" in answer["Cache-Control"]
    assert "unsafe-inline" not in answer["Content-Security-Policy"]
    assert "<script>" not in answer.content.decode()
    assert "style=" not in answer.content.decode()


def test_a_card_number_that_is_posted_is_refused(taro: Shopper) -> None:
    answer = taro.client.post(PAGE, {"token": "abc", "number": "4000 0000 0000 1000"})
    assert answer.status_code == 400
    assert not Member.objects.exists()


def test_nothing_is_saved_without_a_token(taro: Shopper) -> None:
    assert taro.client.post(PAGE, {}).status_code == 422
    assert not Member.objects.exists()


def test_somebody_who_tries_cards_is_stopped(
    taro: Shopper, monkeypatch: pytest.MonkeyPatch, simulator: SimulatorServer
) -> None:
    for _attempt in range(40):
        answer = taro.client.post(PAGE, {"token": taro.token_for(DECLINED_G12)})
        if answer.status_code == 429:
            break
    assert answer.status_code == 429
    assert "受付を一時停止しています" in answer.content.decode()
    assert taro.client.post(PAGE, {"token": taro.token_for(DEMO_CARD)}).status_code == 429
    assert not simulator.gateway.members()


def test_a_shop_that_is_not_set_up_shows_no_form(taro: Shopper) -> None:
    token = taro.token_for(DEMO_CARD)
    MerchantAccount.objects.update(card_enabled=False)
    assert "data-escott-card-form" not in page_of(taro)
    assert taro.client.post(PAGE, {"token": token}).status_code == 503


def test_with_3d_secure_the_browser_leaves_for_the_identity_check_first(taro: Shopper) -> None:
    MerchantAccount.objects.update(secure_use="use")
    posted = {"token": taro.token_for(DEMO_CARD), "holder_name": "TARO YAMADA", "consent": "on"}
    answer = taro.client.post(PAGE, posted)
    trip = Trip.objects.get()
    assert (answer.status_code, trip.goal, trip.kind) == (303, "add_card", "secure")
    assert "/go/" in answer.url
    assert trip.attempt_id is not None
    assert not Member.objects.exists()


def test_with_the_link_type_the_browser_leaves_for_the_gateways_page(taro: Shopper) -> None:
    MerchantAccount.objects.update(connection="link")
    answer = taro.client.post(PAGE, {"consent": "on"})
    trip = Trip.objects.get()
    assert (answer.status_code, trip.goal, trip.kind) == (303, "add_card", "hosted")
    assert "登録を確認しています" not in page_of(taro)


@pytest.mark.parametrize(
    ("state", "codes", "says"),
    [
        ("open", "", "登録が終わる前に"),
        ("cancelled", "P51", "登録が終わる前に"),
        ("refused", "U04", "本人認証（3Dセキュア）を行えませんでした"),
        ("refused", "G12", "このカードはご利用いただけません"),
        ("expired", "", "有効時間が過ぎました"),
    ],
)
def test_who_comes_back_from_the_gateway_reads_how_it_ended_once(
    state: str, codes: str, says: str, taro: Shopper
) -> None:
    MerchantAccount.objects.update(secure_use="use")
    posted = {"token": taro.token_for(DEMO_CARD), "holder_name": "TARO YAMADA", "consent": "on"}
    taro.client.post(PAGE, posted)
    trip = Trip.objects.get()
    Trip.objects.update(state=state, response_codes=codes)

    page = taro.client.get(trip.next_url, follow=True)

    assert page.request["PATH_INFO"] == PAGE
    assert says in page.content.decode()
    assert says not in page_of(taro)


def test_the_shopper_deletes_the_card_only_where_the_shop_allows_it(
    taro: Shopper, simulator: SimulatorServer
) -> None:
    saves(taro)
    assert "当店までお問い合わせください" in page_of(taro)
    assert taro.client.post(DELETE_PAGE).url == PAGE
    assert Member.objects.get().state == "valid"

    MerchantAccount.objects.update(shoppers_delete_cards=True)
    assert f'href="{DELETE_PAGE}"' in page_of(taro)
    assert "このカードを削除する" in page_of(taro, DELETE_PAGE)
    page = taro.client.post(DELETE_PAGE, follow=True).content.decode()
    assert "カードを削除しました" in page
    assert [member.status.value for member in simulator.gateway.members()] == ["4"]


def test_a_card_that_is_still_needed_is_not_deleted_and_the_reason_is_named(taro: Shopper) -> None:
    MerchantAccount.objects.update(shoppers_delete_cards=True)
    saves(taro)
    paid_with(Member.objects.get())
    for page in (
        page_of(taro, DELETE_PAGE),
        taro.client.post(DELETE_PAGE, follow=True).content.decode(),
    ):
        assert "まだ削除できません" in page
        assert "変更や返金" in page
        assert "このカードを削除する" not in page
    assert Member.objects.get().state == "valid"


def test_a_deletion_whose_answer_was_lost_says_that_it_is_under_way(taro: Shopper) -> None:
    MerchantAccount.objects.update(shoppers_delete_cards=True)
    saves(taro, LATER_LOST_AFTER)
    page = taro.client.post(DELETE_PAGE, follow=True).content.decode()
    assert "カードを削除しています" in page
    assert DELETE_PAGE not in page


def test_nobody_sees_anybody_elses_card(taro: Shopper, new_shopper: Callable[[], Shopper]) -> None:
    saves(taro)
    get_user_model().objects.create_user("hanako", "hanako@example.com", "hanako-demo-2028")
    hanako = new_shopper()
    hanako.signs_in("hanako@example.com", "hanako-demo-2028")
    assert "1000" not in page_of(hanako)


# ---- Closing the account ----


def test_closing_the_account_deletes_the_card_first(
    taro: Shopper, simulator: SimulatorServer
) -> None:
    saves(taro)
    answer = taro.client.post("/accounts/profile/delete/", {"password": CUSTOMER[1]})
    assert answer.status_code == 302
    assert not get_user_model().objects.filter(email=CUSTOMER[0]).exists()
    assert [member.status.value for member in simulator.gateway.members()] == ["4"]


def test_an_account_whose_card_is_still_needed_stays_and_the_reason_is_named(
    taro: Shopper, simulator: SimulatorServer
) -> None:
    saves(taro)
    paid_with(Member.objects.get())
    assert "アカウントはまだ削除できません" in page_of(taro, "/accounts/profile/delete/")
    answer = taro.client.post("/accounts/profile/delete/", {"password": CUSTOMER[1]})
    assert answer.status_code == 200
    assert "変更や返金" in answer.content.decode()
    assert get_user_model().objects.filter(email=CUSTOMER[0]).exists()
    assert [member.status.value for member in simulator.gateway.members()] == ["0"]


def test_a_card_that_is_saved_in_the_last_moment_keeps_the_account(
    taro: Shopper, monkeypatch: pytest.MonkeyPatch
) -> None:
    saves(taro)
    monkeypatch.setattr("escott.oscar.close_profile.delete_cards_of", lambda *_a, **_k: None)
    answer = taro.client.post("/accounts/profile/delete/", {"password": CUSTOMER[1]})
    assert "アカウントはまだ削除できません" in answer.content.decode()
    assert get_user_model().objects.filter(email=CUSTOMER[0]).exists()


# ---- Staff ----


@pytest.fixture
def cards_url(taro: Shopper) -> str:
    """The staff's page of the customer's cards; the customer has one."""
    saves(taro)
    return f"/dashboard/users/{get_user_model().objects.get(email=CUSTOMER[0]).pk}/cards/"


def url_of(cards_url: str, what: str) -> str:
    return f"{cards_url}{Member.objects.get().pk}/{what}/"


def test_staff_find_the_card_from_the_customers_page(cards_url: str, staff: Shopper) -> None:
    customer_page = page_of(staff, cards_url.removesuffix("cards/"))
    assert f'href="{cards_url}"' in customer_page
    paid_with(Member.objects.get())
    page = page_of(staff, cards_url)
    member = Member.objects.get()
    for text in ("VISA •••• 1000", "12/28", member.kaiin_id, "000000000001", "¥3,780"):
        assert text in page
    assert member.kaiin_pass.reveal() not in page


def test_the_staff_pages_are_kept_by_no_cache(cards_url: str, staff: Shopper) -> None:
    for url in (cards_url, url_of(cards_url, "delete")):
        assert "no-store" in staff.client.get(url)["Cache-Control"]


def test_customers_do_not_see_the_staff_pages(cards_url: str, taro: Shopper) -> None:
    for url in (cards_url, url_of(cards_url, "delete")):
        assert taro.client.get(url).status_code in {302, 403}
    assert taro.client.post(url_of(cards_url, "ask")).status_code in {302, 403}
    assert taro.client.post(url_of(cards_url, "delete")).status_code in {302, 403}
    assert Member.objects.get().state == "valid"


def test_staff_ask_the_gateway_how_the_card_stands(cards_url: str, staff: Shopper) -> None:
    Member.objects.update(last_four="")
    page = staff.client.post(url_of(cards_url, "ask"), follow=True).content.decode()
    assert "VISA •••• 1000" in page
    assert "登録済み" in page
    assert staff.client.get(url_of(cards_url, "ask")).status_code == 405


def test_k71_is_explained_to_staff(cards_url: str, staff: Shopper) -> None:
    Member.objects.update(mode="production", state="invalid", response_codes="K71")
    page = page_of(staff, cards_url)
    assert "K71" in page
    assert "カード会員データの不整合" in page


def test_staff_delete_a_card_that_nothing_needs(
    cards_url: str, staff: Shopper, simulator: SimulatorServer
) -> None:
    page = staff.client.post(url_of(cards_url, "delete"), follow=True).content.decode()
    assert "登録済みカードを削除しました" in page
    assert [member.status.value for member in simulator.gateway.members()] == ["4"]
    assert AuditEntry.objects.get().actor_name


def test_a_card_that_is_needed_is_deleted_only_with_a_reason_and_after_the_list_was_shown(
    cards_url: str, staff: Shopper, simulator: SimulatorServer
) -> None:
    payment = paid_with(Member.objects.get())
    url = url_of(cards_url, "delete")

    assert staff.client.post(url).status_code == 409
    page = page_of(staff, url)
    assert "取扱期間" in page or "取消や利用額変更" in page
    assert payment.transaction_code in page
    for incomplete in ({"reason": "申し出"}, {"understood": "on"}):
        assert staff.client.post(url, {"override": "on", **incomplete}).status_code == 422
    assert Member.objects.get().state == "valid"

    staff.client.post(url, {"override": "on", "reason": "申し出", "understood": "on"})

    assert Member.objects.get().state == "deleted"
    entry = AuditEntry.objects.get()
    assert entry.reason == "申し出"
    assert payment.transaction_code in str(entry.changes)


def test_staff_without_the_permissions_neither_delete_nor_override(
    cards_url: str, new_shopper: Callable[[], Shopper]
) -> None:
    clerk = get_user_model().objects.create_user(
        "clerk", "clerk@example.com", "clerk-demo-2028", is_staff=True
    )
    browser = new_shopper()
    browser.signs_in("clerk@example.com", "clerk-demo-2028")
    url = url_of(cards_url, "delete")
    override = {"override": "on", "reason": "申し出", "understood": "on"}
    assert "削除" not in page_of(browser, cards_url).split("<main")[-1]
    assert browser.client.get(url).status_code == 403
    assert browser.client.post(url).status_code == 403

    clerk.user_permissions.add(Permission.objects.get(codename="delete_saved_card"))
    paid_with(Member.objects.get())
    assert 'name="reason"' not in page_of(browser, url)
    assert browser.client.post(url, override).status_code == 403
    assert Member.objects.get().state == "valid"


def test_a_card_of_another_customer_is_not_found_under_this_one(
    cards_url: str, staff: Shopper
) -> None:
    other = get_user_model().objects.get(email=STAFF[0]).pk
    member = Member.objects.get().pk
    assert staff.client.get(f"/dashboard/users/{other}/cards/{member}/delete/").status_code == 404


def test_the_admin_says_why_a_customer_with_a_saved_card_cannot_be_deleted(
    cards_url: str, staff: Shopper
) -> None:
    customer = get_user_model().objects.get(email=CUSTOMER[0])
    url = f"/admin/auth/user/{customer.pk}/delete/"
    assert "必要とする決済はありません" in page_of(staff, url)
    paid_with(Member.objects.get())
    assert "取消や利用額変更" in page_of(staff, url)
    staff.client.post(url, {"post": "yes"})
    assert get_user_model().objects.filter(pk=customer.pk).exists()
