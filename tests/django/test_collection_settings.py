"""The form of online collection's settings: its rules, what it writes, what it never shows."""

from __future__ import annotations

import json
from datetime import datetime
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import transaction
from django.test import Client
from django.urls import reverse

from escott.clock import JST, SettableClock
from escott.django.models import (
    AuditEntry,
    CollectionAccount,
    FeeRow,
    MerchantAccount,
    SecureUse,
)
from escott.django.settings_forms import (
    CollectionSettingsForm,
    MethodNotAllowed,
    collection_to_change,
    collection_to_show,
    switch_collection,
)
from escott.gateway import Secret
from tests.django.collection_page import filled
from tests.django.conftest import at_once

NOON = datetime(2026, 4, 1, 12, 0, tzinfo=JST)

#: The manual's example: up to ¥1,100 free, up to ¥5,500 ¥330, above ¥550.
MANUAL = [("0", "1100", "0"), ("1101", "5500", "330"), ("5501", "", "550")]


@pytest.fixture
def clerk(db: None, django_user_model: Any) -> Any:
    """A member of staff."""
    return django_user_model.objects.create_user("suzuki", is_staff=True)


@pytest.fixture
def part(db: None) -> CollectionAccount:
    """Online collection, enabled and complete, in a transaction as the views open one."""
    account = MerchantAccount.objects.create(merchant_id="12345678")
    return CollectionAccount.objects.create(
        account=account,
        enabled=True,
        merchant_id="87654321",
        test_password=Secret("cvsPass12"),
        production_password=Secret("cvsLive99"),
    )


def page_of(part: CollectionAccount | None = None) -> CollectionSettingsForm:
    """The page as it is shown."""
    return CollectionSettingsForm(instance=part or collection_to_show())


def submit(rows: list[tuple[str, str, str]] | None = None, **typed: Any) -> CollectionSettingsForm:
    """Open the page, type, and press the button."""
    return CollectionSettingsForm(filled(rows=rows, **typed), instance=collection_to_change())


def saved(actor: Any = None, rows: Any = None, **typed: Any) -> CollectionAccount:
    """The same, and what is stored then."""
    form = submit(rows, **typed)
    assert form.is_valid(), form.errors
    form.save_as(actor, clock=SettableClock(NOON))
    return stored()


def stored() -> CollectionAccount:
    part = CollectionAccount.current_or_none()
    assert part is not None
    return part


# ---- the fields ----


def test_the_page_has_every_field_of_the_manual_in_its_order_and_then_ours(db: None) -> None:
    manual = [
        "enabled", "title", "description", "mode", "merchant_id", "test_password",
        "production_password", "due_days", "charges_fee", "fee_rows", "order_status", "keeps_log",
    ]  # fmt: skip
    ours = [
        "slip_title", "slip_comment", "slip_contact", "slip_contact_telephone",
        "slip_contact_hours", "grace_business_days", "asks_a_minute", "notice_reply",
        "notice_addresses",
    ]  # fmt: skip
    page = page_of()
    shown = [row.field.name for _title, rows in page.sections() for row in rows]
    assert shown == manual + ours
    assert all(page.fields[name].help_text for name in shown)


@pytest.mark.parametrize(
    ("field", "default"),
    [
        ("enabled", False),
        ("title", "コンビニ・電子マネー・Pay-easy"),
        ("description", "コンビニ・電子マネー・Pay-easy で支払う"),
        ("mode", "test"),
        ("merchant_id", ""),
        ("due_days", 7),
        ("charges_fee", False),
        ("order_status", "processing"),
        ("keeps_log", True),
        ("grace_business_days", 1),
        ("asks_a_minute", 60),
        ("notice_reply", "0"),
        ("notice_addresses", ""),
        ("slip_title", ""),
    ],
)
def test_the_defaults_are_the_manuals(db: None, field: str, default: Any) -> None:
    assert page_of()[field].value() == default


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("merchant_id", "12a4"),
        ("test_password", "pass-1234"),
        ("production_password", "a" * 21),
        ("title", ""),
        ("mode", "live"),
        ("due_days", "0"),
        ("due_days", "61"),
        ("due_days", "7.5"),
        ("due_days", "seven"),
        ("due_days", ""),
        ("order_status", "shipped"),
        ("slip_title", "あ" * 21),
        ("slip_comment", "あ" * 31),
        ("slip_contact", "あ" * 22),
        ("slip_contact_telephone", "090-1234-5678"),
        ("slip_contact_telephone", "0120 call me"),
        ("slip_contact_hours", "平日10-18"),
        ("slip_contact_hours", "10:00 - 18:00"),
        ("grace_business_days", "-1"),
        ("grace_business_days", "31"),
        ("asks_a_minute", "0"),
        ("asks_a_minute", "601"),
        ("notice_reply", "0" * 21),
        ("notice_addresses", "203.0.113.999"),
        ("notice_addresses", "shop.example.jp"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    part: CollectionAccount, field: str, wrong: str
) -> None:
    form = submit(**{field: wrong})
    assert list(form.errors) == [field]
    anchor = {"mode": "id_mode_0"}.get(field, f"id_{field}")
    assert {error.anchor for error in form.wrong()} == {anchor}


def test_everything_that_is_entered_is_stored(part: CollectionAccount) -> None:
    typed = {
        "title": "コンビニ払い",
        "description": "コンビニで支払う",
        "merchant_id": "１１１１２２２２",
        "due_days": "14",
        "order_status": "completed",
        "slip_title": "つむぎ堂",
        "slip_comment": "お買い上げありがとうございます",
        "slip_contact": "つむぎ堂お客様係",
        "slip_contact_telephone": "０３‐１２３４‐５６７８",
        "slip_contact_hours": "１０：００〜１８：００",
        "grace_business_days": "2",
        "asks_a_minute": "120",
        "notice_reply": "OK",
        "notice_addresses": "203.0.113.9\n198.51.100.0/24",
    }
    now = saved(**typed, keeps_log=None)
    assert {name: getattr(now, name) for name in typed} == {
        **typed,
        "merchant_id": "11112222",
        "due_days": 14,
        "slip_contact_telephone": "03-1234-5678",
        "slip_contact_hours": "10:00-18:00",
        "grace_business_days": 2,
        "asks_a_minute": 120,
    }
    assert not now.keeps_log
    assert not saved(enabled=None).enabled


@pytest.mark.parametrize("days", ["1", "60"])
def test_the_days_to_pay_are_one_to_sixty(part: CollectionAccount, days: str) -> None:
    assert saved(due_days=days).due_days == int(days)


# ---- what the slip carries ----


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Tsumugi-dou", "Ｔｓｕｍｕｇｉ‐ｄｏｕ"),
        ("ﾂﾑｷﾞ堂", "ツムギ堂"),
        ("㈱つむぎ", "（株）つむぎ"),
        ("①番窓口", "１番窓口"),
        ("  つむぎ 堂 ", "つむぎ　堂"),
    ],
)
def test_the_page_shows_a_text_as_it_will_be_printed(
    part: CollectionAccount, typed: str, printed: str
) -> None:
    assert saved(slip_contact=typed).slip_contact == printed
    assert stored().slip_texts().contact == printed


def test_characters_that_cannot_be_printed_are_named(part: CollectionAccount) -> None:
    [message] = submit(slip_title="ありがとう🍙と🍙と☃").errors["slip_title"]
    assert "🍙 ☃" in message


def test_a_text_that_grows_by_being_prepared_is_measured_as_it_is_printed(
    part: CollectionAccount,
) -> None:
    [message] = submit(slip_title="㈱" * 7).errors["slip_title"]
    assert "表示される形で21文字" in message


def test_what_the_form_lets_pass_makes_a_telegram(part: CollectionAccount) -> None:
    now = saved(
        slip_title="あ" * 20,
        slip_comment="い" * 30,
        slip_contact="う" * 21,
        slip_contact_telephone="0120-123-456",
        slip_contact_hours="10:00-18:00",
    )
    assert now.slip_texts().fields()["Free19"] == "10:00-18:00"


# ---- who may send notices ----


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("203.0.113.9", "203.0.113.9"),
        (" 203.0.113.9 , 203.0.113.10\r\n\r\n", "203.0.113.9\n203.0.113.10"),
        ("２０３．０．１１３．９", "203.0.113.9"),
        ("203.0.113.9/32\n2001:db8::/32", "203.0.113.9\n2001:db8::/32"),
        ("203.0.113.9\n203.0.113.9", "203.0.113.9"),
        ("2001:DB8:0:0::1", "2001:db8::1"),
    ],
)
def test_addresses_and_networks_are_kept_as_they_are_usually_written(
    part: CollectionAccount, typed: str, kept: str
) -> None:
    assert saved(notice_addresses=typed).notice_addresses == kept


def test_each_wrong_address_is_named_with_its_line(part: CollectionAccount) -> None:
    found = submit(notice_addresses="203.0.113.9\n203.0.113\n\n198.51.100.7/24").errors
    first, second = found["notice_addresses"]
    assert first.startswith("2行目：「203.0.113」")
    assert second.startswith("4行目：「198.51.100.7/24」")
    assert "198.51.100.0/24" in second


# ---- what is needed when ----


@pytest.mark.parametrize(
    ("settings", "asked_for"),
    [
        ({"merchant_id": ""}, "merchant_id"),
        ({"test_password-clear": "on"}, "test_password"),
        ({"mode": "production", "production_password-clear": "on"}, "production_password"),
        ({"charges_fee": "on"}, "fee_rows"),
    ],
)
def test_an_enabled_method_lacks_nothing(
    part: CollectionAccount, settings: dict[str, Any], asked_for: str
) -> None:
    assert list(submit(**settings).errors) == [asked_for]


@pytest.mark.parametrize("settings", [{"production_password-clear": "on"}, {"slip_title": ""}])
def test_what_is_not_needed_may_be_missing(
    part: CollectionAccount, settings: dict[str, Any]
) -> None:
    saved(**settings)
    assert stored().gaps() == []


def test_a_disabled_method_is_saved_half_filled_and_says_what_is_missing(db: None) -> None:
    now = saved(merchant_id="87654321")
    assert [gap.field for gap in now.gaps()] == ["enabled", "test_password"]


def test_without_the_sites_address_the_method_is_not_offered(
    part: CollectionAccount, settings: Any
) -> None:
    settings.ESCOTT = settings.ESCOTT | {"SITE_URL": ""}
    assert [gap.field for gap in part.gaps()] == ["site_url"]
    [wrong] = submit(title="コンビニ払い").wrong()
    assert "SITE_URL" in wrong.message


@pytest.mark.parametrize("rows", [[], [(0, 1000), (1000, None)]])
def test_a_fee_without_a_sound_table_is_a_gap(
    part: CollectionAccount, rows: list[tuple[int, int | None]]
) -> None:
    CollectionAccount.objects.update(charges_fee=True)
    for first, last in rows:
        FeeRow.objects.create(collection=part, from_total=first, up_to=last, fee=100)
    assert [gap.field for gap in stored().gaps()] == ["fee_rows"]


@pytest.mark.parametrize("seller", [{"seller_country": "US"}, {"currency": "USD"}])
def test_a_foreign_seller_cannot_use_it(
    part: CollectionAccount, clerk: Any, seller: dict[str, str]
) -> None:
    MerchantAccount.objects.update(**seller)
    assert [gap.field for gap in stored().gaps()] == list(seller)
    [wrong] = submit(title="コンビニ払い").wrong()
    assert wrong.anchor == ""
    assert "クレジットカード決済の設定" in wrong.message
    CollectionAccount.objects.update(enabled=False)
    with pytest.raises(MethodNotAllowed):
        switch_collection(True, clerk)


# ---- the one switch of the mode ----


def test_the_mode_is_the_accounts_and_holds_for_both_methods(part: CollectionAccount) -> None:
    MerchantAccount.objects.update(secure_use=SecureUse.DONT_USE, risk_acknowledged=True)
    assert saved(mode="production").account.mode == "production"
    account = MerchantAccount.current()
    assert account.mode == "production"
    assert page_of()["mode"].value() == "production"
    assert not account.risk_acknowledged, "it was taken beside the other mode"


def test_saving_something_else_leaves_the_acknowledged_risk(part: CollectionAccount) -> None:
    MerchantAccount.objects.update(risk_acknowledged=True)
    saved(title="コンビニ払い")
    assert MerchantAccount.current().risk_acknowledged


# ---- passwords ----


def test_no_secret_is_in_the_page_the_audit_log_or_a_repr(
    part: CollectionAccount, clerk: Any
) -> None:
    refused = submit(test_password="newPass567", title="")
    assert not refused.is_valid()
    accepted = submit(test_password="newPass567")
    assert accepted.is_valid()
    accepted.save_as(clerk)
    said = [page_of().as_p(), refused.as_p(), accepted.as_p(), repr(accepted.cleaned_data)]
    said += [json.dumps(entry.changes) for entry in AuditEntry.objects.all()]
    for text in said:
        assert not [each for each in ("cvsPass12", "cvsLive99", "newPass567") if each in text]
    assert "●●●●" in said[0]


@pytest.mark.parametrize("mode", ["test", "production"])
def test_a_new_password_keeps_the_former_one_and_when_it_changed(
    part: CollectionAccount, mode: str
) -> None:
    before = part.password(mode)
    now = saved(**{f"{mode}_password": "another77"})
    assert now.password(mode).reveal() == "another77"
    assert getattr(now, f"former_{mode}_password") == before
    assert getattr(now, f"{mode}_password_changed_at") == NOON
    other = "test" if mode == "production" else "production"
    assert now.password(other) == part.password(other)
    assert getattr(now, f"{other}_password_changed_at") is None


def test_the_first_password_has_no_former_one(part: CollectionAccount) -> None:
    saved(**{"test_password-clear": "on"}, enabled=None)
    assert stored().former_test_password.reveal() == "cvsPass12"
    now = saved(test_password="another77")
    assert now.former_test_password.reveal() == "cvsPass12", "an empty one is none"


def test_saving_without_touching_the_password_changes_nothing_about_it(
    part: CollectionAccount,
) -> None:
    now = saved(title="コンビニ払い", test_password="")
    assert now.test_password.reveal() == "cvsPass12"
    assert now.test_password_changed_at is None
    assert not now.former_test_password


# ---- two people at once ----


def test_two_people_who_change_different_things_do_not_overwrite_each_other(
    part: CollectionAccount,
) -> None:
    one, two = filled(title="コンビニ払い"), filled(rows=MANUAL, charges_fee="on")
    for posted in (one, two):
        form = CollectionSettingsForm(posted, instance=collection_to_change())
        assert form.is_valid(), form.errors
        form.save_as(None)
    assert stored().title == "コンビニ払い"
    assert stored().fee_table().fee_for(6000) == 550


def test_who_changes_a_table_that_somebody_else_has_just_changed_is_asked_first(
    part: CollectionAccount,
) -> None:
    one, two = filled(rows=[("0", "", "100")]), filled(rows=[("0", "", "200")])
    first = CollectionSettingsForm(one, instance=collection_to_change())
    assert first.is_valid()
    first.save_as(None)
    asked = CollectionSettingsForm(two, instance=collection_to_change())
    assert list(asked.errors) == ["fee_rows"]
    assert "¥100" in asked.errors["fee_rows"][0]
    again = two | {"seen": asked["seen"].value()}
    form = CollectionSettingsForm(again, instance=collection_to_change())
    assert form.is_valid(), form.errors
    form.save_as(None)
    assert [row.fee for row in stored().fee_rows.all()] == [200]


def test_two_saves_at_the_same_moment_both_stand(account: MerchantAccount) -> None:
    CollectionAccount.objects.create(account=account)

    def save(posted: dict[str, Any]) -> bool:
        with transaction.atomic():
            form = CollectionSettingsForm(posted, instance=collection_to_change())
            return form.is_valid() and bool(form.save_as(None))

    posts = [filled(title="コンビニ払い"), filled(due_days="10"), filled(mode="production")]
    assert at_once([partial(save, posted) for posted in posts]) == [True, True, True]
    now = stored()
    assert (now.title, now.due_days, now.account.mode) == ("コンビニ払い", 10, "production")


# ---- what is written ----


def test_a_save_is_in_the_audit_log_with_who_and_what(part: CollectionAccount, clerk: Any) -> None:
    saved(clerk, due_days="10", charges_fee="on", rows=MANUAL, test_password="newPass567")
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.at, entry.subject) == (clerk, NOON, "オンライン収納代行")
    changes = entry.changes
    assert changes["支払期限日数"] == ["7", "10"]
    assert changes["マーチャントパスワード（テスト）"] is None
    [before, after] = changes["手数料表"]
    assert before == ""
    assert after.splitlines() == [
        "¥0〜¥1,100：¥0",
        "¥1,101〜¥5,500：¥330",
        "¥5,501以上：¥550",
    ]


def test_a_save_that_changes_nothing_writes_nothing(part: CollectionAccount, clerk: Any) -> None:
    saved(rows=MANUAL)
    AuditEntry.objects.all().delete()
    before = [*CollectionAccount.objects.values(), *FeeRow.objects.values()]
    form = submit(test_password="cvsPass12", rows=[("0", "1,100円", ""), *MANUAL[1:]])
    assert form.is_valid()
    assert form.save_as(clerk) == {}
    assert [*CollectionAccount.objects.values(), *FeeRow.objects.values()] == before
    assert not AuditEntry.objects.exists()


def test_nobody_saves_settings_without_saying_who(part: CollectionAccount) -> None:
    form = submit(title="コンビニ払い")
    assert form.is_valid()
    with pytest.raises(TypeError):
        form.save()


# ---- the switch in the list ----


def test_the_switch_is_in_the_audit_log_and_only_once(part: CollectionAccount, clerk: Any) -> None:
    assert not switch_collection(False, clerk).enabled
    switch_collection(False, clerk)
    assert switch_collection(True, clerk).enabled
    assert [(entry.subject, entry.changes) for entry in AuditEntry.objects.order_by("pk")] == [
        ("オンライン収納代行", {"有効化/無効化": ["オン", "オフ"]}),
        ("オンライン収納代行", {"有効化/無効化": ["オフ", "オン"]}),
    ]


def test_a_shop_without_settings_may_switch_it_on_and_is_told_what_is_missing(
    clerk: Any,
) -> None:
    assert switch_collection(True, clerk).enabled
    assert [gap.field for gap in stored().gaps()] == ["merchant_id", "test_password"]


# ---- the Django admin ----


def test_the_admin_saves_by_the_same_form_and_audits_it(
    part: CollectionAccount, admin_client: Client
) -> None:
    url = reverse("admin:escott_collectionaccount_change", args=[part.pk])
    page = admin_client.get(url)
    text = page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]
    assert "行を挿入" in text
    assert "escott/fee-table.js" in text
    assert not [secret for secret in ("cvsPass12", "cvsLive99") if secret in text]
    refused = admin_client.post(url, filled(rows=[("0", "9", "1"), ("9", "", "2")]))
    assert refused.status_code == 200
    assert "1行目と重なっています" in refused.content.decode()
    posted = filled(rows=MANUAL, charges_fee="on", mode="production")
    assert admin_client.post(url, posted).status_code == 302
    assert stored().fee_table().fee_for(6000) == 550
    assert stored().account.mode == "production"
    assert AuditEntry.objects.get().actor_name == "admin"


def test_the_buttons_of_the_table_work_in_the_admin(
    part: CollectionAccount, admin_client: Client
) -> None:
    url = reverse("admin:escott_collectionaccount_change", args=[part.pk])
    again = admin_client.post(url, filled(rows=MANUAL, **{"fee_rows-do": "insert"}))
    text = again.content.decode()
    assert again.status_code == 200
    assert "id_fee_rows_3_from" in text
    assert "errornote" not in text
    assert not FeeRow.objects.exists()
    asked = {"fee_rows-from": "0", "fee_rows-up_to": "", "fee_rows-fee": "100"}
    answer = admin_client.get(
        reverse("admin:escott_collectionaccount_fee_example"),
        asked | {"fee_rows-example": "3780", "charges_fee": "on"},
    )
    assert "¥3,880" in answer.json()["says"]


def test_the_admin_makes_the_first_part_and_no_second(
    account: MerchantAccount, admin_client: Client
) -> None:
    url = reverse("admin:escott_collectionaccount_add")
    posted = filled(rows=MANUAL, merchant_id="87654321", mode="production")
    assert admin_client.post(url, posted).status_code == 302
    assert stored().merchant_id == "87654321"
    assert stored().account == account
    assert stored().account.mode == "production"
    assert stored().fee_rows.count() == 3
    assert admin_client.get(url).status_code == 403


def test_a_shop_without_an_account_is_given_one(db: None, admin_client: Client) -> None:
    url = reverse("admin:escott_collectionaccount_add")
    assert admin_client.post(url, filled(merchant_id="87654321")).status_code == 302
    assert MerchantAccount.current() == stored().account


def test_staff_who_may_only_view_see_no_secret_and_no_field_for_one(
    part: CollectionAccount, client: Client, clerk: Any
) -> None:
    clerk.user_permissions.add(Permission.objects.get(codename="view_collectionaccount"))
    client.force_login(clerk)
    url = reverse("admin:escott_collectionaccount_change", args=[part.pk])
    page = client.get(url).content.decode()
    assert part.merchant_id in page
    assert "●●●●" not in page
    assert client.post(url, filled()).status_code == 403
