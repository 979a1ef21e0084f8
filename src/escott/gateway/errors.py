"""Everything this package raises.

::

    GatewayError
    ├── InvalidTelegram        a field of a telegram breaks the protocol; nothing was sent
    ├── MalformedTelegram      a text is not a telegram (key=value&key=value)
    ├── InvalidKey             an encryption key or vector is not 16 characters
    ├── UndecryptableValue     an EncryptValue was not made with this key and vector
    └── TransportError         the exchange did not end with an HTTP answer
        ├── RequestNotSent     ... and no byte of the request left this machine
        └── AnswerLost         ... but the request may have arrived

A refusal is no error but a value (:mod:`escott.gateway.outcomes`). The client turns the
two transport errors into the values NotSent and Unknown; only who writes a transport, or
calls one directly, meets them.

No message, and no attribute, holds a password, a token or a card number.
"""

from __future__ import annotations

from escott.gateway.reasons import NotSentReason, UnknownReason


class GatewayError(Exception):
    """The root of this package's errors."""


class InvalidTelegram(GatewayError, ValueError):
    """A field of a telegram breaks the protocol. Nothing was sent.

    The message names the field and the rule, never the value, which may be a secret.

    Attributes:
        field: the field's name on the wire, for example ``MerchantFree1``.
        rule: what the field must be.
    """

    def __init__(self, field: str, rule: str) -> None:
        super().__init__(f"{field} {rule}")
        self.field = field
        self.rule = rule


class MalformedTelegram(GatewayError, ValueError):
    """A text is not a telegram: not key=value, a key twice, a bad percent-encoding."""


class InvalidKey(GatewayError, ValueError):
    """An encryption key or initialisation vector is not 16 ASCII characters."""


class UndecryptableValue(GatewayError, ValueError):
    """An EncryptValue was not made with this key and vector, or was altered.

    Always the same message: a message that told why would help who tries forgeries.
    """

    def __init__(self) -> None:
        super().__init__("the EncryptValue cannot be decrypted")


class TransportError(GatewayError):
    """The exchange did not end with an HTTP answer."""


class RequestNotSent(TransportError):
    """No byte of the request left this machine, so it may be sent again.

    Attributes:
        reason: which of the ways.
        detail: for staff: host, port and what went wrong.
    """

    def __init__(self, reason: NotSentReason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


class AnswerLost(TransportError):
    """The request may have arrived, and no whole answer came back.

    Attributes:
        reason: which of the ways.
        detail: for staff: what went wrong.
    """

    def __init__(self, reason: UnknownReason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail
