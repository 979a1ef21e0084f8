"""一括処理: operations that staff have asked for at once, and the worker carries out one by one."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from escott.django.models.leased import Leased
from escott.django.models.operation import OPERATION_LABELS, Operation
from escott.django.models.payment import Payment
from escott.rules.card_states import CardOperation

_KINDS = [
    (kind.value, OPERATION_LABELS[kind]) for kind in (CardOperation.CAPTURE, CardOperation.CANCEL)
]


class BatchSource(models.TextChoices):
    """Where a batch came from."""

    LIST = "list", _("Chosen in the list of payments")
    SHIPPING = "shipping", _("Shipping list (CSV)")


class Batch(models.Model):
    """What one person has asked for at once. ``stopped_at`` keeps the rest from being done."""

    kind = models.CharField(_("operation"), max_length=16, choices=_KINDS)
    source = models.CharField(max_length=10, choices=BatchSource, default=BatchSource.LIST)
    key = models.CharField(_("key"), max_length=64, unique=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("done by"),
    )
    created_at = models.DateTimeField(_("created at"))
    stopped_at = models.DateTimeField(_("stopped at"), null=True, blank=True)

    class Meta:
        verbose_name = _("batch")
        verbose_name_plural = _("batches")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.created_at:%Y-%m-%d %H:%M})"


class PlanState(models.TextChoices):
    """How far a planned operation has come."""

    WAITING = "waiting", pgettext_lazy("planned operation", "Waiting")
    DONE = "done", pgettext_lazy("planned operation", "Asked for")
    LEFT_OUT = "left_out", pgettext_lazy("planned operation", "Not possible any more")
    STOPPED = "stopped", pgettext_lazy("planned operation", "Stopped before it was asked for")


class PlannedOperation(Leased):
    """One operation that the worker is to ask for, under a key of its own.

    ``operation`` tells how it ended, once it was asked for; ``obstacle`` why it could not be
    (:class:`escott.rules.operability.Obstacle`). A plan without a batch comes from a shipment
    (出荷時に自動で売上計上).
    """

    batch = models.ForeignKey(
        Batch, on_delete=models.CASCADE, null=True, blank=True, related_name="plans"
    )
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="plans")
    kind = models.CharField(_("operation"), max_length=16, choices=_KINDS)
    key = models.CharField(_("key"), max_length=64, unique=True)
    amount_seen = models.PositiveIntegerField(_("amount"))
    state = models.CharField(
        _("state"), max_length=10, choices=PlanState, default=PlanState.WAITING
    )
    obstacle = models.CharField(max_length=20, blank=True)
    operation = models.ForeignKey(
        Operation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("planned operation")
        verbose_name_plural = _("planned operations")
        ordering = ["id"]
        indexes = [
            models.Index(
                name="escott_plans_due",
                fields=["due_at"],
                condition=models.Q(due_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.payment_id}"
