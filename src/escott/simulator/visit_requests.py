"""What a merchant asks of the gateway's pages, as the browser brings it: one EncryptValue.

The checks, each stage ending the way if it finds something wrong::

    readable   no way back: a page of our own says so (K02, K01)
    merchant   K03 KG8
    operation  K06              known here, of this page, and in the contract
    fields     K04 to K87       collected and joined by |
    number     K89              ProcNo used before

What is refused after the first stage goes back to RedirectUrl as a result.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from escott.clock import in_japan
from escott.gateway.codec import decode
from escott.gateway.crypto import decrypt_value
from escott.gateway.errors import MalformedTelegram, UndecryptableValue
from escott.gateway.operations import OperateId
from escott.gateway.secret import Secret
from escott.simulator.fields import CARD, trip_codes
from escott.simulator.live import LiveGateway
from escott.simulator.merchants import Merchant
from escott.simulator.telegrams import Refused
from escott.simulator.visits import ANY_NUMBER_OF_TIMES, Place

#: Longer than any request, and short enough to decrypt without a thought.
_LONGEST_VALUE: Final = 16 * 1024

#: What each page carries out (protocol.md F and G).
OPERATIONS: Final[Mapping[Place, frozenset[OperateId]]] = {
    Place.SECURE: frozenset(
        {
            OperateId.SECURE,
            OperateId.CHECK,
            OperateId.AUTH,
            OperateId.GATHERING,
            OperateId.MEMBER_ADD,
            OperateId.MEMBER_CHANGE,
        }
    ),
    Place.HOSTED: frozenset(
        {
            OperateId.AUTH,
            OperateId.GATHERING,
            OperateId.MEMBER_ADD,
            OperateId.MEMBER_CHANGE,
        }
    ),
}

#: The card's own page is told the card there, and never by the request.
_NOT_ON_HOSTED: Final = CARD | {"Token"}


class NoWayBack(Exception):
    """A request of which not even the RedirectUrl can be trusted; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class VisitRequest:
    """A request that could be read; its RedirectUrl is an address to go back to."""

    place: Place
    merchant: Merchant
    fields: dict[str, str] = field(repr=False)


def read_request(gateway: LiveGateway, place: Place, merchant_id: str, value: str) -> VisitRequest:
    """Decrypt what the browser brought.

    Raises:
        NoWayBack: the merchant is unknown (K02), or ``value`` is no request of it (K01).
    """
    merchant = gateway.merchant(merchant_id)
    if merchant is None or not merchant.key:
        raise NoWayBack("K02")
    if len(value) > _LONGEST_VALUE:
        raise NoWayBack("K01")
    try:
        found = decode(decrypt_value(value, Secret(merchant.key), Secret(merchant.vector)))
    except (UndecryptableValue, MalformedTelegram):
        raise NoWayBack("K01") from None
    fields = {name: text for name, text in found.items() if text}
    if not _leads_back(fields.get("RedirectUrl", ""), gateway.options.redirect_url_length):
        raise NoWayBack("K01")
    return VisitRequest(place, merchant, fields)


def check_request(gateway: LiveGateway, request: VisitRequest) -> None:
    """Whether the gateway accepts a request.

    Raises:
        Refused: it does not, with the codes of the result.
    """
    fields = request.fields
    admitted = gateway.admit(request.merchant.merchant_id, fields.get("MerchantPass", ""))
    if isinstance(admitted, str):
        raise Refused(admitted)
    operation = _operation(request)
    today = in_japan(gateway.clock.now()).date()
    hosted = request.place is Place.HOSTED
    given = {name: text for name, text in fields.items() if name not in _NOT_ON_HOSTED}
    codes = trip_codes(
        operation,
        given if hosted else fields,
        gateway.options,
        today,
    )
    if hosted and "PayType" in fields and fields["PayType"] != "01":
        codes = (*codes, "K22")
    if codes:
        raise Refused(*codes)
    if fields.get("TenantId", "0001") not in request.merchant.tenants:
        raise Refused("K13")
    if _was_used(gateway, request):
        raise Refused("K89")


def _operation(request: VisitRequest) -> OperateId:
    contract = request.merchant.operations
    try:
        operation = OperateId(request.fields.get("OperateId", ""))
    except ValueError:
        raise Refused("K06") from None
    if operation not in OPERATIONS[request.place] or operation not in contract:
        raise Refused("K06")
    if request.place is Place.SECURE and OperateId.SECURE not in contract:
        raise Refused("K06")
    return operation


def _was_used(gateway: LiveGateway, request: VisitRequest) -> bool:
    number = request.fields["ProcNo"]
    merchant_id = request.merchant.merchant_id
    return number != ANY_NUMBER_OF_TIMES and gateway.with_books(
        lambda books: books.visit_that_used(merchant_id, number) is not None
    )


def _leads_back(url: str, longest: int) -> bool:
    try:
        parts = urlsplit(url)
        return (
            len(url) <= longest
            and url.isascii()
            and parts.scheme in {"http", "https"}
            and bool(parts.hostname)
            and not set(url) & set(" \"'<>\\;,\t\r\n")
            and (parts.port is None or parts.port > 0)
        )
    except ValueError:
        return False
