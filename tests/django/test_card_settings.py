"""The form of the card settings: its rules, what it writes, and what it never shows."""

from __future__ import annotations

import json
import re
from datetime import datetime
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from escott.clock import JST, SettableClock
from escott.django.models import AuditEntry, MerchantAccount, SecureUse
from escott.django.settings_forms import (
    CardSettingsForm,
    MethodNotAllowed,
    account_to_change,
    switch_card,
)
from escott.django.settings_forms.card_texts import FIELDS
from escott.django.settings_forms.secret_field import SecretField
from escott.gateway import Secret
from escott.simulator.merchants import DEMO_CARDS
from tests.django.conftest import at_once

SECRETS = {
    "test_password": "pass1234",
    "production_password": "prodPass99",
    "settlement_key": "7654321",
    "encryption_key": "AbcDefGhi1234567",
    "initial_vector": "Vec0Vec1Vec2Vec3",
}


@pytest.fixture
def clerk(db: None, django_user_model: Any) -> Any:
    """A member of staff."""
    return django_user_model.objects.create_user("suzuki", is_staff=True)


def page_of(account: MerchantAccount) -> CardSettingsForm:
    """The page as it is shown."""
    return CardSettingsForm(instance=account)


def filled(page: CardSettingsForm, **typed: Any) -> dict[str, Any]:
    """What a browser posts from that page after somebody typed something into it."""
    posted: dict[str, Any] = {"seen": page["seen"].value()}
    for name in FIELDS:
        value = None if isinstance(page.fields[name], SecretField) else page[name].value()
        if value not in {None, False}:
            posted[name] = "on" if value is True else value
    posted |= typed
    return {name: value for name, value in posted.items() if value is not None}


def submit(**typed: Any) -> CardSettingsForm:
    """Open the page, type, and press the button."""
    data = filled(page_of(MerchantAccount.current()), **typed)
    return CardSettingsForm(data, instance=account_to_change())


@pytest.fixture
def stored(db: None) -> MerchantAccount:
    """An account that is enabled and has every secret, in a transaction as the views open one."""
    return MerchantAccount.objects.create(
        merchant_id=DEMO_CARDS.merchant_id,
        token_code=DEMO_CARDS.token_code,
        secure_use=SecureUse.DONT_USE,
        card_enabled=True,
        **{name: Secret(text) for name, text in SECRETS.items()},
    )


# ---- the fields ----


def test_the_page_has_every_field_of_the_manual_in_its_order() -> None:
    manual = [
        "card_enabled", "card_title", "card_description", "mode", "connection", "merchant_id",
        "test_password", "production_password", "tenant_id", "settlement_key", "secure_use",
        "secure_policy", "risk_acknowledged", "encryption_key", "initial_vector", "token_code",
        "needs_security_code", "saves_cards", "always_saves_card", "shoppers_delete_cards",
        "card_charge", "subscription_charge", "instalments", "consent_text", "order_status",
        "abandoned_after_hours", "keeps_log", "handling_days", "captures_on_shipping",
        "compares_a_minute", "seller_country", "currency",
    ]  # fmt: skip
    shown = [row.field.name for _t, rows in page_of(MerchantAccount()).sections() for row in rows]
    assert shown == manual
    explained = {
        name for name, field in page_of(MerchantAccount()).fields.items() if field.help_text
    }
    assert set(manual) - explained == {"risk_acknowledged"}, "its text stands above the box"


@pytest.mark.parametrize(
    ("field", "default"),
    [
        ("card_enabled", False),
        ("card_title", "クレジットカード"),
        ("card_description", "クレジットカードで支払う"),
        ("mode", "test"),
        ("connection", "token"),
        ("tenant_id", "0001"),
        ("secure_use", ""),
        ("secure_policy", "strict"),
        ("needs_security_code", True),
        ("saves_cards", True),
        ("always_saves_card", False),
        ("card_charge", "gather"),
        ("subscription_charge", "gather"),
        ("instalments", "lump_sum"),
        ("order_status", "processing"),
        ("keeps_log", True),
        ("handling_days", 60),
        ("captures_on_shipping", False),
        ("abandoned_after_hours", 72),
        ("compares_a_minute", 60),
    ],
)
def test_the_defaults_are_the_manuals(field: str, default: Any) -> None:
    assert page_of(MerchantAccount())[field].value() == default


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("merchant_id", "12a4"),
        ("test_password", "pass-1234"),
        ("test_password", "パスワード"),
        ("production_password", "a" * 21),
        ("tenant_id", "001"),
        ("tenant_id", "00001"),
        ("tenant_id", "000a"),
        ("settlement_key", "12ab"),
        ("encryption_key", "a" * 15),
        ("encryption_key", "a" * 17),
        ("encryption_key", "a" * 15 + "-"),
        ("initial_vector", "a" * 15),
        ("token_code", "token code!"),
        ("handling_days", "0"),
        ("handling_days", "sixty"),
        ("abandoned_after_hours", "-1"),
        ("abandoned_after_hours", "8761"),
        ("compares_a_minute", "0"),
        ("compares_a_minute", "601"),
        ("card_title", ""),
        ("mode", "live"),
        ("secure_use", "perhaps"),
        ("instalments", "99"),
    ],
)
def test_what_the_gateway_would_refuse_is_refused_here(
    stored: MerchantAccount, field: str, wrong: str
) -> None:
    form = submit(**{field: wrong})
    assert list(form.errors) == [field]


@pytest.mark.parametrize(
    ("typed", "taken"), [("１２３４５６７８", "12345678"), (" 1234 5678　", "12345678")]
)
def test_full_width_digits_and_spaces_are_forgiven(
    stored: MerchantAccount, clerk: Any, typed: str, taken: str
) -> None:
    form = submit(merchant_id=typed, encryption_key="ＡｂｃＤｅｆＧｈｉ１２３４５６Z")
    assert form.is_valid(), form.errors
    form.save_as(clerk)
    assert MerchantAccount.current().merchant_id == taken
    assert MerchantAccount.current().encryption_key.reveal() == "AbcDefGhi123456Z"


def test_what_happens_after_the_charge_is_set_with_the_rest(
    stored: MerchantAccount, clerk: Any
) -> None:
    form = submit(captures_on_shipping="on", abandoned_after_hours="0", compares_a_minute="10")
    assert form.is_valid(), form.errors
    assert set(form.save_as(clerk)) == {
        str(form.fields[name].label)
        for name in ("captures_on_shipping", "abandoned_after_hours", "compares_a_minute")
    }
    now = MerchantAccount.current()
    assert (now.captures_on_shipping, now.abandoned_after_hours, now.compares_a_minute) == (
        True,
        0,
        10,
    )


# ---- what is needed when ----


@pytest.mark.parametrize(
    ("settings", "asked_for"),
    [
        ({"merchant_id": ""}, "merchant_id"),
        ({"test_password-clear": "on"}, "test_password"),
        ({"mode": "production", "production_password-clear": "on"}, "production_password"),
        ({"token_code": ""}, "token_code"),
        ({"secure_use": "use", "encryption_key-clear": "on"}, "encryption_key"),
        ({"secure_use": "use", "initial_vector-clear": "on"}, "initial_vector"),
        ({"connection": "link", "encryption_key-clear": "on"}, "encryption_key"),
        ({"connection": "link", "initial_vector-clear": "on"}, "initial_vector"),
        ({"seller_country": "US"}, "seller_country"),
        ({"currency": "USD"}, "currency"),
        ({"always_saves_card": "on", "saves_cards": None}, "always_saves_card"),
    ],
)
def test_an_enabled_method_lacks_nothing(
    stored: MerchantAccount, settings: dict[str, Any], asked_for: str
) -> None:
    form = submit(**settings)
    assert list(form.errors) == [asked_for]
    [wrong] = form.wrong()
    assert wrong.anchor == f"id_{asked_for}"


@pytest.mark.parametrize(
    "settings",
    [
        {"connection": "link", "token_code": ""},
        {"secure_use": "dont_use", "encryption_key-clear": "on", "initial_vector-clear": "on"},
        {"settlement_key-clear": "on"},
        {"production_password-clear": "on"},
    ],
)
def test_what_the_choice_does_not_need_may_be_missing(
    stored: MerchantAccount, clerk: Any, settings: dict[str, Any]
) -> None:
    form = submit(**settings)
    assert form.is_valid(), form.errors
    form.save_as(clerk)
    assert MerchantAccount.current().missing_for_cards() == []


def test_the_choice_of_3d_secure_must_be_made_before_the_method_is_enabled(
    stored: MerchantAccount,
) -> None:
    MerchantAccount.objects.update(secure_use="", card_enabled=False)
    assert list(submit(card_enabled="on").errors) == ["secure_use"]
    assert submit(card_enabled="on").wrong()[0].anchor == "id_secure_use_0"
    assert submit(card_enabled="on", secure_use="not_contracted").is_valid()


def test_a_disabled_method_is_saved_half_filled_and_says_what_is_missing(clerk: Any) -> None:
    data = filled(page_of(MerchantAccount()), merchant_id="12345678")
    form = CardSettingsForm(data, instance=account_to_change())
    assert form.is_valid(), form.errors
    form.save_as(clerk)
    fields = [gap.field for gap in MerchantAccount.current().gaps_for_cards()]
    assert fields == ["card_enabled", "test_password", "token_code", "secure_use"]


# ---- secrets ----


def test_no_secret_is_in_the_page_the_audit_log_or_a_repr(
    stored: MerchantAccount, clerk: Any
) -> None:
    typed = {"test_password": "newPass567", "encryption_key": "a" * 15, "card_title": ""}
    refused = submit(**typed)
    typed |= {"encryption_key": "NewKey0123456789", "card_title": "カード"}
    accepted = submit(**typed)
    assert not refused.is_valid()
    assert accepted.is_valid()
    accepted.save_as(clerk)
    said = [page_of(MerchantAccount.current()).as_p(), refused.as_p(), accepted.as_p()]
    said += [repr(refused), repr(refused.cleaned_data), repr(accepted.instance.__dict__)]
    said += [json.dumps(entry.changes) for entry in AuditEntry.objects.all()]
    texts = {*SECRETS.values(), *typed.values()} - {"", "カード", "a" * 15}
    assert texts >= {"newPass567", "NewKey0123456789"}
    for text in said:
        assert not [secret for secret in texts if secret in text]


def test_an_empty_secret_keeps_the_stored_one_and_its_checkbox_deletes_it(
    stored: MerchantAccount, clerk: Any
) -> None:
    form = submit(test_password="", **{"settlement_key-clear": "on"})
    assert form.is_valid(), form.errors
    form.save_as(clerk)
    assert MerchantAccount.current().test_password.reveal() == SECRETS["test_password"]
    assert not MerchantAccount.current().settlement_key


def test_a_stored_secret_is_shown_as_dots_with_a_way_to_change_it(
    stored: MerchantAccount,
) -> None:
    html = str(page_of(stored)["encryption_key"])
    assert "●●●●" in html
    assert "<details" in html
    assert 'autocomplete="new-password"' in html
    assert "●●●●" not in str(page_of(MerchantAccount())["encryption_key"])


def test_who_typed_a_secret_beside_a_mistake_is_told_to_type_it_again(
    stored: MerchantAccount,
) -> None:
    form = submit(test_password="newPass567", merchant_id="x")
    assert not form.is_valid()
    assert re.search(r"<details[^>]* open", str(form["test_password"]))
    assert "es-secret__again" in str(form["test_password"])
    assert "es-secret__again" not in str(form["encryption_key"])


def test_the_passwords_of_test_and_production_are_kept_apart(
    stored: MerchantAccount, clerk: Any
) -> None:
    form = submit(production_password="another77")
    assert form.is_valid()
    form.save_as(clerk)
    account = MerchantAccount.current()
    assert account.password("test").reveal() == SECRETS["test_password"]
    assert account.password("production").reveal() == "another77"


# ---- the risk without 3-D Secure ----


def test_the_risk_stays_open_until_it_is_acknowledged(stored: MerchantAccount, clerk: Any) -> None:
    assert page_of(stored).risk_is_open
    form = submit(risk_acknowledged="on")
    assert form.is_valid()
    form.save_as(clerk)
    assert not page_of(MerchantAccount.current()).risk_is_open


@pytest.mark.parametrize(
    "new", [{"secure_use": "not_contracted"}, {"mode": "production"}, {"secure_use": "use"}]
)
def test_a_new_choice_asks_for_the_acknowledgement_anew(
    stored: MerchantAccount, clerk: Any, new: dict[str, str]
) -> None:
    MerchantAccount.objects.update(risk_acknowledged=True)
    form = submit(**new)
    assert form.is_valid(), form.errors
    form.save_as(clerk)
    assert not MerchantAccount.current().risk_acknowledged


def test_a_choice_and_its_acknowledgement_may_be_made_together(
    stored: MerchantAccount, clerk: Any
) -> None:
    form = submit(secure_use="not_contracted", risk_acknowledged="on")
    assert form.is_valid()
    form.save_as(clerk)
    assert MerchantAccount.current().risk_acknowledged


# ---- two people at once ----


def test_two_people_who_change_different_things_do_not_overwrite_each_other(
    stored: MerchantAccount, clerk: Any
) -> None:
    one = filled(page_of(MerchantAccount.current()), card_title="カード払い")
    two = filled(page_of(MerchantAccount.current()), merchant_id="87654321")
    for posted in (one, two):
        form = CardSettingsForm(posted, instance=account_to_change())
        assert form.is_valid(), form.errors
        form.save_as(clerk)
    account = MerchantAccount.current()
    assert (account.card_title, account.merchant_id) == ("カード払い", "87654321")


@pytest.mark.parametrize(
    ("field", "first", "second"),
    [
        ("card_title", "カード払い", "カード"),
        ("encryption_key", "FirstKey01234567", "SecondKey0123456"),
    ],
)
def test_who_changes_what_somebody_else_has_just_changed_is_asked_first(
    stored: MerchantAccount, clerk: Any, field: str, first: str, second: str
) -> None:
    one = filled(page_of(MerchantAccount.current()), **{field: first})
    two = filled(page_of(MerchantAccount.current()), **{field: second})
    form = CardSettingsForm(one, instance=account_to_change())
    assert form.is_valid()
    form.save_as(clerk)

    asked = CardSettingsForm(two, instance=account_to_change())
    assert list(asked.errors) == [field]
    again = CardSettingsForm(two | {"seen": asked["seen"].value()}, instance=account_to_change())
    assert again.is_valid(), again.errors
    again.save_as(clerk)
    stored_now = getattr(MerchantAccount.current(), field)
    assert stored_now in {second, Secret(second)}


def test_two_saves_at_the_same_moment_both_stand(account: MerchantAccount) -> None:
    shown = page_of(MerchantAccount.current())
    typed = [{"card_title": "カード払い"}, {"merchant_id": "87654321"}, {"handling_days": "45"}]

    def save(posted: dict[str, Any]) -> bool:
        with transaction.atomic():
            form = CardSettingsForm(posted, instance=account_to_change())
            return form.is_valid() and bool(form.save_as(None))

    posts = [filled(shown, **entry) for entry in typed]
    assert at_once([partial(save, posted) for posted in posts]) == [True, True, True]
    now = MerchantAccount.current()
    assert (now.card_title, now.merchant_id, now.handling_days) == ("カード払い", "87654321", 45)


# ---- what is written ----


def test_a_save_is_in_the_audit_log_with_who_and_what(stored: MerchantAccount, clerk: Any) -> None:
    clock = SettableClock(datetime(2026, 4, 1, 12, 0, tzinfo=JST))
    form = submit(
        card_title="カード払い", card_charge="authorise", keeps_log=None, test_password="newPass567"
    )
    assert form.is_valid(), form.errors
    form.save_as(clerk, clock=clock)
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.actor_name, entry.at) == (clerk, "suzuki", clock.now())
    assert sorted(filter(None, entry.changes.values())) == sorted(
        [["クレジットカード", "カード払い"], ["与信売上計上", "与信"], ["オン", "オフ"]]
    )
    assert list(entry.changes.values()).count(None) == 1


def test_a_save_that_changes_nothing_writes_nothing(stored: MerchantAccount, clerk: Any) -> None:
    before = MerchantAccount.objects.values().get()
    form = submit(test_password=SECRETS["test_password"])
    assert form.is_valid()
    assert form.save_as(clerk) == {}
    assert MerchantAccount.objects.values().get() == before
    assert not AuditEntry.objects.exists()


def test_only_what_was_changed_is_written(stored: MerchantAccount, clerk: Any) -> None:
    form = submit(card_title="カード払い")
    assert form.is_valid()
    MerchantAccount.objects.update(card_description="meanwhile")
    form.save_as(clerk)
    assert MerchantAccount.current().card_description == "meanwhile"


def test_nobody_saves_settings_without_saying_who(stored: MerchantAccount) -> None:
    form = submit(card_title="カード払い")
    assert form.is_valid()
    with pytest.raises(TypeError):
        form.save()


# ---- the switch in the list ----


def test_the_switch_is_in_the_audit_log_and_only_once(stored: MerchantAccount, clerk: Any) -> None:
    assert not switch_card(False, clerk).card_enabled
    switch_card(False, clerk)
    assert switch_card(True, clerk).card_enabled
    assert [entry.changes for entry in AuditEntry.objects.order_by("pk")] == [
        {"有効化/無効化": ["オン", "オフ"]},
        {"有効化/無効化": ["オフ", "オン"]},
    ]


@pytest.mark.parametrize("seller", [{"seller_country": "US"}, {"currency": "USD"}])
def test_a_foreign_seller_cannot_switch_it_on(
    stored: MerchantAccount, clerk: Any, seller: dict[str, str]
) -> None:
    MerchantAccount.objects.update(card_enabled=False, **seller)
    with pytest.raises(MethodNotAllowed):
        switch_card(True, clerk)
    assert not MerchantAccount.current().card_enabled


# ---- the Django admin ----


def test_the_admin_saves_by_the_same_form_and_audits_it(
    stored: MerchantAccount, admin_client: Client
) -> None:
    url = reverse("admin:escott_merchantaccount_change", args=[stored.pk])
    page = admin_client.get(url)
    assert "no-store" in page.headers["Cache-Control"]
    assert not [text for text in SECRETS.values() if text in page.content.decode()]
    refused = admin_client.post(url, filled(page_of(stored), merchant_id="x"))
    assert refused.status_code == 200
    saved = admin_client.post(url, filled(page_of(stored), merchant_id="11112222"))
    assert saved.status_code == 302
    assert MerchantAccount.current().merchant_id == "11112222"
    assert AuditEntry.objects.get().actor_name == "admin"


def test_the_admin_makes_the_first_account_and_no_second(admin_client: Client) -> None:
    url = reverse("admin:escott_merchantaccount_add")
    posted = filled(page_of(MerchantAccount()), merchant_id=DEMO_CARDS.merchant_id)
    assert admin_client.post(url, posted).status_code == 302
    assert MerchantAccount.current().merchant_id == DEMO_CARDS.merchant_id
    assert admin_client.get(url).status_code == 403


def test_staff_who_may_only_view_see_no_secret_and_no_field_for_one(
    stored: MerchantAccount, client: Client, clerk: Any
) -> None:
    from django.contrib.auth.models import Permission

    clerk.user_permissions.add(Permission.objects.get(codename="view_merchantaccount"))
    client.force_login(clerk)
    url = reverse("admin:escott_merchantaccount_change", args=[stored.pk])
    page = client.get(url).content.decode()
    assert stored.merchant_id in page
    assert "●●●●" not in page
    assert client.post(url, filled(page_of(stored))).status_code == 403


@pytest.mark.parametrize("name", ["auditentry", "logentry"])
def test_the_logs_cannot_be_edited_in_the_admin(admin_client: Client, name: str) -> None:
    assert admin_client.get(reverse(f"admin:escott_{name}_changelist")).status_code == 200
    assert admin_client.get(reverse(f"admin:escott_{name}_add")).status_code == 403


def test_a_server_that_does_not_know_its_address_offers_no_way_back(
    account: MerchantAccount, settings: Any
) -> None:
    settings.ESCOTT = settings.ESCOTT | {"SITE_URL": ""}
    assert account.missing_for_cards() == []
    account.secure_use = SecureUse.USE
    assert [gap.field for gap in account.gaps_for_cards()] == ["secure_use"]
