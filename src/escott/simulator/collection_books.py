"""The part of the gateway's books that is about slips and their notices."""

from __future__ import annotations

from datetime import datetime

from escott.simulator.deposit_notices import DepositNotice, NoticeAddress
from escott.simulator.slips import PlannedPayment, PlannedTrouble, Slip

CollectionRecord = Slip | PlannedPayment | PlannedTrouble | DepositNotice | NoticeAddress


class CollectionBooks:
    """Slips, notices, and what is planned, in memory."""

    def __init__(self) -> None:
        self.slips: dict[str, Slip] = {}
        self.planned_payments: dict[str, PlannedPayment] = {}
        self.planned_troubles: dict[str, PlannedTrouble] = {}
        self.notices: dict[str, DepositNotice] = {}
        self.notice_addresses: dict[str, NoticeAddress] = {}
        self._waiting: dict[str, DepositNotice] = {}
        self._by_process_id: dict[str, str] = {}
        self._by_link_code: dict[str, str] = {}

    def put(self, record: CollectionRecord) -> None:
        """Add a record, or replace the one with its key."""
        match record:
            case Slip():
                self.slips[record.transaction_id] = record
                self._by_process_id[record.process_id] = record.transaction_id
                for code in (*record.former_link_codes, record.link_code):
                    self._by_link_code[code] = record.transaction_id
            case PlannedPayment():
                self.planned_payments[record.transaction_id] = record
            case PlannedTrouble():
                self.planned_troubles[record.operation] = record
            case DepositNotice():
                self._put_notice(record)
            case NoticeAddress():
                self.notice_addresses[record.merchant_id] = record

    def _put_notice(self, notice: DepositNotice) -> None:
        self.notices[notice.number] = notice
        if notice.due is None:
            self._waiting.pop(notice.number, None)
        else:
            self._waiting[notice.number] = notice

    def remove(self, record: PlannedPayment | PlannedTrouble) -> None:
        """Take a record away that has served."""
        match record:
            case PlannedPayment():
                del self.planned_payments[record.transaction_id]
            case PlannedTrouble():
                del self.planned_troubles[record.operation]

    def find_by_process_id(self, process_id: str) -> Slip | None:
        """The slip that a telegram names."""
        return self.slips.get(self._by_process_id.get(process_id, ""))

    def find_by_link_code(self, code: str) -> Slip | None:
        """The slip whose page this code opens, or opened before a change."""
        return self.slips.get(self._by_link_code.get(code, ""))

    def next_planned_payment(self, now: datetime) -> PlannedPayment | None:
        """The earliest payment that is due."""
        due = (planned for planned in self.planned_payments.values() if planned.due <= now)
        return min(due, key=lambda planned: planned.due, default=None)

    def waiting_notices(self) -> list[DepositNotice]:
        """The notices that are to be sent, or sent again, as they were made."""
        return list(self._waiting.values())

    def next_notice(self, now: datetime) -> DepositNotice | None:
        """The earliest notice that is due."""
        due = ((notice.due, notice) for notice in self._waiting.values() if notice.due)
        ripe = [(moment, notice.number, notice) for moment, notice in due if moment <= now]
        return min(ripe)[-1] if ripe else None
