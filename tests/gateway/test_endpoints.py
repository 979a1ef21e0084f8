from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest

from escott.gateway import PRODUCTION, TEST, Endpoints, OperateId
from escott.gateway.operations import COLLECTION


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


def test_telegrams_about_slips_go_to_the_collection_service() -> None:
    for operation in COLLECTION:
        assert TEST.url_for(operation) == "https://www.test.e-scott.jp/online/cnv/OCNV005.do"


def test_a_slips_page_is_another_companys_and_differs_in_test_and_production() -> None:
    assert PRODUCTION.slip_url("abc", from_checkout=True) == (
        "https://link.kessai.info/JLP/JLPcon?code=abc&rkbn=1"
    )
    assert TEST.slip_url("abc", from_checkout=True) == (
        "https://link.kessai.info/JLPCT/JLPcon?code=abc&rkbn=1"
    )


def test_a_link_outside_of_the_checkout_does_not_lead_back_to_the_shop() -> None:
    assert TEST.slip_url("abc", from_checkout=False).endswith("?code=abc&rkbn=2")


def test_a_slips_code_is_escaped_in_its_link() -> None:
    link = TEST.slip_url("a+/=&rkbn=1#%", from_checkout=False)

    assert parse_qsl(urlsplit(link).query) == [("code", "a+/=&rkbn=1#%"), ("rkbn", "2")]


def test_a_gateway_elsewhere_has_its_slips_page_beside_it() -> None:
    link = Endpoints.at("http://127.0.0.1:8001/").slip_url("abc", from_checkout=True)

    assert link == "http://127.0.0.1:8001/JLPCT/JLPcon?code=abc&rkbn=1"


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
