"""入金結果通知: a notice is a hint. 2Ref decides; each odd notice has its defined end."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from io import BytesIO
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from escott.clock import SettableClock
from escott.django import gateway_access, notice_desk
from escott.django.models import Case, CollectionAccount, MerchantAccount, Notice, Payment, Slip
from escott.django.orders import PayableOrder
from escott.django.services import pay_by_token
from escott.django.services.collection import (
    Told,
    ask_about_deposit,
    begin_slip,
    delete_slip,
    go_on_with_slip,
)
from escott.django.services.collection.notice_purge import KEPT_FOR, delete_untrusted_notices
from escott.django.services.collection.noticing import process_notices_due
from escott.django.services.collection.polling import poll_due
from escott.django.services.recovery import recover_due
from escott.gateway import Client as Wire
from escott.gateway import Secret
from escott.simulator.live_collection import LiveCollection
from escott.simulator.merchants import DEMO_COLLECTION
from escott.simulator.notice_faults import NoticeFault
from escott.simulator.notice_forms import hash_cd
from escott.simulator.slips import SlipPayment as Paying
from tests.cases import attention_of
from tests.django.collection.conftest import (
    FORM,
    FORMER,
    OWN,
    Register,
    again,
    ends,
    instruction,
    post,
    work,
)
from tests.django.conftest import NEVER, at_once

Deliver = Callable[..., list[int]]
NO_MONEY = 3780


def open_kinds() -> list[str]:
    """The kinds of all open cases."""
    opened = Case.objects.filter(closed_at=None).order_by("kind")
    return list(opened.values_list("kind", flat=True))


@pytest.fixture
def inquiries(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the gateway is asked from here on."""
    asked: list[str] = []
    send = Wire.send

    def count(self: Wire, telegram: Any) -> Any:
        asked.append(telegram.operate_id.value)
        return send(self, telegram)

    monkeypatch.setattr(Wire, "send", count)
    return asked


# Taking


@pytest.mark.parametrize("path", [OWN, OWN.rstrip("/"), FORMER])
def test_a_notice_is_stored_whole_and_encrypted_and_answered_at_once(
    path: str, register: Register, till: LiveCollection, inquiries: list[str]
) -> None:
    payment = register()
    inquiries.clear()
    till.pay(payment.transaction_code)
    [sent] = till.notices()
    answer = post(sent.body, path)
    assert (answer.status_code, answer.content) == (200, b"0")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    stored = Notice.objects.get()
    assert stored.raw.reveal().startswith(sent.body)
    assert stored.remote_address == "127.0.0.1"
    assert (again(payment).state, inquiries) == ("unpaid", [])


def test_the_answer_is_a_setting_and_needs_no_query_for_each_notice(
    collection: CollectionAccount, django_assert_num_queries: Any
) -> None:
    collection.notice_reply = "received"
    collection.save()
    assert post("MerchantId=1").content == b"received"
    with django_assert_num_queries(1):
        post("MerchantId=2")


@pytest.mark.parametrize("method", ["get", "head", "put", "delete"])
@pytest.mark.parametrize("path", [OWN, FORMER])
def test_only_a_post_is_a_notice(method: str, path: str, collection: CollectionAccount) -> None:
    answer = getattr(Client(), method)(path)
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert not Notice.objects.exists()


@pytest.mark.parametrize("path", [OWN, FORMER])
def test_both_addresses_work_below_any_script_name(
    path: str, collection: CollectionAccount
) -> None:
    assert post("MerchantId=1", path, SCRIPT_NAME="/shop").status_code == 200
    assert Notice.objects.count() == 1


@pytest.mark.parametrize("path", ["/?wc-api=something", "/pay/100001/?wc-api=wc_sonypayment"])
def test_other_addresses_are_the_sites_own(path: str, collection: CollectionAccount) -> None:
    post("MerchantId=1", path)
    assert not Notice.objects.exists()


def test_neither_log_in_walls_nor_csrf_nor_redirects_keep_a_notice_away(
    collection: CollectionAccount, settings: Any
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.MIDDLEWARE = [
        *settings.MIDDLEWARE,
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.auth.middleware.LoginRequiredMiddleware",
    ]
    strict = Client(enforce_csrf_checks=True)
    for path in (OWN, FORMER):
        answer = strict.post(path, "MerchantId=1", content_type="text/plain")
        assert (answer.status_code, answer.content) == (200, b"0")
    assert strict.get("/pay/100001/").status_code == 301


def test_what_is_longer_than_any_notice_is_not_stored(collection: CollectionAccount) -> None:
    assert post("x" * 8193).status_code == 413
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"", {"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked"}),
        (b"MerchantId=1&Hash", {"CONTENT_LENGTH": "30"}),
    ],
)
def test_what_did_not_arrive_whole_is_not_received(
    body: bytes, headers: dict[str, str], collection: CollectionAccount
) -> None:
    for path in (OWN, FORMER):
        sent: dict[str, Any] = headers | {"wsgi.input": BytesIO(body)}
        answer = Client().generic("POST", path, content_type=FORM, **sent)
        assert (answer.status_code, answer.content) == (400, b"not whole")
    assert not Notice.objects.exists()


def test_a_notice_that_could_not_be_stored_is_answered_500_and_never_0(
    collection: CollectionAccount,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fails(*_row: Any) -> None:
        raise OperationalError("the disk is full")

    monkeypatch.setattr(notice_desk, "insert_row", fails)
    answer = post("MerchantId=1&ProcessPass=s3cret")
    assert answer.status_code == 500
    assert b"0" not in answer.content
    assert "could not be stored" in caplog.text
    assert "s3cret" not in caplog.text


def test_a_list_of_senders_lets_only_them_through(collection: CollectionAccount) -> None:
    collection.notice_addresses = "54.238.10.224\n10.1.0.0/16, 2001:db8::/32"
    collection.save()
    for address, status in (
        ("54.238.10.224", 200),
        ("10.1.2.3", 200),
        ("2001:db8::1", 200),
        ("54.238.10.225", 403),
        ("::1", 403),
    ):
        assert post("MerchantId=1", REMOTE_ADDR=address).status_code == status
    assert Notice.objects.count() == 3


def test_behind_a_proxy_the_sender_is_what_the_trusted_proxy_wrote(
    collection: CollectionAccount, settings: Any
) -> None:
    collection.notice_addresses = "54.238.10.224"
    collection.save()
    proxied = {"REMOTE_ADDR": "10.0.0.2", "HTTP_X_FORWARDED_FOR": "54.238.10.224"}
    assert post("MerchantId=1", **proxied).status_code == 403
    settings.ESCOTT = settings.ESCOTT | {"TRUSTED_PROXIES": 1}
    assert post("MerchantId=1", **proxied).status_code == 200
    forged = proxied | {"HTTP_X_FORWARDED_FOR": "54.238.10.224, 203.0.113.9"}
    assert post("MerchantId=1", **forged).status_code == 403


# What becomes of it


def test_a_notice_of_a_deposit_makes_the_payment_paid(
    register: Register, till: LiveCollection, deliver: Deliver, clock: SettableClock
) -> None:
    payment = register()
    till.pay(payment.transaction_code)
    assert deliver(payment) == [200]
    assert work(clock) == 1
    paid, notice = again(payment), Notice.objects.get()
    assert (paid.state, paid.operations.get(kind="deposit").resolved_by) == ("deposited", "notice")
    assert (notice.end, notice.genuine, notice.payment) == ("deposited", True, paid)
    assert (notice.due_at, notice.leased_until, notice.processed_at) == (None, None, clock.now())


def test_any_post_with_the_merchant_id_marks_no_order_paid_as_the_php_plug_in_does(
    register: Register,
    new_order: Callable[..., PayableOrder],
    token: Callable[..., Any],
    clock: SettableClock,
    till: LiveCollection,
) -> None:
    """The plug-in believes whoever names the merchant: unpaid, failed and card orders alike."""
    unpaid = register()
    till.trouble("2Add", "K51")
    failed = register()
    card = pay_by_token(new_order(), token("4000000007120001"), clock=clock)
    before = {payment.pk: payment.state for payment in Payment.objects.all()}
    for payment in (unpaid, failed, card):
        for path in (OWN, FORMER):
            post(
                f"MerchantId={DEMO_COLLECTION.merchant_id}&TransactionId=1&RecvNum=1"
                f"&NyukinDate=202604011200&Amount={NO_MONEY}&ResponseCd=OK&Condition=000"
                f"&MerchantFree1={payment.transaction_code}&MerchantFree2=1",
                path,
            )
    work(clock)
    clock.advance(timedelta(hours=1))
    poll_due(clock, NEVER)
    assert {payment.pk: payment.state for payment in Payment.objects.all()} == before
    assert set(ends()) == {"untrusted", "unknown_payment"}


def test_a_notice_that_is_sent_again_ends_without_asking_the_gateway(
    register: Register,
    till: LiveCollection,
    deliver: Deliver,
    clock: SettableClock,
    inquiries: list[str],
) -> None:
    payment = register()
    till.pay(payment.transaction_code)
    for _ in range(5):
        deliver(payment)
        work(clock)
    assert inquiries == ["2Add", "2Ref"]
    assert ends() == ["deposited", *["known"] * 4]
    assert payment.operations.filter(kind="deposit").count() == 1


def test_notices_of_one_deposit_at_once_write_it_once(
    register: Register, till: LiveCollection, deliver: Deliver, clock: SettableClock
) -> None:
    payment = register()
    till.pay(payment.transaction_code)
    for _ in range(5):
        deliver(payment)
    at_once([partial(process_notices_due, clock, NEVER) for _ in range(4)])
    assert (again(payment).state, attention_of(payment)) == ("deposited", "")
    assert payment.operations.filter(kind="deposit").count() == 1
    assert set(ends()) <= {"deposited", "known"}


def test_what_every_notice_has_to_know_is_read_once_a_round(
    register: Register, till: LiveCollection, deliver: Deliver, clock: SettableClock
) -> None:
    for payment in (register(), register(), register()):
        till.pay(payment.transaction_code)
        deliver(payment)
    with CaptureQueriesContext(connection) as captured:
        work(clock)
    asked = [query["sql"] for query in captured]
    about_the_contract = [sql for sql in asked if 'FROM "escott_merchantaccount"' in sql]
    about_silence = [sql for sql in asked if sql.startswith("SELECT") and '"asked_at" >' in sql]
    assert (len(about_the_contract), len(about_silence)) == (1, 1)
    assert ends() == ["deposited"] * 3


def test_an_early_notice_waits_for_the_answer_to_the_registration(
    collection: CollectionAccount,
    new_order: Callable[..., PayableOrder],
    till: LiveCollection,
    clock: SettableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    claim, send = begin_slip(new_order(), instruction(), clock=clock), Wire.send

    def paid_before_the_answer(self: Wire, telegram: Any) -> Any:
        monkeypatch.setattr(Wire, "send", send)
        outcome = send(self, telegram)
        till.pay(telegram.transaction_code)
        post(till.notices()[0].body)
        work(clock)
        assert ends() == [""]
        return outcome

    monkeypatch.setattr(Wire, "send", paid_before_the_answer)
    payment = go_on_with_slip(claim, clock=clock)
    assert payment.state == "unpaid"
    work(clock, after=timedelta(seconds=5))
    assert (again(payment).state, ends()) == ("deposited", ["deposited"])


@pytest.mark.parametrize("genuine", [True, False])
def test_a_notice_for_a_lost_registration_is_for_staff(
    genuine: bool, register: Register, till: LiveCollection, clock: SettableClock
) -> None:
    till.trouble("2Add", "lost_after")
    payment = register()
    faults = () if genuine else ("wrong_hash",)
    till.pay(payment.transaction_code, Paying(faults=faults))
    post(till.notices()[0].body)
    work(clock)
    lost = again(payment)
    assert (lost.state, lost.live) == ("lost", False)
    if genuine:
        assert (attention_of(lost), ends()) == ("deposit_after_end", ["for_staff"])
        assert (lost.slip.deposited_amount, bool(lost.process_id)) == (3780, True)
    else:
        assert (attention_of(lost), ends()) == ("", ["untrusted"])
        assert not lost.process_id


def test_a_wrong_hash_is_flagged_and_only_has_the_gateway_asked_a_little_sooner(
    register: Register,
    till: LiveCollection,
    deliver: Deliver,
    clock: SettableClock,
    inquiries: list[str],
) -> None:
    payment = register()
    till.pay(payment.transaction_code, Paying(faults=("wrong_hash",)))
    deliver(payment)
    work(clock)
    assert (again(payment).state, ends(), inquiries) == ("unpaid", ["untrusted"], ["2Add"])
    assert Notice.objects.get().genuine is False
    assert again(payment).slip.due_at == clock.now()
    poll_due(clock, NEVER)
    assert again(payment).state == "deposited"
    assert open_kinds() == ["notice_untrusted"]


def test_whoever_sends_forged_notices_has_a_slip_asked_about_every_five_minutes_at_most(
    register: Register, till: LiveCollection, clock: SettableClock, inquiries: list[str]
) -> None:
    payment = register()
    [forged] = till.send_notice(payment.transaction_code, (NoticeFault.WRONG_HASH,))
    inquiries.clear()
    for _ in range(30):
        for _ in range(4):
            post(forged.body)
        work(clock, after=timedelta(seconds=20))
        poll_due(clock, NEVER)
    assert len(inquiries) == 2  # in ten minutes
    assert again(payment).state == "unpaid"
    [case] = Case.objects.all()
    assert (case.kind, case.payment, case.seen["count"]) == ("notice_untrusted", None, 120)


@pytest.mark.parametrize(("late", "state"), [(True, "deposited"), (False, "lapsed")])
def test_a_wrong_hash_has_the_gateway_asked_about_a_slip_that_is_left_alone_as_well(
    late: bool, state: str, register: Register, till: LiveCollection, clock: SettableClock
) -> None:
    payment = register()
    Payment.objects.filter(pk=payment.pk).update(state="lapsed", live=False)
    Slip.objects.update(due_at=None)
    if late:
        till.pay(payment.transaction_code)
    [forged] = till.send_notice(payment.transaction_code, (NoticeFault.WRONG_HASH,))
    post(forged.body)
    work(clock)
    assert again(payment).state == "lapsed"

    assert poll_due(clock, NEVER) == 1

    assert again(payment).state == state


@pytest.mark.parametrize("told", ["K12", "unpaid"])
def test_a_wrong_hash_for_a_deleted_slip_has_the_gateway_asked_once(
    told: str, register: Register, till: LiveCollection, clock: SettableClock
) -> None:
    payment = register()
    [forged] = till.send_notice(payment.transaction_code, (NoticeFault.WRONG_HASH,))
    if told == "K12":
        delete_slip(payment.pk, key="d", actor=None, clock=clock)
    else:
        Payment.objects.filter(pk=payment.pk).update(state="deleted", live=False)
        Slip.objects.update(due_at=None)
    post(forged.body)
    work(clock)

    assert [poll_due(clock, NEVER) for _ in range(2)] == [1, 0]

    assert (again(payment).state, again(payment).slip.due_at) == ("deleted", None)


@pytest.mark.parametrize(
    ("fault", "end", "case"),
    [
        (NoticeFault.OTHER_MERCHANT, "other_merchant", ["notice_unmatched"]),
        (NoticeFault.UNKNOWN_FREE1, "unknown_payment", ["notice_unmatched"]),
        (NoticeFault.UNKNOWN_CONDITION, "for_staff", ["deposit_condition"]),
        (NoticeFault.GARBLED, "unreadable", []),
        (NoticeFault.WRONG_AMOUNT, "deposited", []),
    ],
)
def test_each_odd_notice_has_its_end(
    fault: NoticeFault,
    end: str,
    case: list[str],
    register: Register,
    till: LiveCollection,
    deliver: Deliver,
    clock: SettableClock,
) -> None:
    payment = register()
    till.pay(payment.transaction_code, Paying(faults=(fault,)))
    deliver(payment)
    deliver(payment)
    work(clock)
    assert set(ends()) <= {end, "known"}
    assert open_kinds() == case
    told_by_the_gateway = fault in {NoticeFault.UNKNOWN_CONDITION, NoticeFault.WRONG_AMOUNT}
    assert (again(payment).state == "deposited") is told_by_the_gateway


def test_a_forged_notice_for_no_payment_is_counted_and_not_each_a_case(
    register: Register, till: LiveCollection, clock: SettableClock
) -> None:
    payment = register()
    wrong = (NoticeFault.UNKNOWN_FREE1, NoticeFault.WRONG_HASH)
    [forged] = till.send_notice(payment.transaction_code, wrong)
    for _ in range(3):
        post(forged.body)
    work(clock)
    assert ends() == ["unknown_payment"] * 3
    [case] = Case.objects.all()
    assert (case.kind, case.seen["count"]) == ("notice_untrusted", 3)


def test_a_genuine_notice_that_the_gateway_does_not_confirm_marks_nothing_paid(
    register: Register, till: LiveCollection, clock: SettableClock
) -> None:
    payment = register()
    [untrue] = till.send_notice(payment.transaction_code)
    post(untrue.body)
    for _ in range(10):
        work(clock, after=timedelta(minutes=10))
    assert (again(payment).state, ends()) == ("unpaid", ["not_paid"])
    assert open_kinds() == ["deposit_condition"]


def test_another_amount_is_for_staff(
    register: Register, till: LiveCollection, deliver: Deliver, clock: SettableClock
) -> None:
    payment = register()
    till.pay(payment.transaction_code, Paying(amount=3000))
    deliver(payment)
    deliver(payment)
    work(clock)
    assert (again(payment).state, ends()) == ("unpaid", ["for_staff", "known"])
    assert attention_of(payment) == "deposit_amount"


def test_a_slip_that_is_paid_twice_is_for_staff(
    register: Register, till: LiveCollection, deliver: Deliver, clock: SettableClock
) -> None:
    payment = register()
    till.pay(payment.transaction_code, Paying(times=2))
    deliver(payment)
    work(clock)
    assert (again(payment).state, ends()) == ("deposited", ["deposited", "for_staff"])
    assert attention_of(payment) == "paid_twice"


def test_a_notice_after_a_deletion_is_for_staff(
    register: Register, till: LiveCollection, deliver: Deliver, clock: SettableClock
) -> None:
    payment = register()
    delete_slip(payment.pk, key="delete", actor=None, clock=clock)
    till.pay(payment.transaction_code, Paying(anyway=True))
    deliver(payment)
    work(clock)
    assert (again(payment).state, ends()) == ("deleted", ["for_staff"])
    assert attention_of(payment) == "deposit_after_end"


def test_a_notice_of_one_slip_pays_no_other(
    register: Register, till: LiveCollection, clock: SettableClock
) -> None:
    """Its HashCd proves knowledge of its own ProcessPass, and of no other."""
    paid, other = register(), register()
    till.pay(paid.transaction_code)
    [notice] = till.notices()
    post(notice.body.replace(paid.transaction_code, other.transaction_code))
    work(clock)
    assert (again(other).state, ends()) == ("unpaid", ["untrusted"])
    poll_due(clock, NEVER)
    assert again(other).state == "unpaid"


def test_a_test_notice_never_touches_a_production_payment(
    register: Register, till: LiveCollection, deliver: Deliver, clock: SettableClock
) -> None:
    payment = register()
    till.pay(payment.transaction_code)
    CollectionAccount.objects.update(production_password=Secret("anotherPassword"))
    Payment.objects.update(mode="production")
    MerchantAccount.objects.update(mode="production")
    deliver(payment)
    work(clock)
    assert (again(payment).state, ends()) == ("unpaid", ["untrusted"])


@pytest.mark.parametrize(("days", "end"), [(0, "deposited"), (6, "deposited"), (8, "untrusted")])
def test_the_former_password_is_good_for_seven_days_after_its_change(
    days: int, end: str, register: Register, till: LiveCollection, clock: SettableClock
) -> None:
    payment = register()
    till.pay(payment.transaction_code)
    [notice] = till.notices()
    process_pass = till.slip(payment.transaction_code).process_pass
    hashed = hash_cd(process_pass, notice.recv_num, DEMO_COLLECTION.merchant_pass)
    former = hash_cd(process_pass, notice.recv_num, "theOneBefore")
    CollectionAccount.objects.update(
        former_test_password=Secret("theOneBefore"), test_password_changed_at=clock.now()
    )
    clock.advance(timedelta(days=days))
    post(notice.body.replace(hashed, former))
    work(clock)
    assert ends() == [end]


def test_a_gateway_that_does_not_answer_has_the_notice_looked_at_again(
    register: Register,
    till: LiveCollection,
    deliver: Deliver,
    clock: SettableClock,
    inquiries: list[str],
) -> None:
    payment = register()
    till.pay(payment.transaction_code)
    till.trouble("2Ref", "lost_before", times=2)
    deliver(payment)
    inquiries.clear()
    work(clock)
    for _ in range(11):
        work(clock, after=timedelta(seconds=5))
    assert (ends(), inquiries) == ([""], ["2Ref"])  # left alone for a minute
    for _ in range(6):
        work(clock, after=timedelta(minutes=1, seconds=1))
    assert (again(payment).state, ends()) == ("deposited", ["deposited"])


@pytest.fixture
def production(in_process: None, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Puts the shop into production, whose gateway is the simulator too."""
    monkeypatch.setattr(gateway_access, "PRODUCTION", gateway_access.endpoints_of("test"))

    def switch() -> None:
        password = CollectionAccount.objects.get().test_password
        CollectionAccount.objects.update(production_password=password)
        MerchantAccount.objects.update(mode="production")

    return switch


def test_a_test_gateway_that_does_not_answer_holds_up_nothing_in_production(
    register: Register,
    till: LiveCollection,
    deliver: Deliver,
    clock: SettableClock,
    production: Callable[[], None],
) -> None:
    left_over = register()
    production()
    told, untold = register(), register()
    for payment in (told, untold):
        till.pay(payment.transaction_code)
    till.trouble("2Ref", "lost_before")
    assert ask_about_deposit(left_over.pk, clock=clock) is Told.NO_ANSWER
    deliver(told)
    work(clock)
    assert (again(told).state, ends()) == ("deposited", ["deposited"])

    clock.advance(timedelta(minutes=10))
    till.trouble("2Ref", "lost_before")
    assert ask_about_deposit(left_over.pk, clock=clock) is Told.NO_ANSWER
    assert poll_due(clock, NEVER) == 1
    assert again(untold).state == "deposited"


def test_a_slip_that_the_gateway_tells_nothing_of_holds_up_no_other(
    register: Register,
    till: LiveCollection,
    deliver: Deliver,
    clock: SettableClock,
) -> None:
    odd, told, untold = register(), register(), register()
    clock.advance(timedelta(minutes=10))
    Slip.objects.exclude(payment=odd).update(due_at=clock.now() + timedelta(seconds=30))
    for payment in (told, untold):
        till.pay(payment.transaction_code)
    till.trouble("2Ref", "K14")
    assert poll_due(clock, NEVER) == 1
    assert again(odd).slip.due_at == clock.now() + timedelta(minutes=10)
    deliver(told)
    work(clock)
    assert (again(told).state, ends()) == ("deposited", ["deposited"])
    clock.advance(timedelta(seconds=30))
    till.trouble("2Ref", "K14")
    Slip.objects.filter(payment=odd).update(due_at=clock.now() - timedelta(seconds=1))
    assert poll_due(clock, NEVER) == 2
    assert again(untold).state == "deposited"
    assert again(odd).state == "unpaid"


def test_a_genuine_notice_that_the_gateway_tells_nothing_about_is_looked_at_again(
    register: Register, till: LiveCollection, deliver: Deliver, clock: SettableClock
) -> None:
    payment = register()
    till.pay(payment.transaction_code)
    till.trouble("2Ref", "K14")
    deliver(payment)
    work(clock)
    assert (again(payment).state, ends()) == ("unpaid", [""])
    work(clock, after=timedelta(seconds=5))
    assert (again(payment).state, ends()) == ("deposited", ["deposited"])


def test_a_worker_that_dies_at_a_notice_leaves_it_to_the_next(
    register: Register,
    till: LiveCollection,
    deliver: Deliver,
    clock: SettableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    payment = register()
    till.pay(payment.transaction_code)
    deliver(payment)

    def dies(self: Wire, telegram: Any) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(Wire, "send", dies)
        with pytest.raises(KeyboardInterrupt):
            work(clock)
    assert work(clock) == 0
    work(clock, after=timedelta(minutes=3))
    assert (again(payment).state, ends()) == ("deposited", ["deposited"])


def test_a_notice_that_breaks_our_own_code_does_not_keep_the_others_waiting(
    register: Register,
    till: LiveCollection,
    deliver: Deliver,
    clock: SettableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from escott.django.services.collection import noticing

    first, second = register(), register()
    is_genuine = noticing.is_genuine_for

    def defect(payment: Payment, *rest: Any) -> bool:
        if payment.pk == first.pk:
            raise ZeroDivisionError
        return is_genuine(payment, *rest)

    monkeypatch.setattr(noticing, "is_genuine_for", defect)
    for payment in (first, second):
        till.pay(payment.transaction_code)
        deliver(payment)
    for _ in range(40):
        work(clock, after=timedelta(minutes=10))
    assert (again(first).state, again(second).state) == ("unpaid", "deposited")
    assert ends() == ["for_staff", "deposited"]
    assert open_kinds() == ["notice_unmatched"]


def test_notices_that_prove_nothing_are_deleted_after_some_weeks_and_the_others_kept(
    register: Register, till: LiveCollection, deliver: Deliver, clock: SettableClock
) -> None:
    payment = register()
    till.pay(payment.transaction_code)
    deliver(payment)
    post("MerchantId=1&MerchantFree1=000000000001")
    for fault in (NoticeFault.OTHER_MERCHANT, NoticeFault.UNKNOWN_FREE1):
        [strange] = till.send_notice(payment.transaction_code, (fault,))
        post(strange.body)
    work(clock)
    clock.advance(KEPT_FOR)
    assert delete_untrusted_notices(clock, NEVER) == 0
    clock.advance(timedelta(seconds=1))
    assert delete_untrusted_notices(clock, NEVER) == 1
    assert ends() == ["deposited", "other_merchant", "unknown_payment"]


def test_the_secrets_of_a_notice_stand_in_no_log_and_no_repr(
    register: Register,
    till: LiveCollection,
    deliver: Deliver,
    clock: SettableClock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    payment = register()
    till.pay(payment.transaction_code, Paying(faults=("doubled",)))
    deliver(payment)
    post(till.notices()[0].body + "&Amount=broken")
    work(clock)
    secrets = (
        till.slip(payment.transaction_code).process_pass,
        DEMO_COLLECTION.merchant_pass,
        till.slip(payment.transaction_code).link_code,
    )
    written = [caplog.text, *map(repr, Notice.objects.all()), repr(again(payment))]
    written += [repr(again(payment).slip), *map(str, Notice.objects.values_list("note", flat=True))]
    for text in written:
        assert not any(secret in text for secret in secrets)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT raw FROM escott_notice")
        assert not any(secret in raw for [raw] in cursor.fetchall() for secret in secrets)


def test_recovery_gives_up_a_registration_and_its_early_notice_goes_to_staff(
    collection: CollectionAccount,
    new_order: Callable[..., PayableOrder],
    till: LiveCollection,
    clock: SettableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    claim, send = begin_slip(new_order(), instruction(), clock=clock), Wire.send

    def dies(self: Wire, telegram: Any) -> Any:
        send(self, telegram)
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(Wire, "send", dies)
        with pytest.raises(KeyboardInterrupt):
            go_on_with_slip(claim, clock=clock)
    till.pay(claim.payment.transaction_code)
    post(till.notices()[0].body)
    work(clock)
    clock.advance(timedelta(minutes=3))
    recover_due(clock, NEVER)
    work(clock)
    assert (again(claim.payment).state, ends()) == ("lost", ["for_staff"])
    assert attention_of(claim.payment) == "deposit_after_end"
    assert Slip.objects.get().deposited_amount == NO_MONEY
