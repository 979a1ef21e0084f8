"""一括処理 in Oscar's dashboard: dry run, confirmation, a result for each row, and 中止."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client

from escott.clock import SystemClock
from escott.django.models import (
    Batch,
    MerchantAccount,
    Operation,
    Payment,
    PlannedOperation,
)
from escott.django.services import operate
from escott.django.services.plans import carry_out_due
from escott.rules.card_states import CardOperation
from tests.oscar.conftest import Shopper
from tests.payment_rows import NOON, payment_row

NEW, LIST = "/dashboard/payments/batches/new/", "/dashboard/payments/list/"


@pytest.fixture
def authorised(new_shopper: Callable[[], Shopper]) -> Callable[[int], list[Payment]]:
    """Makes orders that are paid by 与信."""

    def make(number: int) -> list[Payment]:
        MerchantAccount.objects.update(card_charge="authorise")
        for _ in range(number):
            new_shopper().buys()
        return list(Payment.objects.order_by("pk"))

    return make


@pytest.fixture
def clerk(shop: None) -> Callable[..., Client]:
    """Makes a member of staff who holds these permissions of ours."""

    def make(*codenames: str) -> Client:
        user = get_user_model().objects.create_user("clerk", "clerk@example.com", is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        client = Client()
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        return client

    return make


def looks_ahead(client: Client, payments: list[Payment], kind: str = "capture", **more: Any) -> Any:
    return client.post(NEW, {"kind": kind, "payment": [each.pk for each in payments], **more})


def form_of(page: Any) -> dict[str, Any]:
    """What the browser posts when the dry run is confirmed."""
    html = page.content.decode()
    [form] = re.findall(r'<form method="post"[^>]*batches/new/.*?</form>', html, re.DOTALL)
    fields: dict[str, Any] = {"confirm": "1"}
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form):
        fields.setdefault(name, []).append(unescape(value))
    return fields


def confirms(client: Client, page: Any, **changes: Any) -> Any:
    return client.post(NEW, form_of(page) | changes)


def text_of(page: Any) -> str:
    words = re.sub(r"<[^>]+>", " ", page.content.decode())
    return " ".join(unescape(words).split())


def works() -> int:
    return carry_out_due(SystemClock(), threading.Event())


def test_the_dry_run_says_how_many_how_much_and_what_is_left_out_and_why(staff: Client) -> None:
    possible = [payment_row(amount=3000), payment_row(amount=1500)]
    captured = payment_row(state="captured")
    settled = payment_row(process_id="")

    page = looks_ahead(staff, [*possible, captured, settled])

    text = text_of(page)
    assert "件数 2" in text
    assert "合計金額 ¥4,500" in text
    assert "2件（¥4,500）を売上計上する" in text
    left_out = text.partition("対象外の決済と理由")[2]
    assert re.search(rf"{captured.transaction_code}.*売上計上済みです", left_out)
    assert settled.transaction_code in left_out
    assert not PlannedOperation.objects.exists()


def test_confirmed_the_batch_is_carried_out_with_a_result_for_each_row(
    authorised: Callable[[int], list[Payment]], staff: Client
) -> None:
    payments = authorised(3)
    answer = confirms(staff, looks_ahead(staff, payments))
    assert answer.status_code == 303
    waiting = staff.get(answer.url)
    assert text_of(waiting).count("待機中") == 4  # in the sum, and in each row
    operate(payments[1].pk, CardOperation.CANCEL, key="by hand")

    assert works() == 3

    page = staff.get(answer.url)
    text = text_of(page)
    assert "3件中3件" in text
    assert "一括処理が終わりました" in text
    assert "完了した金額：¥7,560" in text
    assert re.search(rf"{payments[1].transaction_code}.*取消済みです", text)
    assert '<progress max="3" value="3"' in page.content.decode()
    assert [p.state for p in Payment.objects.order_by("pk")] == [
        "captured",
        "cancelled",
        "captured",
    ]
    assert "batch-progress.js" not in page.content.decode()


def test_cancelling_in_bulk_gives_the_money_of_all_back(
    authorised: Callable[[int], list[Payment]], staff: Client, simulator: Any
) -> None:
    answer = confirms(staff, looks_ahead(staff, authorised(2), "cancel"))
    works()

    assert set(Payment.objects.values_list("state", flat=True)) == {"cancelled"}
    assert simulator.gateway.charges() == []
    assert "2件中2件" in text_of(staff.get(answer.url))


def test_what_the_script_asks_for_says_the_same_as_the_page(
    authorised: Callable[[int], list[Payment]], staff: Client
) -> None:
    url = confirms(staff, looks_ahead(staff, authorised(2))).url
    before = staff.get(f"{url}progress/").json()
    works()
    after = staff.get(f"{url}progress/").json()

    assert (before["asked"], before["total"], before["ended"]) == (0, 2, False)
    assert (after["asked"], after["total"], after["ended"]) == (2, 2, True)
    assert {row["label"] for row in after["rows"].values()} == {"完了"}
    assert set(after["rows"]) == {str(plan.pk) for plan in PlannedOperation.objects.all()}


def test_a_refusal_and_an_unknown_result_are_told_in_their_rows(
    authorised: Callable[[int], list[Payment]], staff: Client, simulator: Any
) -> None:
    first, second = authorised(2)
    url = confirms(staff, looks_ahead(staff, [first, second])).url
    works()
    Operation.objects.filter(payment=first, kind="capture").update(
        state="refused", response_codes="K14"
    )
    Operation.objects.filter(payment=second, kind="capture").update(
        state="unknown", reason="read_timeout"
    )

    text = text_of(staff.get(url))

    assert re.search(rf"{first.transaction_code}.*失敗.*K14", text)
    assert re.search(rf"{second.transaction_code}.*結果不明", text)


def test_the_same_key_is_the_same_batch_however_often_it_is_pressed(
    authorised: Callable[[int], list[Payment]], staff: Client
) -> None:
    page = looks_ahead(staff, authorised(2))

    first = confirms(staff, page)
    works()
    second = confirms(staff, page)

    assert first.url == second.url
    assert Batch.objects.count() == 1
    assert Operation.objects.filter(kind="capture").count() == 2


def test_what_changed_since_the_dry_run_is_shown_again_and_not_done(staff: Client) -> None:
    payments = [payment_row(), payment_row()]
    page = looks_ahead(staff, payments)
    Payment.objects.filter(pk=payments[0].pk).update(amount=99)

    again = confirms(staff, page)

    assert "内容が変わりました" in text_of(again)
    assert "合計金額 ¥3,879" in text_of(again)
    assert not Batch.objects.exists()
    assert confirms(staff, again).status_code == 303


def test_stopping_keeps_the_rest_from_being_asked_for(
    authorised: Callable[[int], list[Payment]], staff: Client
) -> None:
    url = confirms(staff, looks_ahead(staff, authorised(2))).url
    assert "残りを中止" in text_of(staff.get(url))

    answer = staff.post(f"{url}stop/", follow=True)
    works()

    text = text_of(answer)
    assert "処理しなかった決済：2件" in text
    assert "一括処理を中止しました" in text
    assert "残りを中止" not in text
    assert not Operation.objects.filter(kind="capture").exists()


def test_a_worker_that_does_not_run_is_told(staff: Client) -> None:
    url = confirms(staff, looks_ahead(staff, [payment_row()])).url
    assert "ワーカー" not in text_of(staff.get(url))

    Batch.objects.update(created_at=NOON)

    assert "まだ1件も処理されていません" in text_of(staff.get(url))


def test_recent_batches_can_be_found_again(staff: Client) -> None:
    assert "一括処理はまだありません" in text_of(staff.get("/dashboard/payments/batches/"))
    url = confirms(staff, looks_ahead(staff, [payment_row(amount=5000)])).url

    page = staff.get("/dashboard/payments/batches/")

    assert f'href="{url}"' in page.content.decode()
    assert "残り1件" in text_of(page)
    assert "¥5,000" in text_of(page)
    assert 'href="/dashboard/payments/batches/"' in staff.get(LIST).content.decode()


@pytest.mark.parametrize("chosen", [[], ["x"], ["9" * 40], ["-1"], ["123456789"]])
def test_choosing_nothing_leads_back_to_the_list_as_it_was(
    chosen: list[str], staff: Client
) -> None:
    answer = staff.post(NEW, {"kind": "capture", "payment": chosen, "back": "state=captured"})

    assert (answer.status_code, answer.url) == (303, f"{LIST}?state=captured")
    assert "先に決済を選んでください" in text_of(staff.get(answer.url))


def test_nothing_possible_offers_nothing_to_confirm(staff: Client) -> None:
    page = looks_ahead(staff, [payment_row(state="refused")])

    assert "売上計上できるものはありません" in text_of(page)
    assert 'name="confirm"' not in page.content.decode()
    answer = looks_ahead(staff, [payment_row(state="refused")], confirm="1", key="k")
    assert answer.status_code == 200
    assert not Batch.objects.exists()


def test_a_get_of_the_dry_run_leads_to_the_list(staff: Client) -> None:
    assert staff.get(NEW).url == LIST


@pytest.mark.parametrize(
    ("permissions", "kind"),
    [
        (("view_payment",), "capture"),
        (("view_payment", "capture_payment"), "cancel"),
        (("view_payment", "cancel_payment"), "capture"),
        (("capture_payment",), "capture"),
        (("view_payment", "capture_payment", "cancel_payment"), "reauthorise"),
        (("view_payment", "capture_payment", "cancel_payment"), ""),
    ],
)
def test_nobody_does_in_bulk_what_they_may_not_do_one_by_one(
    permissions: tuple[str, ...], kind: str, clerk: Callable[..., Client]
) -> None:
    client, payment = clerk(*permissions), payment_row()

    assert looks_ahead(client, [payment], kind).status_code == 403
    posted = {"confirm": "1", "key": "k", "count": "1", "total": "3780"}
    assert looks_ahead(client, [payment], kind, **posted).status_code == 403
    assert not Batch.objects.exists()


def test_only_who_may_do_it_may_stop_it(staff: Client, clerk: Callable[..., Client]) -> None:
    url = confirms(staff, looks_ahead(staff, [payment_row()])).url
    looking = clerk("view_payment")

    assert "残りを中止" not in text_of(looking.get(url))
    assert looking.post(f"{url}stop/").status_code == 403
    assert PlannedOperation.objects.get().state == "waiting"


def test_nothing_is_started_without_the_sites_own_form(staff: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = staff.cookies

    assert looks_ahead(strict, [payment_row()]).status_code == 403
