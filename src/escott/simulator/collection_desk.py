"""Carries out the telegrams about slips, once merchant and fields are in order.

Source: protocol.md H. Money comes in elsewhere: at the till.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from escott.clock import in_japan
from escott.gateway.operations import OperateId
from escott.simulator import magic_payers, periods
from escott.simulator.answering import Answering, is_put_off
from escott.simulator.books import Books
from escott.simulator.deliveries import Reply
from escott.simulator.magic_payers import PayerOutcome
from escott.simulator.merchants import Merchant
from escott.simulator.notice_forms import deposit_fields
from escott.simulator.options import Options
from escott.simulator.slip_changes import (
    ACCEPTED,
    new_kessai_number,
    new_link_code,
    slip_changed,
    with_slip_entry,
)
from escott.simulator.slip_fields import TEXT_NAMES, read_pay_limit
from escott.simulator.slips import Hand, Slip, SlipAct, SlipPayment
from escott.simulator.telegrams import Refused, Telegram
from escott.simulator.till import Till


class CollectionDesk:
    """The telegrams at OCNV005.do. ``new_id`` makes 32 letters and digits."""

    def __init__(
        self, options: Options, books: Books, till: Till, new_id: Callable[[], str]
    ) -> None:
        self._options = options
        self._books = books
        self._till = till
        self._new_id = new_id
        self._answering = Answering(options, books)

    def answer(self, telegram: Telegram, operation: OperateId, merchant: Merchant) -> Reply:
        """Carry out a telegram.

        Raises:
            Refused: the gateway does not.
        """
        if operation is OperateId.SLIP_ADD:
            return self._register(telegram, merchant)
        return self._proceed(telegram, operation, merchant)

    def _register(self, telegram: Telegram, merchant: Merchant) -> Reply:
        happens = self._happens(telegram, OperateId.SLIP_ADD, telegram.get("NameKana"))
        if happens.decline:
            raise Refused(happens.decline)
        if is_put_off(telegram, happens.trouble):
            return self._answering.undone(telegram, happens.trouble)
        slip = self._new_slip(telegram, merchant)
        self._books.put(slip)
        if happens.is_paid_at_once:
            self._till.pay(slip, SlipPayment(), telegram.now)
        return self._answering.done(telegram, happens.trouble, self._numbers_of(slip), slip)

    def _proceed(self, telegram: Telegram, operation: OperateId, merchant: Merchant) -> Reply:
        slip = self._find(telegram, operation, merchant)
        happens = self._happens(telegram, operation, slip.kana)
        try:
            changed = self._changed(slip, telegram, operation)
            if happens.decline:
                raise Refused(happens.decline)
        except Refused as refused:
            self._note(slip, telegram, operation, refused.codes)
            raise
        if is_put_off(telegram, happens.trouble):
            return self._answering.undone(telegram, happens.trouble)
        self._note(changed, telegram, operation, ACCEPTED)
        told = self._told(changed, operation)
        return self._answering.done(telegram, happens.trouble, told, changed)

    def _happens(self, telegram: Telegram, operation: OperateId, kana: str) -> PayerOutcome:
        """What the payer's name brings, or what was planned for the next telegram."""
        planned = self._books.collection.planned_troubles.get(operation)
        if planned is None or telegram.was_late:
            return magic_payers.outcome_for(kana, operation)
        self._books.take_away(planned)
        if planned.times > 1:
            self._books.put(replace(planned, times=planned.times - 1))
        return magic_payers.OUTCOMES[planned.outcome]

    def _new_slip(self, telegram: Telegram, merchant: Merchant) -> Slip:
        pay_limit = read_pay_limit(telegram.get("PayLimit"))
        if pay_limit is None:
            days = timedelta(days=self._options.default_pay_limit_days or 0)
            pay_limit = (in_japan(telegram.now) + days).replace(
                hour=23, minute=59, second=0, microsecond=0
            )
        slip = Slip(
            transaction_id=telegram.transaction_id,
            merchant_id=merchant.merchant_id,
            tenant_id=telegram.get("TenantId"),
            begun_at=telegram.now,
            merchant_free1=telegram.get("MerchantFree1"),
            merchant_free2=telegram.get("MerchantFree2"),
            merchant_free3=telegram.get("MerchantFree3"),
            process_id=self._new_id(),
            process_pass=self._new_id(),
            amount=int(telegram.get("Amount")),
            pay_limit=pay_limit,
            name=telegram.get("NameKanji"),
            kana=telegram.get("NameKana"),
            telephone=telegram.get("TelNo"),
            product=telegram.get("ShouhinName"),
            return_url=telegram.get("ReturnURL"),
            texts={name: telegram.get(name) for name in TEXT_NAMES if telegram.get(name)},
            kessai_number=new_kessai_number(telegram.transaction_id),
            link_code=new_link_code(self._new_id),
        )
        return _noted(slip, telegram, SlipAct.REGISTER, ACCEPTED)

    def _find(self, telegram: Telegram, operation: OperateId, merchant: Merchant) -> Slip:
        """The slip that ``telegram`` names.

        Raises:
            Refused: K12, for an unknown pair, and after the periods in ``periods``.
        """
        found = self._books.collection.find_by_process_id(telegram.get("ProcessId"))
        if (
            found is None
            or found.merchant_id != merchant.merchant_id
            or not hmac.compare_digest(found.process_pass, telegram.get("ProcessPass"))
            or periods.is_purged(found.begun_at, telegram.now, self._options)
        ):
            raise Refused("K12")
        is_asked = operation is OperateId.SLIP_REFERENCE and self._options.search_after_handling
        if not is_asked and periods.is_over(found.begun_at, telegram.now, self._options):
            raise Refused("K12")
        return found

    def _changed(self, slip: Slip, telegram: Telegram, operation: OperateId) -> Slip:
        amount, pay_limit = slip.amount, slip.pay_limit
        if operation is OperateId.SLIP_CHANGE:
            amount = int(telegram.get("Amount"))
            pay_limit = read_pay_limit(telegram.get("PayLimit")) or pay_limit
        return slip_changed(
            slip,
            operation,
            telegram.now,
            self._options,
            amount=amount,
            pay_limit=pay_limit,
            kessai_number=new_kessai_number(telegram.transaction_id),
            new_id=self._new_id,
        )

    def _note(
        self, slip: Slip, telegram: Telegram, operation: OperateId, codes: tuple[str, ...]
    ) -> None:
        """Write what came of a telegram into the history; an inquiry stands in none."""
        if operation is OperateId.SLIP_REFERENCE:
            return
        self._books.put(_noted(slip, telegram, SlipAct(operation.value), codes))

    def _told(self, slip: Slip, operation: OperateId) -> dict[str, str]:
        match operation:
            case OperateId.SLIP_CHANGE:
                return self._numbers_of(slip)
            case OperateId.SLIP_REFERENCE:
                return self._deposit_of(slip)
            case _:
                return {}

    def _numbers_of(self, slip: Slip) -> dict[str, str]:
        padded = slip.link_code.ljust(self._options.free_area_width)
        return {"KessaiNumber": slip.kessai_number, "FreeArea": padded}

    def _deposit_of(self, slip: Slip) -> dict[str, str]:
        """What 2Ref tells beside the common fields; of several deposits, the first."""
        if not slip.is_paid:
            return {"Amount": str(slip.amount), "CvsCd": slip.cvs_cd}
        return deposit_fields(slip.deposits[0], self._options)


def _noted(slip: Slip, telegram: Telegram, act: SlipAct, codes: tuple[str, ...]) -> Slip:
    number, now = telegram.transaction_id, telegram.now
    return with_slip_entry(slip, act, codes, number=number, now=now, by=Hand.SHOP)
