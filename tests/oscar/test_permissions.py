"""Without a permission: no button, and 403 on the URL. Every page, every method, every operation.

The pages are those of the URL configuration: one that is not in the table below fails the test.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from escott.django import permissions as named
from escott.django.models import (
    Batch,
    BatchSource,
    Case,
    Member,
    MerchantAccount,
    Operation,
    Payment,
)
from escott.django.panel.slip_buttons import NEEDED, SlipPress
from escott.django.services.plans import plan_batch
from escott.oscar.dashboard.customer_cards import DELETE, OVERRIDE
from escott.oscar.navigation import PAYMENTS
from escott.rules.card_states import CardOperation
from shop.seed.accounts import CUSTOMER, MANAGER, ORDER_CLERK
from shop.seed.staff_groups import GROUPS, MANAGERS, ORDER_DESK
from tests.oscar.conftest import Shopper
from tests.oscar.staff_members import staff_with
from tests.payment_rows import NOON, slip_row
from tests.site_pages import SitePage, site_pages

STAFF_PAGE: Final = Path(__file__).parents[2] / "docs" / "ja" / "staff.md"

VIEW: Final = "escott.view_payment"
CAPTURE: Final = "escott.capture_payment"
CANCEL: Final = "escott.cancel_payment"
SETTLE: Final = "escott.settle_payment"
RESOLVE: Final = "escott.resolve_case"
REFUND: Final = "escott.record_refund"
CHARGE: Final = "escott.charge_saved_card"
REQUEST: Final = "escott.request_payment"
SETTINGS: Final = "escott.change_merchantaccount"
MAIL_TEXTS: Final = "escott.change_mailtext"

#: All that staff can be given of ours.
EVERYTHING: Final = GROUPS[MANAGERS] | GROUPS[ORDER_DESK]

#: What opens a page of the dashboard; nothing where any staff may look.
OPENED_BY: Final[Mapping[str, str]] = {
    "payment-list": VIEW,
    "payment-list-csv": VIEW,
    "payment-detail": VIEW,
    "payment-operate": VIEW,
    "payment-compare": VIEW,
    "payment-adopt": RESOLVE,
    "payment-refund": REFUND,
    "payment-refund-take-back": REFUND,
    "batch-list": VIEW,
    "batch-new": VIEW,
    "batch-detail": VIEW,
    "batch-progress": VIEW,
    "batch-stop": VIEW,
    "case-list": VIEW,
    "case-ask": VIEW,
    "case-settle": SETTLE,
    "case-dismiss": RESOLVE,
    "console-list": SETTLE,
    "console-settle": SETTLE,
    "shipping-list": CAPTURE,
    "shipping-confirm": CAPTURE,
    "mail-texts": MAIL_TEXTS,
    "mail-text": MAIL_TEXTS,
    "mail-text-default": MAIL_TEXTS,
    "payment-methods": "",
    "card-settings": "",
    "card-switch": SETTINGS,
    "collection-settings": "",
    "collection-fee-example": "",
    "collection-switch": SETTINGS,
    "notice-self-test": SETTINGS,
    "notice-list": VIEW,
    "payment-log": "escott.view_logentry",
    "audit-log": "escott.view_auditentry",
    "user-cards": VIEW,
    "user-card-ask": VIEW,
    "user-card-delete": VIEW,
    "order-charge-saved-card": CHARGE,
    "order-payment-link": REQUEST,
    "order-difference": REQUEST,
    "order-close": "order.change_order",
    "order-reopen": "order.change_order",
}

#: Some value for each parameter; whether the row exists, nobody without a permission learns.
PARAMETERS: Final = {"pk": 1, "card": 1, "refund": 1, "number": "100001", "kind": "order_paid"}

METHODS: Final = ("get", "post")


def dashboard_pages() -> list[SitePage]:
    """Every page of ours in the dashboard."""
    return [page for page in site_pages() if page.ours and page.name.startswith("dashboard:")]


def address_of(page: SitePage) -> str:
    return reverse(page.name, kwargs={name: PARAMETERS[name] for name in page.parameters})


def admin_pages() -> list[str]:
    """Every page of ours in the Django admin, and Django's own of our tables."""
    filled = {"app_label": "escott", "url": "nothing", "content_type_id": 1}
    return [
        reverse(page.name, kwargs={name: filled.get(name, 1) for name in page.parameters})
        for page in site_pages()
        if page.name.startswith("admin:escott_")
    ]


# ---- every page ----


def test_the_table_names_every_page_of_the_dashboard_and_no_other() -> None:
    assert {page.name.removeprefix("dashboard:") for page in dashboard_pages()} == set(OPENED_BY)


def test_who_is_not_signed_in_is_sent_to_the_login_and_customers_are_turned_away(
    new_shopper: Callable[[], Shopper],
) -> None:
    customer = new_shopper()
    customer.signs_in(*CUSTOMER)
    # Permissions alone do not make somebody staff.
    not_staff = staff_with(*EVERYTHING, is_staff=False)
    wrong = []
    for page in dashboard_pages():
        url = address_of(page)
        for method in METHODS:
            stranger = getattr(Client(), method)(url)
            if (stranger.status_code, stranger.url.partition("?")[0]) != (
                302,
                "/dashboard/login/",
            ):
                wrong.append((method, url, stranger.status_code))
            wrong += [
                (method, url, status)
                for client in (customer.client, not_staff)
                if (status := getattr(client, method)(url).status_code) != 403
            ]
    assert wrong == []


def test_staff_without_a_pages_permission_are_turned_away_whatever_else_they_may(
    shop: None,
) -> None:
    wrong = []
    for permission in sorted(set(OPENED_BY.values()) - {""}):
        nobody, everything_else = staff_with(), staff_with(*(EVERYTHING - {permission}))
        wrong += [
            (permission, method, page.name, status)
            for page in dashboard_pages()
            if OPENED_BY[page.name.removeprefix("dashboard:")] == permission
            for client in (nobody, everything_else)
            for method in METHODS
            if (status := getattr(client, method)(address_of(page)).status_code) != 403
        ]
    assert wrong == []


def test_a_pages_permission_opens_it(shop: None) -> None:
    """Or the page asks for one more, which is in the table as well."""
    more = {"payment-adopt": VIEW, "user-card-delete": DELETE}
    wrong = []
    for page in dashboard_pages():
        name = page.name.removeprefix("dashboard:")
        client = staff_with(*filter(None, (OPENED_BY[name], more.get(name))))
        status = client.get(address_of(page)).status_code
        # Its row is not there, or it is only posted to: the door is open all the same.
        if status not in {200, 302, 303, 404, 405}:
            wrong.append((name, status))
    assert wrong == []


def test_the_admins_pages_of_payments_are_closed_to_staff_without_permissions(
    shopper: Shopper,
) -> None:
    shopper.buys()
    nobody = staff_with()
    pages = admin_pages()
    assert len(pages) > 30
    wrong = []
    for url in pages:
        for method in METHODS:
            answer = getattr(nobody, method)(url)
            # Django's admin says of a row that is not there that it is not there.
            missing = answer.status_code == 302 and answer.url == "/admin/"
            if answer.status_code not in {403, 405} and not missing:
                wrong.append((method, url, answer.status_code))
    assert wrong == []


# ---- every operation, on rows that are there ----


@pytest.fixture
def held(shopper: Shopper) -> Payment:
    """An authorisation."""
    MerchantAccount.objects.update(card_charge=CardOperation.AUTHORISE)
    shopper.buys()
    return Payment.objects.get()


@pytest.fixture
def asked(held: Payment) -> Callable[[], int]:
    """How many operations there are."""
    return Operation.objects.count


@pytest.mark.parametrize("kind", [kind for kind in named.TO_OPERATE if kind in set(CardOperation)])
def test_each_operation_needs_its_own_permission(
    held: Payment, asked: Callable[[], int], kind: CardOperation
) -> None:
    """On the panel, in the admin, and by a press that somebody made up."""
    _needs_its_permission(held, kind.value, named.TO_OPERATE[kind])
    assert asked() == 1


@pytest.mark.parametrize("press", NEEDED)
def test_each_press_on_a_slip_needs_its_own_permission(shop: None, press: SlipPress) -> None:
    paid_in = {"deposited_amount": 1, "deposited_at": NOON}
    slip = slip_row(mode="test", needs_attention=True, slip=paid_in)
    Case.objects.create(kind="slip_gone", payment=slip, opened_at=NOON)
    _needs_its_permission(slip, press.value, NEEDED[press])
    assert not Operation.objects.exists()


def _needs_its_permission(held: Payment, kind: str, permission: str) -> None:
    others = EVERYTHING - {permission}
    client, allowed = staff_with(*others), staff_with(VIEW, permission)
    posted = {"kind": kind, "key": "made-up", "after": "1", "amount": "1000"}
    for host in ("dashboard:payment", "admin:escott_payment"):
        url = reverse(f"{host}_operate" if "admin" in host else f"{host}-operate", args=[held.pk])
        assert client.post(url, posted).status_code == 403
        assert client.get(url, posted).status_code == 403

    button = f'name="kind" value="{kind}"'
    disabled = f'id="ep-why-{kind}"'
    detail = reverse("dashboard:payment-detail", args=[held.pk])
    for page, is_there in ((client, False), (allowed, True)):
        text = page.get(detail).content.decode()
        assert (button in text or disabled in text) is is_there


@pytest.mark.parametrize("kind", [CardOperation.CAPTURE, CardOperation.CANCEL])
def test_the_same_in_bulk(held: Payment, kind: CardOperation) -> None:
    client = staff_with(*(EVERYTHING - {named.TO_OPERATE[kind]}))
    allowed = staff_with(VIEW, named.TO_OPERATE[kind])
    chosen = {"kind": kind.value, "payment": held.pk}
    assert client.post(reverse("dashboard:batch-new"), chosen).status_code == 403
    assert allowed.post(reverse("dashboard:batch-new"), chosen).status_code == 200
    batch = plan_batch([held], kind, key="bulk", actor=None)
    stop = reverse("dashboard:batch-stop", args=[batch.pk])
    assert client.post(stop).status_code == 403
    assert Batch.objects.get().stopped_at is None
    assert batch.source == BatchSource.LIST

    offered = f'name="kind" value="{kind.value}"'
    for page, is_there in ((client, False), (allowed, True)):
        listed = page.get(reverse("dashboard:payment-list")).content.decode()
        assert (offered in listed) is is_there
        shown = page.get(reverse("dashboard:batch-detail", args=[batch.pk])).content.decode()
        assert (f'action="{stop}"' in shown) is is_there


def test_settings_are_read_by_all_staff_and_saved_by_some(held: Payment) -> None:
    client = staff_with(*(EVERYTHING - {SETTINGS}))
    for name in ("card-settings", "collection-settings", "payment-methods"):
        page = client.get(reverse(f"dashboard:{name}"))
        assert page.status_code == 200
        assert '<form method="post" action="/dashboard/payments' not in page.content.decode()
    answer = client.post(reverse("dashboard:card-settings"), {"card_title": "changed"})
    assert answer.status_code == 403
    assert MerchantAccount.current().card_title == "クレジットカード"


def test_what_others_may_do_is_not_offered_on_the_pages_that_lead_there(
    held: Payment, new_shopper: Callable[[], Shopper]
) -> None:
    """By permission: the link it is about, and the page on which it would stand."""
    new_shopper().buys(card="4000000090020001")
    new_shopper().buys(card="4000000007120001")
    refused = Payment.objects.get(state="refused")
    unknown = Case.objects.get(kind="result_unknown")
    new_shopper().buys()
    cancelled = Payment.objects.latest("pk")
    Payment.objects.filter(pk=cancelled.pk).update(state="cancelled", live=False)
    without_payment = reverse("dashboard:order-detail", args=[cancelled.order_reference])
    order = reverse("dashboard:order-detail", args=[held.order_reference])
    unpaid = reverse("dashboard:order-detail", args=[refused.order_reference])
    new_shopper().buys()
    taken = Payment.objects.latest("pk")
    Payment.objects.filter(pk=taken.pk).update(state="gathered")
    panel = reverse("dashboard:payment-detail", args=[held.pk])
    cases = reverse("dashboard:case-list")
    offers = [
        (VIEW, order, panel),
        (
            REFUND,
            reverse("dashboard:payment-detail", args=[taken.pk]),
            reverse("dashboard:payment-refund", args=[taken.pk]),
        ),
        (REQUEST, unpaid, reverse("dashboard:order-payment-link", args=[refused.order_reference])),
        (REQUEST, order, reverse("dashboard:order-difference", args=[held.order_reference])),
        (
            "order.change_order",
            without_payment,
            reverse("dashboard:order-close", args=[cancelled.order_reference]),
        ),
        (SETTLE, cases, reverse("dashboard:case-settle", args=[unknown.pk])),
        (SETTLE, cases, reverse("dashboard:console-list")),
    ]
    everybody = staff_with(*EVERYTHING)
    wrong = []
    for permission, page, leads_to in offers:
        without = staff_with(*(EVERYTHING - {permission}))
        for client, is_there in ((everybody, True), (without, False)):
            answer = client.get(page)
            assert answer.status_code == 200, page
            if (f'"{leads_to}' in _content_of(answer.content.decode())) is not is_there:
                wrong.append((permission, page, leads_to, is_there))
    assert wrong == []


def _content_of(page: str) -> str:
    """The page without the menu, which has a test of its own."""
    return page.partition('<div class="page-header">')[2]


def test_the_menu_shows_what_opens_and_nothing_else(shop: None) -> None:
    entries = [entry["url_name"] for entry in PAYMENTS["children"]]
    assert [name for name in entries if name.removeprefix("dashboard:") not in OPENED_BY] == []
    for permission in ["", *sorted(set(OPENED_BY.values()) - {""})]:
        client = staff_with(permission) if permission else staff_with()
        menu = client.get("/dashboard/").content.decode().partition('<div class="page-header">')[0]
        shown = {name for name in entries if f'href="{reverse(name)}"' in menu}
        may = {
            name
            for name in entries
            if OPENED_BY[name.removeprefix("dashboard:")] in {"", permission}
        }
        assert shown == may, permission


def test_saved_cards_of_customers(held: Payment, new_shopper: Callable[[], Shopper]) -> None:
    customer = get_user_model().objects.get(email=CUSTOMER[0])
    account = MerchantAccount.current()
    card = Member.objects.create(
        account=account,
        mode=account.mode,
        customer=customer,
        kaiin_id="m1",
        state="valid",
        created_at=held.created_at,
        changed_at=held.created_at,
    )
    cards = reverse("dashboard:user-cards", args=[customer.pk])
    delete = reverse("dashboard:user-card-delete", args=[customer.pk, card.pk])
    person = reverse("dashboard:user-detail", args=[customer.pk])
    assert cards in staff_with(*EVERYTHING).get(person).content.decode()
    assert cards not in staff_with(*(EVERYTHING - {VIEW})).get(person).content.decode()
    assert delete in staff_with(*EVERYTHING).get(cards).content.decode()
    may_not = staff_with(*(EVERYTHING - {DELETE}))
    assert delete not in may_not.get(cards).content.decode()
    assert may_not.get(delete).status_code == may_not.post(delete).status_code == 403
    against = {"override": "1", "reason": "made up"}
    assert staff_with(*(EVERYTHING - {OVERRIDE})).post(delete, against).status_code == 403
    card.refresh_from_db()
    assert card.state == "valid"


# ---- the demo's groups ----


def test_the_demos_groups_have_what_the_seed_says(shop: None) -> None:
    for email, group in ((MANAGER[0], MANAGERS), (ORDER_CLERK[0], ORDER_DESK)):
        user = get_user_model().objects.get(email=email)
        assert (user.is_staff, user.is_superuser) == (True, False)
        assert user.get_all_permissions() == GROUPS[group]


def test_the_manager_opens_every_page_and_the_order_desk_its_own(
    new_shopper: Callable[[], Shopper],
) -> None:
    opened: dict[str, set[str]] = {}
    for who in (MANAGER, ORDER_CLERK):
        shopper = new_shopper()
        shopper.signs_in(*who)
        opened[who[0]] = {
            page.name.removeprefix("dashboard:")
            for page in dashboard_pages()
            if shopper.client.get(address_of(page)).status_code != 403
        }
    assert opened[MANAGER[0]] == set(OPENED_BY)
    closed = {SETTLE, RESOLVE, REFUND, CHARGE, SETTINGS, MAIL_TEXTS}
    closed |= {"escott.view_logentry", "escott.view_auditentry"}
    assert set(OPENED_BY) - opened[ORDER_CLERK[0]] == {
        name for name, permission in OPENED_BY.items() if permission in closed
    } | {"user-card-delete"}


def test_seeding_again_leaves_the_groups_as_the_shop_has_arranged_them(shop: None) -> None:
    from django.core.management import call_command

    desk = Group.objects.get(name=ORDER_DESK)
    desk.permissions.clear()
    call_command("seed_shop")
    assert desk.permissions.count() == 0


def test_the_manual_tells_what_each_group_may() -> None:
    """docs/ja/staff.md: a row for each permission of ours, with the groups that have it."""
    rows = re.findall(
        r"^\| [^|]+ \| `([a-z_]+)` \| (○|―) \| (○|―) \|$",
        STAFF_PAGE.read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    told = {codename: (manager == "○", desk == "○") for codename, manager, desk in rows}
    ours = {permission for permission in EVERYTHING if permission.startswith("escott.")}
    assert told == {
        permission.removeprefix("escott."): (
            permission in GROUPS[MANAGERS],
            permission in GROUPS[ORDER_DESK],
        )
        for permission in ours
    }


def test_the_manager_has_every_permission_that_the_code_asks_for(shop: None) -> None:
    asked_for = {value for value in vars(named).values() if isinstance(value, str)} & {
        f"escott.{codename}" for codename in Permission.objects.values_list("codename", flat=True)
    }
    asked_for |= set(named.TO_OPERATE.values()) | {DELETE, OVERRIDE}
    asked_for |= {permission for permission in OPENED_BY.values() if permission}
    assert asked_for <= GROUPS[MANAGERS]
    assert len(asked_for) > 15
