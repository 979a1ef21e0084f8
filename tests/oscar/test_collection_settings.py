"""オンライン収納代行 in Oscar's dashboard: its settings, its switch, the address of its notices."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.utils.translation import override

from escott.clock import JST
from escott.django.models import (
    AuditEntry,
    CollectionAccount,
    MerchantAccount,
    Notice,
    NoticeEnd,
)
from escott.django.notice_self_test import SelfTestEnd, SelfTestResult
from escott.django.self_test_texts import self_test_text
from escott.gateway import Secret
from escott.oscar.dashboard import collection_settings
from tests.django.collection_page import filled
from tests.oscar.conftest import Shopper
from tests.oscar.staff_members import staff_with

LIST, PAGE = "/dashboard/payments/", "/dashboard/payments/collection/"
SWITCH, FEE = f"{PAGE}switch/", f"{PAGE}fee/"
SELF_TEST, CARD = f"{PAGE}self-test/", "/dashboard/payments/card/"
AUDIT, LOG = "/dashboard/payments/audit/", "/dashboard/payments/log/"

MANUAL = [("0", "1100", "0"), ("1101", "5500", "330"), ("5501", "", "550")]


@pytest.fixture
def part(shop: None) -> CollectionAccount:
    """Online collection, enabled and complete."""
    CollectionAccount.objects.all().delete()
    return CollectionAccount.objects.create(
        account=MerchantAccount.current(),
        enabled=True,
        merchant_id="87654321",
        test_password=Secret("cvsPass12"),
    )


def text_of(answer: Any) -> str:
    """The page, in Japanese."""
    assert answer.status_code == 200, answer
    page: str = answer.content.decode()
    return page


def content_of(answer: Any) -> str:
    """The page without the menu."""
    return text_of(answer).partition('<div class="page-header">')[2]


# ---- the list and the switch ----


def test_the_list_shows_both_methods_with_state_switch_and_settings(
    staff: Client, part: CollectionAccount
) -> None:
    page = content_of(staff.get(LIST))
    assert page.count(">有効</span>") == 2
    assert f'action="{SWITCH}"' in page
    assert f'href="{PAGE}"' in page
    assert "ご契約は法人に限られます" in page


def test_online_collection_is_disabled_and_enabled_by_its_button(
    staff: Client, part: CollectionAccount
) -> None:
    said = text_of(staff.post(SWITCH, {"on": "0"}, follow=True))
    assert "オンライン収納代行を無効にしました" in said
    assert not CollectionAccount.objects.get().enabled
    said = text_of(staff.post(SWITCH, {"on": "1"}, follow=True))
    assert "オンライン収納代行を有効にしました" in said
    assert AuditEntry.objects.filter(subject="オンライン収納代行").count() == 2
    assert staff.get(f"{SWITCH}?on=0").status_code == 405


def test_what_is_missing_is_named_in_the_list_and_on_the_page(
    staff: Client, part: CollectionAccount
) -> None:
    CollectionAccount.objects.update(merchant_id="", test_password=Secret(""))
    for page in (LIST, PAGE):
        text = content_of(staff.get(page))
        assert "設定不足" in text
        assert "マーチャントIDが未設定です。" in text
        assert "パスワードが未設定です。" in text


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ({"ESCOTT": {"SITE_URL": ""}}, "SITE_URL"),
        ({"MIDDLEWARE": None}, "NoticeMiddleware"),
        ({"OSCAR_DEFAULT_CURRENCY": "EUR"}, "ショップの通貨が日本円ではありません。"),
    ],
)
def test_what_the_server_lacks_is_named_too(
    staff: Client, part: CollectionAccount, settings: Any, setting: dict[str, Any], said: str
) -> None:
    if "ESCOTT" in setting:
        settings.ESCOTT = settings.ESCOTT | setting["ESCOTT"]
    elif "MIDDLEWARE" in setting:
        settings.MIDDLEWARE = settings.MIDDLEWARE[1:]
    else:
        settings.OSCAR_DEFAULT_CURRENCY = setting["OSCAR_DEFAULT_CURRENCY"]
    assert said in content_of(staff.get(LIST)).rpartition("オンライン収納代行サービス")[2]


@pytest.mark.parametrize(
    ("seller", "reason"),
    [
        ({"seller_country": "US"}, "販売元の国が日本ではありません。"),
        ({"currency": "USD"}, "通貨が日本円ではありません。"),
    ],
)
def test_a_wrong_country_or_currency_disables_both_with_a_message(
    staff: Client, part: CollectionAccount, seller: dict[str, str], reason: str
) -> None:
    MerchantAccount.objects.update(**seller)
    assert content_of(staff.get(LIST)).count(reason) == 2
    staff.post(SWITCH, {"on": "0"})
    assert reason in text_of(staff.post(SWITCH, {"on": "1"}, follow=True))
    assert not CollectionAccount.objects.get().enabled


def test_a_complete_method_is_offered_and_an_incomplete_one_is_not(
    part: CollectionAccount, shopper: Shopper
) -> None:
    from decimal import Decimal

    from escott.oscar.payment_methods import offered_collection

    offered = offered_collection(Decimal(3780))
    assert offered is not None
    assert offered.title == "コンビニ・電子マネー・Pay-easy"
    CollectionAccount.objects.update(merchant_id="")
    assert offered_collection(Decimal(3780)) is None


# ---- the settings ----


def test_settings_are_saved_and_audited_in_words(staff: Client, part: CollectionAccount) -> None:
    posted = filled(rows=MANUAL, charges_fee="on", due_days="10", test_password="typedPass1")
    answer = staff.post(PAGE, posted, follow=True)
    assert "設定を保存しました。" in text_of(answer)
    entry = text_of(staff.get(AUDIT))
    assert "¥1,101〜¥5,500：¥330" in entry
    assert "変更（値は記録しません）" in entry
    assert "typedPass1" not in entry


def test_errors_stand_at_the_top_and_lead_to_their_cells(
    staff: Client, part: CollectionAccount
) -> None:
    rows = [("0", "1100", "0"), ("1100", "", "x")]
    page = text_of(staff.post(PAGE, filled(rows=rows, merchant_id="12a", due_days="61")))
    assert 'role="alert"' in page
    for end in ("merchant_id", "due_days", "fee_rows_1_fee"):
        assert f'href="#id_{end}"' in page
        assert f'id="id_{end}"' in page
    assert "2行目の決済手数料（税込）" in page
    assert CollectionAccount.objects.get().due_days == 7


def test_a_row_is_inserted_without_a_script_and_nothing_is_saved(
    staff: Client, part: CollectionAccount
) -> None:
    page = content_of(
        staff.post(PAGE, filled(rows=MANUAL, title="コンビニ払い", **{"fee_rows-do": "insert"}))
    )
    assert 'id="id_fee_rows_3_from"' in page
    assert 'value="コンビニ払い"' in page
    assert 'role="alert"' not in page
    assert CollectionAccount.objects.get().title != "コンビニ払い"


def test_no_secret_leaves_the_server(staff: Client, part: CollectionAccount) -> None:
    CollectionAccount.objects.update(former_test_password=Secret("formerPass"))
    for answer in (
        staff.get(PAGE),
        staff.post(PAGE, filled(test_password="typedPass1", merchant_id="x")),
        staff.post(PAGE, filled(test_password="typedPass2"), follow=True),
        staff.get(AUDIT),
    ):
        page = text_of(answer)
        assert not [s for s in ("cvsPass12", "typedPass", "formerPass") if s in page]


def test_the_first_settings_of_a_new_shop_are_entered_here(staff: Client) -> None:
    CollectionAccount.objects.all().delete()
    MerchantAccount.objects.all().delete()
    assert ">無効</span>" in content_of(staff.get(PAGE))
    assert staff.post(PAGE, filled(merchant_id="87654321")).status_code == 302
    assert CollectionAccount.objects.get().account == MerchantAccount.current()


def test_staff_without_the_permission_read_and_do_not_save(
    part: CollectionAccount,
) -> None:
    clerk = staff_with()
    page = content_of(clerk.get(PAGE))
    assert 'value="87654321"' in page
    assert "変更を保存</button></div>" not in page
    assert SELF_TEST not in page
    assert clerk.post(PAGE, filled(title="コンビニ払い")).status_code == 403
    assert clerk.post(SWITCH, {"on": "0"}).status_code == 403
    assert clerk.post(SELF_TEST, {"address": "former"}).status_code == 403
    assert CollectionAccount.objects.get().enabled


def test_the_pages_speak_english_too(staff: Client, part: CollectionAccount) -> None:
    staff.post("/i18n/setlang/", {"language": "en", "next": "/"})
    page = content_of(staff.get(PAGE))
    assert "Only corporations can contract this service." in page
    assert "Insert a row" in page


# ---- the one switch of the mode ----


def test_the_mode_is_shown_on_both_pages_and_changed_on_either(
    staff: Client, part: CollectionAccount
) -> None:
    for page in (CARD, PAGE):
        assert staff.get(page).context["form"]["mode"].value() == "test"
    assert "クレジットカード決済も切り替わります" in content_of(staff.get(PAGE))
    CollectionAccount.objects.update(production_password=Secret("cvsLive99"))
    staff.post(PAGE, filled(mode="production"))
    assert MerchantAccount.current().mode == "production"
    assert staff.get(CARD).context["form"]["mode"].value() == "production"


def test_who_switches_the_mode_is_told_what_the_other_method_then_lacks(
    staff: Client, part: CollectionAccount
) -> None:
    CollectionAccount.objects.update(production_password=Secret("cvsLive99"))
    said = text_of(staff.post(PAGE, filled(mode="production"), follow=True))
    assert "クレジットカード決済は有効ですが、購入画面には表示されません" in said
    assert "パスワードが未設定です" in said


# ---- the example ----


def test_the_script_asks_the_shops_rule(staff: Client, part: CollectionAccount) -> None:
    question = [("charges_fee", "on"), ("fee_rows-example", "3780")]
    for row in MANUAL:
        question += list(zip(("fee_rows-from", "fee_rows-up_to", "fee_rows-fee"), row, strict=True))
    answer = staff.get(f"{FEE}?{urlencode(question)}")
    assert answer.json() == {
        "says": "合計 ¥3,780：手数料 ¥330、お支払い金額 ¥4,110",
        "gaps": [],
    }
    assert "no-store" in answer.headers["Cache-Control"]


# ---- the address of notices ----


def test_the_exact_addresses_to_register_stand_on_the_page(
    staff: Client, part: CollectionAccount, settings: Any
) -> None:
    settings.ESCOTT = settings.ESCOTT | {"SITE_URL": "https://shop.example.jp"}
    page = content_of(staff.get(PAGE))
    assert ">https://shop.example.jp/?wc-api=wc_sonypayment</code>" in page
    assert ">https://shop.example.jp/escott/deposit/</code>" in page
    assert "このURLは登録できません" not in page
    assert "テストサイトやステージング環境のURLは登録できません" in page
    assert "入金済にならない原因として最も多い" in page


@pytest.mark.parametrize(
    "site",
    [
        "http://shop.example.jp",
        "https://127.0.0.1",
        "https://192.168.1.10",
        "https://localhost",
        "https://shop",
        "https://shop.local",
    ],
)
def test_an_address_that_the_gateway_cannot_reach_is_said_to_be_none(
    staff: Client, part: CollectionAccount, settings: Any, site: str
) -> None:
    settings.ESCOTT = settings.ESCOTT | {"SITE_URL": site}
    assert content_of(staff.get(PAGE)).count("このURLは登録できません") == 2


def test_the_proxies_and_the_gateways_addresses_are_a_hint(
    staff: Client, part: CollectionAccount, settings: Any
) -> None:
    settings.ESCOTT = settings.ESCOTT | {"TRUSTED_PROXIES": 2}
    page = content_of(staff.get(PAGE))
    assert "TRUSTED_PROXIES" in page
    assert "は 2 です" in page
    assert "54.238.10.224" in page
    assert "2021年時点" in page
    assert CollectionAccount.objects.get().notice_addresses == ""


# ---- does it arrive? ----


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Callable[[SelfTestResult], list[str]]:
    """Lets the question to the own address end in some way; gives what was asked."""

    def ends(result: SelfTestResult) -> list[str]:
        urls: list[str] = []

        def ask(url: str, *, timeout: float) -> SelfTestResult:
            assert timeout <= 10
            assert not connection.in_atomic_block
            urls.append(url)
            return result

        monkeypatch.setattr(collection_settings, "ask_own_notice_url", ask)
        return urls

    return ends


@pytest.mark.parametrize(
    ("result", "says"),
    [
        (SelfTestResult(SelfTestEnd.ARRIVES, 200, seen_from="203.0.113.9"), "203.0.113.9"),
        (
            SelfTestResult(SelfTestEnd.REDIRECTED, 301, redirected_to="https://www.example.jp/<b>"),
            "https://www.example.jp/&lt;b&gt; に転送されています（ステータス 301）",
        ),
        (SelfTestResult(SelfTestEnd.LOG_IN_WALL, 401), "Basic認証の対象から外してください"),
        (SelfTestResult(SelfTestEnd.FORBIDDEN, 403), "IPアドレス制限"),
        (SelfTestResult(SelfTestEnd.OTHER_STATUS, 503), "ステータス 503"),
        (SelfTestResult(SelfTestEnd.ANOTHER_SITE, 200), "このショップからのものではありません"),
        (SelfTestResult(SelfTestEnd.TLS, detail="certificate has expired"), "has expired"),
        (SelfTestResult(SelfTestEnd.NO_SUCH_HOST), "ドメインが見つかりません"),
        (SelfTestResult(SelfTestEnd.TIMED_OUT), "時間内に応答がありませんでした"),
        (
            SelfTestResult(SelfTestEnd.UNREACHABLE, detail="refused"),
            "接続できませんでした（refused）",
        ),
        (SelfTestResult(SelfTestEnd.NO_ADDRESS), "接続できるURLではありません"),
    ],
)
def test_every_end_of_the_self_test_has_its_remedy(
    staff: Client,
    part: CollectionAccount,
    asked: Callable[[SelfTestResult], list[str]],
    result: SelfTestResult,
    says: str,
) -> None:
    urls = asked(result)
    page = content_of(staff.post(SELF_TEST, {"address": "own"}))
    assert [url.endswith("/escott/deposit/") for url in urls] == [True]
    assert says in page
    shows_only = "このサーバー自身からURLに届くことだけを示します"
    assert (shows_only in page) is result.arrives
    assert (">届きます<" in page) is result.arrives


@pytest.mark.parametrize("end", SelfTestEnd)
def test_every_end_has_words_in_both_languages(end: SelfTestEnd) -> None:
    told = set()
    for language in ("ja", "en"):
        with override(language):
            told.add(self_test_text(SelfTestResult(end)))
    assert len(told) == 2


def test_a_made_up_address_is_asked_about_by_nobody(
    staff: Client, part: CollectionAccount, asked: Callable[[SelfTestResult], list[str]]
) -> None:
    urls = asked(SelfTestResult(SelfTestEnd.ARRIVES))
    assert staff.post(SELF_TEST, {"address": "https://example.com"}).status_code == 400
    assert staff.get(SELF_TEST).status_code == 405
    assert urls == []


def test_the_last_notice_is_shown_to_those_who_may_see_payments(
    staff: Client, part: CollectionAccount
) -> None:
    assert "まだ通知を受信していません" in content_of(staff.get(PAGE))
    for minute, end in ((1, NoticeEnd.UNKNOWN_PAYMENT), (2, NoticeEnd.DEPOSITED)):
        Notice.objects.create(
            received_at=datetime(2026, 4, 1, 12, minute, tzinfo=JST),
            raw=Secret(f"Amount={minute}000&HashCd=theHash"),
            end=end,
            genuine=True,
        )
    page = content_of(staff.get(PAGE))
    assert "2026/04/01 12:02:00" in page
    assert "¥2,000" in page
    assert str(NoticeEnd.DEPOSITED.label) in page
    assert "12:01:00" not in page
    assert "theHash" not in page
    assert "12:02:00" not in content_of(staff_with().get(PAGE))


# ---- the log's switch ----


def test_the_log_says_which_method_is_silent(staff: Client, part: CollectionAccount) -> None:
    assert "オフのため" not in content_of(staff.get(LOG))
    CollectionAccount.objects.update(keeps_log=False)
    page = content_of(staff.get(LOG))
    assert "オンライン収納代行：「ログを保存」がオフのため" in page
    assert f'href="{PAGE}#id_keeps_log"' in page
    assert "クレジットカード決済：" not in page


def test_a_name_with_markup_is_shown_as_it_is(staff: Client, part: CollectionAccount) -> None:
    staff.post(PAGE, filled(title="<b>コンビニ</b>"))
    for page in (LIST, PAGE):
        assert "<b>コンビニ" not in text_of(staff.get(page))
