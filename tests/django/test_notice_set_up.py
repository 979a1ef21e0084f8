"""入金結果通知URL: the exact strings that a shop registers, and what takes the notices."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import set_script_prefix

from escott.django.models import Notice
from escott.django.notice_middleware import NoticeMiddleware
from escott.django.notice_set_up import NoticeAddress, NoticeUrl, notice_urls, takes_notices_first

FORMER = "https://shop.example.jp/?wc-api=wc_sonypayment"
OWN = "https://shop.example.jp/escott/deposit/"


class MiddlewareOfTheSite(NoticeMiddleware):
    """A site may do more when a notice comes."""


@pytest.fixture(autouse=True)
def _public(settings: Any) -> None:
    settings.ESCOTT = settings.ESCOTT | {"SITE_URL": "https://shop.example.jp"}


@pytest.fixture
def _in_a_folder() -> Iterator[None]:
    set_script_prefix("/shop/")
    yield
    set_script_prefix("/")


def urls() -> list[str]:
    return [found.url for found in notice_urls()]


def test_the_plug_ins_address_and_our_own_can_be_registered() -> None:
    assert urls() == [FORMER, OWN]


@pytest.mark.usefixtures("_in_a_folder")
def test_a_shop_in_a_folder_registers_the_folder_too() -> None:
    assert urls() == [
        "https://shop.example.jp/shop/?wc-api=wc_sonypayment",
        "https://shop.example.jp/shop/escott/deposit/",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("url", [FORMER, OWN])
def test_a_notice_to_each_of_them_is_stored(url: str, client: Client) -> None:
    assert url in urls()
    path = url.removeprefix("https://shop.example.jp")
    answer = client.post(path, "Amount=1", content_type="application/x-www-form-urlencoded")
    assert answer.content == b"0"
    assert Notice.objects.count() == 1


def test_without_the_sites_address_there_is_none(settings: Any) -> None:
    settings.ESCOTT = settings.ESCOTT | {"SITE_URL": ""}
    assert urls() == []


def test_without_the_middleware_the_plug_ins_address_takes_nothing(settings: Any) -> None:
    settings.MIDDLEWARE = settings.MIDDLEWARE[1:]
    assert not takes_notices_first()
    assert urls() == [OWN]


def test_without_our_addresses_the_plug_ins_remains(settings: Any) -> None:
    settings.ROOT_URLCONF = "django.contrib.auth.urls"
    assert urls() == [FORMER]


def test_a_middleware_made_of_ours_is_one(settings: Any) -> None:
    own = f"{MiddlewareOfTheSite.__module__}.{MiddlewareOfTheSite.__qualname__}"
    settings.MIDDLEWARE = [own, *settings.MIDDLEWARE[1:]]
    assert takes_notices_first()


@pytest.mark.parametrize(
    ("site", "is_public"),
    [
        ("https://shop.example.jp", True),
        ("https://8.8.8.8", True),
        ("http://shop.example.jp", False),
        ("https://127.0.0.1", False),
        ("https://[::1]", False),
        ("https://10.0.0.5", False),
        ("https://localhost", False),
        ("https://shop", False),
        ("https://shop.local", False),
    ],
)
def test_what_the_gateway_cannot_reach_cannot_be_registered(site: str, is_public: bool) -> None:
    assert NoticeUrl(NoticeAddress.OWN, f"{site}/escott/deposit/").is_public is is_public
