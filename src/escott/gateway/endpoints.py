"""Where the gateway is: test, production, or anywhere else (a simulator).

Source: protocol.md A.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import quote, urlsplit

from escott.gateway.operations import PATHS, TOKEN_SCRIPT_PATH, OperateId


@dataclass(frozen=True, slots=True)
class Endpoints:
    """The addresses of one gateway host.

    Attributes:
        base_url: scheme, host and port, no slash at the end.
    """

    base_url: str

    @classmethod
    def at(cls, base_url: str) -> Self:
        """The endpoints of a gateway at another address.

        Raises:
            ValueError: the address is not ``http(s)://host[:port][/folder]``.
        """
        parts = urlsplit(base_url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError(f"not an http or https address: {base_url!r}")
        if parts.query or parts.fragment or parts.username is not None:
            raise ValueError("a gateway's address has no user, no query and no fragment")
        try:
            port = parts.port
        except ValueError:
            port = 0
        if port == 0:
            raise ValueError(f"not a port number in {base_url!r}")
        return cls(base_url.rstrip("/"))

    def url_for(self, operation: OperateId) -> str:
        """The address that telegrams of this operation are posted to."""
        return self.base_url + PATHS[operation]

    def token_script_url(self, code: str) -> str:
        """The token library's address for a page; ``code`` is トークン決済認証コード."""
        return f"{self.base_url}{TOKEN_SCRIPT_PATH}?k_TokenNinsyoCode={quote(code, safe='')}"


TEST: Final = Endpoints("https://www.test.e-scott.jp")
PRODUCTION: Final = Endpoints("https://www.e-scott.jp")
