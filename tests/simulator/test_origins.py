"""Pages of other sites change nothing in the simulator."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest

RESET = ("POST", "/simulator/reset")
CLOCK = ("PUT", "/simulator/clock")


def ask(merchant, method, path, **headers):
    return merchant.request(method, path, json.dumps({"advance_seconds": 60}), **headers).status


@pytest.mark.parametrize("request_", [RESET, CLOCK])
@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
def test_a_page_of_another_site_is_refused(merchant, request_, origin):
    merchant.charge()
    before = merchant.clock.now()
    assert ask(merchant, *request_, Origin=origin) == 403
    assert (len(merchant.gateway.charges()), merchant.clock.now()) == (1, before)


@pytest.mark.parametrize("request_", [RESET, CLOCK])
def test_a_program_and_a_page_of_the_simulator_are_not(merchant, request_):
    assert ask(merchant, *request_) == 200
    assert ask(merchant, *request_, Origin=f"http://{merchant.host}") == 200


@pytest.mark.parametrize("name", ["localhost", "simulator.localhost", "[::1]", "127.0.0.1"])
def test_the_machine_s_own_names_are_known(merchant, name):
    host = f"{name}:8001"
    assert ask(merchant, *RESET, Host=host, Origin=f"http://{host}") == 200


@pytest.mark.parametrize(
    "name", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example"]
)
def test_a_domain_that_leads_to_this_machine_is_refused(merchant, name):
    assert ask(merchant, *RESET, Host=name, Origin=f"http://{name}") == 403


def test_reading_is_for_everybody(merchant):
    assert ask(merchant, "GET", "/simulator/transactions", Origin="https://evil.example") == 200


def test_a_shop_s_page_still_gets_its_token(merchant):
    card = {
        "k_TokenNinsyoCode": "escottDemoTokenCode0000000000001",
        "CardNo": "4000000000001000",
        "CardExp": "2812",
    }
    made = merchant.request(
        "POST", "/simulator/tokens", urlencode(card), Origin="https://shop.example"
    )
    assert made.status == 200


def test_telegrams_come_from_anywhere(merchant):
    body = urlencode(merchant.fields("1Search"))
    answer = merchant.request("POST", "/online/aut/OAUT002.do", body, Origin="https://shop.example")
    assert answer.status == 200
