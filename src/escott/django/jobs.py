"""What the worker does, over and over. Each job may run twice at once without harm.

A host shop adds its own in ``AppConfig.ready``, so that one worker does them all::

    from escott.django.jobs import add_job

    add_job("cancel abandoned orders", cancel_abandoned)
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

from escott.clock import Clock
from escott.django.log_purge import delete_old_lines
from escott.django.mails import send_due
from escott.django.services.announce import announce_due
from escott.django.services.card_attempts import forget_attempts
from escott.django.services.collection.notice_purge import delete_untrusted_notices
from escott.django.services.collection.noticing import process_notices_due
from escott.django.services.collection.polling import poll_due
from escott.django.services.collection.reminding import remind_due
from escott.django.services.compare import sweep_due
from escott.django.services.end_trip import expire_trips
from escott.django.services.expiry import expire_due
from escott.django.services.keep_card import keep_due
from escott.django.services.member_recovery import resolve_members_due
from escott.django.services.plans import carry_out_due
from escott.django.services.recovery import recover_due
from escott.django.services.warnings import warn_due

#: Takes the clock and an event that asks it to end after the row under way; it does what is due
#: and returns how much it did.
Job = Callable[[Clock, threading.Event], int]

#: By their names in the log, in the order of a round.
JOBS: Final[dict[str, Job]] = {
    "recover operations": recover_due,
    "announce changes": announce_due,
    "process deposit notices": process_notices_due,
    "ask about slips": poll_due,
    "remind of slips": remind_due,
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
    "delete untrusted notices": delete_untrusted_notices,
}


def add_job(name: str, job: Job) -> None:
    """Have the worker do this as well, after the others. Harmless when called again.

    Args:
        name: what the log calls it.

    Raises:
        ValueError: another job has that name.
    """
    if JOBS.setdefault(name, job) is not job:
        raise ValueError(f"there is another job named {name!r}")
