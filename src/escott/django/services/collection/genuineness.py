"""Is a deposit notice genuine? Its HashCd is made with ProcessPass and the merchant's password.

The password before the present one is accepted for some days after the change: a notice may
have been on its way. Test and production have passwords of their own, so a test notice proves
nothing about a payment in production.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from escott.django.models import CollectionAccount, Mode, Payment
from escott.gateway import Secret
from escott.gateway.deposit_notices import DepositNotice, hash_matches

#: How long after a change of the password the former one is accepted.
FORMER_PASSWORD_FOR: Final = timedelta(days=7)


def is_genuine_for(payment: Payment, notice: DepositNotice, now: datetime) -> bool:
    """Whether the notice proves to know the secrets of this payment's slip.

    A registration that was lost has told us no ProcessPass; then the notice's own is taken, and
    what it proves is that its sender knows the merchant's password.
    """
    part = payment.account.collection
    process_pass = payment.process_pass or notice.process_pass
    return _matches(notice, process_pass, passwords_of(part, payment.mode, now))


def is_genuine(notice: DepositNotice, part: CollectionAccount, now: datetime) -> bool:
    """Whether the sender of a notice for no payment of ours knows the password of either mode."""
    passwords = [password for mode in Mode.values for password in passwords_of(part, mode, now)]
    return _matches(notice, notice.process_pass, passwords)


def passwords_of(part: CollectionAccount, mode: str, now: datetime) -> list[Secret]:
    """The passwords of a mode that a notice may be made with at ``now``."""
    if mode == Mode.PRODUCTION:
        former, changed_at = part.former_production_password, part.production_password_changed_at
    else:
        former, changed_at = part.former_test_password, part.test_password_changed_at
    accepted = [part.password(mode)]
    if changed_at is not None and now < changed_at + FORMER_PASSWORD_FOR:
        accepted.append(former)
    return [password for password in accepted if password]


def _matches(notice: DepositNotice, process_pass: Secret, passwords: list[Secret]) -> bool:
    matches = [
        hash_matches(notice, process_pass=process_pass, merchant_pass=password)
        for password in passwords
    ]
    return any(matches)
