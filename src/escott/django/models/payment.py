"""決済: one attempt to be paid for an order, and what the gateway has recorded for it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from escott.django.encrypted_field import EncryptedField
from escott.django.models.consent import Consent
from escott.django.models.member import Member
from escott.django.models.merchant_account import MerchantAccount, Mode
from escott.gateway import Transaction
from escott.rules.card_brands import NAMES, CardBrand
from escott.rules.card_states import CardOperation
from escott.rules.payment_methods import PaymentMethod
from escott.rules.payment_states import LIVE, PAID, UNRESOLVED, PaymentState

STATE_LABELS = {
    PaymentState.STARTED: pgettext_lazy("payment state", "In progress"),
    PaymentState.UNKNOWN: pgettext_lazy("payment state", "Result unknown"),
    PaymentState.REFUSED: pgettext_lazy("payment state", "Refused"),
    PaymentState.NOT_SENT: pgettext_lazy("payment state", "Not sent"),
    PaymentState.NOT_CHARGED: pgettext_lazy("payment state", "Not charged"),
    PaymentState.WITHDRAWN: pgettext_lazy("payment state", "Cancelled by the shopper"),
    PaymentState.AUTHORISED: pgettext_lazy("payment state", "Authorised"),
    PaymentState.GATHERED: pgettext_lazy("payment state", "Authorised and captured"),
    PaymentState.CAPTURED: pgettext_lazy("payment state", "Captured"),
    PaymentState.CANCELLED: pgettext_lazy("payment state", "Cancelled"),
    PaymentState.EXPIRED: pgettext_lazy("payment state", "Expired"),
    PaymentState.LOST: pgettext_lazy("payment state", "Registration unanswered"),
    PaymentState.UNPAID: pgettext_lazy("payment state", "Not paid in yet"),
    PaymentState.DEPOSITED: pgettext_lazy("payment state", "Paid in"),
    PaymentState.DELETED: pgettext_lazy("payment state", "Slip cancelled"),
    PaymentState.LAPSED: pgettext_lazy("payment state", "Slip expired"),
}

METHOD_LABELS = [
    (PaymentMethod.CARD.value, _("Card")),
    (PaymentMethod.COLLECTION.value, _("Online collection")),
]


class CardSaving(models.TextChoices):
    """Whether the card is to be kept after the charge (requirements.md part 2 no. 9)."""

    NO = "", _("No")
    WANTED = "wanted", _("To be saved")
    SAVED = "saved", _("Saved")
    REFUSED = "refused", _("Could not be saved")


class Payment(models.Model):
    """One attempt to be paid. Every attempt stays; at most one per order and purpose is live.

    ``amount`` is what the gateway holds now, in yen. ``transaction_code`` goes out as
    MerchantFree1 and is what staff search for in the gateway's console.
    """

    transaction_code = models.CharField(_("transaction code"), max_length=12)
    account = models.ForeignKey(
        MerchantAccount,
        on_delete=models.PROTECT,
        db_index=False,
        verbose_name=_("merchant account"),
    )
    mode = models.CharField(_("mode"), max_length=10, choices=Mode)
    method = models.CharField(
        _("method"), max_length=12, default=PaymentMethod.CARD.value, choices=METHOD_LABELS
    )
    order_reference = models.CharField(_("order"), max_length=64)
    purpose = models.CharField(_("purpose"), max_length=16, default="order")
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("customer"),
    )
    email = models.EmailField(_("e-mail"), blank=True)
    all_virtual = models.BooleanField(_("nothing to ship"), default=False)
    amount = models.PositiveIntegerField(_("amount"))
    pay_type = models.CharField(_("instalments"), max_length=2, default="01")
    charged_by = models.CharField(_("processing class"), max_length=10)
    member = models.ForeignKey(
        Member,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="payments",
        verbose_name=_("card member"),
    )
    secure_result_code = models.CharField(_("3-D Secure result"), max_length=1, blank=True)
    consent = models.ForeignKey(
        Consent,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("consent"),
    )
    saving = models.CharField(
        _("save the card"), max_length=8, choices=CardSaving, default=CardSaving.NO, blank=True
    )
    saving_due_at = models.DateTimeField(null=True, blank=True, editable=False)
    state = models.CharField(
        _("state"), max_length=12, choices=[(s.value, STATE_LABELS[s]) for s in PaymentState]
    )
    live = models.BooleanField(_("live"), editable=False)
    needs_attention = models.BooleanField(_("needs attention"), default=False, editable=False)
    card_brand = models.CharField(
        _("card brand"), max_length=12, blank=True, choices=[(b.value, b.value) for b in CardBrand]
    )
    last_four = models.CharField(_("last four digits"), max_length=4, blank=True)
    process_id = models.CharField(_("ProcessId"), max_length=64, blank=True)
    process_pass = EncryptedField(editable=False)
    created_at = models.DateTimeField(_("created at"))
    charged_at = models.DateTimeField(_("charged at"), null=True, blank=True)
    operable_until = models.DateField(_("last day of operations"), null=True, blank=True)
    captured_on = models.DateField(_("sales date"), null=True, blank=True)
    warned_days = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    compared_at = models.DateTimeField(
        _("compared with the gateway at"), null=True, blank=True, editable=False
    )
    compare_asked_at = models.DateTimeField(null=True, blank=True, editable=False)
    compare_due_at = models.DateTimeField(null=True, blank=True, editable=False)
    announce_due_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(name="escott_transaction_code", fields=["transaction_code"]),
            models.UniqueConstraint(
                name="escott_one_live_payment",
                fields=["order_reference", "purpose"],
                condition=models.Q(live=True),
            ),
            models.CheckConstraint(
                name="escott_live_states",
                condition=~models.Q(state__in=sorted(state.value for state in LIVE))
                | models.Q(live=True),
            ),
            models.CheckConstraint(name="escott_payment_amount", condition=models.Q(amount__gte=1)),
        ]
        indexes = [
            models.Index(name="escott_order", fields=["order_reference"]),
            models.Index(name="escott_created", fields=["created_at", "id"]),
            models.Index(
                name="escott_unresolved",
                fields=["state"],
                condition=models.Q(state__in=sorted(state.value for state in UNRESOLVED)),
            ),
            models.Index(
                name="escott_needs_attention",
                fields=["created_at", "id"],
                condition=models.Q(needs_attention=True),
            ),
            models.Index(name="escott_by_state", fields=["state", "created_at", "id"]),
            models.Index(name="escott_by_method", fields=["method", "created_at", "id"]),
            models.Index(
                name="escott_test_payments",
                fields=["created_at", "id"],
                condition=models.Q(mode=Mode.TEST.value),
            ),
            models.Index(
                Lower("email"),
                "created_at",
                name="escott_by_email",
                condition=~models.Q(email=""),
            ),
            models.Index(
                name="escott_by_last_four",
                fields=["last_four", "created_at", "id"],
                condition=~models.Q(last_four=""),
            ),
            models.Index(name="escott_by_amount", fields=["amount", "created_at", "id"]),
            models.Index(
                name="escott_by_sales_date",
                fields=["captured_on", "id"],
                condition=models.Q(captured_on__isnull=False),
            ),
            models.Index(
                name="escott_compared",
                fields=["compared_at"],
                condition=models.Q(compared_at__isnull=False),
            ),
            models.Index(
                name="escott_comparisons_asked",
                fields=["compare_asked_at"],
                condition=models.Q(compare_asked_at__isnull=False),
            ),
            models.Index(
                name="escott_comparisons",
                fields=["compare_due_at"],
                condition=models.Q(compare_due_at__isnull=False),
            ),
            models.Index(
                name="escott_announcements",
                fields=["announce_due_at"],
                condition=models.Q(announce_due_at__isnull=False),
            ),
            models.Index(
                name="escott_process_id",
                fields=["process_id"],
                condition=~models.Q(process_id=""),
            ),
            models.Index(
                name="escott_of_member",
                fields=["member"],
                condition=models.Q(member__isnull=False),
            ),
            models.Index(
                name="escott_cards_to_save",
                fields=["saving_due_at"],
                condition=models.Q(saving_due_at__isnull=False),
            ),
            models.Index(
                name="escott_expiring",
                fields=["operable_until", "id"],
                condition=models.Q(state=PaymentState.AUTHORISED.value),
            ),
        ]
        permissions = [
            ("capture_payment", _("Can capture payments")),
            ("cancel_payment", _("Can cancel payments")),
            ("cancel_past_period", _("Can try to cancel after the last day of operations")),
            ("change_amount", _("Can change the amount of payments")),
            ("reauthorise_payment", _("Can re-authorise payments")),
            ("charge_saved_card", _("Can charge the saved card of a customer")),
            ("request_payment", _("Can send payment links")),
            ("record_refund", _("Can record refunds made outside the gateway")),
            ("settle_payment", _("Can settle payments whose result is unknown")),
            ("resolve_case", _("Can close what needs attention")),
        ]

    def __str__(self) -> str:
        return f"{self.transaction_code} ({self.get_state_display()}, ¥{self.amount:,})"

    @property
    def is_paid(self) -> bool:
        """The card was charged or authorised, or the slip was paid, and that stands."""
        return self.state in PAID

    @property
    def is_unresolved(self) -> bool:
        """Nobody can say yet whether the card was charged."""
        return self.state in UNRESOLVED

    @property
    def may_pay_again(self) -> bool:
        """This attempt took no money, and the shopper may try again."""
        return not self.live

    @property
    def card_label(self) -> str:
        """Brand and last four, as far as the gateway has told; empty otherwise."""
        four = f"•••• {self.last_four}" if self.last_four else ""
        name = NAMES[CardBrand(self.card_brand)] if self.card_brand else ""
        return f"{name} {four}".strip()

    @property
    def charge(self) -> CardOperation:
        """The processing class that started a card payment; a slip has none."""
        return CardOperation(self.charged_by)

    @property
    def transaction(self) -> Transaction | None:
        """What names the payment to the gateway; ``None`` for one that staff settled (照合済み)."""
        if not self.process_id:
            return None
        member = self.member.at_the_gateway if self.member is not None else None
        return Transaction(self.process_id, self.process_pass, member)
