"""What the shop is told by mail: what needs a person, and last days that come near.

On every site; to the address of ``ESCOTT["SHOP_MAIL"]``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

from django.dispatch import receiver

from escott.django.clock import the_clock
from escott.django.conf import escott_settings
from escott.django.mail_facts import (
    WINDOW,
    occasion_of_case,
    occasion_of_window,
    window_of,
)
from escott.django.mail_queue import queue_mail
from escott.django.models import Case, Mail, Payment
from escott.django.models.mail import NO_ORDER, MailKind
from escott.django.signals import case_opened, last_day_near

#: Between the end of a window and its mail: a case dated in the window may be committed later.
_TIME_TO_COMMIT: Final = timedelta(minutes=1)


@receiver(case_opened, dispatch_uid="escott.shop_mails.of_a_case")
def tell_shop_of_case(case: Case, **_kwargs: Any) -> None:
    """Put the case into the mail of its window; one mail, however many cases there are."""
    if not escott_settings().shop_mail:
        return
    begin = window_of(case.opened_at)
    occasion = occasion_of_window(begin)
    due_at = begin + WINDOW + _TIME_TO_COMMIT
    wait = max(due_at - the_clock().now(), timedelta(0))
    if _queue_for_shop(MailKind.SHOP_CASE, occasion, wait=wait):
        return
    if Mail.objects.filter(kind=MailKind.SHOP_CASE, occasion=occasion, attempts__gt=0).exists():
        _queue_for_shop(MailKind.SHOP_CASE, occasion_of_case(case))


@receiver(last_day_near, dispatch_uid="escott.shop_mails.of_last_days")
def tell_shop_of_last_days(payments: Sequence[Payment], now: date, **_kwargs: Any) -> None:
    """One mail a day; it lists the payments that are near when it is sent."""
    if payments and escott_settings().shop_mail:
        _queue_for_shop(MailKind.SHOP_DATES, now.isoformat())


def _queue_for_shop(kind: MailKind, occasion: str, wait: timedelta = timedelta(0)) -> bool:
    return queue_mail(kind, None, order_reference=NO_ORDER, occasion=occasion, wait=wait)
