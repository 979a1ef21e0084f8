"""オンライン収納代行: payments by slip, and when something is said to the gateway about them.

====================== =====================================================================
``register``           登録: register a slip for an order
``operations``         変更 and 削除
``asking``             入金を確認: ask now
``inquiry``            2Ref, and what it has told
``conclude``           what follows from that: the one place where a slip becomes paid
``deposit``            入金: the rows of a deposit
``noticing``           入金結果通知: what becomes of the notices that were stored
``genuineness``        whether a notice's sender knows the password
``polling``            ask about the slips that are due; 期限切れ
``reminding``          mails before the last day
``taking_over``        what staff decide where the gateway and our record differ
``notice_purge``       notices that nobody vouches for are not kept for ever
====================== =====================================================================
"""

from escott.django.services.collection.asking import ask_about_deposit
from escott.django.services.collection.conclude import Told
from escott.django.services.collection.instruction import SlipInstruction
from escott.django.services.collection.operations import (
    NotADueDate,
    change_slip,
    delete_slip,
    standing_of_slip,
)
from escott.django.services.collection.register import (
    begin_slip,
    go_on_with_slip,
    slip_page_url,
)
from escott.django.services.collection.taking_over import (
    NothingToTakeOver,
    accept_deposit,
    adopt_deletion,
)

__all__ = [
    "NotADueDate",
    "NothingToTakeOver",
    "SlipInstruction",
    "Told",
    "accept_deposit",
    "adopt_deletion",
    "ask_about_deposit",
    "begin_slip",
    "change_slip",
    "delete_slip",
    "go_on_with_slip",
    "slip_page_url",
    "standing_of_slip",
]
