"""Where a request comes from: nobody else's word counts but that of the site's own proxies."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import RequestFactory

from escott.django.visitor_address import visitor_address

PROXY = "10.0.0.2"


def address(remote: str, forwarded: str | None = None) -> str:
    headers = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    return visitor_address(RequestFactory().get("/", REMOTE_ADDR=remote, **headers))


@pytest.fixture
def behind(settings: Any) -> Any:
    """Says how many proxies stand before the site."""

    def set_proxies(count: int) -> None:
        settings.ESCOTT = settings.ESCOTT | {"TRUSTED_PROXIES": count}

    return set_proxies


def test_it_is_the_other_end_of_the_connection() -> None:
    assert address("203.0.113.9") == "203.0.113.9"


@pytest.mark.parametrize("header", ["198.51.100.1", "198.51.100.1, 203.0.113.9", "garbage"])
def test_without_a_proxy_the_header_is_not_even_read(header: str) -> None:
    assert address("203.0.113.9", header) == "203.0.113.9"


def test_behind_a_proxy_it_is_what_the_proxy_wrote(behind: Any) -> None:
    behind(1)
    assert address(PROXY, "203.0.113.9") == "203.0.113.9"


def test_what_the_visitor_invented_stands_further_left_and_is_not_read(behind: Any) -> None:
    behind(1)
    assert address(PROXY, "198.51.100.1, 203.0.113.9") == "203.0.113.9"
    behind(2)
    assert address(PROXY, "198.51.100.1, 203.0.113.9, 192.0.2.7") == "203.0.113.9"


@pytest.mark.parametrize("header", [None, "", "unknown", "198.51.100.1"])
def test_a_request_that_came_past_the_proxies_counts_by_its_connection(
    header: str | None, behind: Any
) -> None:
    behind(2)
    assert address("203.0.113.9", header) == "203.0.113.9"


@pytest.mark.parametrize(
    ("written", "counted"),
    [
        ("203.0.113.9:4711", "203.0.113.9"),
        ("[2001:db8:1:2::9]:4711", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::9]", "2001:db8:1:2::/64"),
        (" 203.0.113.9 ", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
    ],
)
def test_the_ways_in_which_proxies_write_an_address(
    written: str, counted: str, behind: Any
) -> None:
    behind(1)
    assert address(PROXY, written) == counted


def test_a_household_has_a_whole_network_of_ipv6() -> None:
    assert address("2001:db8:1:2:aaaa::1") == address("2001:db8:1:2:bbbb::2")
    assert address("2001:db8:1:2::1") != address("2001:db8:1:3::1")


@pytest.mark.parametrize(
    "shared", ["127.0.0.1", PROXY, "192.168.1.1", "172.31.0.1", "::1", "fd00::1", "fe80::1%eth0"]
)
def test_an_address_that_a_whole_site_may_share_tells_nothing(shared: str) -> None:
    assert address(shared) == ""


@pytest.mark.parametrize("nothing", ["", "unix:", "not an address", "999.1.1.1"])
def test_what_is_no_address_tells_nothing(nothing: str) -> None:
    assert address(nothing) == ""
