"""The plain site that is paid at: its merchant account, its books, and two ways to pay."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Final, Self

from django.conf import settings
from django.core.management import call_command
from django.db import close_old_connections, connection
from django.dispatch import receiver
from django.test.utils import override_settings

from bench.driver import Row
from bench.floor import OPERATIONS, PAYMENTS, Floor, Rows
from escott.django.models import MerchantAccount
from escott.django.orders import PayableOrder
from escott.django.services import carry_out, claim_payment, pay_by_token
from escott.django.services.instruction import CardInstruction
from escott.django.signals import payment_changed
from escott.gateway import Secret
from escott.simulator.merchants import DEMO_CARDS

Pay = Callable[[str], None]

AMOUNT: Final = 3780
_numbers = count(100001)


def _order() -> PayableOrder:
    return PayableOrder(str(next(_numbers)), AMOUNT, email="hanako@example.com")


@receiver(payment_changed)
def _told(**_change: object) -> None:
    """A host that listens, so that each change is announced in a transaction, as in any shop."""


def _pay_through_the_module(token: str) -> None:
    payment = pay_by_token(_order(), Secret(token))
    assert payment.is_paid, payment
    close_old_connections()  # as Django does after each request


@dataclass(frozen=True, slots=True)
class Site:
    """A site that is set up and has seen one payment, which the floor copies."""

    started: Rows
    ended: Rows

    @classmethod
    def new(cls, stub: str) -> Self:
        """Make the tables, the account, and one payment at the stub gateway."""
        call_command("migrate", verbosity=0)
        MerchantAccount.objects.create(
            merchant_id=DEMO_CARDS.merchant_id,
            test_password=Secret(DEMO_CARDS.merchant_pass),
            token_code=DEMO_CARDS.token_code,
            secure_use="dont_use",
            card_enabled=True,
        )
        with _gateway_at(stub):
            claim = claim_payment(_order(), CardInstruction(token=Secret("0123456789abcdef" * 2)))
            started = Rows.of(claim.payment)
            return cls(started, Rows.of(carry_out(claim)))

    @contextmanager
    def paying_at(self, address: str) -> Iterator[tuple[Pay, Pay]]:
        """The two ways to pay at the gateway at ``address``: by the module, at the floor."""
        with _gateway_at(address), Floor(address, self.started, self.ended) as floor:
            yield _pay_through_the_module, floor.pay

    def fill_books(self, payments: int) -> None:
        """Leave exactly so many payments in the books, copies of the one that ended."""
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {OPERATIONS}")
            cursor.execute(f"DELETE FROM {PAYMENTS}")
        number = "CAST(1000000000 + i AS VARCHAR(12))"
        _copy(
            PAYMENTS,
            self.ended.payment,
            {"id": "-i", "transaction_code": number, "order_reference": number},
            payments,
        )
        _copy(
            OPERATIONS,
            self.ended.operation,
            {"id": "-i", "payment_id": "-i", "key": number},
            payments,
        )
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _copy(table: str, row: Row, names: dict[str, str], times: int) -> None:
    """Insert the row so many times; ``names`` are the columns that differ, as SQL of ``i``."""
    rest = {name: value for name, value in row.items() if name not in names}
    columns = ", ".join([*names, *rest])
    values = ", ".join([*names.values(), *["%s"] * len(rest)])
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE numbers(i) AS "
            "(SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < %s) "
            f"INSERT INTO {table} ({columns}) SELECT {values} FROM numbers",
            [times, *rest.values()],
        )


@contextmanager
def _gateway_at(address: str) -> Iterator[None]:
    with override_settings(ESCOTT=settings.ESCOTT | {"TEST_GATEWAY_URL": address}):
        yield
