"""決済 in Oscar's dashboard: the list of methods, the card settings, the logs, and who may what."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client

from escott.clock import JST
from escott.django.models import AuditEntry, LogEntry, MerchantAccount
from escott.django.settings_forms import CardSettingsForm
from escott.django.settings_forms.card_texts import FIELDS
from escott.django.settings_forms.secret_field import SecretField
from escott.gateway import Secret
from shop.seed.accounts import CUSTOMER
from tests.oscar.conftest import Shopper

LIST, CARD = "/dashboard/payments/", "/dashboard/payments/card/"
SWITCH = "/dashboard/payments/card/switch/"
LOG, AUDIT = "/dashboard/payments/log/", "/dashboard/payments/audit/"
PAGES = [LIST, CARD, LOG, AUDIT]


@pytest.fixture
def clerk(shop: None) -> Client:
    """Staff without the permission to change the settings."""
    user = get_user_model().objects.create_user("clerk", "clerk@example.com", is_staff=True)
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def posted(**typed: Any) -> dict[str, Any]:
    """What a browser posts from the page of settings."""
    page = CardSettingsForm(instance=MerchantAccount.current())
    data: dict[str, Any] = {"seen": page["seen"].value()}
    for name in FIELDS:
        value = None if isinstance(page.fields[name], SecretField) else page[name].value()
        if value not in {None, False}:
            data[name] = "on" if value is True else value
    return {name: value for name, value in (data | typed).items() if value is not None}


def text_of(answer: Any) -> str:
    """The page, in Japanese."""
    assert answer.status_code == 200, answer
    page: str = answer.content.decode()
    return page


# ---- who sees it ----


@pytest.mark.parametrize("page", PAGES)
def test_the_pages_are_for_staff_and_kept_by_no_cache(
    page: str, staff: Client, new_shopper: Callable[[], Shopper]
) -> None:
    answer = staff.get(page)
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    customer = new_shopper()
    assert customer.client.get(page).status_code == 302
    customer.signs_in(*CUSTOMER)
    assert customer.client.get(page).status_code == 403


def test_every_page_of_the_dashboard_leads_to_it(staff: Client) -> None:
    page = text_of(staff.get("/dashboard/"))
    assert all(f'href="{address}"' in page for address in PAGES)


def test_staff_without_the_permission_read_and_do_not_save(clerk: Client) -> None:
    page = text_of(clerk.get(CARD))
    assert 'value="12345678"' in page
    assert "変更を保存" not in page
    assert "無効化" not in text_of(clerk.get(LIST))
    assert clerk.post(CARD, posted(card_title="カード払い")).status_code == 403
    assert clerk.post(SWITCH, {"on": "0"}).status_code == 403
    assert MerchantAccount.current().card_title == "クレジットカード"
    assert MerchantAccount.current().card_enabled


def test_the_permission_alone_lets_staff_save(clerk: Client) -> None:
    may = Permission.objects.get(codename="change_merchantaccount")
    get_user_model().objects.get(username="clerk").user_permissions.add(may)
    assert clerk.post(CARD, posted(card_title="カード払い")).status_code == 302
    assert MerchantAccount.current().card_title == "カード払い"


# ---- the list ----


def test_the_list_shows_both_methods_with_their_state(staff: Client) -> None:
    methods = staff.get(LIST).context["methods"]
    assert [(method.name, str(method.standing.state.label)) for method in methods] == [
        ("e-SCOTT クレジットカード決済", "有効"),
        ("e-SCOTT オンライン収納代行サービス", "無効"),
    ]


def test_a_method_is_disabled_and_enabled_by_its_button(staff: Client, shopper: Shopper) -> None:
    page = text_of(staff.post(SWITCH, {"on": "0"}, follow=True))
    assert "購入画面には表示されません" in page
    assert not MerchantAccount.current().card_enabled
    staff.post(SWITCH, {"on": "1"})
    assert MerchantAccount.current().card_enabled
    assert AuditEntry.objects.count() == 2
    assert "/thank-you/" in shopper.buys().url


def test_a_method_is_not_switched_by_a_link(staff: Client) -> None:
    assert staff.get(f"{SWITCH}?on=0").status_code == 405
    assert MerchantAccount.current().card_enabled


# ---- a method that is not ready ----


def test_a_method_with_settings_missing_is_hidden_at_checkout_and_the_pages_say_why(
    staff: Client, shopper: Shopper
) -> None:
    MerchantAccount.objects.update(token_code="", secure_use="")
    for page in (LIST, CARD):
        text = text_of(staff.get(page))
        assert "設定不足" in text
        assert "トークン決済認証コードが未設定です。" in text
        assert "3Dセキュアを利用するかどうかが選択されていません。" in text
    assert "カード番号" not in text_of(shopper.goes_to_confirmation())


@pytest.mark.parametrize(
    ("seller", "reason"),
    [
        ({"seller_country": "US"}, "販売元の国が日本ではありません。"),
        ({"currency": "USD"}, "通貨が日本円ではありません。"),
    ],
)
def test_a_wrong_country_or_currency_disables_it_with_a_message(
    staff: Client, shopper: Shopper, seller: dict[str, str], reason: str
) -> None:
    MerchantAccount.objects.update(**seller)
    assert reason in text_of(staff.get(LIST))
    assert "カード番号" not in text_of(shopper.goes_to_confirmation())
    staff.post(SWITCH, {"on": "0"})
    assert reason in text_of(staff.post(SWITCH, {"on": "1"}, follow=True))
    assert not MerchantAccount.current().card_enabled


def test_a_shop_that_sells_in_another_currency_does_not_offer_cards(
    staff: Client, settings: Any
) -> None:
    settings.OSCAR_DEFAULT_CURRENCY = "EUR"
    assert "ショップの通貨が日本円ではありません。" in text_of(staff.get(LIST))


# ---- the settings ----


def test_settings_are_saved_and_audited(staff: Client) -> None:
    answer = staff.post(CARD, posted(card_title="カード払い"), follow=True)
    assert "設定を保存しました。" in text_of(answer)
    entry = text_of(staff.get(AUDIT))
    assert "カード払い" in entry
    assert "staff" in entry


def test_errors_stand_at_the_top_and_lead_to_their_fields(staff: Client) -> None:
    page = text_of(staff.post(CARD, posted(merchant_id="12a", token_code="")))
    assert 'role="alert"' in page
    assert 'href="#id_merchant_id"' in page
    assert 'href="#id_token_code"' in page
    assert 'id="id_merchant_id_error"' in page
    assert 'aria-describedby="id_merchant_id_helptext id_merchant_id_error"' in page
    assert MerchantAccount.current().merchant_id == "12345678"


def test_no_secret_leaves_the_server(staff: Client) -> None:
    MerchantAccount.objects.update(production_password=Secret("prodPass99"))
    for answer in (
        staff.get(CARD),
        staff.post(CARD, posted(test_password="typedPass1", merchant_id="x")),
        staff.post(CARD, posted(test_password="typedPass2"), follow=True),
        staff.get(AUDIT),
    ):
        page = text_of(answer)
        for secret in ("pass1234", "prodPass99", "typedPass", "escottDemoKey001"):
            assert secret not in page


def test_the_first_settings_of_a_new_shop_are_entered_here(staff: Client) -> None:
    MerchantAccount.objects.all().delete()
    assert "無効" in text_of(staff.get(LIST))
    assert "マーチャントID" in text_of(staff.get(CARD))
    MerchantAccount.objects.create(name="default")
    form = posted(merchant_id="12345678", test_password="pass1234")
    MerchantAccount.objects.all().delete()
    assert staff.post(CARD, form).status_code == 302
    assert MerchantAccount.current().merchant_id == "12345678"


# ---- the logs ----


@pytest.fixture
def _lines(shop: None) -> None:
    LogEntry.objects.all().delete()
    noon = datetime(2026, 4, 1, 12, 0, tzinfo=JST)
    for level, hours, message in (
        (logging.INFO, 0, "payment 000000000041: done"),
        (logging.WARNING, 12, "payment 000000000042: again"),
        (logging.ERROR, 13, "payment 000000000043: <b>failed</b>"),
    ):
        LogEntry.objects.create(
            at=noon + timedelta(hours=hours), level=level, source="escott.payments", message=message
        )


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"41", "42", "43"}),
        ("?level=30", {"42", "43"}),
        ("?level=40", {"43"}),
        ("?text=000000000042", {"42"}),
        ("?text=FAILED", {"43"}),
        ("?day=2026-04-01", {"41"}),
        ("?day=2026-04-02", {"42", "43"}),
        ("?day=2026-04-02&level=40", {"43"}),
        ("?text=nothing", set()),
    ],
)
@pytest.mark.usefixtures("_lines")
def test_the_log_is_filtered_by_level_text_and_day(
    staff: Client, query: str, shown: set[str]
) -> None:
    page = text_of(staff.get(LOG + query))
    assert {n for n in ("41", "42", "43") if f"payment 0000000000{n}" in page} == shown
    assert "<b>failed" not in page


@pytest.mark.usefixtures("_lines")
def test_a_day_that_is_none_is_said_to_be_wrong(staff: Client) -> None:
    assert 'id="id_day_error"' in text_of(staff.get(f"{LOG}?day=yesterday"))


def test_a_log_that_is_switched_off_says_so(staff: Client) -> None:
    MerchantAccount.objects.update(keeps_log=False)
    assert "「ログを保存」がオフのため" in text_of(staff.get(LOG))
