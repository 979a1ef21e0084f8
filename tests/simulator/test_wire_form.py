"""How telegrams travel (protocol.md, sections A and B), and what garbage is answered with."""

from __future__ import annotations

import asyncio
import socket
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from escott.simulator.gateway_endpoint import GatewayEndpoint
from tests.soak import figure

CARD_PATH = "/online/aut/OAUT002.do"
EACH_EXAMPLE_STANDS_ALONE = [HealthCheck.function_scoped_fixture]


def test_an_answer_has_a_length_and_closes_the_connection(merchant):
    answer = merchant.charge()
    assert answer.status == 200
    assert int(answer.headers["content-length"]) == len(answer.body)
    assert answer.headers["connection"] == "close"
    assert "transfer-encoding" not in answer.headers


def test_the_connection_is_really_closed(merchant):
    body = urlencode(merchant.fields("1Auth")).encode()
    head = f"POST {CARD_PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
    host, port = merchant.host.split(":")
    with socket.create_connection((host, int(port)), timeout=10) as line:
        line.sendall(head.encode() + body)
        received = b""
        while part := line.recv(4096):
            received += part
    assert received.endswith(b"ResponseCd=K22|K23")


def test_an_answer_is_one_line_of_ascii(merchant):
    body = merchant.charge(MerchantFree3="山田 & 花子").body
    assert body.isascii()
    assert b"\n" not in body


def test_the_codes_are_joined_by_a_bare_bar(merchant):
    assert b"ResponseCd=K22|K23" in merchant.send("1Auth").body


def test_the_bar_may_be_percent_encoded(serve):
    answer = serve(percent_encode_bar=True).send("1Auth")
    assert b"ResponseCd=K22%7CK23" in answer.body


def test_what_was_said_is_echoed(merchant):
    said = {
        "MerchantFree1": "000000000042",
        "MerchantFree2": "0|2.1|77",
        "MerchantFree3": "山田 & 花子=100%",
        "TransactionDate": "20260104",
    }
    answer = merchant.charge("1Auth", **said).fields
    assert {name: answer[name] for name in said} == said
    assert answer["OperateId"] == "1Auth"


def test_the_free_fields_are_sent_when_empty(merchant):
    fields = merchant.charge("1Auth", MerchantFree1=None).fields
    assert [fields[f"MerchantFree{number}"] for number in (1, 2, 3)] == ["", "", ""]


def test_a_refusal_echoes_too(merchant):
    fields = merchant.send("1Auth", MerchantPass="wrong").fields
    assert (fields["OperateId"], fields["MerchantFree1"]) == ("1Auth", "000000000042")


def test_transaction_ids_have_thirteen_digits_and_rise(merchant):
    ids = [merchant.charge().fields["TransactionId"] for _ in range(3)]
    ids.append(merchant.send("1Auth").fields["TransactionId"])
    assert ids == sorted(ids)
    assert len(set(ids)) == len(ids)
    assert all(len(number) == 13 and number.isdigit() for number in ids)


def test_process_id_and_pass_have_thirty_two_characters(merchant):
    answer = merchant.charge().fields
    assert len(answer["ProcessId"]) == len(answer["ProcessPass"]) == 32
    assert answer["ProcessId"] != answer["ProcessPass"]


def test_parameters_in_the_query_are_taken(merchant):
    fields = merchant.fields(
        "1Auth", Token=merchant.gateway.token_for(), Amount="100", PayType="01"
    )
    assert merchant.request("POST", f"{CARD_PATH}?{urlencode(fields)}").codes == ["OK"]


def test_query_and_body_are_merged(merchant):
    query = urlencode({"OperateId": "1Auth", "Amount": "1"})
    rest = merchant.fields("1Auth", Token=merchant.gateway.token_for(), Amount="2", PayType="01")
    del rest["OperateId"]
    assert merchant.request("POST", f"{CARD_PATH}?{query}", urlencode(rest)).codes == ["OK"]
    assert merchant.gateway.charges()[0].amount == 2


@pytest.mark.parametrize(
    "body",
    [
        "no fields at all",
        "Amount=1&Amount=2",
        "Amount=%zz",
        "Amount=%ff%fe",
        b"Amount=\xff\xfe",
        b"\x00\x01\x02",
        "=1",
        "x" * 70_000,
    ],
)
def test_what_cannot_be_read_is_k01(merchant, body):
    answer = merchant.request("POST", CARD_PATH, body)
    assert (answer.status, answer.codes) == (200, ["K01"])


def test_a_duplicate_field_charges_nothing(merchant):
    fields = merchant.fields("1Auth", Token=merchant.gateway.token_for(), Amount="1", PayType="01")
    answer = merchant.request("POST", CARD_PATH, urlencode(fields) + "&Amount=1")
    assert answer.codes == ["K01"]
    assert merchant.gateway.transactions() == []


def test_an_empty_body_is_an_unknown_merchant(merchant):
    assert merchant.request("POST", CARD_PATH, "").codes == ["K02"]


def test_a_telegram_is_posted(merchant):
    answer = merchant.request("GET", CARD_PATH)
    assert (answer.status, answer.headers["allow"]) == (405, "POST")
    assert answer.headers["connection"] == "close"


def test_a_caller_who_leaves_in_the_middle_of_a_telegram_charges_nothing(merchant):
    fields = merchant.fields("1Auth", Token=merchant.gateway.token_for(), Amount="1", PayType="01")
    heard = [
        {"type": "http.request", "body": urlencode(fields).encode(), "more_body": True},
        {"type": "http.disconnect"},
    ]
    said = []

    async def receive():
        return heard.pop(0)

    async def send(message):
        said.append(message)

    scope = {"method": "POST", "path": CARD_PATH, "query_string": b""}
    asyncio.run(GatewayEndpoint(merchant.gateway)(scope, receive, send))
    assert (merchant.gateway.transactions(), said) == ([], [])


@settings(max_examples=figure(150, 3000), suppress_health_check=EACH_EXAMPLE_STANDS_ALONE)
@given(body=st.one_of(st.binary(max_size=300), st.text(max_size=100).map(str.encode)))
def test_no_garbage_is_a_server_error(merchant, body):
    answer = merchant.request("POST", CARD_PATH, body)
    assert answer.status == 200
    assert answer.fields["ResponseCd"] in {"K01", "K02"}


NAMES = st.sampled_from(
    [
        "Amount",
        "PayType",
        "Token",
        "CardNo",
        "CardExp",
        "SecCd",
        "SalesDate",
        "TenantId",
        "ProcessId",
        "ProcessPass",
        "KaiinId",
        "KaiinPass",
        "BirthDay",
        "KanaSei",
        "MerchantFree3",
    ]
)
OPERATIONS = st.sampled_from(
    ["1Check", "1Auth", "1Gathering", "1Capture", "1Change", "1Delete", "1Search", "1ReAuth"]
)


@settings(max_examples=figure(200, 4000), suppress_health_check=EACH_EXAMPLE_STANDS_ALONE)
@given(operation=OPERATIONS, fields=st.dictionaries(NAMES, st.text(max_size=40), max_size=8))
def test_no_field_value_is_a_server_error_or_a_charge(merchant, operation, fields):
    fields = {name: value.encode("utf-8", "replace").decode() for name, value in fields.items()}
    answer = merchant.send(operation, **fields)
    assert answer.status == 200
    assert dict(parse_qsl(answer.body.decode()))["ResponseCd"] != "OK"
