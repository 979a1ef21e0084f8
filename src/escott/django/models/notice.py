"""入金結果通知: every notice that came in, kept whole before anybody reads it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from escott.django.encrypted_field import EncryptedField
from escott.django.models.leased import Leased
from escott.django.models.payment import Payment


class NoticeEnd(models.TextChoices):
    """What became of a notice."""

    WAITING = "", _("Not processed yet")
    DEPOSITED = "deposited", _("The payment became paid")
    KNOWN = "known", _("The deposit was known already")
    NOT_PAID = "not_paid", _("The gateway says that nothing was paid")
    UNKNOWN_PAYMENT = "unknown_payment", _("It names no payment of this shop")
    UNREADABLE = "unreadable", _("It is no deposit notice")
    OTHER_MERCHANT = "other_merchant", _("It is for another merchant")
    UNTRUSTED = "untrusted", _("Its HashCd is wrong")
    FOR_STAFF = "for_staff", _("Left to staff")


class Notice(Leased):
    """One notice. ``raw`` holds a ProcessPass, so it is encrypted.

    Attributes:
        genuine: its HashCd was made with this shop's password; ``None`` until that is known.
    """

    received_at = models.DateTimeField(_("received at"))
    raw = EncryptedField(_("as it came"))
    remote_address = models.CharField(_("sent from"), max_length=45, blank=True)
    genuine = models.BooleanField(_("HashCd is right"), null=True, blank=True)
    transaction_code = models.CharField(_("transaction code"), max_length=20, blank=True)
    payment = models.ForeignKey(
        Payment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="notices",
        verbose_name=_("payment"),
    )
    end = models.CharField(
        _("what became of it"),
        max_length=16,
        choices=NoticeEnd,
        default=NoticeEnd.WAITING,
        blank=True,
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    processed_at = models.DateTimeField(_("processed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("deposit notice")
        verbose_name_plural = _("deposit notices")
        ordering = ["-id"]
        indexes = [
            models.Index(
                name="escott_notices_due",
                fields=["due_at"],
                condition=models.Q(due_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.received_at:%Y-%m-%d %H:%M:%S} {self.transaction_code}"
