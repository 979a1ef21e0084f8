"""The console's list in the dashboard: upload, dry run, confirmation, result per row."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from escott.clock import SharedClock, in_japan
from escott.django.models import Case, Payment
from escott.django.permissions import RESOLVE, SETTLE, VIEW
from escott.oscar.dashboard import console_list
from escott.rules.unknown_outcome import GRACE
from escott.simulator.console_csv import as_csv
from escott.simulator.server import SimulatorServer
from shop.seed.accounts import STAFF
from tests.cases import attention_of
from tests.oscar.conftest import Shopper

PAGE: Final = "/dashboard/payments/console-list/"
CONFIRM: Final = PAGE + "settle/"
GOOD, LOST, LOST_BEFORE = "4000000000001000", "4000000090020001", "4000000090030000"


@pytest.fixture
def manager(new_shopper: Callable[[], Shopper]) -> Client:
    """店長, who may do everything."""
    someone = new_shopper()
    someone.signs_in(*STAFF)
    return someone.client


@pytest.fixture
def settler(shop: None) -> Client:
    """May settle, but take nothing over."""
    user = get_user_model().objects.create_user("sato", "sato@example.com", is_staff=True)
    codes = [name.partition(".")[2] for name in (VIEW, SETTLE)]
    user.user_permissions.set(Permission.objects.filter(codename__in=codes))
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def buys(new_shopper: Callable[[], Shopper]) -> Callable[..., Payment]:
    """Somebody new buys something; the payment."""

    def buy(card: str = GOOD) -> Payment:
        new_shopper().buys(card=card)
        return Payment.objects.latest("pk")

    return buy


@pytest.fixture
def outage(buys: Callable[..., Payment], settings: Any, tmp_path: Any) -> dict[str, Payment]:
    """Two charges whose answer was lost, one of which was never made, between two good ones."""
    clock = SharedClock(tmp_path / "clock")
    settings.ESCOTT = settings.ESCOTT | {"CLOCK_FILE": str(clock.path)}
    payments = {"first": buys(), "lost": buys(LOST), "never": buys(LOST_BEFORE)}
    clock.advance(GRACE + timedelta(minutes=1))  # the list tells whole seconds
    payments["last"] = buys()
    return payments


def exported(simulator: SimulatorServer, *, last: Payment, encoding: str = "sjis") -> Any:
    """The list as the console exports it, were its clock moved like the shop's."""
    codec = {"sjis": "cp932", "utf-8": "utf-8-sig"}[encoding]
    lines = as_csv(simulator.gateway.console(), encoding).decode(codec).splitlines()
    [place] = [place for place, line in enumerate(lines) if last.transaction_code in line]
    asked_at = in_japan(last.operations.get().started_at)
    lines[place] = re.sub(r'^"[^"]*"', f'"{asked_at:%Y/%m/%d %H:%M:%S}"', lines[place])
    return upload("\r\n".join(lines).encode(codec))


def upload(data: bytes, name: str = "list.csv") -> Any:
    return SimpleUploadedFile(name, data, "text/csv")


def dry_run(client: Client, file: Any) -> Any:
    answer = client.post(PAGE, {"file": file})
    assert answer.status_code == 200, answer.content.decode()
    return answer


def press(client: Client, answer: Any, *over: Payment, chosen: Any = None) -> Any:
    """Confirms the dry run with every row, or with those chosen."""
    rows = [row.finding.payment.pk for row in answer.context["rows"]]
    return client.post(
        CONFIRM,
        {
            "decided": answer.context["decided"],
            "settle": rows if chosen is None else [payment.pk for payment in chosen],
            "take_over": [payment.pk for payment in over],
        },
    )


def states(payments: dict[str, Payment]) -> dict[str, str]:
    for payment in payments.values():
        payment.refresh_from_db()
    return {name: payment.state for name, payment in payments.items()}


@pytest.mark.parametrize("encoding", ["sjis", "utf-8"])
def test_many_are_settled_by_one_file(
    encoding: str, outage: dict[str, Payment], manager: Client, simulator: SimulatorServer
) -> None:
    answer = dry_run(manager, exported(simulator, last=outage["last"], encoding=encoding))
    page = answer.content.decode()
    assert outage["lost"].transaction_code in page
    assert states(outage)["lost"] == "unknown", "nothing is changed by looking"

    result = press(manager, answer)

    assert result.status_code == 200
    assert (result.context["done"], result.context["not_done"]) == (2, 0)
    assert states(outage) == {
        "first": "gathered",
        "lost": "gathered",
        "never": "not_charged",
        "last": "gathered",
    }
    assert [attention_of(payment) for payment in outage.values()] == [""] * 4


def test_a_repeat_of_the_same_press_changes_nothing_and_tells_the_same(
    outage: dict[str, Payment], manager: Client, simulator: SimulatorServer
) -> None:
    answer = dry_run(manager, exported(simulator, last=outage["last"]))
    first, again = press(manager, answer), press(manager, answer)
    told = [
        [(each.text, each.good) for each in result.context["results"]] for result in (first, again)
    ]
    assert told[0] == told[1]
    assert outage["lost"].operations.count() == 1


def test_only_the_rows_that_were_chosen_are_carried_out(
    outage: dict[str, Payment], manager: Client, simulator: SimulatorServer
) -> None:
    answer = dry_run(manager, exported(simulator, last=outage["last"]))
    press(manager, answer, chosen=[outage["never"]])
    assert states(outage)["lost"] == "unknown"
    assert states(outage)["never"] == "not_charged"
    assert press(manager, answer, chosen=[]).context["results"] == []


def test_who_comes_second_is_told_row_by_row(
    outage: dict[str, Payment], manager: Client, settler: Client, simulator: SimulatorServer
) -> None:
    file = exported(simulator, last=outage["last"])
    mine = dry_run(manager, file)
    file.seek(0)
    theirs = dry_run(settler, file)
    press(settler, theirs)
    result = press(manager, mine)
    assert (result.context["done"], result.context["not_done"]) == (0, 2)
    assert all(each.result.why for each in result.context["results"])


def test_a_difference_is_taken_over_or_becomes_a_case(
    buys: Callable[..., Payment], manager: Client, simulator: SimulatorServer
) -> None:
    payments = [buys(), buys()]
    for payment in payments:
        simulator.gateway.console_operate(payment.transaction_code, "1Delete")
    answer = dry_run(manager, upload(as_csv(simulator.gateway.console(), "sjis")))
    press(manager, answer, payments[0])
    assert [attention_of(payment) for payment in payments] == ["", "state_differs"]
    assert [Payment.objects.get(pk=each.pk).state for each in payments] == ["cancelled", "gathered"]


def test_without_the_permission_to_resolve_nothing_is_taken_over(
    buys: Callable[..., Payment], settler: Client, simulator: SimulatorServer
) -> None:
    payment = buys()
    simulator.gateway.console_operate(payment.transaction_code, "1Delete")
    answer = dry_run(settler, upload(as_csv(simulator.gateway.console(), "sjis")))
    assert 'name="take_over"' not in answer.content.decode()
    press(settler, answer, payment)
    assert attention_of(payment) == "state_differs"
    assert Payment.objects.get().state == "gathered"


def test_the_page_is_for_those_who_may_settle(
    buys: Callable[..., Payment], shop: None, simulator: SimulatorServer
) -> None:
    buys(LOST)
    user = get_user_model().objects.create_user("viewer", "viewer@example.com", is_staff=True)
    codes = [name.partition(".")[2] for name in (VIEW, RESOLVE)]
    user.user_permissions.set(Permission.objects.filter(codename__in=codes))
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    assert PAGE not in client.get("/dashboard/payments/cases/").content.decode()
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, {"file": upload(b"x")}).status_code == 403
    assert client.post(CONFIRM, {"decided": ""}).status_code == 403
    assert Case.objects.get().closed_at is None


@pytest.mark.parametrize(
    "data",
    [b"", b"\x00\xff\xfe", "列,だけ\r\n".encode(), b"PK\x03\x04"],
    ids=["empty", "no text", "no columns", "spreadsheet"],
)
def test_a_file_that_is_no_list_is_refused_with_the_reason(data: bytes, manager: Client) -> None:
    answer = manager.post(PAGE, {"file": upload(data)})
    assert answer.status_code == 422
    assert "es-row__wrong" in answer.content.decode()


def test_no_file_or_too_large_a_one_is_refused(manager: Client) -> None:
    assert manager.post(PAGE).status_code == 422
    assert manager.post(PAGE, {"file": upload(b"x" * 5_000_001)}).status_code == 422


def test_what_stands_in_the_file_is_shown_as_text_and_never_as_markup(
    buys: Callable[..., Payment], manager: Client, simulator: SimulatorServer
) -> None:
    payment = buys(LOST)
    [charge] = simulator.gateway.charges(payment.transaction_code)
    text = as_csv([charge], "utf-8").decode("utf-8-sig")
    text = text.replace(charge.transaction_id, "<img src=x onerror=alert(1)>")
    page = dry_run(manager, upload((text + '"=cmd|","<script>"\r\n').encode())).content.decode()
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page
    assert "=cmd|" not in page
    assert "&lt;script&gt;" not in page, "what could not be read is named by its line alone"


def test_a_confirmation_that_was_tampered_with_or_is_another_ones_is_refused(
    outage: dict[str, Payment], manager: Client, settler: Client, simulator: SimulatorServer
) -> None:
    answer = dry_run(manager, exported(simulator, last=outage["last"]))
    assert press(settler, answer).status_code == 409
    tampered = {"decided": answer.context["decided"][:-2] + "xx", "settle": [outage["lost"].pk]}
    assert manager.post(CONFIRM, tampered).status_code == 409
    assert states(outage)["lost"] == "unknown"


def test_more_than_one_press_can_bear_is_left_to_the_next(
    outage: dict[str, Payment],
    manager: Client,
    simulator: SimulatorServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(console_list, "MOST_AT_ONCE", 1)
    file = exported(simulator, last=outage["last"])
    answer = dry_run(manager, file)
    assert (len(answer.context["rows"]), answer.context["later"]) == (1, 1)
    assert len(press(manager, answer).context["results"]) == 1
    file.seek(0)
    assert dry_run(manager, file).context["later"] == 0
