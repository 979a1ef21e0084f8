"""往復: a trip of the shopper's browser to the gateway, and what the server remembers of it.

Written before the browser leaves; the value that comes back is matched with it and counts once
(design.md, invariant 4).
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from escott.django.encrypted_field import EncryptedField
from escott.django.models.consent import Consent
from escott.django.models.leased import Leased
from escott.django.models.member import Member
from escott.django.models.merchant_account import MerchantAccount, Mode
from escott.django.models.payment import Payment
from escott.gateway import ResponseCode
from escott.gateway.response_codes import parse


class TripKind(models.TextChoices):
    """Where the browser goes."""

    SECURE = "secure", _("3-D Secure")
    HOSTED = "hosted", _("The gateway's card page")


class TripGoal(models.TextChoices):
    """What it is for."""

    PAY = "pay", _("Pay")
    ADD_CARD = "add_card", _("Save a card")
    CHANGE_CARD = "change_card", _("Change the saved card")


class TripState(models.TextChoices):
    """How it ended. Only an open one may still bring something."""

    OPEN = "open", pgettext_lazy("trip", "Under way")
    ACCEPTED = "accepted", pgettext_lazy("trip", "Came back, accepted")
    REFUSED = "refused", pgettext_lazy("trip", "Came back, refused")
    CANCELLED = "cancelled", pgettext_lazy("trip", "Cancelled by the shopper")
    EXPIRED = "expired", pgettext_lazy("trip", "Did not come back in time")


class Trip(Leased):
    """One trip: for which order and amount, with which card, agreed to what, and its result.

    ``code`` goes out as MerchantFree1. ``token`` and ``holder_name`` are emptied when they have
    been used, or are of no use any more. The result of a 本人認証 is carried by the charge that
    follows in the same request, and is kept nowhere but for its code.
    """

    code = models.CharField(_("transaction code"), max_length=12, unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=TripKind)
    goal = models.CharField(_("goal"), max_length=12, choices=TripGoal)
    state = models.CharField(_("state"), max_length=10, choices=TripState, default=TripState.OPEN)
    account = models.ForeignKey(MerchantAccount, on_delete=models.PROTECT, related_name="+")
    mode = models.CharField(_("mode"), max_length=10, choices=Mode)
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("customer"),
    )
    order_reference = models.CharField(_("order"), max_length=64, blank=True)
    all_virtual = models.BooleanField(_("nothing to ship"), default=False)
    email = models.EmailField(_("e-mail"), blank=True)
    amount = models.PositiveIntegerField(_("amount"), default=0)
    pay_type = models.CharField(_("instalments"), max_length=2, default="01")
    token = EncryptedField(editable=False)
    holder_name = EncryptedField(editable=False)
    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    saves_card = models.BooleanField(_("save the card"), default=False)
    consent = models.ForeignKey(
        Consent, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    payment = models.ForeignKey(
        Payment, on_delete=models.PROTECT, null=True, blank=True, related_name="trips"
    )
    attempt_id = models.BigIntegerField(null=True, blank=True, editable=False)
    next_url = models.CharField(max_length=300, editable=False)
    opened_at = models.DateTimeField(_("opened at"))
    left_at = models.DateTimeField(_("browser left at"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends at"))
    returned_at = models.DateTimeField(_("came back at"), null=True, blank=True)
    response_codes = models.CharField(_("response codes"), max_length=200, blank=True)
    secure_result_code = models.CharField(_("SecureResultCode"), max_length=1, blank=True)

    class Meta:
        verbose_name = _("trip to the gateway")
        verbose_name_plural = _("trips to the gateway")
        ordering = ["-id"]
        indexes = [
            models.Index(name="escott_trips_of_order", fields=["order_reference"]),
            models.Index(
                name="escott_trips_due",
                fields=["due_at"],
                condition=models.Q(due_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} ({self.get_kind_display()}, {self.get_state_display()})"

    @property
    def proc_no(self) -> str:
        """処理番号: seven digits, another for each trip until ten million have gone."""
        return f"{self.pk % 9_999_999 + 1:07}"

    @property
    def codes(self) -> tuple[ResponseCode, ...]:
        """The gateway's response codes with their meanings."""
        return parse(self.response_codes) if self.response_codes else ()
