"""Rows that are due: the truth about what a worker still has to do stands in the rows.

A worker leases a row by one guarded UPDATE, so two workers on two machines never hold the
same row, on PostgreSQL and on SQLite alike; a worker that dies loses its lease by time.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from escott.django.encrypted_field import SecretUnreadable
from escott.django.read_one import read_one

log = logging.getLogger("escott.worker")

_ALL: Final = Q()


class Leased(models.Model):
    """Work that is due at a moment, attempted any number of times, by one worker at a time."""

    due_at = models.DateTimeField(_("due at"), null=True, blank=True, editable=False)
    leased_until = models.DateTimeField(_("leased until"), null=True, blank=True, editable=False)
    attempts = models.PositiveIntegerField(_("attempts"), default=0, editable=False)

    class Meta:
        abstract = True

    @classmethod
    def lease_due(
        cls, now: datetime, *, lasting: timedelta, limit: int = 100, among: Q = _ALL
    ) -> Iterator[Self]:
        """Lease the rows due at ``now`` one by one and yield each; skip what others hold.

        Args:
            among: which rows; what it asks of them does not change.
        """
        free = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
        due = cls._default_manager.filter(free, due_at__lte=now)
        keys = due.filter(among).order_by("due_at").values_list("pk", flat=True)
        for key in keys[:limit]:
            won = due.filter(pk=key).update(leased_until=now + lasting, attempts=F("attempts") + 1)
            if won and (row := cls._readable(key)) is not None:
                yield row

    @classmethod
    def _readable(cls, key: int) -> Self | None:
        """The row, unless it is gone or its secret opens with no key; the lease then runs out."""
        try:
            return read_one(cls, cls._meta.pk.name, key)
        except SecretUnreadable:
            log.exception("%s %s cannot be read", cls.__name__, key)
            return None

    def release(self, *, due_at: datetime | None) -> None:
        """Give the lease back; the row is due again at ``due_at``, or never."""
        type(self)._default_manager.filter(pk=self.pk).update(leased_until=None, due_at=due_at)
