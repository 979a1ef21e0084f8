"""Forged, replayed, swapped and truncated returns: none changes a payment.

The browser is never a witness (design.md, invariant 4).
"""

from __future__ import annotations

import base64
import string
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from escott.clock import SettableClock
from escott.django.models import (
    Connection,
    Member,
    MerchantAccount,
    Operation,
    Payment,
    SecureUse,
    Trip,
)
from escott.django.orders import PayableOrder
from escott.django.services.begin import begin
from escott.django.services.instruction import CardInstruction
from escott.django.services.start_trip import start_url
from escott.gateway.crypto import encrypt_value
from escott.gateway.secret import Secret
from escott.simulator.server import SimulatorServer
from tests.django.going import BACK, COPY, Going
from tests.django.test_secure_payments import FRICTIONLESS, use_clock
from tests.simulator.shopper import KEYS, Seen, fields_of
from tests.soak import figure

VISA = "4000000000001000"
MASTERCARD = "5100000000001006"
ADDRESSES = st.sampled_from([("post", BACK), ("get", BACK), ("post", COPY)])
WHILE_IT_STANDS = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


def mutated(genuine: str) -> st.SearchStrategy[str]:
    """Everything that somebody without the key can do to a value."""
    whole, blocks = base64.b64decode(genuine), blocks_of(genuine)

    def flip(places: list[tuple[int, int]]) -> bytes:
        altered = bytearray(whole)
        for place, bit in places:
            altered[place % len(altered)] ^= 1 << bit
        return bytes(altered)

    flips = st.lists(st.tuples(st.integers(0, len(whole) - 1), st.integers(0, 7)), min_size=1)
    return st.one_of(
        flips.map(flip).map(encoded),
        st.integers(0, len(whole) - 1).map(lambda end: encoded(whole[:end])),
        st.integers(0, len(genuine) - 1).map(lambda end: genuine[:end]),
        st.permutations(blocks).map(lambda order: encoded(b"".join(order))),
        st.lists(st.sampled_from(blocks), max_size=20).map(lambda some: encoded(b"".join(some))),
        st.binary(max_size=400).map(encoded),
        st.text(string.printable, max_size=400),
    ).filter(lambda value: value.strip() != genuine)


def blocks_of(value: str) -> list[bytes]:
    """The blocks of the cipher, each of which depends on the one before it alone."""
    whole = base64.b64decode(value)
    return [whole[start : start + 16] for start in range(0, len(whole), 16)]


def encoded(value: bytes) -> str:
    return base64.b64encode(value).decode()


@pytest.fixture
def shopper(
    account: MerchantAccount,
    simulator: SimulatorServer,
    clock: SettableClock,
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
) -> Callable[..., Going]:
    """Of a shop with 3-D Secure, or with the external link type."""
    use_clock(monkeypatch, clock)
    settings.ESCOTT = settings.ESCOTT | {"SITE_URL": "http://127.0.0.1:9"}

    def begin(connection: Connection = Connection.TOKEN) -> Going:
        account.connection = connection
        account.secure_use = SecureUse.USE
        account.save()
        return Going(simulator)

    return begin


def comes_back(shopper: Going, connection: Connection) -> str:
    """A genuine value that would pay the order, not yet brought back."""
    return at_the_end(shopper, shopper.leaves(shopper.presses(FRICTIONLESS)), connection)


def at_the_end(shopper: Going, seen: Seen, connection: Connection) -> str:
    """What the gateway gives the shopper who has done there what there was to do."""
    if connection is Connection.LINK:
        seen = shopper.there.enter_card(seen, VISA)
        seen = shopper.there.press(seen, action="confirm")
    return seen.value


def rows() -> list[Any]:
    """Everything about payments as it stands."""
    models = (Payment, Operation, Trip, Member)
    return [list(model.objects.order_by("pk").values()) for model in models]


@pytest.mark.parametrize("connection", Connection)
def test_no_altered_value_changes_anything(
    connection: Connection, shopper: Callable[..., Going]
) -> None:
    here = shopper(connection)
    genuine = comes_back(here, connection)
    before, charged = rows(), len(here.simulator.gateway.charges())
    browser = Client()

    @settings(max_examples=figure(150, 4000), deadline=None, suppress_health_check=WHILE_IT_STANDS)
    @given(value=mutated(genuine), address=ADDRESSES)
    def nothing_happens(value: str, address: tuple[str, str]) -> None:
        method, url = address
        answer = getattr(browser, method)(url, {"EncryptValue": value})
        assert answer.status_code == 400
        if len(value) > 20:
            assert value not in answer.content.decode()

    nothing_happens()
    assert rows() == before
    assert len(here.simulator.gateway.charges()) == charged
    here.site.post(BACK, {"EncryptValue": genuine})
    assert Payment.objects.get().state == "gathered"


@pytest.mark.parametrize("connection", Connection)
def test_no_altered_value_saves_or_changes_a_card(
    connection: Connection,
    shopper: Callable[..., Going],
    customer: Any,
    clock: SettableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A customer has a card, and another is about to take its place."""
    for module in ("saved_card_page", "services.members"):
        monkeypatch.setattr(f"escott.django.{module}.the_clock", lambda: clock)
    here = shopper(connection)
    here.site.force_login(customer)
    here.returns(changes_card(here, VISA, connection))
    seen = changes_card(here, MASTERCARD, connection)
    genuine, before = seen.value, rows()
    assert [member.last_four for member in Member.objects.all()] == ["1000"]
    browser = Client()

    @settings(max_examples=figure(200, 2000), deadline=None, suppress_health_check=WHILE_IT_STANDS)
    @given(value=mutated(genuine), address=ADDRESSES)
    def nothing_happens(value: str, address: tuple[str, str]) -> None:
        method, url = address
        assert getattr(browser, method)(url, {"EncryptValue": value}).status_code == 400

    nothing_happens()
    assert rows() == before
    here.returns(seen)
    assert Member.objects.get(current=True).last_four == "1006"
    after = rows()
    here.returns(seen)
    assert rows() == after, "a second return changes nothing"


def changes_card(shopper: Going, number: str, connection: Connection) -> Seen:
    """To the end of the way on which the account's page saves a card."""
    if connection is Connection.LINK:
        entry = shopper.leaves(shopper.site.post("/card/", {"consent": "on"}))
        return shopper.there.press(shopper.there.enter_card(entry, number), action="confirm")
    seen = shopper.leaves(shopper.presses(number, page="/card/"))
    if "EncryptValue" not in seen.text:
        seen = shopper.there.press(seen, action="code", code="123456")
    return seen


INVENTED = st.fixed_dictionaries(
    {
        "OperateId": st.sampled_from(["3Secure", "1Auth", "1Gathering", "4MemAdd", "1Delete"]),
        "MerchantFree1": st.text(string.digits, min_size=12, max_size=12),
        "ProcNo": st.text(string.digits, min_size=7, max_size=7),
        "ResponseCd": st.sampled_from(["OK", "P69", "U04", "K96"]),
        "SecureResultCode": st.sampled_from(["0", "4"]),
        "ProcessId": st.text("abcdef0123456789", min_size=32, max_size=32),
        "ProcessPass": st.text("abcdef0123456789", min_size=32, max_size=32),
        "Amount": st.sampled_from(["1", "3780", "9999999"]),
    }
)


@pytest.mark.parametrize("connection", Connection)
def test_an_invented_value_under_the_true_key_answers_no_trip(
    connection: Connection, shopper: Callable[..., Going]
) -> None:
    here = shopper(connection)
    comes_back(here, connection)
    before = rows()
    trip = Trip.objects.get()

    @settings(max_examples=figure(80, 2000), deadline=None, suppress_health_check=WHILE_IT_STANDS)
    @given(fields=INVENTED, knows_the_code=st.booleans())
    def nothing_happens(fields: dict[str, str], knows_the_code: bool) -> None:
        if knows_the_code:
            fields["MerchantFree1"] = trip.code
        if fields["ProcNo"] == trip.proc_no:
            return
        value = encrypt_value(fields, KEYS.key, KEYS.vector)
        assert Client().post(BACK, {"EncryptValue": value}).status_code == 400

    nothing_happens()
    assert rows() == before


@pytest.mark.parametrize(
    ("key", "vector"),
    [("0123456789abcdef", "escottDemoVec001"), ("escottDemoKey001", "0123456789abcdef")],
)
def test_a_value_under_another_key_or_vector_is_refused(
    key: str, vector: str, shopper: Callable[..., Going]
) -> None:
    here = shopper()
    genuine = comes_back(here, Connection.TOKEN)
    before = rows()
    value = encrypt_value(fields_of(genuine), Secret(key), Secret(vector))
    assert here.site.post(BACK, {"EncryptValue": value}).status_code == 400
    assert rows() == before


@pytest.mark.parametrize(
    "changes",
    [
        {"Amount": "1"},
        {"ProcNo": "0000000"},
        {"OperateId": "1Gathering"},
        {"MerchantFree1": "000000000000"},
        {"KaiinId": "m0123456789ab"},
        {"MerchantFree3": "x"},
        {"Unheard": "of"},
        {"SecureResultCode": "00"},
    ],
)
def test_a_value_that_differs_from_the_trip_in_one_field_is_refused(
    changes: dict[str, str], shopper: Callable[..., Going]
) -> None:
    here = shopper()
    genuine = comes_back(here, Connection.TOKEN)
    before = rows()
    value = encrypt_value(fields_of(genuine) | changes, KEYS.key, KEYS.vector)
    assert here.site.post(BACK, {"EncryptValue": value}).status_code == 400
    assert rows() == before


def of_another_order(shopper: Going, connection: Connection) -> str:
    """A genuine value that would pay order 200002, of another shopper of the same shop."""
    other = Going(shopper.simulator)
    typed_here = connection is Connection.TOKEN
    instruction = CardInstruction(
        token=Secret(other.token(FRICTIONLESS)) if typed_here else None,
        consent_text="the words on the page",
        holder_name="TARO YAMADA" if typed_here else "",
    )
    order = PayableOrder(reference="200002", amount=980)
    trip = begin(order, instruction, next_url="/pay/200002/")
    assert isinstance(trip, Trip)
    return at_the_end(other, other.departs(other.site.get(start_url(trip))), connection)


@pytest.mark.parametrize("connection", Connection)
def test_the_return_of_another_order_pays_that_order_alone(
    connection: Connection, shopper: Callable[..., Going]
) -> None:
    """Brought by the browser that went off to pay its own order."""
    here = shopper(connection)
    own = comes_back(here, connection)
    answer = here.site.post(BACK, {"EncryptValue": of_another_order(here, connection)})
    assert answer["Location"] == "/pay/200002/"
    paid = Payment.objects.filter(state="gathered")
    assert list(paid.values_list("order_reference", "amount")) == [("200002", 980)]
    here.site.post(BACK, {"EncryptValue": own})
    assert sorted(paid.values_list("order_reference", "amount")) == [
        ("100001", 3780),
        ("200002", 980),
    ]


@pytest.mark.parametrize("connection", Connection)
def test_pieces_of_the_returns_of_two_orders_make_no_return(
    connection: Connection, shopper: Callable[..., Going]
) -> None:
    here = shopper(connection)
    genuine = [comes_back(here, connection), of_another_order(here, connection)]
    own, others = (blocks_of(value) for value in genuine)
    before = rows()
    begins = st.integers(0, len(own)).map(lambda end: own[:end])
    ends = st.integers(0, len(others)).map(lambda start: others[start:])
    spliced = st.tuples(begins, ends).map(lambda parts: encoded(b"".join([*parts[0], *parts[1]])))

    @settings(max_examples=figure(80, 2000), deadline=None, suppress_health_check=WHILE_IT_STANDS)
    @given(value=spliced.filter(lambda value: value not in genuine), address=ADDRESSES)
    def nothing_happens(value: str, address: tuple[str, str]) -> None:
        method, url = address
        assert getattr(Client(), method)(url, {"EncryptValue": value}).status_code == 400

    nothing_happens()
    assert rows() == before


def test_a_return_without_any_value_is_refused_without_a_word_of_it(
    shopper: Callable[..., Going],
) -> None:
    here = shopper()
    for method in ("get", "post"):
        answer = getattr(here.site, method)(BACK)
        assert answer.status_code == 400
        assert (
            answer["Cache-Control"].startswith("no-store") or "no-store" in answer["Cache-Control"]
        )
