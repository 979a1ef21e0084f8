"""メール文面: what staff have written instead of the default text of a mail."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from escott.django.models.mail import MailKind


class MailText(models.Model):
    """One kind of mail in the shop's own words, with places such as ``{order_number}``.

    No row: the default text. An empty sender or signature: the shop's.
    """

    kind = models.CharField(_("kind"), max_length=24, choices=MailKind, unique=True)
    sender = models.CharField(_("sender"), max_length=200, blank=True)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("body"), max_length=8000)
    signature = models.TextField(_("signature"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("mail text")
        verbose_name_plural = _("mail texts")

    def __str__(self) -> str:
        return self.get_kind_display()
