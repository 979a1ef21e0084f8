"""返金: money that was given back outside the gateway, for the record."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from escott.django.models.payment import Payment


class Refund(models.Model):
    """One return of money by hand; the gateway knows nothing of it.

    Never edited: a wrong one is taken back, and the audit log keeps what it said.
    """

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    amount = models.PositiveIntegerField(_("amount"))
    returned_on = models.DateField(_("returned on"))
    bank = models.CharField(_("bank or way of return"), max_length=100)
    reason = models.CharField(_("reason"), max_length=300)
    key = models.CharField(_("key"), max_length=64, unique=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("done by"),
    )
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="escott_refund_amount", condition=models.Q(amount__gte=1)),
        ]

    def __str__(self) -> str:
        return f"¥{self.amount:,} ({self.returned_on})"
