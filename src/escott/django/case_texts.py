"""要対応 in the words of staff: what happened, what it means for the money, and the next step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from escott.clock import in_japan
from escott.django.case_situations import Situation, situation_of
from escott.django.deposit_texts import institution_name
from escott.django.models import Case, Operation, OperationState
from escott.django.models.operation import OPERATION_LABELS
from escott.django.models.slip import slip_of
from escott.django.obstacle_texts import why_not_possible
from escott.django.slip_case_texts import TEXTS_OF_SLIPS
from escott.rules.operability import Obstacle
from escott.rules.yen import format_yen


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
        noop("The card may have been charged although our record says that it was not. The order "
             "cannot be charged again until this is closed."),
        noop("Look it up in the gateway's console with the search keys. If it stands there and "
             "the order does not need it, cancel it there; then close this with a note. If "
             "nothing was charged, close it and send the shopper a payment link."),
    ),
    Situation.ORDER_CLOSED: (
        noop("A payment came for an order that was cancelled or refunded."),
        noop("The shopper has paid %(amount)s for nothing so far."),
        noop("Cancel the payment and close this with a note. Or open the order and reopen it "
             "there, if it is cancelled and can be carried out."),
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
    **TEXTS_OF_SLIPS,
}  # fmt: skip


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
        "deposit": _deposit(case),
        "code": str(seen.get("transaction_code", "")),
        "condition": str(seen.get("condition", "")),
        "response": str(seen.get("response", "")),
        "count": str(seen.get("count", "")),
        "notice": str(seen.get("notice", "")),
    }


def _yen(amount: Any) -> str:
    return format_yen(amount) if isinstance(amount, int) else _("an unknown amount")


def _operation(kind: Any) -> str:
    return str(OPERATION_LABELS.get(kind, ""))


def _on(sales_date: Any) -> str:
    if not sales_date:
        return ""
    return f"{date.fromisoformat(sales_date):%Y/%m/%d}"


def _deposit(case: Case) -> str:
    """Where and when something was paid in, and by which number, as far as it is told: Lawson,
    2026/04/01 12:00. What a notice told goes before what stands on the slip, which may be
    another deposit.
    """
    seen, slip = case.seen, slip_of(case.payment) if case.payment is not None else None
    where = seen.get("institution") or (slip.institution if slip is not None else "")
    paid_at = datetime.fromisoformat(seen["paid_at"]) if seen.get("paid_at") else None
    if paid_at is None and slip is not None and "receipt" not in seen:
        paid_at = slip.deposited_at
    told = (
        institution_name(where),
        f"{in_japan(paid_at):%Y/%m/%d %H:%M}" if paid_at else "",
        _("receipt number %s") % seen["receipt"] if seen.get("receipt") else "",
    )
    return ", ".join(filter(None, told)) or _("the gateway does not tell where")


def _why(why: Any) -> str:
    if why in set(Obstacle):
        return why_not_possible(why)
    return str(OperationState(why).label) if why in OperationState.values else ""
