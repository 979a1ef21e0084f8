"""要対応 of slips in the words of staff; the rows of :mod:`escott.django.case_texts` about them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_noop as noop

from escott.django.case_situations import Situation

_LOOK: Final = noop(
    "Look it up in the gateway's console with the search keys, and write down here what it shows."
)
_WAIT: Final = noop(
    "The shop goes on asking the gateway by itself. You may ask at once, or wait a few minutes."
)
_NO_ANSWER: Final = noop("The gateway's answer to %(operation)s (%(asked)s) did not arrive.")
_NEVER_TOLD: Final = noop(
    "The gateway's answer to %(operation)s (%(asked)s) did not arrive, and asking it does not tell."
)
_WHICH_NUMBER: Final = noop(
    "Nobody knows yet by which number the customer can pay. A deposit is noticed all the same, and "
    "a slip can be changed once only."
)
_STILL_PAYABLE: Final = noop(
    "Nobody knows yet whether the slip can still be paid. A deposit is noticed all the same."
)

#: One row for each situation: what happened, the money, the next step.
TEXTS_OF_SLIPS: Final[Mapping[Situation, tuple[str, str, str]]] = {
    Situation.SLIP_CHANGE_ASKED_ABOUT: (_NO_ANSWER, _WHICH_NUMBER, _WAIT),
    Situation.SLIP_CHANGE_UNTOLD: (_NEVER_TOLD, _WHICH_NUMBER, _LOOK),
    Situation.SLIP_DELETION_ASKED_ABOUT: (_NO_ANSWER, _STILL_PAYABLE, _WAIT),
    Situation.SLIP_DELETION_UNTOLD: (_NEVER_TOLD, _STILL_PAYABLE, _LOOK),
    Situation.SLIP_LATE_SUCCESS: (
        noop("The gateway's OK arrived after the operation had been taken for not done."),
        noop("The slip was changed or cancelled after all, and our record says so now. No money "
             "has moved by it."),
        noop("Open the payment and the order, and see that they agree; then close this with a "
             "note."),
    ),
    Situation.DEPOSIT_FOR_CLOSED_ORDER: (
        noop("A deposit of %(amount)s came (%(deposit)s) for an order that was cancelled or "
             "refunded."),
        noop("The customer has paid %(amount)s for nothing so far. A deposit cannot be cancelled."),
        noop("Open the order. If it is cancelled and can be carried out, reopen it there; if not, "
             "give the money back by bank transfer and record it, then close this with a note."),
    ),
    Situation.DEPOSIT_AMOUNT: (
        noop("%(found)s was paid in (%(deposit)s); the slip asks for %(amount)s."),
        noop("The gateway pays %(found)s out to the shop. Our record says that the payment is "
             "unpaid still, and the order waits."),
        noop("Open the payment and accept what was paid in. Then settle the difference with the "
             "customer: by an order of its own, or by giving money back."),
    ),
    Situation.DEPOSIT_AFTER_END: (
        noop("%(found)s was paid in (%(deposit)s) by a slip that was cancelled, had run out, or "
             "whose registration was not answered."),
        noop("The customer has paid %(found)s for nothing so far."),
        noop("Open the payment and the order. If the order can be carried out, accept the deposit; "
             "if not, give the money back by bank transfer. Then close this with a note."),
    ),
    Situation.DEPOSIT_CONTRADICTED: (
        noop("The gateway has told of a deposit, and has said since then that the slip is "
             "deleted."),
        noop("Our record says that %(amount)s is paid in. The deposit may not be paid out."),
        noop("Do not ship before this is clear. Look the payment up in the gateway's console, or "
             "ask the gateway's support with the search keys; then close this with a note."),
    ),
    Situation.DEPOSIT_CONDITION: (
        noop("A deposit notice came with the condition “%(condition)s”; that of an ordinary "
             "deposit is 000."),
        noop("Our record follows what the gateway tells when it is asked. The notice may mean that "
             "a deposit was taken back."),
        noop("Look the payment up in the gateway's console. If the deposit was taken back, do not "
             "ship, and ask the gateway's support; then close this with a note."),
    ),
    Situation.DEPOSIT_DENIED: (
        noop("A genuine deposit notice of %(found)s came (%(deposit)s), and the gateway says when "
             "it is asked that nothing was paid in."),
        noop("Our record follows what the gateway tells when it is asked: it is not paid in."),
        noop("Look the payment up in the gateway's console, or ask the gateway's support with the "
             "search keys; then close this with a note."),
    ),
    Situation.PAID_TWICE: (
        noop("%(found)s was paid in (%(deposit)s) by a slip that had ended, and the order has "
             "another payment that stands."),
        noop("The customer has paid twice, or is about to."),
        noop("Open the order. Give %(found)s back by bank transfer, or cancel the other payment "
             "and accept this deposit; then close this with a note."),
    ),
    Situation.PAID_AGAIN: (
        noop("Another %(found)s was paid in by the same slip (%(deposit)s)."),
        noop("The customer has paid twice."),
        noop("Look the payment up in the gateway's console. Give what was paid twice back by bank "
             "transfer and record it; then close this with a note."),
    ),
    Situation.NOTICE_UNMATCHED: (
        noop("A genuine deposit notice of %(found)s came for transaction code %(code)s, and no "
             "slip of this shop has it."),
        noop("Somebody has paid in by the shop's contract, and no order here takes it."),
        noop("Look the code up in the gateway's console. If the slip belongs to an order of this "
             "shop, carry the order out or give the money back; then close this with a note."),
    ),
    Situation.NOTICE_NOT_READ: (
        noop("Deposit notice no. %(notice)s (transaction code %(code)s) could not be processed: "
             "the shop's software failed, and the log says where."),
        noop("If it was paid in, the shop finds out by itself when it next asks the gateway."),
        noop("Open the payment of this transaction code, ask whether it is paid in, and tell your "
             "developers; then close this with a note."),
    ),
    Situation.NOTICE_UNTRUSTED: (
        noop("%(count)s deposit notices came whose HashCd was not made with this shop's "
             "password."),
        noop("Nothing was booked by them. The gateway is asked instead, so that deposits which it "
             "knows of are booked all the same."),
        noop("Check whether the merchant password in the settings is that of the gateway's "
             "console. If it is, somebody forges notices: let only the gateway's addresses send "
             "them. Then close this with a note."),
    ),
    Situation.SLIP_GONE: (
        noop("The gateway does not know the slip any more (K12)."),
        noop("Nobody can pay it any more. Our record says that it waits for its deposit."),
        noop("Look it up in the gateway's console. If it was cancelled there, open the payment and "
             "treat the slip as cancelled."),
    ),
    Situation.SLIP_LINK_LOST: (
        noop("The gateway was asked to change the slip, and the new payment number did not "
             "arrive."),
        noop("The number that the customer has may be worth nothing, and a slip can be changed "
             "once only."),
        noop("Look the new number up in the gateway's console and tell it to the customer. Or "
             "cancel the slip, and have the customer pay anew."),
    ),
}  # fmt: skip
