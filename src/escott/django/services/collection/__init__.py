"""オンライン収納代行: payments by slip, and when something is said to the gateway about them.

====================== =====================================================================
``register``           登録: register a slip for an order
``operations``         変更 and 削除
``asking``             入金を確認: ask now
``inquiry``            2Ref, and what it has told
``conclude``           what follows from that: the one place where a slip becomes paid
``deposit``            入金: the rows of a deposit
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

__all__ = [
    "NotADueDate",
    "SlipInstruction",
    "Told",
    "ask_about_deposit",
    "begin_slip",
    "change_slip",
    "delete_slip",
    "go_on_with_slip",
    "slip_page_url",
    "standing_of_slip",
]
