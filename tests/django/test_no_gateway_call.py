"""No page of a plain Django site asks the gateway while it renders, the admin's among them.

One exception: the gateway's own return, which the browser brings and which has to be acted on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone

from escott.django.models import (
    AuditEntry,
    LogEntry,
    MerchantAccount,
    Operation,
    Payment,
    SecureUse,
)
from escott.gateway import Secret
from tests.forbidden_transport import ForbiddenTransport
from tests.site_pages import NotListed, SitePage, site_pages

Samples = Mapping[str, Iterable[Mapping[str, Any]]]

EXCEPTIONS = {"escott:trip-return"}
PAGE = "/pay/100001/"
DECLINED = "4000000007120001"
LOST = "4000000090020001"


@pytest.fixture
def samples(account: MerchantAccount, token: Callable[..., Secret], settings: Any) -> Samples:
    """Payments refused and unknown, a trip; from now on the gateway must not be asked."""
    shopper = Client()

    def pays(number: str, **agreed: str) -> Any:
        return shopper.post(PAGE, {"token": token(number).reveal(), "amount": "3780", **agreed})

    pays(DECLINED)
    MerchantAccount.objects.update(secure_use=SecureUse.USE)
    trip = pays(DECLINED, consent="on", holder_name="HANAKO YAMADA").url
    assert trip.startswith("/escott/go/"), trip
    MerchantAccount.objects.update(secure_use=SecureUse.DONT_USE)
    pays(LOST)
    assert Payment.objects.filter(state="unknown").exists()
    LogEntry.objects.create(at=timezone.now(), level=20, source="escott", message="something")
    AuditEntry.objects.create(at=timezone.now(), action="settings", changes={})
    settings.ESCOTT = settings.ESCOTT | {
        "TRANSPORT": "tests.forbidden_transport.ForbiddenTransport"
    }
    ForbiddenTransport.asked.clear()
    return {
        "members-pay": [{"number": "100001"}],
        "pay": [{"number": "100001"}],
        "escott:trip-start": [{"reference": trip.split("/")[3]}],
        "admin:escott_operation_settle": [
            {"operation_id": Operation.objects.get(state="unknown").pk}
        ],
        **{
            f"admin:escott_payment_{page}": [
                {"pk": payment.pk} for payment in Payment.objects.all()
            ]
            for page in ("panel", "operate", "compare", "adopt")
        },
        **{
            f"admin:escott_{model._meta.model_name}_{page}": [{"object_id": row.pk}]
            for model in apps.get_app_config("escott").get_models()
            if (row := model._default_manager.first()) is not None
            for page in ("change", "history", "delete")
        },
    }


def pages() -> list[SitePage]:
    """All pages of the site but the exception; the one that ends the session last."""
    found = [page for page in site_pages() if page.name not in EXCEPTIONS]
    return sorted(found, key=lambda page: page.name.endswith("logout"))


def test_no_page_of_the_site_asks_the_gateway_whoever_opens_it(
    samples: Samples, admin_client: Client
) -> None:
    for client in (Client(), admin_client):
        for page in pages():
            for url in page.urls(samples, {"app_label": "escott", "url": "nothing"}):
                status = client.get(url).status_code
                assert not ForbiddenTransport.asked, f"{url} asked the gateway"
                assert status < 500, url
                assert status != 404 or page.name not in samples, f"{url}: a better sample?"


def test_a_new_page_with_parameters_has_to_be_listed() -> None:
    new = SitePage("shop:new", "new/<str:number>/", frozenset({"number"}), ours=True)
    with pytest.raises(NotListed, match="shop:new"):
        list(new.urls({}, {}))


def test_the_transport_of_these_tests_would_have_told(
    samples: Samples, token: Callable[..., Secret]
) -> None:
    Payment.objects.update(state="refused", live=False)
    Client().post(PAGE, {"token": token().reveal(), "amount": "3780"})
    assert ForbiddenTransport.asked
