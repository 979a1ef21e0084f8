"""処理: what was asked of the gateway for a payment, by whom, and what came back."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from escott.django.encrypted_field import EncryptedField
from escott.django.models.leased import Leased
from escott.django.models.payment import Payment
from escott.gateway import ResponseCode
from escott.gateway.response_codes import parse
from escott.rules.card_states import CardOperation
from escott.rules.collection_states import CollectionOperation


class OperationState(models.TextChoices):
    """How far an operation has come. The first and the unknown ones are unfinished.

    What was lost moves no money, and nothing depends any more on whether it was carried out: a
    registration whose slip nobody can pay, or a change of a slip that has ended.
    """

    STARTED = "started", pgettext_lazy("operation result", "In progress")
    UNKNOWN = "unknown", pgettext_lazy("operation result", "Result unknown")
    OK = "ok", pgettext_lazy("operation result", "OK")
    REFUSED = "refused", pgettext_lazy("operation result", "Refused")
    NOT_SENT = "not_sent", pgettext_lazy("operation result", "Not sent")
    NOT_DONE = "not_done", pgettext_lazy("operation result", "Not carried out")
    LOST = "lost", pgettext_lazy("operation result", "Unanswered")


UNFINISHED = (OperationState.STARTED, OperationState.UNKNOWN)

OPERATION_LABELS = {
    CardOperation.AUTHORISE: pgettext_lazy("payment operation", "Authorise"),
    CardOperation.GATHER: pgettext_lazy("payment operation", "Authorise and capture"),
    CardOperation.CAPTURE: pgettext_lazy("payment operation", "Capture"),
    CardOperation.CHANGE_AMOUNT: pgettext_lazy("payment operation", "Change amount"),
    CardOperation.CANCEL: pgettext_lazy("payment operation", "Cancel"),
    CardOperation.REAUTHORISE: pgettext_lazy("payment operation", "Re-authorise"),
    CollectionOperation.REGISTER: pgettext_lazy("payment operation", "Register slip"),
    CollectionOperation.CHANGE: pgettext_lazy("payment operation", "Change slip"),
    CollectionOperation.DELETE: pgettext_lazy("payment operation", "Delete slip"),
    CollectionOperation.DEPOSIT: pgettext_lazy("payment operation", "Deposit"),
}


class ResolvedBy(models.TextChoices):
    """Who told how an unknown operation ended."""

    NOBODY = "", _("Not applicable")
    TOKEN_SEARCH = "token_search", _("Inquiry by token")
    SEARCH = "search", _("Inquiry by ProcessId")
    STAFF = "staff", _("Staff, by the gateway's console")
    ELSEWHERE = "elsewhere", _("Done in the gateway's console, taken over here")
    NOTICE = "notice", _("Deposit notice, confirmed by inquiry")


class Operation(Leased):
    """One thing asked of the gateway. Written before it is sent; not edited after it ended.

    ``due_at`` is when recovery looks at an unfinished operation next.
    """

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="operations")
    number = models.PositiveSmallIntegerField(_("no."))
    kind = models.CharField(
        _("operation"),
        max_length=16,
        choices=[(kind.value, label) for kind, label in OPERATION_LABELS.items()],
    )
    amount = models.PositiveIntegerField(_("amount"))
    due_on = models.DateField(_("payable until"), null=True, blank=True)
    key = models.CharField(_("key"), max_length=64)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("done by"),
    )
    state = models.CharField(_("result"), max_length=10, choices=OperationState)
    started_at = models.DateTimeField(_("asked at"))
    ended_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    token = EncryptedField(editable=False)
    transaction_id = models.CharField(_("TransactionId"), max_length=64, blank=True)
    response_codes = models.CharField(_("response codes"), max_length=200, blank=True)
    reason = models.CharField(_("reason"), max_length=32, blank=True)
    detail = models.CharField(_("detail"), max_length=200, blank=True)
    resolved_by = models.CharField(
        _("resolved by"), max_length=16, choices=ResolvedBy, default=ResolvedBy.NOBODY, blank=True
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    tells_customer = models.BooleanField(_("mail to the customer"), default=False)

    class Meta:
        verbose_name = _("operation")
        verbose_name_plural = _("operations")
        ordering = ["payment", "-number"]
        constraints = [
            models.UniqueConstraint(
                name="escott_one_unfinished_operation",
                fields=["payment"],
                condition=models.Q(state__in=[state.value for state in UNFINISHED]),
            ),
            models.UniqueConstraint(name="escott_operation_number", fields=["payment", "number"]),
            models.UniqueConstraint(name="escott_operation_key", fields=["key"]),
        ]
        indexes = [
            models.Index(
                name="escott_by_transaction_id",
                fields=["transaction_id"],
                condition=~models.Q(transaction_id=""),
            ),
            models.Index(
                name="escott_unknown_operations",
                fields=["payment"],
                condition=models.Q(state=OperationState.UNKNOWN.value),
            ),
            models.Index(
                name="escott_operations_due",
                fields=["due_at"],
                condition=models.Q(due_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payment_id}-{self.number} {self.get_kind_display()}"

    @property
    def is_charge(self) -> bool:
        """This operation started the payment."""
        return self.number == 1

    @property
    def card_operation(self) -> CardOperation:
        """What was asked for a card payment, as the rules name it."""
        return CardOperation(self.kind)

    @property
    def collection_operation(self) -> CollectionOperation:
        """What happened to a slip, as the rules name it."""
        return CollectionOperation(self.kind)

    @property
    def codes(self) -> tuple[ResponseCode, ...]:
        """The gateway's response codes with their meanings."""
        return parse(self.response_codes) if self.response_codes else ()
