"""A deposit notice as staff see it: what it says, and nothing of what makes it genuine."""

from __future__ import annotations

from datetime import date, datetime
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from escott.clock import JST
from escott.django.models import MerchantAccount, Notice, NoticeEnd, Payment, Slip
from escott.django.shown_notice import SHOWN, Genuine, ShownNotice
from escott.gateway import Secret

NOON = datetime(2026, 4, 1, 12, 0, tzinfo=JST)

SAID = {
    "MerchantId": "87654321",
    "TransactionId": "000000123456",
    "MerchantFree1": "000000000042",
    "ProcessId": "0123456789abcdef",
    "ProcessPass": "fedcba98765",
    "ResponseCd": "OK",
    "Condition": "000",
    "Amount": "4110",
    "RecvNum": "R123456",
    "CvsCd": "LSN",
    "TenantCd": "00012",
    "NyukinDate": "202604011230",
    "StampFlag": "0",
    "HashCd": "d41d8cd98f00b204e9800998ecf8427e",
}


def notice(raw: str = urlencode(SAID), **facts: object) -> Notice:
    """A notice that nobody has stored."""
    return Notice(received_at=NOON, raw=Secret(raw), **facts)


def facts_of(raw: str) -> dict[str, str]:
    return {str(name): value for name, value in ShownNotice.of(notice(raw)).facts}


def test_what_it_says_is_told_in_words() -> None:
    shown = ShownNotice.of(notice())
    assert shown.amount == "¥4,110"
    told = {str(name): value for name, value in shown.facts}
    assert told["入金先（CvsCd）"] == "ローソン (LSN)"
    assert told["受付番号（RecvNum）"] == "R123456"
    with override("en"):
        assert "Lawson (LSN)" in dict(ShownNotice.of(notice()).facts).values()


def test_what_makes_it_genuine_is_never_shown() -> None:
    said = str(ShownNotice.of(notice()).facts)
    for secret in (SAID["ProcessPass"], SAID["HashCd"], SAID["ProcessId"]):
        assert secret not in said


@pytest.mark.parametrize(
    "raw", ["", "&&&", "=", "%%%", "Amount", "x" * 9000, "Amount=%FF", "&".join(["a=b"] * 500)]
)
def test_garbage_is_a_notice_that_says_little(raw: str) -> None:
    assert set(facts_of(raw)) <= {str(SHOWN["Amount"])}


def test_an_amount_that_is_none_is_shown_as_it_came() -> None:
    assert ShownNotice.of(notice("Amount=4e3")).amount == "4e3"
    assert ShownNotice.of(notice("Amount=9999999999")).amount == "9999999999"


@given(
    st.dictionaries(
        st.text(max_size=12) | st.sampled_from(["ProcessPass", "HashCd", "MerchantPass"]),
        st.text(max_size=30),
    )
)
def test_only_the_fields_of_a_notice_are_shown(fields: dict[str, str]) -> None:
    raw = urlencode({name: f"<{value}>" for name, value in fields.items()}, errors="replace")
    assert set(facts_of(raw)) <= {str(label) for label in SHOWN.values()}


@pytest.mark.parametrize(
    ("genuine", "shown", "odd"),
    [(True, Genuine.YES, False), (False, Genuine.NO, True), (None, Genuine.UNKNOWN, False)],
)
def test_a_wrong_hash_stands_out(genuine: bool | None, shown: Genuine, odd: bool) -> None:
    found = ShownNotice.of(notice(genuine=genuine, end=NoticeEnd.KNOWN))
    assert (found.genuine, found.needs_a_look) == (shown, odd)


@pytest.mark.parametrize("end", NoticeEnd)
def test_every_end_has_its_words(end: NoticeEnd) -> None:
    assert ShownNotice.of(notice(end=end)).end


# ---- the Django admin ----


@pytest.fixture
def paid(account: MerchantAccount) -> Payment:
    """A payment by slip, its slip and its notice."""
    payment = Payment.objects.create(
        account=account,
        mode=account.mode,
        order_reference="100001",
        method="collection",
        charged_by="register",
        live=True,
        amount=4110,
        state="deposited",
        transaction_code="000000000042",
        process_pass=Secret(SAID["ProcessPass"]),
        created_at=NOON,
    )
    Slip.objects.create(
        payment=payment,
        fee=330,
        due_on=date(2026, 4, 8),
        kessai_number="12345678901",
        link_code="theLinkOfTheSlip",
        product="風呂敷",
        payer_name="山田　花子",
        payer_kana="ヤマダ　ハナコ",
        payer_telephone="0312345678",
    )
    stored = notice(payment=payment, transaction_code="000000000042", end="deposited", genuine=True)
    stored.save()
    return payment


@pytest.mark.parametrize("model", [Notice, Slip])
def test_the_admin_lists_and_shows_them_without_a_secret(
    model: type[Notice | Slip], paid: Payment, admin_client: Client
) -> None:
    name, row = model._meta.model_name, model._default_manager.get()
    pages = [
        admin_client.get(reverse(f"admin:escott_{name}_changelist")),
        admin_client.get(reverse(f"admin:escott_{name}_change", args=[row.pk])),
    ]
    for page in pages:
        assert page.status_code == 200
        text = page.content.decode()
        for secret in ("theLinkOfTheSlip", SAID["ProcessPass"], SAID["HashCd"]):
            assert secret not in text
    assert "100001" in pages[0].content.decode()
    assert admin_client.post(pages[1].wsgi_request.path, {"fee": "1"}).status_code == 403
    assert admin_client.get(reverse(f"admin:escott_{name}_add")).status_code == 403
    delete = reverse(f"admin:escott_{name}_delete", args=[row.pk])
    assert admin_client.post(delete, {"post": "yes"}).status_code == 403


def test_the_admin_shows_what_a_notice_says(paid: Payment, admin_client: Client) -> None:
    url = reverse("admin:escott_notice_change", args=[Notice.objects.get().pk])
    page = admin_client.get(url).content.decode()
    assert "受付番号（RecvNum）: R123456" in page
    assert "¥4,110" in page
