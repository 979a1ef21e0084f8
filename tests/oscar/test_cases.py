"""要対応 in the dashboard: the queue, asking, settling, closing, and who may."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from escott.clock import SharedClock
from escott.django.case_texts import explain_case
from escott.django.clock import the_clock
from escott.django.models import AuditEntry, Case, CaseKind, Operation, Payment
from escott.django.permissions import RESOLVE, SETTLE, VIEW
from escott.django.services import live_payment_of, settle
from escott.django.services.cases import open_case
from escott.rules.unknown_outcome import GRACE
from escott.simulator.server import SimulatorServer
from shop.seed.accounts import STAFF
from tests.cases import attention_of
from tests.oscar.conftest import Order, Shopper, the_order

LIST: Final = "/dashboard/payments/cases/"
LOST, LOST_BEFORE = "4000000090020001", "4000000090030000"

Staff = Callable[..., Client]


@pytest.fixture
def staff(shop: None) -> Staff:
    """Signs in a member of staff with these permissions and no other."""

    def sign_in(*permissions: str, name: str = "suzuki") -> Client:
        user = get_user_model().objects.create_user(name, f"{name}@example.com", is_staff=True)
        names = [permission.partition(".")[2] for permission in permissions]
        granted = Permission.objects.filter(codename__in=names, content_type__app_label="escott")
        assert len(granted) == len(names)
        user.user_permissions.set(granted)
        client = Client()
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture
def manager(new_shopper: Callable[[], Shopper]) -> Client:
    """店長, who may do everything."""
    someone = new_shopper()
    someone.signs_in(*STAFF)
    return someone.client


@pytest.fixture
def buys(new_shopper: Callable[[], Shopper]) -> Callable[..., Payment]:
    """Somebody new buys something; the payment."""

    def buy(card: str = "4000000000001000") -> Payment:
        new_shopper().buys(card=card)
        return Payment.objects.latest("pk")

    return buy


@pytest.fixture
def later(settings: Any, tmp_path: Any) -> Callable[..., None]:
    """Moves the shop's clock."""
    clock = SharedClock(tmp_path / "clock")
    settings.ESCOTT = settings.ESCOTT | {"CLOCK_FILE": str(clock.path)}
    return clock.advance


def page_of(client: Client, url: str = LIST) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, answer
    page: str = answer.content.decode()
    return page


def settle_url(payment: Payment) -> str:
    case = Case.objects.get(payment=payment, kind=CaseKind.RESULT_UNKNOWN)
    return reverse("dashboard:case-settle", args=[case.pk])


def says(client: Client, payment: Payment, found: str, note: str, **more: str) -> Any:
    """Presses the button of the settling page."""
    operation = payment.operations.get(state="unknown").pk
    typed = {"operation": operation, "found": found, "note": note, **more}
    return client.post(settle_url(payment), typed, follow=True)


# ---- the queue ----


def test_an_unknown_payment_stands_in_the_queue_with_all_that_staff_need(
    buys: Callable[..., Payment], manager: Client
) -> None:
    payment = buys(LOST)
    page = page_of(manager)
    told = explain_case(Case.objects.get(), payment.operations.get())
    for words in (
        escape(told.what),
        escape(told.money),
        escape(told.next_step),
        payment.transaction_code,
        payment.order_reference,
        f"¥{payment.amount:,}",
        settle_url(payment),
        reverse("dashboard:payment-detail", args=[payment.pk]),
        reverse("dashboard:order-detail", args=[payment.order_reference]),
    ):
        assert words in page


def test_the_most_urgent_kinds_come_first_and_of_each_the_oldest(
    buys: Callable[..., Payment], manager: Client
) -> None:
    expired, closed, unknown, younger = buys(), buys(), buys(LOST), buys(LOST)
    now = the_clock().now()
    open_case(expired, CaseKind.EXPIRED, now=now - GRACE, amount=expired.amount)
    open_case(closed, CaseKind.ORDER_CLOSED, now=now)
    Case.objects.filter(payment=younger).update(opened_at=now + GRACE)
    codes = re.findall(r"MerchantFree1</dt><dd><code>(\d{12})", page_of(manager))
    wanted = [unknown, younger, closed, expired]
    assert codes == [payment.transaction_code for payment in wanted]


def test_a_kind_can_be_picked_out_and_its_count_stands_beside_it(
    buys: Callable[..., Payment], manager: Client
) -> None:
    expired, unknown = buys(), buys(LOST)
    open_case(expired, CaseKind.EXPIRED, now=the_clock().now(), amount=expired.amount)
    page = page_of(manager, f"{LIST}?kind=expired")
    assert expired.transaction_code in page
    assert unknown.transaction_code not in page
    assert "<b>2</b>" in page, "all open"
    assert page.count("<b>1</b>") == 2
    assert unknown.transaction_code in page_of(manager, f"{LIST}?kind=nonsense")


def test_closed_cases_say_who_closed_them_when_and_why(
    buys: Callable[..., Payment], manager: Client
) -> None:
    payment = buys(LOST)
    says(manager, payment, "done", "取引一覧で確認")
    assert payment.transaction_code not in page_of(manager)
    page = page_of(manager, f"{LIST}?closed=1")
    name = get_user_model().objects.get(email=STAFF[0]).get_full_name()
    for words in (payment.transaction_code, f"<dd>{name}</dd>", "取引一覧で確認"):
        assert words in page


def test_an_order_that_was_deleted_leaves_its_case_workable(
    buys: Callable[..., Payment], manager: Client
) -> None:
    payment = buys(LOST)
    Order.objects.all().delete()
    page = page_of(manager)
    assert payment.order_reference in page
    assert f"/dashboard/orders/{payment.order_reference}/" not in page
    assert "alert-success" in says(manager, payment, "done", "確認").content.decode()


def test_the_queue_takes_as_many_queries_for_one_case_as_for_many(
    buys: Callable[..., Payment], manager: Client, django_assert_num_queries: Any
) -> None:
    payments = [buys() for _ in range(4)]
    now = the_clock().now()
    open_case(payments[0], CaseKind.ORDER_CLOSED, now=now)
    manager.get(LIST)
    with django_assert_num_queries(10, exact=False) as few:
        manager.get(LIST)
    for payment in payments[1:]:
        open_case(payment, CaseKind.ORDER_CLOSED, now=now)
    with django_assert_num_queries(len(few)):
        manager.get(LIST)


# ---- settling ----


def test_settled_as_charged_the_order_is_paid_and_the_payment_is_operated_on_elsewhere(
    buys: Callable[..., Payment], manager: Client
) -> None:
    payment = buys(LOST)
    page = says(manager, payment, "done", "取引一覧で確認").content.decode()
    payment.refresh_from_db()
    assert (payment.state, payment.process_id, attention_of(payment)) == ("gathered", "", "")
    assert the_order().status == "処理中"
    assert payment.transaction_code in page
    detail = page_of(manager, reverse("dashboard:payment-detail", args=[payment.pk]))
    assert "加盟店管理画面" in detail
    assert payment.transaction_code in detail


def test_settled_as_not_charged_the_shopper_may_pay_again(
    buys: Callable[..., Payment], manager: Client, later: Callable[..., None]
) -> None:
    payment = buys(LOST_BEFORE)
    later(GRACE)
    says(manager, payment, "not_done", "見当たらない")
    payment.refresh_from_db()
    assert payment.state == "not_charged"
    assert live_payment_of(payment.order_reference) is None


def test_too_early_is_told_kindly_and_keeps_what_was_typed(
    buys: Callable[..., Payment], manager: Client
) -> None:
    payment = buys(LOST_BEFORE)
    answer = says(manager, payment, "not_done", "見当たらない")
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "処理を続けている可能性" in page
    assert 'value="見当たらない"' in page
    assert attention_of(payment) == "result_unknown"


def test_both_the_finding_and_a_word_are_asked_for(
    buys: Callable[..., Payment], manager: Client
) -> None:
    payment = buys(LOST)
    operation = payment.operations.get().pk
    answer = manager.post(settle_url(payment), {"operation": operation, "note": " "})
    assert answer.status_code == 422
    assert answer.content.decode().count("es-row__wrong") == 2
    assert attention_of(payment) == "result_unknown"


def test_a_repeat_of_the_press_tells_the_first_result(
    buys: Callable[..., Payment], manager: Client
) -> None:
    payment = buys(LOST)
    url, operation = settle_url(payment), payment.operations.get().pk
    typed = {"operation": operation, "found": "done", "note": "確認"}
    first = manager.post(url, typed, follow=True).content.decode()
    again = manager.post(url, typed, follow=True).content.decode()
    for page in (first, again):
        assert "alert-success" in page
    assert AuditEntry.objects.filter(area="case").count() == 1


def test_who_comes_second_is_told_what_the_first_found(
    buys: Callable[..., Payment], manager: Client, staff: Staff
) -> None:
    payment = buys(LOST)
    url, operation = settle_url(payment), payment.operations.get().pk
    says(staff(VIEW, SETTLE), payment, "done", "一覧に記録あり")
    typed = {"operation": operation, "found": "not_done", "note": "ない"}
    page = manager.post(url, typed, follow=True).content.decode()
    assert "alert-warning" in page
    assert "一覧に記録あり" in page
    payment.refresh_from_db()
    assert payment.state == "gathered"


def test_the_page_of_what_is_settled_leads_back_to_the_queue(
    buys: Callable[..., Payment], manager: Client
) -> None:
    payment = buys(LOST)
    url = settle_url(payment)
    settle(payment.operations.get().pk, done=True, note="seen")
    assert manager.get(url).url == LIST


def test_an_operation_of_another_payment_is_never_settled_from_here(
    buys: Callable[..., Payment], manager: Client
) -> None:
    payment, other = buys(LOST), buys(LOST)
    for named in (str(other.operations.get().pk), "", "nonsense", "²"):
        typed = {"operation": named, "found": "done", "note": "x"}
        assert manager.post(settle_url(payment), typed).status_code == 303
    assert Operation.objects.filter(state="unknown").count() == 2


# ---- asking ----


def test_staff_ask_the_gateway_now(
    buys: Callable[..., Payment], staff: Staff, later: Callable[..., None]
) -> None:
    payment = buys(LOST_BEFORE)
    later(GRACE)
    case = Case.objects.get(payment=payment)
    url = reverse("dashboard:case-ask", args=[case.pk])
    clerk = staff(VIEW)
    assert url in page_of(clerk)
    page = clerk.post(url, follow=True).content.decode()
    assert "alert-success" in page
    payment.refresh_from_db()
    assert payment.state == "not_charged"
    assert clerk.get(url).status_code == 405


def test_a_difference_is_compared_again_and_closed_where_it_is_gone(
    buys: Callable[..., Payment], manager: Client, simulator: SimulatorServer
) -> None:
    payment = buys()
    open_case(payment, CaseKind.AMOUNT_DIFFERS, now=the_clock().now(), amount=1)
    url = reverse("dashboard:case-ask", args=[Case.objects.get().pk])
    assert "alert-success" in manager.post(url, follow=True).content.decode()
    assert attention_of(payment) == ""
    simulator.gateway.console_operate(payment.transaction_code, "1Delete")
    open_case(payment, CaseKind.GONE, now=the_clock().now())
    url = reverse("dashboard:case-ask", args=[Case.objects.get(closed_at=None).pk])
    page = manager.post(url, follow=True).content.decode()
    assert "alert-warning" in page
    assert attention_of(payment) == "state_differs"
    assert reverse("dashboard:payment-detail", args=[payment.pk]) in page


# ---- closing ----


def test_a_case_is_closed_with_a_note(buys: Callable[..., Payment], manager: Client) -> None:
    payment = buys()
    open_case(payment, CaseKind.ORDER_CLOSED, now=the_clock().now())
    url = reverse("dashboard:case-dismiss", args=[Case.objects.get().pk])
    assert manager.post(url, {"note": ""}).status_code == 422
    assert attention_of(payment) == "order_closed"
    page = manager.post(url, {"note": "取消しました"}, follow=True).content.decode()
    assert "alert-success" in page
    assert attention_of(payment) == ""
    again = manager.post(url, {"note": "もう一度"}, follow=True).content.decode()
    assert "取消しました" in again
    assert Case.objects.get().note == "取消しました"
    assert AuditEntry.objects.filter(area="case").count() == 1


def test_an_unknown_result_cannot_be_ticked_off(
    buys: Callable[..., Payment], manager: Client
) -> None:
    payment = buys(LOST)
    url = reverse("dashboard:case-dismiss", args=[Case.objects.get().pk])
    assert url not in page_of(manager)
    assert manager.get(url).url == LIST
    assert manager.post(url, {"note": "よい"}).url == LIST
    assert attention_of(payment) == "result_unknown"


# ---- who may ----


@pytest.mark.parametrize(
    ("granted", "page", "allowed"),
    [
        ((), "case-list", False),
        ((VIEW,), "case-list", True),
        ((VIEW,), "case-settle", False),
        ((VIEW, SETTLE), "case-settle", True),
        ((VIEW, SETTLE), "case-dismiss", False),
        ((VIEW, RESOLVE), "case-dismiss", True),
    ],
)
def test_without_the_permission_there_is_no_button_and_the_page_is_forbidden(
    granted: tuple[str, ...],
    page: str,
    allowed: bool,
    buys: Callable[..., Payment],
    staff: Staff,
) -> None:
    payment, other = buys(LOST), buys()
    open_case(other, CaseKind.ORDER_CLOSED, now=the_clock().now())
    kind = "order_closed" if page == "case-dismiss" else "result_unknown"
    arguments = [] if page == "case-list" else [Case.objects.get(kind=kind).pk]
    url = reverse(f"dashboard:{page}", args=arguments)
    client = staff(*granted)
    assert client.get(url).status_code == (200 if allowed else 403)
    typed = {"operation": payment.operations.get().pk, "found": "done", "note": "x"}
    if not allowed:
        assert client.post(url, typed).status_code == 403
    if arguments:
        assert (f'"{url}"' in page_of(client)) is allowed
    assert Case.objects.filter(closed_at=None).count() == 2


def test_it_is_posted_with_the_token_of_the_page_only(
    buys: Callable[..., Payment],
) -> None:
    buys(LOST)
    client = Client(enforce_csrf_checks=True)
    assert client.login(username=STAFF[0], password=STAFF[1])
    url = reverse("dashboard:case-settle", args=[Case.objects.get().pk])
    assert client.post(url, {"found": "done", "note": "x"}).status_code == 403


# ---- meanwhile, the shopper ----


def test_while_it_is_unknown_the_shopper_is_told_so_and_nothing_is_charged(
    shopper: Shopper, simulator: SimulatorServer, manager: Client, later: Callable[..., None]
) -> None:
    url = shopper.buys(card=LOST).url
    charged = len(simulator.gateway.transactions())
    for _ in range(2):
        page = shopper.client.get(url).content.decode()
        assert "お支払い状況を確認しています" in page
        assert 'name="token"' not in page
        shopper.pays(url)
        later(GRACE)
    assert len(simulator.gateway.transactions()) == charged
    assert Payment.objects.count() == 1
    says(manager, Payment.objects.get(), "done", "確認")
    assert shopper.client.get(url).status_code == 303, "to the thank-you page"
