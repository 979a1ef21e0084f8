"""What staff read about an operation: what came back, what it means for the money, what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from escott.django.advice import in_language_of_page
from escott.django.models import Operation, OperationState
from escott.gateway import NotSentReason, ResponseCode, UnknownReason
from escott.gateway.customer_actions import Advice
from escott.gateway.staff_advice import K12, NoTransaction, staff_advice
from escott.rules.collection_states import CollectionOperation
from escott.rules.handling_period import handling_period_is_over

#: Why a request never left, and where to look.
_NOT_SENT: Final[dict[str, str]] = {
    NotSentReason.UNKNOWN_HOST: noop(
        "The gateway's host name has no address. Check this server's name resolution (DNS)."
    ),
    NotSentReason.CONNECTION_REFUSED: noop(
        "The gateway refused the connection. Check that the address is right, and in test "
        "mode that the gateway or simulator is running."
    ),
    NotSentReason.CONNECT_TIMEOUT: noop(
        "The gateway could not be reached in time. Check this server's network and firewall."
    ),
    NotSentReason.TLS_CERTIFICATE: noop(
        "The gateway's certificate was not accepted. Check this server's clock and its "
        "certificate authorities; do not switch the check off."
    ),
    NotSentReason.TLS_HANDSHAKE: noop(
        "No TLS 1.2 connection came about. Check that nothing between this server and the "
        "gateway intercepts connections."
    ),
    NotSentReason.UNREACHABLE: noop(
        "The gateway is unreachable from this server. Check its network."
    ),
    NotSentReason.TOO_LATE: noop(
        "The shop's process stood still before it could ask the gateway, so it did not ask."
    ),
    NotSentReason.TOKEN_UNTOLD: noop(
        "The gateway did not say whether the card's token is good, so the charge was not sent."
    ),
    NotSentReason.NOT_LEFT: noop("The shopper never went to the gateway's card page."),
    NotSentReason.BUSY: noop(
        "As many payments as allowed were waiting for the gateway already (MAX_GATEWAY_CALLS)."
    ),
}

#: Why a result is unknown.
_UNKNOWN: Final[dict[str, str]] = {
    UnknownReason.READ_TIMEOUT: noop("The gateway did not answer in time."),
    UnknownReason.CONNECTION_LOST: noop("The connection broke before the answer was here."),
    UnknownReason.HTTP_STATUS: noop("The gateway answered with an error of its web server."),
    UnknownReason.INCOMPLETE_BODY: noop("The gateway's answer was cut off."),
    UnknownReason.TOO_LARGE: noop("Something answered that is far too long for the gateway."),
    UnknownReason.MALFORMED: noop("Something answered that is not an answer of the gateway."),
    UnknownReason.NO_RESPONSE_CODE: noop("The gateway's answer had no response code."),
    UnknownReason.NO_PROCESS_ID: noop("The gateway said OK, but its answer had no ProcessId."),
    UnknownReason.NO_SLIP_LINK: noop(
        "The gateway said OK, but its answer had no link to the slip (FreeArea)."
    ),
    UnknownReason.NOT_OUR_ANSWER: noop("The answer belongs to another request."),
    UnknownReason.MONEY_MAY_HAVE_MOVED: noop("The gateway reported a fault of its own."),
    UnknownReason.NOT_CONFIRMED: noop(
        "The browser brought OK from the gateway's card page, and the gateway itself has not "
        "confirmed it yet. The worker asks again."
    ),
    UnknownReason.NOT_RETURNED: noop(
        "The shopper did not come back from the gateway's card page. Most often the page was "
        "closed and nothing was charged; only the gateway's console tells."
    ),
    UnknownReason.PROCESS_DIED: noop("The shop's process ended before the answer was here."),
    UnknownReason.DEFECT: noop(
        "The shop's software failed while it asked the gateway; the log says where."
    ),
}

_UNKNOWN_MONEY: Final = noop(
    "Money may have moved. Do not charge again: the worker asks the gateway, and what it "
    "cannot find out is settled by a look at the gateway's console."
)

#: What each end of a charge means for the money, and what happens next.
_CHARGE: Final = {
    OperationState.STARTED: noop("The gateway is being asked at this moment."),
    OperationState.OK: noop("The gateway has carried it out."),
    OperationState.REFUSED: noop("The card has not been charged."),
    OperationState.NOT_SENT: noop("Nothing was sent: the card has not been charged."),
    OperationState.NOT_DONE: noop("It is certain now that the card has not been charged."),
    OperationState.UNKNOWN: _UNKNOWN_MONEY,
}

#: The same for an operation on a payment that stands.
_FOLLOW_UP: Final = {
    OperationState.STARTED: noop("The gateway is being asked at this moment."),
    OperationState.OK: noop("The gateway has carried it out."),
    OperationState.REFUSED: noop("It was not carried out. The payment is as it was before."),
    OperationState.NOT_SENT: noop("Nothing was sent. The payment is as it was before."),
    OperationState.NOT_DONE: noop("It was not carried out. The payment is as it was before."),
    OperationState.UNKNOWN: _UNKNOWN_MONEY,
}


#: The same for the registration of a slip, which moves no money.
_REGISTRATION: Final = {
    OperationState.STARTED: noop("The gateway is being asked at this moment."),
    OperationState.OK: noop("The slip is registered; the shopper can pay by it."),
    OperationState.REFUSED: noop("No slip was registered. The order can be paid again."),
    OperationState.NOT_SENT: noop("Nothing was sent: no slip was registered."),
    OperationState.LOST: noop(
        "Whether a slip was registered is not known, and moves no money. Nobody has its number, "
        "and the order can be paid again."
    ),
}

#: The same for an operation on a slip.
_ON_A_SLIP: Final = {
    OperationState.STARTED: noop("The gateway is being asked at this moment."),
    OperationState.OK: noop("The gateway has carried it out."),
    OperationState.REFUSED: noop("It was not carried out. The slip is as it was before."),
    OperationState.NOT_SENT: noop("Nothing was sent. The slip is as it was before."),
    OperationState.NOT_DONE: noop("It was not carried out. The slip asks for what it did."),
    OperationState.UNKNOWN: noop(
        "No money has moved by it. Whether it was carried out is not known yet: the worker asks "
        "the gateway."
    ),
    OperationState.LOST: noop(
        "Whether it was carried out is not known, and no money depends on it. It counts as the "
        "one change of the slip."
    ),
}

_DEPOSIT: Final = {OperationState.OK: noop("The money was paid in.")}


@dataclass(frozen=True, slots=True)
class Explanation:
    """The texts about one operation, in the language of the page.

    Attributes:
        what: what came back, one line for each code or reason.
        money: what it means for the money.
        next_steps: what to do; empty where nothing is to be done.
    """

    what: tuple[str, ...]
    money: str
    next_steps: tuple[str, ...]


def explain(operation: Operation) -> Explanation:
    """What staff need to know about an operation."""
    codes = () if operation.state == OperationState.OK else operation.codes
    texts = dict.fromkeys(in_language_of_page(_advice(code, operation)) for code in codes)
    return Explanation(
        what=(*_reason(operation), *map(_meaning, codes)),
        money=_(_texts_of_end(operation)[OperationState(operation.state)]),
        next_steps=tuple(texts),
    )


def _texts_of_end(operation: Operation) -> Mapping[OperationState, str]:
    if operation.kind in _OF_SLIPS:
        return _OF_SLIPS[operation.collection_operation]
    return _CHARGE if operation.is_charge else _FOLLOW_UP


_OF_SLIPS: Final[Mapping[CollectionOperation, Mapping[OperationState, str]]] = {
    CollectionOperation.REGISTER: _REGISTRATION,
    CollectionOperation.CHANGE: _ON_A_SLIP,
    CollectionOperation.DELETE: _ON_A_SLIP,
    CollectionOperation.DEPOSIT: _DEPOSIT,
}


def _reason(operation: Operation) -> tuple[str, ...]:
    text = _NOT_SENT.get(operation.reason) or _UNKNOWN.get(operation.reason)
    return (_(text),) if text else ()


def _advice(code: ResponseCode, operation: Operation) -> Advice:
    """What to do about a code; K12 has a text for each case that our own record tells."""
    if code.code != "K12":
        return staff_advice(code)
    last_day = operation.payment.operable_until
    if last_day is not None and handling_period_is_over(last_day, operation.started_at):
        return K12[NoTransaction.PAST_PERIOD]
    if operation.kind in _OF_SLIPS:
        return K12[NoTransaction.CANCELLED_COLLECTION]
    return K12[NoTransaction.UNKNOWN_PAIR]


def _meaning(code: ResponseCode) -> str:
    return f"{code.code}: {in_language_of_page(Advice(code.english, code.japanese))}"
