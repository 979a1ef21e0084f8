"""要対応: a matter about money that a person has to look at, from its opening to its end."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from escott.django.models.payment import Payment


class CaseKind(models.TextChoices):
    """What has happened."""

    RESULT_UNKNOWN = "result_unknown", _("The result of an operation is unknown")
    ORDER_CLOSED = "order_closed", _("A payment came for an order that is closed")
    LATE_SUCCESS = "late_success", _("The gateway reported success after it was given up")
    LATE_DOUBT = "late_doubt", _("The gateway was asked after it had been given up")
    STATE_DIFFERS = "state_differs", _("Operated on in the gateway's console")
    AMOUNT_DIFFERS = "amount_differs", _("The gateway holds another amount")
    GONE = "gone", _("The gateway does not know the payment any more")
    TOTAL_DIFFERS = "total_differs", _("The order's total is not the amount of its payment")
    EXPIRED = "expired", _("An authorisation ran out")
    OPERATION_FAILED = "operation_failed", _("A planned operation was not carried out")
    DEPOSIT_AMOUNT = "deposit_amount", _("Another amount was paid in")
    DEPOSIT_AFTER_END = "deposit_after_end", _("A deposit came after the slip had ended")
    DEPOSIT_CONDITION = "deposit_condition", _("A deposit notice of an unknown kind")
    PAID_TWICE = "paid_twice", _("A deposit came for an order that is paid already")
    NOTICE_UNMATCHED = "notice_unmatched", _("A deposit notice for no payment of this shop")
    NOTICE_UNTRUSTED = "notice_untrusted", _("Deposit notices whose HashCd is wrong")
    SLIP_GONE = "slip_gone", _("The gateway does not know the slip any more")
    SLIP_LINK_LOST = "slip_link_lost", _("The new number of a changed slip did not arrive")


#: What a comparison with the gateway finds, and what the next comparison closes.
DRIFT_KINDS = (CaseKind.STATE_DIFFERS, CaseKind.AMOUNT_DIFFERS, CaseKind.GONE)


class Case(models.Model):
    """One matter. At most one of a kind is open for a payment; a closed one stays for the record.

    ``seen`` holds what was found, in words of the rules: ``drift``, ``amount`` and ``total`` in
    yen, ``sales_date``.
    """

    kind = models.CharField(_("kind"), max_length=20, choices=CaseKind)
    payment = models.ForeignKey(
        Payment, on_delete=models.PROTECT, null=True, blank=True, related_name="cases"
    )
    seen = models.JSONField(default=dict, blank=True)
    opened_at = models.DateTimeField(_("opened at"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("closed by"),
    )
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                name="escott_one_open_case",
                fields=["payment", "kind"],
                condition=models.Q(closed_at__isnull=True),
            ),
            models.UniqueConstraint(
                name="escott_one_case_of_untrusted_notices",
                fields=["kind"],
                condition=models.Q(
                    closed_at__isnull=True,
                    payment__isnull=True,
                    kind=CaseKind.NOTICE_UNTRUSTED.value,
                ),
            ),
        ]
        indexes = [
            models.Index(
                name="escott_open_cases",
                fields=["kind", "payment"],
                condition=models.Q(closed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.payment_id})"

    @property
    def reference(self) -> str:
        """What it is called beside its kind: a transaction code, or else its own number."""
        if self.payment is not None:
            return self.payment.transaction_code
        return str(self.seen.get("transaction_code") or self.pk)


def has_open(payment: Payment, kind: CaseKind) -> bool:
    """Whether a case of the kind is open; nothing is asked where the payment has none."""
    return payment.needs_attention and any(
        case.kind == kind and case.closed_at is None for case in payment.cases.all()
    )
