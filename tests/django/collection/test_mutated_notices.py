"""Notices mutated in every way: none marks as paid what the gateway does not hold for paid."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest

from escott.clock import JST, SettableClock
from escott.django.models import Notice, Operation, Payment, Slip
from escott.django.orders import PayableOrder
from escott.django.services import pay_by_token
from escott.django.services.collection import delete_slip
from escott.django.services.collection.noticing import process_notices_due
from escott.django.services.collection.polling import poll_due
from escott.simulator.live_collection import LiveCollection
from escott.simulator.merchants import DEMO_COLLECTION
from escott.simulator.notice_forms import hash_cd
from tests.django.collection.conftest import FORMER, OWN, Register, again, post
from tests.django.conftest import NEVER
from tests.soak import figure

pytestmark = pytest.mark.usefixtures("in_process")

NOTICES = figure(300, 10_000)
A_BATCH = 100

#: What an attacker, a broken line or a careless tester may write into a field.
VALUES = (
    "", "0", "1", "3780", "000", "999", "OK", "K12", "OK|OK", "-1", "1e3", "３７８０", "\x00", "%",
    "&", "=", "' OR 1=1 --", "<script>", "x" * 300, "202604011200", "20260401", "2026", "null",
)  # fmt: skip


def mutated(chance: random.Random, bodies: list[str]) -> str:
    """One of the true bodies with some changes."""
    pairs = [piece.partition("=")[::2] for piece in chance.choice(bodies).split("&")]
    for _ in range(chance.randint(0, 4)):
        place = chance.randrange(len(pairs))
        name, value = pairs[place]
        other_name, other_value = chance.choice(chance.choice(bodies).split("&")).partition("=")[
            ::2
        ]
        pairs[place] = chance.choice(
            [
                (name, quote(chance.choice(VALUES))),
                (name, other_value),
                (other_name, value),
                (other_name, other_value),
                (name.swapcase(), value),
                (name, value[:-1]),
                (name, value + chance.choice("0aA%")),
            ]
        )
        if chance.random() < 0.2:
            del pairs[chance.randrange(len(pairs))]
        if chance.random() < 0.2:
            pairs.insert(chance.randrange(len(pairs) + 1), chance.choice(pairs))
        if not pairs:
            return ""
    body = "&".join("=".join(pair) for pair in pairs)
    if chance.random() < 0.1:
        cut = chance.randrange(len(body) + 1)
        body = body[:cut] + chance.choice(["", "\ufffd", "%ZZ", "&&", "\r\n"]) + body[cut + 1 :]
    return body


def test_none_of_ten_thousand_mutated_notices_marks_an_unpaid_payment_paid(
    register: Register,
    new_order: Callable[..., PayableOrder],
    token: Callable[..., Any],
    clock: SettableClock,
    till: LiveCollection,
) -> None:
    payments = slips_of_every_kind(register, till, clock)
    payments.append(pay_by_token(new_order(), token("4000000007120001"), clock=clock))
    before = {payment.pk: again_state(payment) for payment in payments}
    bodies = true_looking_bodies(till)
    chance = random.Random(20260401)
    for batch in range(NOTICES // A_BATCH):
        for number in range(A_BATCH):
            body = mutated(chance, bodies)
            answer = post(body, (OWN, FORMER)[number % 2])
            assert answer.status_code == 200, (batch, body)
        while process_notices_due(clock, NEVER):
            pass
        clock.advance(timedelta(seconds=20))
        poll_due(clock, NEVER)
    drain(clock)
    assert {payment.pk: again_state(payment) for payment in payments} == before
    assert not Operation.objects.filter(kind="deposit").exists()
    assert Notice.objects.count() == NOTICES
    assert not Notice.objects.filter(end="").exists()
    assert not Notice.objects.filter(end="deposited").exists()


def again_state(payment: Payment) -> tuple[str, bool, int]:
    payment = Payment.objects.get(pk=payment.pk)
    return payment.state, payment.live, payment.amount


def slips_of_every_kind(
    register: Register, till: LiveCollection, clock: SettableClock
) -> list[Payment]:
    """Unpaid, deleted, lapsed, lost and refused ones."""
    lapsed = register()
    clock.set(datetime(2026, 4, 15, tzinfo=JST))
    poll_due(clock, NEVER)
    assert again(lapsed).state == "lapsed"
    deleted = register()
    delete_slip(deleted.pk, key="delete", actor=None, clock=clock)
    till.trouble("2Add", "lost_after")
    lost = register()
    till.trouble("2Add", "K51")
    refused = register()
    return [lapsed, deleted, lost, refused, register(), register()]


def true_looking_bodies(till: LiveCollection) -> list[str]:
    """What the gateway would send for each slip if it were paid, and with the wrong passwords."""
    bodies = []
    for slip in till.slips():
        [notice] = till.send_notice(slip.transaction_id)
        right = hash_cd(slip.process_pass, notice.recv_num, DEMO_COLLECTION.merchant_pass)
        wrong = hash_cd(slip.process_pass, notice.recv_num, "guessed")
        bodies += [notice.body, notice.body.replace(right, wrong)]
    return bodies


def drain(clock: SettableClock) -> None:
    """The worker, until every notice has its end; the slips may not lapse meanwhile."""
    Slip.objects.update(due_at=None)
    for _ in range(15):
        clock.advance(timedelta(minutes=10))
        while process_notices_due(clock, NEVER):
            pass
