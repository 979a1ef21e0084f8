"""要対応 in the words of staff: what happened, what it means for the money, and the next step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from escott.django.models import Case, CaseKind, Operation, OperationState
from escott.django.models.operation import OPERATION_LABELS
from escott.django.obstacle_texts import why_not_possible
from escott.rules.collection_states import CollectionOperation
from escott.rules.drift import Drift
from escott.rules.operability import Obstacle
from escott.rules.payment_methods import PaymentMethod
from escott.rules.yen import format_yen

#: The order of the queue: first where a card may be charged twice, or somebody waits.
URGENCY: Final = (
    CaseKind.RESULT_UNKNOWN,
    CaseKind.LATE_SUCCESS,
    CaseKind.LATE_DOUBT,
    CaseKind.ORDER_CLOSED,
    CaseKind.PAID_TWICE,
    CaseKind.DEPOSIT_AMOUNT,
    CaseKind.DEPOSIT_AFTER_END,
    CaseKind.NOTICE_UNMATCHED,
    CaseKind.DEPOSIT_CONDITION,
    CaseKind.STATE_DIFFERS,
    CaseKind.AMOUNT_DIFFERS,
    CaseKind.GONE,
    CaseKind.SLIP_GONE,
    CaseKind.SLIP_LINK_LOST,
    CaseKind.EXPIRED,
    CaseKind.OPERATION_FAILED,
    CaseKind.TOTAL_DIFFERS,
    CaseKind.NOTICE_UNTRUSTED,
)


class Situation(StrEnum):
    """What lies behind a case, finer than its kind."""

    CHARGE_ASKED_ABOUT = "charge_asked_about"  # the worker still asks
    CHARGE_UNTOLD = "charge_untold"  # it is the turn of staff
    OPERATION_ASKED_ABOUT = "operation_asked_about"
    OPERATION_UNTOLD = "operation_untold"
    ALREADY_KNOWN = "already_known"  # the result has come meanwhile
    SLIP_OPERATION_ASKED_ABOUT = "slip_operation_asked_about"
    SLIP_OPERATION_UNTOLD = "slip_operation_untold"
    LATE_SUCCESS = "late_success"
    SLIP_LATE_SUCCESS = "slip_late_success"
    LISTED_AS_CHARGED = "listed_as_charged"  # found in the console's list
    LATE_DOUBT = "late_doubt"
    ORDER_CLOSED = "order_closed"
    CAPTURED_ELSEWHERE = "captured_elsewhere"
    CANCELLED_ELSEWHERE = "cancelled_elsewhere"
    REAUTHORISED_ELSEWHERE = "reauthorised_elsewhere"
    REFUSED_BY_STATE = "refused_by_state"
    AMOUNT_DIFFERS = "amount_differs"
    GONE = "gone"
    EXPIRED = "expired"
    OPERATION_FAILED = "operation_failed"
    TOTAL_DIFFERS = "total_differs"
    DEPOSIT_AMOUNT = "deposit_amount"
    DEPOSIT_AFTER_END = "deposit_after_end"
    DEPOSIT_CONDITION = "deposit_condition"
    PAID_TWICE = "paid_twice"
    NOTICE_UNMATCHED = "notice_unmatched"
    NOTICE_UNTRUSTED = "notice_untrusted"
    SLIP_GONE = "slip_gone"
    SLIP_LINK_LOST = "slip_link_lost"


@dataclass(frozen=True, slots=True)
class CaseText:
    """The texts about one case, in the language of the page."""

    what: str
    money: str
    next_step: str


_LOOK: Final = noop(
    "Look it up in the gateway's console with the search keys, and write down here what it shows."
)
_WAIT: Final = noop(
    "The shop goes on asking the gateway by itself. You may ask at once, or wait a few minutes."
)
_SECOND_CHARGE: Final = noop(
    "The card may have been charged. The order cannot be charged again until this is known."
)
_TAKE_OVER: Final = noop(
    "Open the payment, compare once more, and take the gateway's state over into our record. "
    "Remind whoever did it to operate on payments here only."
)

#: One row for each situation: what happened, the money, the next step.
TEXTS: Final[Mapping[Situation, tuple[str, str, str]]] = {
    Situation.CHARGE_ASKED_ABOUT: (
        noop("The gateway's answer to a charge of %(asked)s did not arrive."),
        _SECOND_CHARGE,
        _WAIT,
    ),
    Situation.CHARGE_UNTOLD: (
        noop("The gateway's answer to a charge of %(asked)s did not arrive, and asking it does "
             "not tell."),
        _SECOND_CHARGE,
        _LOOK,
    ),
    Situation.OPERATION_ASKED_ABOUT: (
        noop("The gateway's answer to %(operation)s (%(asked)s) did not arrive."),
        noop("Nobody knows yet whether it was carried out. The payment cannot be operated on."),
        _WAIT,
    ),
    Situation.OPERATION_UNTOLD: (
        noop("The gateway's answer to %(operation)s (%(asked)s) did not arrive, and asking it "
             "does not tell."),
        noop("Nobody knows whether it was carried out. The payment cannot be operated on."),
        _LOOK,
    ),
    Situation.SLIP_OPERATION_ASKED_ABOUT: (
        noop("The gateway's answer to %(operation)s (%(asked)s) did not arrive."),
        noop("No money has moved by it. Nobody knows yet how the slip stands, and it cannot be "
             "operated on."),
        _WAIT,
    ),
    Situation.SLIP_OPERATION_UNTOLD: (
        noop("The gateway's answer to %(operation)s (%(asked)s) did not arrive, and asking it "
             "does not tell."),
        noop("No money has moved by it. Nobody knows how the slip stands, and it cannot be "
             "operated on."),
        _LOOK,
    ),
    Situation.ALREADY_KNOWN: (
        noop("The result of an operation was unknown."),
        noop("It is known now; the payment shows it."),
        noop("Nothing has to be done."),
    ),
    Situation.LATE_SUCCESS: (
        noop("The gateway's OK arrived after the operation had been taken for not done."),
        noop("It was carried out after all. If the order was paid again meanwhile, the shopper "
             "has paid twice."),
        noop("Open the payment and the order. Cancel what was charged too much, or carry out the "
             "order; then close this with a note."),
    ),
    Situation.SLIP_LATE_SUCCESS: (
        noop("The gateway's OK arrived after the operation had been taken for not done."),
        noop("The slip was changed or cancelled after all, and our record says so now. No money "
             "has moved by it."),
        noop("Open the payment and the order, and see that they agree; then close this with a "
             "note."),
    ),
    Situation.LISTED_AS_CHARGED: (
        noop("The console's list shows a charge of %(found)s (no. %(number)s), and our record "
             "says that nothing was charged."),
        noop("The card is charged. If the order was paid again meanwhile, the shopper has paid "
             "twice."),
        noop("Open the order. If it is paid by another payment, or is closed, cancel this charge "
             "in the gateway's console, for it has no ProcessId here; then close this with a "
             "note."),
    ),
    Situation.LATE_DOUBT: (
        noop("An operation was taken for not done; then the gateway was asked for it again, and "
             "the answer did not arrive."),
        noop("The card may have been charged although our record says that it was not."),
        noop("Look it up in the gateway's console with the search keys. If it stands there and "
             "the order does not need it, cancel it there; then close this with a note."),
    ),
    Situation.ORDER_CLOSED: (
        noop("A payment came for an order that was cancelled or refunded."),
        noop("The shopper has paid %(amount)s for nothing so far."),
        noop("Cancel the payment, or carry out the order after all; then close this with a note."),
    ),
    Situation.CAPTURED_ELSEWHERE: (
        noop("The payment was captured in the gateway's console (sales date %(on)s)."),
        noop("The gateway takes %(found)s from the shopper; our record says that nothing was "
             "taken yet."),
        _TAKE_OVER,
    ),
    Situation.CANCELLED_ELSEWHERE: (
        noop("The payment was cancelled in the gateway's console."),
        noop("The gateway takes no money any more; our record says that %(amount)s is held or "
             "taken."),
        noop("Do not ship before this is clear. Open the payment, compare once more, and take the "
             "gateway's state over into our record."),
    ),
    Situation.REAUTHORISED_ELSEWHERE: (
        noop("The payment was re-authorised in the gateway's console."),
        noop("The gateway holds or takes %(found)s; our record says that the payment is "
             "cancelled."),
        _TAKE_OVER,
    ),
    Situation.REFUSED_BY_STATE: (
        noop("The gateway refused an operation (%(codes)s): the payment is not in the state that "
             "our record says."),
        noop("Somebody has operated on it in the gateway's console. What holds there now is "
             "not known here."),
        noop("Compare with the gateway. If that does not tell, look it up in the console or "
             "upload its list, which also tells of cancelled authorisations."),
    ),
    Situation.AMOUNT_DIFFERS: (
        noop("The gateway holds %(found)s for the payment, our record says %(amount)s."),
        noop("The shopper is charged %(found)s."),
        noop("If that is right, open the payment and take it over into our record. If not, take "
             "it over first and then change the amount back."),
    ),
    Situation.GONE: (
        noop("The gateway does not know the payment any more (K12)."),
        noop("What it took stays taken, but the payment cannot be operated on from here."),
        noop("Look it up in the gateway's console. If it is not there either, ask the gateway's "
             "support with the search keys."),
    ),
    Situation.EXPIRED: (
        noop("An authorisation of %(found)s ran out before it was captured."),
        noop("The shop has no money for the order, and cannot capture it any more."),
        noop("If the order is to be paid, send the shopper a payment link from the order's page. "
             "If not, cancel the order."),
    ),
    Situation.OPERATION_FAILED: (
        noop("%(operation)s was planned when the goods were sent, and was not carried out: "
             "%(why)s"),
        noop("The goods are on their way, and the money is not taken."),
        noop("Open the payment and do what is possible there; then close this with a note."),
    ),
    Situation.TOTAL_DIFFERS: (
        noop("The order's total is %(total)s, its payment is %(found)s."),
        noop("The shopper pays %(found)s, whatever the order says."),
        noop("Open the order: its page offers the one operation that mends it."),
    ),
    Situation.DEPOSIT_AMOUNT: (
        noop("%(found)s was paid in by slip, and the slip asked for %(amount)s."),
        noop("The money is there, but the order does not count as paid."),
        noop("If the order may go with that, open the payment and accept what was paid in. If "
             "not, settle it with the customer, accept it, and then give the money back."),
    ),
    Situation.DEPOSIT_AFTER_END: (
        noop("%(found)s was paid in by slip, although the slip had ended in our record."),
        noop("The money is there, but the order does not count as paid by it."),
        noop("Open the order. Carry it out after all and accept what was paid in, or give the "
             "money back; then close this with a note."),
    ),
    Situation.DEPOSIT_CONDITION: (
        noop("A deposit notice of an unknown kind came (Condition %(condition)s, %(response)s), "
             "or one that the gateway itself does not confirm."),
        noop("The payment is as the gateway tells when it is asked (2Ref), and not as the notice "
             "says."),
        noop("Look the slip up in the gateway's console, or ask the gateway's support what the "
             "notice means; then close this with a note."),
    ),
    Situation.PAID_TWICE: (
        noop("%(found)s was paid in by slip, although the order is paid otherwise or the slip had "
             "been paid before."),
        noop("The customer has paid twice."),
        noop("Give one of the two back: cancel the card payment, or send the money to the "
             "customer and record it; then close this with a note."),
    ),
    Situation.NOTICE_UNMATCHED: (
        noop("A genuine deposit notice (%(found)s, transaction code %(code)s) belongs to no slip "
             "of this shop."),
        noop("Somebody has paid in by the shop's contract, and no order here takes it."),
        noop("Look the transaction code up in the gateway's console: another system may use the "
             "same contract. Then close this with a note."),
    ),
    Situation.NOTICE_UNTRUSTED: (
        noop("%(count)s deposit notices came whose HashCd is wrong."),
        noop("None of them has changed a payment; the gateway was asked instead."),
        noop("If deposits are seen late, check the merchant password of online collection in the "
             "settings. If it is right, somebody sends forged notices: let only the gateway's "
             "addresses send them. Then close this with a note."),
    ),
    Situation.SLIP_GONE: (
        noop("The gateway does not know the slip any more (K12)."),
        noop("Nobody can pay by it, and our record still waits for %(amount)s."),
        noop("If it was cancelled in the gateway's console, open the payment and take that over "
             "into our record: then the order can be paid in another way."),
    ),
    Situation.SLIP_LINK_LOST: (
        noop("A slip was changed, and the answer with its new payment number did not arrive."),
        noop("The number that the customer has may be worth nothing, so that the order cannot be "
             "paid by it."),
        noop("Open the payment, cancel the slip, and ask the customer to pay anew from the page "
             "of the order."),
    ),
}  # fmt: skip

_BY_DRIFT: Final[Mapping[str, Situation]] = {
    Drift.CAPTURED: Situation.CAPTURED_ELSEWHERE,
    Drift.CANCELLED: Situation.CANCELLED_ELSEWHERE,
    Drift.REAUTHORISED: Situation.REAUTHORISED_ELSEWHERE,
}


def situation_of(case: Case, operation: Operation | None) -> Situation:
    """What lies behind a case.

    Args:
        operation: the payment's operation whose result is unknown, if there is one.
    """
    if case.kind == CaseKind.RESULT_UNKNOWN:
        return _unknown(operation)
    if case.kind == CaseKind.STATE_DIFFERS:
        return _BY_DRIFT.get(case.seen.get("drift", ""), Situation.REFUSED_BY_STATE)
    if case.kind == CaseKind.LATE_SUCCESS and case.seen.get("listed"):
        return Situation.LISTED_AS_CHARGED
    if case.kind == CaseKind.LATE_SUCCESS and _is_about_a_slip(case):
        return Situation.SLIP_LATE_SUCCESS
    return Situation(case.kind)


def _is_about_a_slip(case: Case) -> bool:
    return case.payment is not None and case.payment.method == PaymentMethod.COLLECTION


def _unknown(operation: Operation | None) -> Situation:
    if operation is None or operation.state != OperationState.UNKNOWN:
        return Situation.ALREADY_KNOWN
    asked_about = operation.due_at is not None
    if operation.kind in set(CollectionOperation):
        untold = Situation.SLIP_OPERATION_UNTOLD
        return Situation.SLIP_OPERATION_ASKED_ABOUT if asked_about else untold
    if operation.is_charge:
        return Situation.CHARGE_ASKED_ABOUT if asked_about else Situation.CHARGE_UNTOLD
    return Situation.OPERATION_ASKED_ABOUT if asked_about else Situation.OPERATION_UNTOLD


def explain_case(case: Case, operation: Operation | None = None) -> CaseText:
    """What staff need to know about a case.

    Args:
        operation: the payment's operation whose result is unknown, if there is one.
    """
    said = _facts(case, operation)
    what, money, next_step = (_(text) % said for text in TEXTS[situation_of(case, operation)])
    return CaseText(what, money, next_step)


def _facts(case: Case, operation: Operation | None) -> dict[str, str]:
    """Everything that the texts name; empty where nobody knows."""
    seen = case.seen
    amount = case.payment.amount if case.payment else None
    return {
        "amount": _yen(amount),
        "asked": _yen(operation.amount if operation else amount),
        "found": _yen(seen.get("amount", amount)),
        "total": _yen(seen.get("total")),
        "operation": _operation(operation.kind if operation else seen.get("operation")),
        "number": str(seen.get("transaction_id", "")),
        "codes": str(seen.get("refused", "")),
        "on": _on(seen.get("sales_date")),
        "why": _why(seen.get("why")),
        "code": str(seen.get("transaction_code", "")),
        "condition": str(seen.get("condition", "")),
        "response": str(seen.get("response", "")),
        "count": str(seen.get("count", "")),
    }


def _yen(amount: Any) -> str:
    return format_yen(amount) if isinstance(amount, int) else _("an unknown amount")


def _operation(kind: Any) -> str:
    return str(OPERATION_LABELS.get(kind, ""))


def _on(sales_date: Any) -> str:
    if not sales_date:
        return ""
    return f"{date.fromisoformat(sales_date):%Y/%m/%d}"


def _why(why: Any) -> str:
    if why in set(Obstacle):
        return why_not_possible(why)
    return str(OperationState(why).label) if why in OperationState.values else ""
