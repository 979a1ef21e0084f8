"""The wire: what a shop says to the e-SCOTT Smart gateway, and what comes back.

A card charged by token, and the four things that can come of it::

    client = Client(
        endpoints=TEST,
        merchant=Merchant("12345678", Secret("pass1234")),
        transport=UrllibTransport(),
        clock=SystemClock(),
    )
    charge = Gathering(transaction_code="000000000042", card=Token(Secret(token)), amount=3780)
    match client.send(charge):
        case Ok(answer): ...                 # paid: keep answer.process_id, .process_pass
        case Refused(_, codes): ...          # not paid, and the codes say why
        case NotSent(reason, detail): ...    # not paid, may be tried again at once
        case Unknown(reason, detail): ...    # perhaps paid: never charge again, inquire

Building and reading telegrams does no I/O; a :class:`Transport` sends them. Encryption of
what travels through the browser is in :mod:`escott.gateway.crypto`.
"""

from escott.gateway.answers import Answer
from escott.gateway.browser_trips import (
    EncryptionKeys,
    HostedTrip,
    Return,
    SecureTrip,
    read_return,
)
from escott.gateway.cards import CardSource, Member, PlainCard, Token, Transaction
from escott.gateway.client import Client
from escott.gateway.collection import SlipAdd, SlipChange, SlipDelete, SlipReference
from escott.gateway.customer_actions import Advice, CustomerAction, advice_after_refusal
from escott.gateway.deposit_notices import DepositNotice, hash_matches
from escott.gateway.deposits import Deposit
from escott.gateway.endpoints import PRODUCTION, TEST, Endpoints
from escott.gateway.errors import (
    AnswerLost,
    GatewayError,
    InvalidKey,
    InvalidTelegram,
    MalformedTelegram,
    RequestNotSent,
    TransportError,
    UndecryptableValue,
)
from escott.gateway.https import UrllibTransport
from escott.gateway.institutions import Institution, institution
from escott.gateway.members import (
    MemberAdd,
    MemberChange,
    MemberDelete,
    MemberInvalidate,
    MemberReference,
    MemberRevalidate,
    TokenReference,
)
from escott.gateway.merchant import Merchant
from escott.gateway.operations import OperateId
from escott.gateway.outcomes import NotSent, Ok, Outcome, Refused, Unknown
from escott.gateway.reasons import NotSentReason, UnknownReason
from escott.gateway.response_codes import CATALOGUE, Category, Money, ResponseCode, lookup
from escott.gateway.secret import Secret
from escott.gateway.secure import Authentication
from escott.gateway.slip_texts import SlipTexts
from escott.gateway.telegrams import (
    Auth,
    Capture,
    Change,
    Check,
    Delete,
    Gathering,
    ReAuth,
    Search,
    Telegram,
    TokenSearch,
)
from escott.gateway.token_status import TokenStatus, token_status
from escott.gateway.transport import HttpAnswer, Timeouts, Transport

__all__ = [
    "CATALOGUE",
    "PRODUCTION",
    "TEST",
    "Advice",
    "Answer",
    "AnswerLost",
    "Auth",
    "Authentication",
    "Capture",
    "CardSource",
    "Category",
    "Change",
    "Check",
    "Client",
    "CustomerAction",
    "Delete",
    "Deposit",
    "DepositNotice",
    "EncryptionKeys",
    "Endpoints",
    "GatewayError",
    "Gathering",
    "HostedTrip",
    "HttpAnswer",
    "Institution",
    "InvalidKey",
    "InvalidTelegram",
    "MalformedTelegram",
    "Member",
    "MemberAdd",
    "MemberChange",
    "MemberDelete",
    "MemberInvalidate",
    "MemberReference",
    "MemberRevalidate",
    "Merchant",
    "Money",
    "NotSent",
    "NotSentReason",
    "Ok",
    "OperateId",
    "Outcome",
    "PlainCard",
    "ReAuth",
    "Refused",
    "RequestNotSent",
    "ResponseCode",
    "Return",
    "Search",
    "Secret",
    "SecureTrip",
    "SlipAdd",
    "SlipChange",
    "SlipDelete",
    "SlipReference",
    "SlipTexts",
    "Telegram",
    "Timeouts",
    "Token",
    "TokenReference",
    "TokenSearch",
    "TokenStatus",
    "Transaction",
    "Transport",
    "TransportError",
    "UndecryptableValue",
    "Unknown",
    "UnknownReason",
    "UrllibTransport",
    "advice_after_refusal",
    "hash_matches",
    "institution",
    "lookup",
    "read_return",
    "token_status",
]
