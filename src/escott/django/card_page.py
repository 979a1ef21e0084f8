"""What the card form needs to be drawn: the context of ``escott/card_form.html``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from escott.django.gateway_access import endpoints_of
from escott.django.models import MerchantAccount, Mode
from escott.rules.yen import format_yen, yen


@dataclass(frozen=True, slots=True)
class CardForm:
    """One card form on one page, given to the template as ``card_form``.

    Attributes:
        token_script_url: the gateway's token script with the shop's authentication code.
        action: where the form posts ``token``. The same address must answer a GET with the
            state of the payment: the page links to it when no answer comes back.
        amount: what the button says will be paid, in yen.
        needs_security_code: ask for the code (requirements.md A045).
        test_mode: show that nothing is really charged (requirements.md A121).
        today: the present day in Japan. Cards are judged by it, not by the phone's clock.
        button: what the button says instead of the amount, such as 注文する where the law asks
            for it.
        notice: advice from the server above the fields, such as why a card was refused.

    Raises:
        NotYen: the amount is not a non-negative ``int``.
        TypeError: ``today`` is a ``datetime``, so it may be a day of another time zone.
    """

    token_script_url: str
    action: str
    amount: int
    needs_security_code: bool
    test_mode: bool
    today: date
    notice: str = ""
    button: str = ""

    def __post_init__(self) -> None:
        yen(self.amount)
        if isinstance(self.today, datetime):
            raise TypeError("give today as a date: the day in Japan")

    @classmethod
    def of(
        cls,
        account: MerchantAccount,
        *,
        action: str,
        amount: int,
        today: date,
        notice: str = "",
        button: str = "",
    ) -> Self:
        """The card form of a shop, by the settings of its account."""
        return cls(
            token_script_url=endpoints_of(account.mode).token_script_url(account.token_code),
            action=action,
            amount=amount,
            needs_security_code=account.needs_security_code,
            test_mode=account.mode == Mode.TEST,
            today=today,
            notice=notice,
            button=button,
        )

    @property
    def amount_text(self) -> str:
        """The amount as shoppers read it, such as ``¥3,780``."""
        return format_yen(self.amount)

    @property
    def today_iso(self) -> str:
        """The present day as ``YYYY-MM-DD``, for the page's script."""
        return self.today.isoformat()
