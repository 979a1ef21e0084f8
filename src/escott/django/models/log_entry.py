"""ログ: what the payment module did, for whoever looks for a cause (requirements.md A055)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class LogEntry(models.Model):
    """One line of the diagnostic log. Holds no secret; deleted after some weeks."""

    at = models.DateTimeField(_("at"), db_index=True)
    level = models.PositiveSmallIntegerField(_("level"))
    source = models.CharField(_("source"), max_length=100)
    message = models.TextField(_("message"))

    class Meta:
        verbose_name = _("log line")
        verbose_name_plural = _("log")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.message[:80]
