"""カードの試行: who presented a card, so that nobody tries stolen ones (クレジットマスター)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class CardAttempt(models.Model):
    """One card presented to be charged or saved. Session and address are kept as digests."""

    at = models.DateTimeField(_("at"), db_index=True)
    session = models.CharField(_("session"), max_length=32, blank=True)
    customer = models.CharField(_("customer"), max_length=32, blank=True)
    address = models.CharField(_("address"), max_length=32, blank=True)
    order_reference = models.CharField(_("order"), max_length=64, blank=True)
    refused = models.BooleanField(_("refused"), default=False)

    class Meta:
        verbose_name = _("card attempt")
        verbose_name_plural = _("card attempts")
        #: Each holds all that its limits ask for, so that no row is read.
        indexes = [
            models.Index(name="escott_attempts_session", fields=["session", "at", "refused"]),
            models.Index(name="escott_attempts_customer", fields=["customer", "at", "refused"]),
            models.Index(name="escott_attempts_address", fields=["address", "at", "refused"]),
            models.Index(name="escott_attempts_order", fields=["order_reference", "at", "refused"]),
            models.Index(
                name="escott_attempts_refused",
                fields=["at", "refused"],
                condition=models.Q(refused=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S}"
