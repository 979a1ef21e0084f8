"""監査ログ: who did what to settings, payments and saved cards, and never a secret."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditArea(models.TextChoices):
    """What a change belongs to, for the filter of the page."""

    SETTINGS = "settings", _("Settings")
    OPERATION = "operation", _("Payment operations")
    CASE = "case", _("What needed attention")
    CARD = "card", _("Saved cards")
    OVERRIDE = "override", _("Against the rule")
    MAIL = "mail", _("Mail texts")


class AuditEntry(models.Model):
    """One change. Kept for ever, whatever the switch ログを保存 says.

    ``changes`` maps a field's label to its text before and after; a secret is only said to
    have been changed.
    """

    at = models.DateTimeField(_("at"), db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("done by"),
    )
    actor_name = models.CharField(_("name at the time"), max_length=150, blank=True)
    area = models.CharField(_("area"), max_length=10, choices=AuditArea, default=AuditArea.SETTINGS)
    action = models.CharField(_("action"), max_length=100)
    subject = models.CharField(_("subject"), max_length=150, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    changes = models.JSONField(_("changes"), default=dict, blank=True)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")
        ordering = ["-id"]
        indexes = [models.Index(name="escott_audit_area", fields=["area", "-id"])]

    def __str__(self) -> str:
        return f"{self.action} ({self.actor_name})"
