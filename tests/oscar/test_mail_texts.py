"""メール文面: staff write the mails' texts; a slip is refused by its place, and stops no mail."""

from __future__ import annotations

import html
import logging
import re
import threading
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core import mail as outbox
from django.test import Client
from django.utils import translation

from escott.django.clock import the_clock
from escott.django.mails import send_due
from escott.django.models import AuditArea, AuditEntry, Mail, MailText
from escott.django.models.mail import FOR_THE_SHOP, MailKind
from escott.oscar.mail_texts.checking import problems_of
from escott.oscar.mail_texts.defaults import Text, default_text
from escott.oscar.mail_texts.kinds import KINDS
from escott.oscar.mail_texts.places import PLACES, WRITTEN
from escott.oscar.mail_texts.sample import preview_of
from shop.seed.accounts import STAFF
from tests.oscar.conftest import Shopper, the_order

LIST = "/dashboard/payments/mail-texts/"
PAID = f"{LIST}order_paid/"
REFUSED = f"{LIST}payment_refused/"

#: Places of the kind, and nothing that is wrong.
GOOD: dict[str, str] = {
    "sender": "",
    "subject": "ご注文 {order_number}",
    "body": "{name} 様\n\nありがとうございます。\n\n{order_lines}\n\n{signature}",
    "signature": "{shop_name}\nhttps://example.com/",
}


def posted(client: Client, address: str = PAID, **typed: str) -> dict[str, str]:
    """What a browser posts from the editor that it has open."""
    form = client.get(address).context["form"]
    return {"seen": form["seen"].value(), **GOOD, **typed}


def save(client: Client, address: str = PAID, **typed: str) -> Any:
    return client.post(address, posted(client, address, **typed))


def shown(answer: Any) -> str:
    """The page as a person reads it."""
    assert answer.status_code == 200, answer
    return html.unescape(answer.content.decode())


def the_worker_comes() -> Any:
    """The shopper's mail."""
    send_due(the_clock(), threading.Event())
    return outbox.outbox[0]


def html_of(message: Any) -> str:
    [part] = message.alternatives
    return str(part.content)


# ---- who sees it ----


def test_the_texts_are_for_those_who_may_change_them(shop: None, staff: Client) -> None:
    user = get_user_model().objects.create_user("clerk", "clerk@example.com", is_staff=True)
    clerk = Client()
    clerk.force_login(user, "django.contrib.auth.backends.ModelBackend")
    for page in (LIST, PAID, f"{PAID}default/"):
        assert clerk.get(page).status_code == 403
        assert clerk.post(page, GOOD).status_code == 403
        assert staff.get(page).status_code == 200
    assert not MailText.objects.exists()
    user.user_permissions.add(Permission.objects.get(codename="change_mailtext"))
    assert clerk.get(LIST).status_code == 200
    assert save(clerk).status_code == 302


def test_the_list_leads_to_every_mail_and_says_which_are_the_shops_own(staff: Client) -> None:
    save(staff)
    page = shown(staff.get(LIST))
    for kind in MailKind:
        assert f'href="{LIST}{kind}/"' in page
    own = {row.of.kind for row in staff.get(LIST).context["to_customers"] if row.is_edited}
    assert own == {MailKind.ORDER_PAID}


def test_a_mail_that_does_not_exist_has_no_text(staff: Client) -> None:
    assert staff.get(f"{LIST}order_lost/").status_code == 404
    assert staff.post(f"{LIST}order_lost/", GOOD).status_code == 404


# ---- defaults ----


@pytest.mark.parametrize("kind", MailKind)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_mail_has_a_default_without_a_slip_in_both_languages(
    shop: None, kind: MailKind, language: str
) -> None:
    with translation.override(language):
        text = default_text(kind)
        assert problems_of(KINDS[kind], text) == []
    is_japanese = [bool(re.search("[ぁ-ん]", part)) for part in (text.subject, text.body)]
    assert is_japanese == [language == "ja"] * 2


@pytest.mark.parametrize("kind", MailKind)
def test_the_editor_starts_from_the_default_and_explains_every_place(
    staff: Client, kind: MailKind
) -> None:
    page = shown(staff.get(f"{LIST}{kind}/"))
    default = default_text(kind)
    for part in (default.subject, default.body, default.signature):
        assert part in page
    for place in KINDS[kind].in_body:
        assert place.written in page
        assert str(place.meaning) in page


@pytest.mark.parametrize("kind", MailKind)
def test_every_mail_can_be_previewed_with_every_place_it_may_use(
    shop: None, kind: MailKind
) -> None:
    everything = "\n\n".join(place.written for place in KINDS[kind].in_body)
    subject = " ".join(place.written for place in KINDS[kind].in_subject)
    letter = preview_of(kind, Text("", subject, everything, "{shop_name}"))
    for part in (letter.subject, letter.text, letter.html):
        assert not WRITTEN.search(re.sub("<style.*?</style>|{[^}]*:[^}]*}", "", part)), part
    assert "つむぎ堂" in letter.text
    assert "つむぎ堂" in letter.html


def test_each_kind_of_mail_is_described_once() -> None:
    assert set(KINDS) == set(MailKind)
    assert {kind for kind, entry in KINDS.items() if entry.to_shop_only} == FOR_THE_SHOP
    for entry in KINDS.values():
        assert set(entry.names) <= set(PLACES)
        assert entry.needs <= set(entry.names)


# ---- saving ----


def test_the_shops_own_words_go_out_as_text_and_as_html(staff: Client, shopper: Shopper) -> None:
    assert save(staff, sender="つむぎ堂 <order@example.com>").status_code == 302
    shopper.buys()
    message = the_worker_comes()
    assert message.subject == f"ご注文 {the_order().number}"
    assert "order@example.com" in message.message()["From"]
    for words in (
        "山田 花子 様",
        "ありがとうございます。",
        "綿の風呂敷 七宝",
        "¥3,780",
        "つむぎ堂",
    ):
        assert words in message.body
        assert words in html_of(message)
    assert '<a href="https://example.com/">https://example.com/</a>' in html_of(message)
    assert re.search(r"<table.*綿の風呂敷 七宝.*</table>", html_of(message), re.DOTALL)
    assert "テストモード" in message.body, "staff cannot write this away"
    assert "{" not in message.body


def test_an_empty_sender_is_the_sites(staff: Client, shopper: Shopper, settings: Any) -> None:
    save(staff)
    shopper.buys()
    assert the_worker_comes().from_email == settings.DEFAULT_FROM_EMAIL


def test_a_line_with_an_address_below_another_becomes_a_button(
    staff: Client, shopper: Shopper
) -> None:
    save(staff, body="ご注文はこちら\n{order_url}\n\n{signature}")
    shopper.buys()
    found = re.search(
        r'<a href="([^"]*)" style="[^"]*">ご注文はこちら</a>', html_of(the_worker_comes())
    )
    assert found
    assert "/checkout/thank-you/" in found[1]


def test_every_change_is_written_down_with_the_text_before(staff: Client) -> None:
    save(staff)
    entry = AuditEntry.objects.get()
    assert (entry.area, entry.actor_name, entry.subject) == (
        AuditArea.MAIL,
        STAFF[0].split("@")[0],
        str(MailKind.ORDER_PAID.label),
    )
    with translation.override("ja"):
        before = default_text(MailKind.ORDER_PAID)
    assert entry.changes["件名"] == [before.subject, GOOD["subject"]]
    assert entry.changes["本文"] == [before.body, GOOD["body"]]
    assert "差出人" not in entry.changes


def test_saving_what_stands_there_changes_nothing(staff: Client) -> None:
    default = default_text(MailKind.ORDER_PAID)
    save(staff, **default.items())
    assert not MailText.objects.exists()
    save(staff)
    save(staff)
    assert AuditEntry.objects.count() == 1


def test_line_ends_of_a_browser_are_no_change(staff: Client) -> None:
    default = default_text(MailKind.ORDER_PAID)
    save(staff, **{name: text.replace("\n", "\r\n") for name, text in default.items().items()})
    assert not MailText.objects.exists()


def test_two_people_do_not_overwrite_each_other(staff: Client) -> None:
    opened_before = posted(staff, subject="あとから")
    save(staff, subject="さきに")
    page = shown(staff.post(PAID, opened_before))
    assert "ほかの方が文面を変更しました" in page
    assert "あとから" in page, "what was typed is still there"
    assert MailText.objects.get().subject == "さきに"


def test_the_way_back_to_the_default_is_asked_about_first(staff: Client, shopper: Shopper) -> None:
    save(staff)
    asked = shown(staff.get(f"{PAID}default/"))
    assert "既定の文面に戻しますか" in asked
    assert "お支払いが完了しました" in asked
    assert MailText.objects.exists()
    assert staff.post(f"{PAID}default/").status_code == 302
    assert not MailText.objects.exists()
    last = AuditEntry.objects.latest("pk")
    assert last.changes["件名"][0] == GOOD["subject"]
    assert staff.post(f"{PAID}default/").status_code == 302, "twice is harmless"
    assert AuditEntry.objects.count() == 2
    shopper.buys()
    assert "お支払いが完了しました" in the_worker_comes().body


# ---- what is refused ----


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        pytest.param(
            {"body": "ようこそ\nご注文{order_nummer}です"},
            "{order_nummer} (2行目 4文字目): このような差し込み項目はありません。",
            id="a place that does not exist",
        ),
        pytest.param(
            {"subject": "{order_lines}"}, "{order_lines} (1行目 1文字目): ここでは使えません。",
            id="a table in the subject",
        ),
        pytest.param(
            {"subject": "{cases}"}, "{cases} (1行目 1文字目): ここでは使えません。",
            id="a place of another mail",
        ),
        pytest.param(
            {"signature": "{name}"}, "{name} (1行目 1文字目): ここでは使えません。",
            id="a customer in the signature",
        ),
        pytest.param(
            {"body": "{order_number"}, "{ (1行目 1文字目): 対になる括弧がありません。",
            id="a brace without a partner",
        ),
        pytest.param(
            {"body": "a\n\nbc}"}, "} (3行目 3文字目): 対になる括弧がありません。",
            id="a brace without a beginning",
        ),
        pytest.param(
            {"body": "｛ｎａｍｅ｝ 様"}, "｛ｎａｍｅ｝ (1行目 1文字目): 半角で入力してください。",
            id="full-width braces",
        ),
        pytest.param(
            {"body": "{name.__class__}"}, "このような差し込み項目はありません。", id="an attribute",
        ),
        pytest.param({"body": "{0}"}, "このような差し込み項目はありません。", id="a number"),
        pytest.param({"body": "{}"}, "このような差し込み項目はありません。", id="nothing"),
        pytest.param({"body": " \n "}, "本文を入力してください。", id="no body"),
        pytest.param({"subject": ""}, "件名を入力してください。", id="no subject"),
        pytest.param({"body": "a\x0bb"}, "制御文字", id="a control character"),
    ],
)  # fmt: skip
def test_a_slip_is_refused_with_its_place(staff: Client, typed: dict[str, str], words: str) -> None:
    assert words in shown(save(staff, **typed))
    assert not MailText.objects.exists()
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\x85", "\x0b"])
@pytest.mark.parametrize("part", ["subject", "sender"])
def test_no_header_can_be_smuggled_into_a_mail(staff: Client, part: str, end: str) -> None:
    typed = {part: f"つむぎ堂 <shop@example.com>{end}Bcc: everybody@example.com"}
    assert "1行で入力してください。" in shown(save(staff, **typed))
    assert not MailText.objects.exists()


@pytest.mark.parametrize(
    "sender",
    [
        "shop",
        "shop@",
        "<shop@example.com",
        "a@example.com, b@example.com",
        "つむぎ堂, <shop@example.com>",
        "つむぎ堂 <a@example.com> <b@example.com>",
        '"x" <shop@example.com>',
        "つむぎ堂 <つむぎ@example.com>",
        "x@y.com <shop@example.com>",
    ],
)
def test_a_sender_is_one_address_with_a_name_or_without(staff: Client, sender: str) -> None:
    assert "メールアドレス1つ" in shown(save(staff, sender=sender))
    assert not MailText.objects.exists()


@pytest.mark.parametrize("sender", ["shop@example.com", "つむぎ堂 本店 <shop@example.com>"])
def test_a_good_sender_stands_in_the_header(staff: Client, shopper: Shopper, sender: str) -> None:
    save(staff, sender=sender)
    shopper.buys()
    sent = the_worker_comes().message()
    assert sent["From"].endswith("shop@example.com") or "<shop@example.com>" in sent["From"]


@pytest.mark.parametrize("kind", [kind for kind, entry in KINDS.items() if entry.needs])
def test_a_mail_needs_what_it_is_for(staff: Client, kind: MailKind) -> None:
    address = f"{LIST}{kind}/"
    answer = save(staff, address, subject="件名", body="お知らせです。", signature="")
    [needed] = KINDS[kind].needs
    assert f"このメールには {{{needed}}}" in shown(answer)
    assert not MailText.objects.exists()


# ---- what a customer types ----


def test_what_a_customer_types_is_neither_a_place_nor_markup_nor_a_link_nor_a_header(
    staff: Client, shopper: Shopper
) -> None:
    save(staff, subject="{name} 様", body="{name} 様\n\n{name}\n{name}\n\n{signature}")
    shopper.buys()
    address = the_order().shipping_address
    address.last_name = "{order_number}<b>\r\nBcc: all@example.com"
    address.first_name = "https://evil.example/"
    address.save()
    message = the_worker_comes()
    assert "\n" not in message.subject
    assert "Bcc" not in message.message()
    assert "{order_number}<b> Bcc:" in message.body
    assert "&lt;b&gt;" in html_of(message)
    assert "<b>" not in html_of(message)
    assert 'href="https://evil.example' not in html_of(message)


# ---- preview ----


def test_a_preview_shows_both_parts_and_saves_nothing(staff: Client) -> None:
    page = staff.post(PAID, posted(staff, preview="1", subject="試し {order_number}"))
    preview = page.context["preview"]
    assert preview.subject == "試し 100123"
    for words in ("山田 花子 様", "風呂敷", "¥3,780", "つむぎ堂"):
        assert words in preview.text
        assert words in preview.html
    assert preview.text in shown(page)
    assert not MailText.objects.exists()
    assert not AuditEntry.objects.exists()
    assert Mail.objects.count() == 0


def test_a_preview_runs_no_script_of_anybodys(staff: Client) -> None:
    evil = '"></iframe><script>alert(1)</script><img src=x onerror=alert(1)>'
    page = staff.post(PAID, posted(staff, preview="1", subject=evil, body=evil, signature=evil))
    assert page.status_code == 200
    source = page.content.decode()
    assert "<script>alert" not in source
    assert "<img src=x" not in source
    assert "<script>" not in page.context["preview"].html
    assert re.search(r'<iframe class="em-html" sandbox srcdoc="', source), "no scripts, no forms"


def test_a_preview_of_a_slip_shows_the_slip(staff: Client) -> None:
    page = staff.post(PAID, posted(staff, preview="1", body="{nix}"))
    assert page.context["preview"] is None
    assert "{nix} (1行目 1文字目)" in shown(page)


# ---- a stored text that is broken all the same ----


@pytest.mark.parametrize(
    "broken",
    [
        {"body": "{gone}"},
        {"subject": "x\nBcc: all@example.com"},
        {"sender": "nobody"},
        {"body": ""},
        {"signature": "{"},
    ],
)
def test_a_broken_text_stops_no_mail(
    staff: Client, shopper: Shopper, broken: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    MailText.objects.create(kind="order_paid", **{**GOOD, **broken})
    shopper.buys()
    with caplog.at_level(logging.ERROR, logger="escott.mails"):
        message = the_worker_comes()
    assert "ご注文ありがとうございます" in message.subject
    assert "お支払いが完了しました" in message.body
    assert Mail.objects.get().sent_at is not None
    assert "order_paid" in caplog.text
    assert "既定の文面で送っています" in shown(staff.get(LIST))


def test_a_text_that_breaks_only_when_filled_stops_no_mail(
    shopper: Shopper, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from escott.oscar import mails

    shopper.buys()
    text = Text("", "{before}", "{after}", "")
    monkeypatch.setattr(mails, "text_in_force", lambda kind: text)
    with caplog.at_level(logging.ERROR, logger="escott.mails"):
        assert "お支払いが完了しました" in the_worker_comes().body
    assert "the default goes out" in caplog.text


def test_a_broken_text_can_be_mended_in_the_editor(staff: Client) -> None:
    MailText.objects.create(kind="payment_refused", **{**GOOD, "body": "{gone}"})
    assert "{gone}" in shown(staff.get(REFUSED))
    assert save(staff, REFUSED, body="{payment_url}").status_code == 302
    assert MailText.objects.get().body == "{payment_url}"
