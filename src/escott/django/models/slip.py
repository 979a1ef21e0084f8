"""払込票: what a shopper pays by, at a convenience store, by Pay-easy or with e-money."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from escott.django.models.leased import Leased
from escott.django.models.payment import Payment
from escott.rules.payment_methods import PaymentMethod


class Slip(Leased):
    """The slip of one payment, as the gateway registered it, and the deposit made by it.

    ``due_at`` is when the worker asks the gateway next whether it was paid (2Ref), or what
    became of it after its last day; never, once nothing more can come of it.

    A slip without a ``link_code`` cannot be paid by its shopper any more: 変更 was lost, and
    the number that stood there before may be worth nothing. ``former_link_code`` is the link
    from before, until it is known whether the change has reached the gateway. ``former_number``
    is the number that the shopper was told before 変更, and may still name.

    ``attempts`` counts the inquiries since the last one that was answered.
    """

    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="slip")
    fee = models.PositiveIntegerField(_("fee"), default=0)
    due_on = models.DateField(_("payable until"))
    kessai_number = models.CharField(_("payment number"), max_length=64, blank=True)
    former_number = models.CharField(_("former payment number"), max_length=64, blank=True)
    link_code = models.CharField(_("link code"), max_length=255, blank=True)
    former_link_code = models.CharField(max_length=255, blank=True, editable=False)
    changed = models.BooleanField(_("was changed"), default=False)
    product = models.CharField(_("product name"), max_length=16)
    payer_name = models.CharField(_("payer"), max_length=20)
    payer_kana = models.CharField(_("payer (kana)"), max_length=20)
    payer_telephone = models.CharField(_("telephone number"), max_length=11)
    asked_at = models.DateTimeField(_("gateway asked at"), null=True, blank=True)
    reminded_days = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)

    deposited_amount = models.PositiveIntegerField(_("deposited amount"), null=True, blank=True)
    deposited_at = models.DateTimeField(_("deposited at"), null=True, blank=True)
    receipt_number = models.CharField(_("receipt number"), max_length=64, blank=True)
    institution = models.CharField(_("institution"), max_length=64, blank=True)
    branch = models.CharField(_("branch"), max_length=64, blank=True)
    stamped = models.BooleanField(_("revenue stamp"), default=False)

    class Meta:
        verbose_name = _("slip")
        verbose_name_plural = _("slips")
        indexes = [
            models.Index(
                name="escott_slips_due",
                fields=["due_at"],
                condition=models.Q(due_at__isnull=False),
            ),
            models.Index(
                name="escott_slips_to_remind",
                fields=["due_on"],
                condition=models.Q(due_at__isnull=False),
            ),
            models.Index(
                name="escott_slips_asked",
                fields=["asked_at"],
                condition=models.Q(asked_at__isnull=False),
            ),
            models.Index(
                name="escott_by_kessai_number",
                fields=["kessai_number"],
                condition=~models.Q(kessai_number=""),
            ),
            models.Index(
                name="escott_by_former_number",
                fields=["former_number"],
                condition=~models.Q(former_number=""),
            ),
            models.Index(
                name="escott_by_receipt_number",
                fields=["receipt_number"],
                condition=~models.Q(receipt_number=""),
            ),
            models.Index(
                name="escott_by_deposit",
                fields=["deposited_at"],
                condition=models.Q(deposited_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kessai_number or self.pk} ({self.due_on})"


def slip_of(payment: Payment) -> Slip | None:
    """The payment's slip; ``None`` for a card."""
    return getattr(payment, "slip", None) if payment.method == PaymentMethod.COLLECTION else None
