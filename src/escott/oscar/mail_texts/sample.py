"""What fills the places in the preview: an order, cases and payments that do not exist."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, Final

from django.conf import settings
from django.utils.translation import override, pgettext

from escott.django.advice import advice_in, in_language_of_page
from escott.django.clock import the_clock
from escott.django.days import day_in_words, moment_in_words
from escott.django.models import Case, CaseKind, Mail, Mode, Payment, Slip
from escott.django.models.mail import OF_SLIPS, MailKind
from escott.django.shown_slip import ShownSlip, SlipStage, name_of_institution
from escott.gateway.customer_actions import CustomerAction, advice_after_refusal
from escott.oscar.links import absolute
from escott.oscar.mail_texts.defaults import Text
from escott.oscar.mail_texts.rendering import Block, Written, written
from escott.oscar.mail_texts.values import (
    case_values,
    last_day_values,
    order_values,
    shop_values,
    slip_values,
)
from escott.rules.yen import format_yen

_NUMBER: Final = "100123"
_TOTAL: Final = 3780
_FEE: Final = 330
_PAY_NUMBER: Final = "12345678901"


def preview_of(kind: MailKind, text: Text) -> Written:
    """The mail as a customer would get it, in the site's language, with the sample order."""
    with override(settings.LANGUAGE_CODE):
        return written(text, _values(kind), is_test=False, preview=True)


def _values(kind: MailKind) -> dict[str, str | Block]:
    today = the_clock().now().date()
    near = [_payment(operable_until=today + timedelta(days=days)) for days in (1, 7)]
    cases = [
        Case(kind=CaseKind.EXPIRED, payment=_payment(), seen={"amount": 3780}),
        Case(kind=CaseKind.TOTAL_DIFFERS, payment=_payment(), seen={"amount": 3780, "total": 3300}),
    ]
    return {
        **shop_values(),
        **order_values(_order(_FEE if kind in OF_SLIPS else 0)),
        "order_number": _NUMBER,
        "amount": format_yen(_TOTAL + (_FEE if kind in OF_SLIPS else 0)),
        "before": format_yen(_TOTAL),
        "after": format_yen(0 if kind is MailKind.PAYMENT_CANCELLED else 3300),
        "advice": _advice(kind),
        "order_url": absolute("/"),
        "payment_url": absolute("/"),
        **_slip(today),
        **case_values(cases),
        **last_day_values(near),
    }


def _slip(today: date) -> dict[str, str | Block]:
    slip = Slip(kessai_number=_PAY_NUMBER, fee=_FEE, due_on=today + timedelta(days=3))
    shown = ShownSlip(
        stage=SlipStage.PAYABLE,
        link=absolute("/"),
        number=_PAY_NUMBER,
        amount=format_yen(_TOTAL + _FEE),
        fee=format_yen(_FEE),
        due_date=day_in_words(slip.due_on),
        paid_at=moment_in_words(the_clock().now()),
        institution=name_of_institution("LSN"),
        shop_mail="",
        test_mode=False,
    )
    return slip_values(shown, slip)


def _advice(kind: MailKind) -> str:
    if kind is MailKind.PAYMENT_REFUSED:
        return in_language_of_page(advice_after_refusal([CustomerAction.CARD_UNUSABLE]))
    return advice_in(Mail(kind=kind))


def _payment(**facts: Any) -> Payment:
    return Payment(order_reference=_NUMBER, amount=_TOTAL, mode=Mode.PRODUCTION, **facts)


def _order(fee: int) -> Any:
    line = SimpleNamespace(
        title=pgettext("sample order", "Furoshiki"), quantity=2, line_price_incl_tax=Decimal(3280)
    )
    address = SimpleNamespace(
        postcode="100-0001",
        state="東京都",
        line4="千代田区",
        line1="千代田1-1",
        line2="",
        last_name=pgettext("sample order", "Yamada"),
        first_name=pgettext("sample order", "Hanako"),
    )
    charged = SimpleNamespace(name=pgettext("sample order", "Payment fee"), incl_tax=Decimal(fee))
    return SimpleNamespace(
        number=_NUMBER,
        currency="JPY",
        lines=SimpleNamespace(all=lambda: [line]),
        surcharges=SimpleNamespace(all=lambda: [charged] if fee else []),
        shipping_address=address,
        billing_address=None,
        user=None,
        shipping_incl_tax=Decimal(500),
        total_incl_tax=Decimal(_TOTAL + fee),
    )
