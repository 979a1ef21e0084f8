"""The register of members: who is one, with which password, and in which state.

Source: protocol.md, section D.
"""

from __future__ import annotations

import hmac
from dataclasses import replace
from datetime import datetime

from escott.gateway.operations import OperateId
from escott.simulator import periods
from escott.simulator.books import Books, Member
from escott.simulator.member_law import MemberStatus
from escott.simulator.options import Options
from escott.simulator.telegrams import Refused, Telegram


class Register:
    """The members in the gateway's books. Counts wrong passwords there."""

    def __init__(self, options: Options, books: Books) -> None:
        self._options = options
        self._books = books

    def find(self, merchant_id: str, kaiin_id: str, now: datetime) -> Member | None:
        """The member, unless the gateway has forgotten it."""
        member = self._books.find_member(merchant_id, kaiin_id)
        return member if member and self._is_remembered(member, now) else None

    def all(self, now: datetime) -> list[Member]:
        """Every member that is not forgotten, as they were registered."""
        return [item for item in self._books.members.values() if self._is_remembered(item, now)]

    def admit(self, telegram: Telegram, operation: OperateId, merchant_id: str) -> Member:
        """The member that ``telegram`` names, which may be used for ``operation``.

        Raises:
            Refused: K71 unknown or wrong password, K74 locked by wrong ones, or what the
                table in ``member_law`` says for its state.
        """
        member = self.find(merchant_id, telegram.get("KaiinId"), telegram.now)
        if member is None or member.status is MemberStatus.DELETED:
            raise Refused("K71")
        given = telegram.get("KaiinPass")
        if not hmac.compare_digest(given.encode(), member.kaiin_pass.encode()):
            raise Refused(self._count(member))
        if member.wrong_passes and member.status is not MemberStatus.LOCKED:
            member = replace(member, wrong_passes=0)
            self._books.put(member)
        self.status_after(member, operation)
        return member

    def status_after(self, member: Member | None, operation: OperateId) -> MemberStatus:
        """The state that ``operation`` leads to.

        Raises:
            Refused: it is not carried out in the member's state.
        """
        cell = self._options.member_law[member.status if member else None][operation]
        if isinstance(cell, str):
            raise Refused(cell)
        return cell

    def _count(self, member: Member) -> str:
        count = member.wrong_passes + 1
        locked = count >= self._options.member_locked_after
        status = MemberStatus.LOCKED if locked else member.status
        self._books.put(replace(member, wrong_passes=count, status=status))
        return "K74" if locked else "K71"

    def _is_remembered(self, member: Member, now: datetime) -> bool:
        deleted = member.status is MemberStatus.DELETED
        return deleted or not periods.is_member_purged(member.added_at, now, self._options)
