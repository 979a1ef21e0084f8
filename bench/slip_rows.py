"""Very many slips, each registered and 未入金: one from the stub gateway, the others its copies."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from bench.notice_forms import AMOUNT, code_of, notice_of
from bench.row_copies import copy_row
from escott.django.models import CollectionAccount, MerchantAccount, Notice, Payment
from escott.django.orders import PayableOrder
from escott.django.services.collection import SlipInstruction, begin_slip, go_on_with_slip
from escott.gateway import Secret
from escott.rules.payer import Payer
from escott.rules.payment_states import PaymentState
from escott.simulator.merchants import DEMO_COLLECTION

_PAYER: Final = Payer(name="山田　花子", kana="ヤマダ　ハナコ", telephone="0312345678")

#: Notices in one statement.
_AT_ONCE: Final = 500

#: The transaction code of copy ``i``, and every other text that names it.
CODE: Final = f"CAST({code_of(0)} + i AS VARCHAR(12))"


def take_slips() -> None:
    """The shop's contract for online collection, in test mode, without a fee."""
    CollectionAccount.objects.update_or_create(
        account=MerchantAccount.current(),
        defaults={
            "enabled": True,
            "merchant_id": DEMO_COLLECTION.merchant_id,
            "test_password": Secret(DEMO_COLLECTION.merchant_pass),
            "charges_fee": False,
        },
    )


def register_slip(order_reference: str) -> Payment:
    """Register the slip of one order at the gateway."""
    order = PayableOrder(order_reference, AMOUNT, email="hanako@example.com")
    instruction = SlipInstruction(payer=_PAYER, product_name="つむぎの手ぬぐい")
    payment = go_on_with_slip(begin_slip(order, instruction))
    assert payment.state == PaymentState.UNPAID, payment
    return payment


def copy_slip(payment: Payment, times: int) -> None:
    """Copy a payment, its history and its slip; the copies' orders are named by their codes."""
    varied = {"id": "-i", "payment_id": "-i"}
    named = {"transaction_code": CODE, "order_reference": CODE}
    copy_row(payment, varied | named, times)
    copy_row(payment.operations.get(), varied | {"key": CODE}, times)
    copy_row(payment.slip, varied | {"kessai_number": CODE}, times)


def store_notices(count: int) -> None:
    """The notices of the slips 1 to ``count`` as the shop stores what it has not processed."""
    now = datetime.now(UTC)
    for first in range(1, count + 1, _AT_ONCE):
        numbers = range(first, min(first + _AT_ONCE, count + 1))
        Notice.objects.bulk_create(
            Notice(received_at=now, due_at=now, raw=Secret(notice_of(number))) for number in numbers
        )
