"""No page asks the gateway while it renders: every GET of the shop, opened by everybody.

The pages are those of the URL configuration, so a new page is opened too. One exception: the
gateway's own return, which the browser brings and which has to be acted on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.utils import timezone
from oscar.core.loading import get_model

from escott.clock import JST, SettableClock, in_japan
from escott.django.clock import the_clock
from escott.django.models import (
    AuditEntry,
    LogEntry,
    Member,
    MemberState,
    MerchantAccount,
    Operation,
    Payment,
    Refund,
    SecureUse,
)
from escott.django.models.mail import MailKind
from escott.django.services.collection import ask_about_deposit, delete_slip
from escott.django.services.plans import plan_batch
from escott.django.services.refunds import record_refund
from escott.gateway import Secret
from escott.oscar.links import reference_of
from escott.rules.card_states import CardOperation
from escott.simulator.server import SimulatorServer
from shop.seed.accounts import CUSTOMER, STAFF
from tests.forbidden_transport import ForbiddenTransport
from tests.oscar.conftest import Order, Shopper
from tests.oscar.konbini import (
    buys_by_slip,
    goes_to_slip_confirmation,
    offer_collection,
    pays_at_lawson,
)
from tests.site_pages import SitePage, site_pages

Samples = Mapping[str, Iterable[Mapping[str, Any]]]

#: Opened by the gateway's word, not by a shopper who looks at a page.
EXCEPTIONS = {"escott:trip-return"}

#: Pages of one 一括処理.
BATCH_PAGES = ("detail", "progress", "stop")
CASE_PAGES = ("ask", "settle", "dismiss")

#: Where they are, a session ends: opened last.
LAST = ("logout",)

#: Values for the parameters of pages that are neither ours nor about payments.
OTHERWISE = {"action": "default_for_shipping", "app_label": "escott", "url": "nothing"}

MAGIC = "4000000000001000"
DECLINED = "4000000007120001"
LOST = "4000000090020001"


@pytest.fixture
def samples(
    new_shopper: Callable[[], Shopper], simulator: SimulatorServer, settings: Any
) -> Samples:
    """A shop that has seen something of everything; from now on the gateway must not be asked."""
    urls = [new_shopper().buys(card=card).url for card in (MAGIC, DECLINED, LOST)]
    assert len(set(urls)) == 3
    customer = new_shopper()
    customer.signs_in(*CUSTOMER)
    customer.puts_in_basket("wallpapers")
    customer.client.get("/checkout/shipping-address/", follow=True)
    customer.orders(customer.confirms())
    _orders_by_slip(new_shopper, simulator)
    trip = _leaves_for_an_authentication(new_shopper())
    _saved_card()
    refund = _refund()
    LogEntry.objects.create(at=timezone.now(), level=20, source="escott", message="something")
    AuditEntry.objects.create(at=timezone.now(), action="settings", changes={})
    plan_batch(list(Payment.objects.all()), CardOperation.CAPTURE, key="batch", actor=None)
    orders = list(Order.objects.all())
    users = [{"pk": user.pk} for user in get_user_model().objects.all()]
    cards = [{"pk": card.customer_id, "card": card.pk} for card in Member.objects.all()]
    settings.ESCOTT = settings.ESCOTT | {
        "TRANSPORT": "tests.forbidden_transport.ForbiddenTransport"
    }
    ForbiddenTransport.asked.clear()
    return {
        "escott:trip-start": [{"reference": trip}],
        **{
            f"checkout:{page}": [{"reference": reference_of(order)} for order in orders]
            for page in ("payment-page", "payment-state", "payment-other-way", "order-complete")
        },
        "checkout:user-address-update": _keys("address", "UserAddress"),
        "checkout:user-address-delete": _keys("address", "UserAddress"),
        "customer:address-detail": _keys("address", "UserAddress"),
        "customer:order": [{"order_number": order.number} for order in orders],
        **{
            f"dashboard:order-{page}": [{"number": order.number} for order in orders]
            for page in (
                "detail",
                "charge-saved-card",
                "payment-link",
                "difference",
                "close",
                "reopen",
            )
        },
        "dashboard:mail-text": [{"kind": kind} for kind in MailKind.values],
        "dashboard:mail-text-default": [{"kind": kind} for kind in MailKind.values],
        **{f"dashboard:batch-{page}": _keys("escott", "Batch") for page in BATCH_PAGES},
        "dashboard:user-detail": users,
        "dashboard:user-cards": users,
        "dashboard:user-card-delete": cards,
        "dashboard:user-card-ask": cards,
        **{
            name: _keys("escott", "Payment")
            for page, in_admin in (
                ("detail", "panel"),
                ("operate", "operate"),
                ("compare", "compare"),
                ("adopt", "adopt"),
            )
            for name in (f"dashboard:payment-{page}", f"admin:escott_payment_{in_admin}")
        },
        "dashboard:payment-refund": _keys("escott", "Payment"),
        "dashboard:payment-refund-take-back": [{"pk": refund.payment_id, "refund": refund.pk}],
        **{f"dashboard:case-{page}": _keys("escott", "Case") for page in CASE_PAGES},
        "admin:escott_operation_settle": [
            {"operation_id": Operation.objects.get(state="unknown").pk}
        ],
        **{
            f"admin:escott_{model._meta.model_name}_{page}": [{"object_id": row.pk}]
            for model in apps.get_app_config("escott").get_models()
            if (row := model._default_manager.first()) is not None
            for page in ("change", "history", "delete")
        },
    }


def _keys(app: str, model: str) -> list[dict[str, Any]]:
    return [{"pk": row.pk} for row in get_model(app, model).objects.all()]


def _orders_by_slip(new_shopper: Callable[[], Shopper], simulator: SimulatorServer) -> None:
    """One that is to be paid, and one of each other end."""
    offer_collection()
    for become in (_is_paid, _is_deleted, _lapses):
        buys_by_slip(new_shopper())
        become(Payment.objects.get(state="unpaid"), simulator)
    for trouble in ("lost_before", "K52"):
        simulator.gateway.collection.trouble("2Add", trouble)
        buys_by_slip(new_shopper())
    buys_by_slip(new_shopper())


def _is_paid(payment: Payment, simulator: SimulatorServer) -> None:
    pays_at_lawson(simulator, payment)
    ask_about_deposit(payment.pk)


def _is_deleted(payment: Payment, _simulator: SimulatorServer) -> None:
    delete_slip(payment.pk, key="delete", actor=None)


def _lapses(payment: Payment, _simulator: SimulatorServer) -> None:
    later = SettableClock(timezone.now().astimezone(JST) + timedelta(days=20))
    ask_about_deposit(payment.pk, clock=later)


def _leaves_for_an_authentication(shopper: Shopper) -> str:
    """The signed reference of a trip whose browser has not left yet."""
    MerchantAccount.objects.update(secure_use=SecureUse.USE)
    page = shopper.goes_to_confirmation()
    agreed = {"consent": "on", "holder_name": "HANAKO YAMADA", "card": "new", "pay_type": "01"}
    answer = shopper.client.post(
        page.context["order_url"],
        {"token": shopper.token_for(MAGIC), "amount": int(page.context["amount"]), **agreed},
    )
    assert answer.status_code == 303, answer.content.decode()
    assert answer.url.startswith("/escott/go/"), answer.url
    return str(answer.url.split("/")[3])


def _refund() -> Refund:
    return record_refund(
        Payment.objects.filter(state="gathered").latest("pk").pk,
        amount=100,
        returned_on=in_japan(the_clock().now()).date(),
        bank="cash",
        reason="a scratch",
        key="refund",
        actor=None,
    )


def _saved_card() -> None:
    """The customer has a card at the gateway."""
    MerchantAccount.objects.update(saves_cards=True, shoppers_delete_cards=True)
    account, now = MerchantAccount.current(), timezone.now()
    Member.objects.create(
        account=account,
        mode=account.mode,
        customer=get_user_model().objects.get(email=CUSTOMER[0]),
        kaiin_id="member1",
        kaiin_pass=Secret("pass1"),
        state=MemberState.VALID,
        last_four="1000",
        brand="visa",
        expiry="2812",
        created_at=now,
        changed_at=now - timedelta(days=1),
    )


def paths(samples: Samples) -> dict[str, bool]:
    """Every path of the shop, and whether its page is one of ours."""
    pages = [page for page in site_pages() if _may_be_about_payments(page)]
    return {
        url: page.ours or page.name in samples
        for page in sorted(pages, key=lambda page: page.name.endswith(LAST))
        for url in page.urls(samples, OTHERWISE)
    }


def _may_be_about_payments(page: SitePage) -> bool:
    """All but the exception, and Django's admin of what isn't escott's."""
    of_others = page.name.startswith("admin:") and not page.name.startswith("admin:escott_")
    return page.name not in EXCEPTIONS and not of_others


def staff(shopper: Shopper) -> Shopper:
    shopper.signs_in(*STAFF)
    return shopper


def customer_about_to_order(shopper: Shopper) -> Shopper:
    shopper.signs_in(*CUSTOMER)
    shopper.puts_in_basket("wallpapers")
    shopper.client.get("/checkout/shipping-address/", follow=True)
    assert shopper.confirms().status_code == 200
    return shopper


def guest_about_to_order(shopper: Shopper) -> Shopper:
    shopper.goes_to_confirmation("furoshiki")
    return shopper


def guest_about_to_pay_by_slip(shopper: Shopper) -> Shopper:
    goes_to_slip_confirmation(shopper, "wallpapers")
    return shopper


COMERS = (staff, customer_about_to_order, guest_about_to_order, guest_about_to_pay_by_slip)


@pytest.mark.filterwarnings(
    "ignore::treebeard.deprecation.RemovedInTreebeard8Warning",
    "ignore::django.utils.deprecation.RemovedInDjango60Warning",
    "ignore::django.core.paginator.UnorderedObjectListWarning",
)  # Oscar 4.2's own pages
def test_no_page_of_the_shop_asks_the_gateway_whoever_opens_it(
    new_shopper: Callable[[], Shopper], samples: Samples
) -> None:
    answers: dict[str, set[int]] = {}
    for come_in in COMERS:
        client = come_in(new_shopper()).client
        for url in paths(samples):
            status = client.get(url).status_code
            assert not ForbiddenTransport.asked, f"{url} asked the gateway for {come_in.__name__}"
            assert status < 500, url
            answers.setdefault(url, set()).add(status)
    ours = [url for url, is_ours in paths(samples).items() if is_ours]
    assert len(ours) > 40
    assert [url for url in ours if answers[url] == {404}] == [], "better samples?"


def test_the_transport_of_these_tests_would_have_told(
    new_shopper: Callable[[], Shopper], samples: Samples
) -> None:
    MerchantAccount.objects.update(secure_use=SecureUse.DONT_USE)

    new_shopper().buys()

    assert ForbiddenTransport.asked
