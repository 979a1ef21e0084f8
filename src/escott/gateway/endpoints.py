"""Where the gateway is: test, production, or anywhere else (a simulator).

Source: protocol.md A and H.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import quote, urlsplit

from escott.gateway.operations import PATHS, TEST_SLIP_PAGE_PATH, TOKEN_SCRIPT_PATH, OperateId


@dataclass(frozen=True, slots=True)
class Endpoints:
    """The addresses of one gateway host.

    Attributes:
        base_url: scheme, host and port, no slash at the end.
        slip_page: the page on which a shopper chooses how to pay a slip; another company's.
    """

    base_url: str
    slip_page: str

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
        base_url = base_url.rstrip("/")
        return cls(base_url, base_url + TEST_SLIP_PAGE_PATH)

    def url_for(self, operation: OperateId) -> str:
        """The address that telegrams of this operation are posted to."""
        return self.base_url + PATHS[operation]

    def token_script_url(self, code: str) -> str:
        """The token library's address for a page; ``code`` is トークン決済認証コード."""
        return f"{self.base_url}{TOKEN_SCRIPT_PATH}?k_TokenNinsyoCode={quote(code, safe='')}"

    def slip_url(self, link_code: str, *, from_checkout: bool) -> str:
        """The page of one slip (rkbn).

        Args:
            link_code: FreeArea, as the registration has brought it.
            from_checkout: the page then leads back to the shop; a link in a mail does not.
        """
        return f"{self.slip_page}?code={quote(link_code, safe='')}&rkbn={1 if from_checkout else 2}"


TEST: Final = Endpoints("https://www.test.e-scott.jp", "https://link.kessai.info/JLPCT/JLPcon")
PRODUCTION: Final = Endpoints("https://www.e-scott.jp", "https://link.kessai.info/JLP/JLPcon")
