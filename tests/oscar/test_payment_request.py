"""お支払いURL: staff ask the customer to pay an order, by a mail with its payment page's link."""

from __future__ import annotations

from collections.abc import Callable
from secrets import token_hex
from threading import Event
from typing import Any

import pytest

from escott.django.clock import the_clock
from escott.django.mails import send_due
from escott.django.models import AuditArea, AuditEntry, Mail, MerchantAccount, Payment
from escott.django.models.mail import MailKind
from escott.oscar.links import payment_page_url
from escott.oscar.mails import compose
from escott.oscar.payment_request import (
    LastLink,
    NotAsked,
    Refusal,
    Sending,
    ask_for_payment,
    last_link_of,
)
from escott.simulator.server import SimulatorServer
from shop.seed.accounts import STAFF
from tests.oscar.conftest import Order, Shopper, the_order
from tests.oscar.order_staff import confirms, member_of_staff, opens, ran_out, said, together

DECLINED = "4000000007120001"
LOST_AFTER = "4000000090020001"
MAY_ASK = "escott.request_payment"


@pytest.fixture
def staff(new_shopper: Callable[[], Shopper]) -> Shopper:
    return member_of_staff(new_shopper(), MAY_ASK)


def link_page() -> str:
    return f"/dashboard/orders/{the_order().number}/payment-link/"


def asks(staff: Shopper) -> Any:
    return confirms(staff, link_page(), opens(staff, link_page()))


def requests() -> list[Mail]:
    return list(Mail.objects.filter(kind=MailKind.PAYMENT_REQUEST))


def test_an_unpaid_order_is_asked_for_by_mail_and_its_link_shown(
    shopper: Shopper, staff: Shopper
) -> None:
    shopper.buys(card=DECLINED)

    page = asks(staff).content.decode()

    [mail] = requests()
    assert mail.order_reference == the_order().number
    assert payment_page_url(the_order()) in page
    [to_customer, _to_shop] = compose(mail)
    assert payment_page_url(the_order()) in str(to_customer.body)
    assert to_customer.to == ["hanako@example.com"]


def test_whoever_gets_the_link_pays_the_order(
    shopper: Shopper, staff: Shopper, new_shopper: Callable[[], Shopper]
) -> None:
    shopper.buys(card=DECLINED)
    asks(staff)

    new_shopper().pays(payment_page_url(the_order()))

    assert the_order().status == "処理中"


def test_who_asked_stays_written_down(shopper: Shopper, staff: Shopper) -> None:
    shopper.buys(card=DECLINED)

    asks(staff)

    note = the_order().notes.latest("pk")
    assert note.user.username == "sato"
    assert "¥3,780" in note.message
    assert "hanako@example.com" in note.message
    entry = AuditEntry.objects.get(subject=the_order().number)
    assert entry.actor is not None
    assert (entry.actor.username, entry.area) == ("sato", AuditArea.OPERATION)


def test_each_press_sends_one_mail_and_a_repeat_none(shopper: Shopper, staff: Shopper) -> None:
    shopper.buys(card=DECLINED)
    first = opens(staff, link_page())

    confirms(staff, link_page(), first)
    confirms(staff, link_page(), first)
    assert len(requests()) == 1

    asks(staff)
    assert len(requests()) == 2
    assert AuditEntry.objects.filter(subject=the_order().number).count() == 2


def test_the_pages_say_what_became_of_the_mail(
    shopper: Shopper, staff: Shopper, monkeypatch: pytest.MonkeyPatch
) -> None:
    shopper.buys(card=DECLINED)
    pages = (f"/dashboard/orders/{the_order().number}/", link_page())

    def say(text: str) -> bool:
        return all(text in opens(staff, page) for page in pages)

    assert not any("のメール" in opens(staff, page) for page in pages)
    asks(staff)
    assert say("お支払いURLのメールを送信するところです")

    def broken(*_args: Any, **_kwargs: Any) -> None:
        raise OSError("the mail server is away")

    clock = the_clock()
    with monkeypatch.context() as away:
        away.setattr("django.core.mail.EmailMessage.send", broken)
        send_due(clock, Event())
    assert say("お支払いURLのメールをまだ送れていません")
    Mail.objects.filter(kind=MailKind.PAYMENT_REQUEST).update(due_at=None)
    assert say("お支払いURLのメールを送れませんでした")
    Mail.objects.update(due_at=clock.now())
    send_due(clock, Event())
    assert say("お支払いURLをメールで送りました")

    shopper.pays(payment_page_url(the_order()))
    assert "お支払いURLをメールで送りました" not in opens(staff, pages[0])


def test_a_mail_that_was_not_needed_any_more_is_not_said_to_be_sent(
    shopper: Shopper, staff: Shopper
) -> None:
    shopper.buys(card=DECLINED)
    asks(staff)
    order = the_order()
    Order.objects.update(status="キャンセル")
    send_due(the_clock(), Event())
    Order.objects.update(status="支払い待ち")
    assert last_link_of(order) == LastLink(requests()[0].queued_at, Sending.NOT_NEEDED)
    assert "は送っていません" in opens(staff, link_page())


def test_two_staff_at_once_are_two_presses_of_one_order(shopper: Shopper) -> None:
    shopper.buys(card=DECLINED)
    order, same = the_order(), token_hex(16)

    together([lambda: ask_for_payment(order.pk, key=same, actor=None)] * 4)

    assert len(requests()) == 1
    assert the_order().notes.filter(message__contains="hanako").count() == 1


def test_after_an_authorisation_ran_out_the_order_is_paid_anew(
    shopper: Shopper, staff: Shopper, simulator: SimulatorServer
) -> None:
    MerchantAccount.objects.update(card_charge="authorise")
    shopper.buys("kyusu")
    set_aside = the_order().lines.get().stockrecord.num_allocated
    ran_out()
    assert the_order().status == "処理中"
    page = opens(staff, link_page())
    assert payment_page_url(the_order()) not in page, "it would say that the order is closed"

    page = asks(staff).content.decode()

    assert payment_page_url(the_order()) in page
    assert the_order().status == "支払い待ち"
    shopper.pays(payment_page_url(the_order()))
    assert the_order().status == "処理中"
    assert [payment.state for payment in Payment.objects.order_by("pk")] == [
        "expired",
        "authorised",
    ]
    assert the_order().lines.get().stockrecord.num_allocated == set_aside


@pytest.mark.parametrize(
    ("card", "refusal"),
    [("4000000000001000", Refusal.PAID), (LOST_AFTER, Refusal.CHECKING)],
)
def test_nobody_is_asked_while_a_payment_stands_or_is_unknown(
    shopper: Shopper, staff: Shopper, card: str, refusal: Refusal
) -> None:
    shopper.buys(card=card)

    with pytest.raises(NotAsked) as refused:
        ask_for_payment(the_order().pk, key=token_hex(16), actor=None)

    assert refused.value.refusal is refusal
    page = opens(staff, link_page())
    assert 'name="key"' not in page
    assert payment_page_url(the_order()) not in page
    assert not requests()


@pytest.mark.parametrize("status", ["キャンセル", "払い戻し"])
def test_a_closed_order_is_not_asked_for(shopper: Shopper, staff: Shopper, status: str) -> None:
    shopper.buys(card=DECLINED)
    page = opens(staff, link_page())
    Order.objects.update(status=status)

    answer = confirms(staff, link_page(), page)

    assert said(answer)
    assert not requests()
    assert the_order().status == status


def test_an_order_without_a_total_is_not_asked_for(shopper: Shopper) -> None:
    shopper.buys(card=DECLINED)
    Order.objects.update(total_incl_tax=0)

    with pytest.raises(NotAsked, match="nothing_to_pay"):
        ask_for_payment(the_order().pk, key=token_hex(16), actor=None)


def test_an_order_without_an_address_shows_the_link_alone(shopper: Shopper, staff: Shopper) -> None:
    MerchantAccount.objects.update(card_charge="authorise")
    shopper.buys()
    ran_out()
    Order.objects.update(guest_email="")

    page = asks(staff).content.decode()

    assert payment_page_url(the_order()) in page
    assert not requests()


def test_without_the_permission_there_is_no_button_and_no_page(
    shopper: Shopper, new_shopper: Callable[[], Shopper]
) -> None:
    shopper.buys(card=DECLINED)
    sato = member_of_staff(new_shopper())

    assert link_page() not in opens(sato, f"/dashboard/orders/{the_order().number}/")
    assert sato.client.get(link_page()).status_code == 403
    assert sato.client.post(link_page(), {"key": token_hex(16)}).status_code == 403
    assert not requests()


def test_with_the_permission_the_orders_page_leads_there(
    shopper: Shopper, new_shopper: Callable[[], Shopper], staff: Shopper
) -> None:
    shopper.buys(card=DECLINED)

    assert link_page() in opens(staff, f"/dashboard/orders/{the_order().number}/")
    keeper = new_shopper()
    keeper.signs_in(*STAFF)
    assert link_page() in opens(keeper, f"/dashboard/orders/{the_order().number}/")


def test_a_forged_key_is_no_press(shopper: Shopper, staff: Shopper) -> None:
    shopper.buys(card=DECLINED)

    for key in ("", "x", "../" * 10, "0" * 64):
        assert staff.client.post(link_page(), {"key": key}).status_code == 422
    assert not requests()
