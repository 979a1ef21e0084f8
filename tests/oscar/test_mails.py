"""Order mails go out after payment, with a copy to the shop; trouble has mails of its own."""

from __future__ import annotations

import threading

import pytest
from django.core import mail
from django.utils import translation

from escott.django.clock import the_clock
from escott.django.mails import send_due
from escott.django.models import Mail
from tests.oscar.conftest import Shopper, the_order


def the_worker_comes() -> None:
    send_due(the_clock(), threading.Event())


def queued() -> list[str]:
    return list(Mail.objects.order_by("pk").values_list("kind", flat=True))


def test_nothing_is_mailed_before_the_worker_comes(shopper: Shopper) -> None:
    shopper.buys()

    assert mail.outbox == []
    assert queued() == ["order_paid"]


@pytest.mark.parametrize(
    ("card", "kinds"),
    [
        ("4000000000001000", ["order_paid"]),
        ("4000000007120001", ["payment_refused"]),
        ("4000000090020001", ["shop_case", "payment_unknown"]),
    ],
)
def test_each_result_has_its_mail(shopper: Shopper, card: str, kinds: list[str]) -> None:
    shopper.buys(card=card)

    assert queued() == kinds


def test_a_refused_order_is_confirmed_by_mail_once_it_is_paid(shopper: Shopper) -> None:
    shopper.pays(shopper.buys(card="4000000007120001").url)

    assert queued() == ["payment_refused", "order_paid"]


def test_a_free_order_has_its_mail(shopper: Shopper) -> None:
    page = shopper.goes_to_confirmation("care-booklet")
    shopper.client.post(page.context["order_url"])

    assert queued() == ["order_free"]
    the_worker_comes()
    assert "お支払いは必要ありません" in mail.outbox[0].body


def test_the_confirmation_names_what_was_ordered_and_goes_to_the_shop_too(
    shopper: Shopper,
) -> None:
    shopper.buys()
    the_worker_comes()

    shopper_mail, copy = mail.outbox
    assert (shopper_mail.to, copy.to) == (["hanako@example.com"], ["shop@example.com"])
    assert shopper_mail.subject == f"【つむぎ堂】ご注文ありがとうございます（{the_order().number}）"
    for text in ("綿の風呂敷 七宝（約105cm） × 1", "¥3,780", "山田 花子", "/checkout/thank-you/"):
        assert text in shopper_mail.body
        assert text in shopper_mail.alternatives[0].content
    assert "テストモード" in shopper_mail.body


def test_the_mail_of_a_refusal_leads_to_the_payment_page(shopper: Shopper) -> None:
    refused = shopper.buys(card="4000000007120001")
    the_worker_comes()

    assert refused.url in mail.outbox[0].body
    assert "ご請求は発生していません" in mail.outbox[0].body


def test_mails_are_in_the_sites_language_whatever_the_worker_speaks(shopper: Shopper) -> None:
    shopper.buys()
    with translation.override("en"):
        the_worker_comes()

    assert "ご注文ありがとうございます" in mail.outbox[0].subject


def test_mails_are_complete_in_english(shopper: Shopper, settings: object) -> None:
    shopper.buys()
    settings.LANGUAGE_CODE = "en"  # type: ignore[attr-defined]
    the_worker_comes()

    assert "Thank you for your order" in mail.outbox[0].subject
    assert "Total (tax included)" in mail.outbox[0].body
