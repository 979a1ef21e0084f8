from __future__ import annotations

import pytest

from escott.gateway import PRODUCTION, TEST, Endpoints, OperateId


def test_card_telegrams_go_to_the_card_service() -> None:
    assert PRODUCTION.url_for(OperateId.GATHERING) == (
        "https://www.e-scott.jp/online/aut/OAUT002.do"
    )


def test_a_token_is_asked_about_at_the_token_service() -> None:
    assert TEST.url_for(OperateId.TOKEN_SEARCH) == (
        "https://www.test.e-scott.jp/online/atn/OATN005.do"
    )


def test_the_token_script_names_the_merchants_code() -> None:
    assert TEST.token_script_url("abc&d") == (
        "https://www.test.e-scott.jp/euser/stn/CdGetJavaScript.do?k_TokenNinsyoCode=abc%26d"
    )


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8001", "http://127.0.0.1:8001/", "https://[::1]:8443", "http://a/b"]
)
def test_a_gateway_may_be_anywhere(url: str) -> None:
    assert Endpoints.at(url).url_for(OperateId.AUTH) == url.rstrip("/") + "/online/aut/OAUT002.do"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "127.0.0.1:8001",
        "ftp://host",
        "http://",
        "http://user@host",
        "http://host?query",
        "http://host#fragment",
        "http://host:99999",
        "http://host:x",
        "http://host:0",
    ],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"address|port"):
        Endpoints.at(url)
