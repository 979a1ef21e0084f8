"""A merchant that speaks オンライン収納代行 to the simulator."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from escott.simulator.slips import Slip, SlipPayment
from tests.simulator.conftest import Answer, Merchant

COLLECTION_PATH = "/online/cnv/OCNV005.do"
FREE1 = "000000000042"
#: What a careful shop sends.
SLIP: dict[str, str | None] = {
    "Amount": "3780",
    "PayLimit": "202601122359",
    "NameKanji": "山田　花子",
    "NameKana": "ヤマダ　ハナコ",
    "TelNo": "0312345678",
    "ShouhinName": "つむぎの手ぬぐい",
    "ReturnURL": "https://shop.example/back",
}
CHANGE: dict[str, str | None] = {"Amount": "4000", "PayLimit": "202601142359"}
STATES = ("unpaid", "paid", "deleted", "expired")

Pair = dict[str, str | None]


class Slips:
    """The slips of one merchant at one simulator."""

    def __init__(self, merchant: Merchant, **fields: str | None) -> None:
        self.merchant = merchant
        self.gateway = merchant.gateway
        self.clock = merchant.clock
        self._fields = fields

    def send(self, operation: str, timeout: float = 10, **fields: str | None) -> Answer:
        telegram = self.merchant.fields(operation, **{**self._fields, **fields})
        return self.merchant.post(COLLECTION_PATH, telegram, timeout)

    def add(self, timeout: float = 10, **fields: str | None) -> Answer:
        return self.send("2Add", timeout, **{**SLIP, **fields})

    def new(self, **fields: str | None) -> Pair:
        """ProcessId and ProcessPass of a new slip."""
        answer = self.add(**fields)
        assert answer.codes == ["OK"]
        return {name: answer.fields[name] for name in ("ProcessId", "ProcessPass")}

    def follow(
        self, operation: str, pair: Pair, timeout: float = 10, **fields: str | None
    ) -> Answer:
        needed = CHANGE if operation == "2Chg" else {}
        return self.send(operation, timeout, **{**pair, **needed, **fields})

    def in_state(self, state: str, **fields: str | None) -> Pair:
        """The pair of a new slip that is in ``state``."""
        pair = self.new(**fields)
        match state:
            case "paid":
                self.pay(fields.get("MerchantFree1") or FREE1)
            case "deleted":
                assert self.follow("2Del", pair).codes == ["OK"]
            case "expired":
                self.clock.advance(timedelta(days=8))
        return pair

    def pay(self, which: str = FREE1, **payment: Any) -> Slip:
        return self.gateway.collection.pay(which, SlipPayment(**payment))

    @property
    def only(self) -> Slip:
        """The only slip there is."""
        (slip,) = self.gateway.collection.slips()
        return slip

    @property
    def now(self) -> datetime:
        return self.clock.now()
