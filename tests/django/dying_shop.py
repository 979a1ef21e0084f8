"""A shop process that is killed (SIGKILL) while it pays: before it sends, or once it is answered.

Run as ``python -m tests.django.dying_shop DATABASE GATEWAY ORDER TOKEN before|after``.
"""

import os
import signal
import sys
from datetime import datetime

import django
from django.conf import settings

from escott.clock import JST, SettableClock
from escott.gateway.https import UrllibTransport
from escott.gateway.secret import Secret
from escott.gateway.transport import HttpAnswer, Timeouts


class DyingTransport(UrllibTransport):
    """Ends the process without a word, at the moment that was asked for."""

    def post(self, url: str, body: bytes, *, timeouts: Timeouts) -> HttpAnswer:
        if b"OperateId=1TokenSearch" in body or b"OperateId=4MemRefToken" in body:
            return super().post(url, body, timeouts=timeouts)
        if sys.argv[5] == "after":
            super().post(url, body, timeouts=timeouts)
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("still alive")


def main() -> None:
    """Pay, and die."""
    _, database, gateway, reference, token, _when = sys.argv
    settings.DATABASES["default"]["NAME"] = database
    settings.ESCOTT |= {
        "TEST_GATEWAY_URL": gateway,
        "TRANSPORT": "tests.django.dying_shop.DyingTransport",
    }
    django.setup()
    from escott.django.orders import PayableOrder
    from escott.django.services import pay_by_token

    order = PayableOrder(reference=reference, amount=3780)
    clock = SettableClock(datetime(2026, 4, 1, 12, 0, tzinfo=JST))
    pay_by_token(order, Secret(token), clock=clock)


if __name__ == "__main__":
    main()
