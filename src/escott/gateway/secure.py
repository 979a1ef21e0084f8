"""本人認証 (EMV 3-D Secure): what the gateway found out about the card holder.

A ``3Secure`` trip of the shopper's browser brings it back, and the charge or registration that
follows carries it unchanged. Source: protocol.md F.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Self

from escott.gateway.errors import InvalidTelegram, MalformedTelegram

#: The fields by their names on the wire, and what each may hold. An altered value that still
#: decrypts breaks one of them: nothing else signs it.
FIELDS: Final[Mapping[str, re.Pattern[str]]] = {
    "EncodeXId3D": re.compile(r"[0-9A-Za-z+/=_-]{0,64}"),
    "MessageVersionNo3D": re.compile(r"[0-9.]{0,8}"),
    "TransactionStatus3D": re.compile(r"[A-Z]?"),
    "CAVVAlgorithm3D": re.compile(r"[0-9A-Za-z]{0,4}"),
    "ECI3D": re.compile(r"[0-9]{0,2}"),
    "CAVV3D": re.compile(r"[0-9A-Za-z+/=_-]{0,64}"),
    "SecureResultCode": re.compile(r"[0-9]"),
    "DSTransactionId": re.compile(r"[0-9A-Za-z-]{0,64}"),
    "ThreeDSServerTransactionId": re.compile(r"[0-9A-Za-z-]{0,64}"),
}


@dataclass(frozen=True, slots=True)
class Authentication:
    """The result of a ``3Secure`` trip, by the names of the wire.

    Raises:
        InvalidTelegram: SecureResultCode is missing, or a value is not of its kind.
    """

    values: Mapping[str, str] = field(repr=False)

    def __post_init__(self) -> None:
        for name, value in self.values.items():
            pattern = FIELDS.get(name)
            if pattern is None or not pattern.fullmatch(value):
                raise InvalidTelegram(name, "is not of its kind")
        if not self.values.get("SecureResultCode"):
            raise InvalidTelegram("SecureResultCode", "must not be empty")

    @classmethod
    def of(cls, returned: Mapping[str, str]) -> Self:
        """What stands in the fields of a return.

        Raises:
            MalformedTelegram: there is no SecureResultCode, or a value is not of its kind.
        """
        try:
            return cls({name: returned[name] for name in FIELDS if returned.get(name)})
        except InvalidTelegram as error:
            raise MalformedTelegram(str(error)) from None

    @property
    def result_code(self) -> str:
        """SecureResultCode: 0 authenticated, 4 attempt, and so on (protocol.md F)."""
        return self.values["SecureResultCode"]

    def fields(self) -> dict[str, str]:
        """What a charge or registration carries: everything, unchanged."""
        return dict(self.values)
