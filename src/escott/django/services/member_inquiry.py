"""照会: staff ask the gateway how a saved card stands."""

from __future__ import annotations

from escott.clock import Clock
from escott.django.clock import the_clock
from escott.django.gateway_access import refuse_inside_transaction
from escott.django.models import Member, MemberState
from escott.django.models.member import MemberOperation
from escott.django.services.member_reference import ASK_AFTER, refresh
from escott.django.services.members import MemberBusy
from escott.django.update_row import update_row


def ask_about(member: Member, *, clock: Clock | None = None) -> bool:
    """Bring a saved card's row in line with the gateway; ``False`` if the gateway did not tell.

    Raises:
        MemberBusy: an operation on the card has not ended; its end will tell.
        TransactionManagementError: called inside a transaction.
    """
    refuse_inside_transaction()
    clock = clock or the_clock()
    claim = {"under_way": MemberOperation.ASK, "due_at": clock.now() + ASK_AFTER}
    before = {"under_way": member.under_way, "due_at": member.due_at}
    still = {
        "under_way": (MemberOperation.NONE,),
        "state": (MemberState.VALID, MemberState.INVALID),
    }
    if not update_row(member, claim, still=still):
        raise MemberBusy
    member.under_way = MemberOperation.ASK
    if refresh(member, clock):
        return True
    member.under_way = MemberOperation.NONE
    update_row(member, before, still={"under_way": (MemberOperation.ASK,)})
    return False
