"""What the card form needs to be drawn: the context of ``escott/card_form.html``."""

from __future__ import annotations

import json
import string
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Self

from django.utils.crypto import get_random_string

from escott.django.card_terms import CardTerms
from escott.django.gateway_access import endpoints_of
from escott.django.models import Member, MerchantAccount, Mode
from escott.django.pay_type_labels import PAY_TYPE_LABELS
from escott.rules.card_brands import LEADING_DIGITS, CardBrand
from escott.rules.instalments import LUMP_SUM, pay_types
from escott.rules.yen import format_yen, yen


@dataclass(frozen=True, slots=True)
class CardForm:
    """One card form on one page, given to the template as ``card_form``.

    Attributes:
        token_script_url: the gateway's token script with the shop's authentication code; empty
            for the link type, which has no use for it.
        action: where the form posts what :class:`~escott.django.forms.CardPaymentForm` takes.
            The same address must answer a GET with the state of the payment: the page links
            to it when no answer comes back.
        amount: what the button says will be paid, in yen; ``None`` where a card is only kept.
        needs_security_code: ask for the code (requirements.md A045).
        test_mode: show that nothing is really charged (requirements.md A121).
        today: the present day in Japan. Cards are judged by it, not by the phone's clock.
        button: what the button says instead of the amount, such as 注文する where the law asks
            for it.
        notice: advice from the server above the fields, such as why a card was refused.
        terms: what is asked and offered beside the card itself.
        press: names the press of the button where no token does; empty where one does.

    Raises:
        NotYen: the amount is not a non-negative ``int``.
        ValueError: there is neither an amount nor a text for the button.
        TypeError: ``today`` is a ``datetime``, so it may be a day of another time zone.
    """

    token_script_url: str
    action: str
    amount: int | None
    needs_security_code: bool
    test_mode: bool
    today: date
    notice: str = ""
    button: str = ""
    terms: CardTerms = field(default_factory=CardTerms)
    press: str = ""

    def __post_init__(self) -> None:
        if self.amount is not None:
            yen(self.amount)
        elif not self.button:
            raise ValueError("say on the button what it does: nothing is paid")
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
        member: Member | None = None,
        signed_in: bool = False,
        lump_sum_only: bool = False,
    ) -> Self:
        """The form that pays, by the settings of the shop's account.

        Args:
            member, signed_in, lump_sum_only: as for :meth:`CardTerms.of`.
        """
        terms = CardTerms.of(
            account, member=member, signed_in=signed_in, lump_sum_only=lump_sum_only
        )
        return cls._of(
            account, terms, action=action, amount=amount, today=today, notice=notice, button=button
        )

    @classmethod
    def to_keep(
        cls,
        account: MerchantAccount,
        *,
        action: str,
        today: date,
        button: str,
        notice: str = "",
    ) -> Self:
        """The form that only keeps a card: nothing is paid, so nothing is split or chosen."""
        terms = CardTerms.of(account, lump_sum_only=True)
        return cls._of(
            account, terms, action=action, amount=None, today=today, notice=notice, button=button
        )

    @classmethod
    def _of(cls, account: MerchantAccount, terms: CardTerms, **page: Any) -> Self:
        without_token = terms.hosted or terms.saved_card is not None
        script_url = endpoints_of(account.mode).token_script_url(account.token_code)
        return cls(
            token_script_url="" if terms.hosted else script_url,
            needs_security_code=account.needs_security_code,
            test_mode=account.mode == Mode.TEST,
            terms=terms,
            press=new_press() if without_token else "",
            **page,
        )

    @property
    def amount_text(self) -> str:
        """The amount as shoppers read it, such as ``¥3,780``; empty where nothing is paid."""
        return "" if self.amount is None else format_yen(self.amount)

    @property
    def today_iso(self) -> str:
        """The present day as ``YYYY-MM-DD``, for the page's script."""
        return self.today.isoformat()

    @property
    def needs_script(self) -> bool:
        """Nothing can be paid here without JavaScript, which makes the token."""
        return not self.terms.hosted and self.terms.saved_card is None

    @property
    def saved_card_expired(self) -> bool:
        """The saved card's month is over. The card company may have renewed it all the same."""
        card = self.terms.saved_card
        return card is not None and "" < card.expiry < f"{self.today:%y%m}"

    @property
    def saved_card_first(self) -> bool:
        """The saved card is what the form begins with."""
        return self.terms.saved_card is not None and not self.saved_card_expired

    @property
    def first_pay_types(self) -> list[tuple[str, str]]:
        """PayType and label of what can be chosen before a number is typed."""
        taken = self._taken_by(self.terms.saved_brand) if self.saved_card_first else (LUMP_SUM,)
        return [(code, str(PAY_TYPE_LABELS[code])) for code in taken]

    @property
    def pay_types_json(self) -> str:
        """The PayTypes of every brand, and the words for them, for the page's script."""
        taken = {brand: self._taken_by(brand) for brand in CardBrand}
        labels = {code: str(label) for code, label in PAY_TYPE_LABELS.items()}
        return json.dumps({"taken": taken, "labels": labels}, ensure_ascii=False)

    @property
    def leading_digits_json(self) -> str:
        """The ranges of leading digits of every brand, for the page's script."""
        return json.dumps(LEADING_DIGITS)

    def _taken_by(self, brand: CardBrand) -> tuple[str, ...]:
        return pay_types(brand, self.terms.instalments)


def new_press() -> str:
    """Names a press as nobody guesses it. Of letters, so it does not look like a card number."""
    return get_random_string(24, string.ascii_letters)
