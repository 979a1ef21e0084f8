"""送信待ちメール: mails are written down with the payment and sent by the worker."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from escott.django.models.leased import Leased
from escott.django.models.payment import Payment


class MailKind(models.TextChoices):
    """What a mail tells the shopper, or the shop."""

    ORDER_PAID = "order_paid", _("Order confirmed")
    ORDER_FREE = "order_free", _("Free order confirmed")
    PAYMENT_REFUSED = "payment_refused", _("Card refused")
    PAYMENT_UNKNOWN = "payment_unknown", _("Payment being checked")
    PAYMENT_NOT_CHARGED = "payment_not_charged", _("Nothing was charged")
    PAYMENT_UNFINISHED = "payment_unfinished", _("Identity check not finished")
    PAYMENT_REQUEST = "payment_request", _("Payment link")
    PAYMENT_CANCELLED = "payment_cancelled", _("Payment cancelled")
    AMOUNT_CHANGED = "amount_changed", _("Amount changed")
    ORDER_ABANDONED = "order_abandoned", _("Order cancelled, not paid in time")
    SLIP_REGISTERED = "slip_registered", _("How to pay")
    SLIP_CHANGED = "slip_changed", _("New payment number")
    SLIP_REMINDER = "slip_reminder", _("Payment reminder")
    SLIP_PAID = "slip_paid", _("Deposit confirmed")
    SLIP_DELETED = "slip_deleted", _("Slip cancelled")
    SLIP_LAPSED = "slip_lapsed", _("Not paid in time")
    SHOP_CASE = "shop_case", _("To the shop: something needs attention")
    SHOP_DATES = "shop_dates", _("To the shop: last days of operations")


#: What goes to the shop's address and to nobody else.
FOR_THE_SHOP: Final = frozenset({MailKind.SHOP_CASE, MailKind.SHOP_DATES})

#: What tells a customer of a slip (オンライン収納代行).
OF_SLIPS: Final = frozenset(
    {
        MailKind.SLIP_REGISTERED,
        MailKind.SLIP_CHANGED,
        MailKind.SLIP_REMINDER,
        MailKind.SLIP_PAID,
        MailKind.SLIP_DELETED,
        MailKind.SLIP_LAPSED,
    }
)

#: The order of a mail that is about none, or about many: what goes to the shop alone.
NO_ORDER: Final = "-"


class Mail(Leased):
    """One mail about one order, or one of its payments. Queued once, sent at least once.

    A mail to the shop about several payments has ``NO_ORDER`` for its order.

    ``occasion`` tells mails of a kind apart that a payment may cause more than once.

    ``delivered_to`` holds the recipients who have it already, so that a retry for one does
    not reach the others again.
    """

    order_reference = models.CharField(_("order"), max_length=64)
    payment = models.ForeignKey(
        Payment, on_delete=models.CASCADE, related_name="mails", null=True, blank=True
    )
    kind = models.CharField(_("kind"), max_length=24, choices=MailKind)
    occasion = models.CharField(max_length=64, blank=True, editable=False)
    queued_at = models.DateTimeField(_("queued at"))
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    delivered_to = models.JSONField(_("delivered to"), default=list, blank=True)
    last_error = models.CharField(_("last error"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        constraints = [
            models.UniqueConstraint(
                name="escott_one_mail_of_a_kind", fields=["payment", "kind", "occasion"]
            ),
            models.UniqueConstraint(
                name="escott_one_mail_of_a_free_order",
                fields=["order_reference", "kind", "occasion"],
                condition=models.Q(payment__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                name="escott_mails_due",
                fields=["due_at"],
                condition=models.Q(due_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.order_reference})"
