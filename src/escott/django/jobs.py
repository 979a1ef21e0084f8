"""What the worker does, over and over. Each job may run twice at once without harm."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Final

from escott.clock import Clock
from escott.django.log_purge import delete_old_lines
from escott.django.mails import send_due
from escott.django.services.announce import announce_due
from escott.django.services.card_attempts import forget_attempts
from escott.django.services.compare import sweep_due
from escott.django.services.end_trip import expire_trips
from escott.django.services.expiry import expire_due
from escott.django.services.keep_card import keep_due
from escott.django.services.member_recovery import resolve_members_due
from escott.django.services.plans import carry_out_due
from escott.django.services.recovery import recover_due
from escott.django.services.warnings import warn_due

#: Each job takes the clock and an event that asks it to end after the row under way; it does
#: what is due and returns how much it did.
JOBS: Final[Mapping[str, Callable[[Clock, threading.Event], int]]] = {
    "recover operations": recover_due,
    "announce changes": announce_due,
    "expire authorisations": expire_due,
    "warn of last days": warn_due,
    "carry out plans": carry_out_due,
    "compare with the gateway": sweep_due,
    "end trips": expire_trips,
    "save cards": keep_due,
    "look after saved cards": resolve_members_due,
    "send mails": send_due,
    "forget card attempts": forget_attempts,
    "delete old log lines": delete_old_lines,
}
