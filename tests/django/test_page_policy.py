"""Payment pages: kept by no cache, and nothing loaded from strangers."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.test import Client, RequestFactory

from escott.django.card_page import CardForm
from escott.django.models import MerchantAccount
from escott.django.page_policy import card_page_policy, trip_page_policy
from escott.simulator.server import SimulatorServer

PAGE = "/pay/100001/"


def rules(response: Any) -> dict[str, str]:
    """The Content-Security-Policy by directive."""
    policy = response.headers["Content-Security-Policy"]
    return dict(rule.strip().split(" ", 1) for rule in policy.split(";"))


def answered(decorate: Any, response: HttpResponse) -> HttpResponse:
    request = RequestFactory().get("/")
    answer: HttpResponse = decorate(lambda _request: response)(request)
    return answer


def test_the_payment_page_is_stored_nowhere(account: MerchantAccount) -> None:
    stored = Client().get(PAGE)["Cache-Control"]
    assert {"no-store", "private"} <= {part.strip() for part in stored.split(",")}


def test_where_a_card_is_typed_only_the_shop_and_the_gateway_are_loaded_from(
    account: MerchantAccount, simulator: SimulatorServer
) -> None:
    assert rules(Client().get(PAGE)) == {
        "default-src": "'self'",
        "script-src": f"'self' {simulator.base_url}",
        "connect-src": f"'self' {simulator.base_url}",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "object-src": "'none'",
        "base-uri": "'self'",
        "frame-ancestors": "'none'",
        "form-action": "'self'",
    }


def test_a_refused_card_number_is_answered_under_the_same_rules(account: MerchantAccount) -> None:
    answer = Client().post(PAGE, {"token": "abc", "amount": "3780", "n": "4000000000001000"})
    assert answer.status_code == 400
    assert "no-store" in answer["Cache-Control"]
    assert rules(answer)["script-src"] == "'self'"


def test_without_a_card_form_the_gateway_is_not_loaded_from(account: MerchantAccount) -> None:
    MerchantAccount.objects.update(card_enabled=False)
    assert rules(Client().get(PAGE))["script-src"] == "'self'"


@pytest.mark.parametrize("decorate", [card_page_policy, trip_page_policy])
def test_inline_scripts_and_styles_are_allowed_nowhere(decorate: Any) -> None:
    policy = answered(decorate, HttpResponse())["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "script-src 'self';" in policy


def test_a_trip_may_post_to_any_card_issuer_and_loads_nothing_from_it() -> None:
    trip = rules(answered(trip_page_policy, HttpResponse()))
    page = rules(answered(card_page_policy, HttpResponse()))
    assert trip.pop("form-action") == "*"
    assert page.pop("form-action") == "'self'"
    assert trip == page


@pytest.fixture
def tag_manager(settings: Any) -> str:
    """A host that the shop itself wants to load from."""
    host = "https://www.googletagmanager.com"
    settings.ESCOTT = settings.ESCOTT | {"PAGE_SOURCES": {"script-src": host, "font-src": host}}
    return host


def test_a_site_may_load_from_elsewhere_on_its_other_pages(tag_manager: str) -> None:
    page = rules(answered(card_page_policy, HttpResponse()))
    assert page["script-src"] == f"'self' {tag_manager}"
    assert page["font-src"] == f"'self' {tag_manager}"


def test_but_never_where_a_card_is_typed(account: MerchantAccount, tag_manager: str) -> None:
    answer = Client().get(PAGE)
    assert isinstance(answer.context["card_form"], CardForm)
    assert tag_manager not in answer["Content-Security-Policy"]


def test_a_card_form_without_the_token_script_needs_no_other_host(
    account: MerchantAccount, tag_manager: str
) -> None:
    form = Client().get(PAGE).context["card_form"]
    object.__setattr__(form, "token_script_url", "")
    page = TemplateResponse(RequestFactory().get("/"), "no template", {"card_form": form})
    assert rules(answered(card_page_policy, page))["script-src"] == "'self'"


def test_a_header_that_the_view_set_itself_stays() -> None:
    own = HttpResponse(headers={"Content-Security-Policy": "default-src 'none'"})
    assert rules(answered(card_page_policy, own)) == {"default-src": "'none'"}


def test_a_form_that_goes_on_to_the_slip_may_lead_to_its_host_alone(
    account: MerchantAccount,
) -> None:
    page = TemplateResponse(
        RequestFactory().get("/"),
        "escott/page.html",
        {"form_goes_on_to": "https://link.example.com/JLP/JLPcon"},
    )
    policy = rules(answered(card_page_policy, page))
    assert policy["form-action"] == "'self' https://link.example.com"
    assert policy["connect-src"] == "'self'"
