"""カード会員: a customer's card that the gateway keeps, one current one per customer and mode."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from escott.django.encrypted_field import EncryptedField
from escott.django.models.leased import Leased
from escott.django.models.merchant_account import MerchantAccount, Mode
from escott.gateway import Member as GatewayMember
from escott.rules.card_brands import NAMES, CardBrand


class MemberState(models.TextChoices):
    """What the gateway keeps of the member."""

    ABSENT = "absent", pgettext_lazy("saved card", "Not saved")
    VALID = "valid", pgettext_lazy("saved card", "Saved")
    INVALID = "invalid", pgettext_lazy("saved card", "Not usable")
    DELETED = "deleted", pgettext_lazy("saved card", "Deleted")


class MemberOperation(models.TextChoices):
    """What is under way for a member, or has an unknown result."""

    NONE = "", pgettext_lazy("saved card operation", "None")
    ADD = "add", pgettext_lazy("saved card operation", "Save")
    CHANGE = "change", pgettext_lazy("saved card operation", "Change")
    DELETE = "delete", pgettext_lazy("saved card operation", "Delete")
    ASK = "ask", pgettext_lazy("saved card operation", "Look up")


class Member(Leased):
    """A card at the gateway. The row stays when the card is gone: payments were made with it.

    ``under_way`` is claimed before the gateway is asked and taken back when the answer stands
    here; until then nothing else is asked about the member. ``due_at`` is when recovery asks
    the gateway how it stands. ``current`` marks the card that the customer is offered; a card
    that was replaced stays at the gateway until no payment needs it any more.
    """

    account = models.ForeignKey(MerchantAccount, on_delete=models.PROTECT, related_name="+")
    mode = models.CharField(_("mode"), max_length=10, choices=Mode)
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="escott_members",
        verbose_name=_("customer"),
    )
    kaiin_id = models.CharField(_("KaiinId"), max_length=20)
    kaiin_pass = EncryptedField(editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=MemberState, default=MemberState.ABSENT
    )
    under_way = models.CharField(
        _("under way"),
        max_length=10,
        choices=MemberOperation,
        default=MemberOperation.NONE,
        blank=True,
    )
    current = models.BooleanField(_("offered to the customer"), default=True)
    last_four = models.CharField(_("last four digits"), max_length=4, blank=True)
    brand = models.CharField(
        _("brand"),
        max_length=12,
        choices=[(brand.value, NAMES[brand]) for brand in CardBrand],
        blank=True,
    )
    expiry = models.CharField(_("expiry (YYMM)"), max_length=4, blank=True)
    response_codes = models.CharField(_("response codes"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created at"))
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("card member")
        verbose_name_plural = _("card members")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                name="escott_one_current_member",
                fields=["customer", "mode"],
                condition=models.Q(current=True),
            ),
            models.UniqueConstraint(
                name="escott_one_member_being_added",
                fields=["customer", "mode"],
                condition=models.Q(under_way="add"),
            ),
            models.UniqueConstraint(name="escott_kaiin_id", fields=["account", "mode", "kaiin_id"]),
        ]
        indexes = [
            models.Index(
                name="escott_members_due",
                fields=["due_at"],
                condition=models.Q(due_at__isnull=False),
            ),
        ]
        permissions = [
            ("delete_saved_card", _("Can delete a customer's saved card")),
            ("override_saved_card", _("Can delete a saved card that payments still need")),
        ]

    def __str__(self) -> str:
        return f"{self.kaiin_id} ({self.get_state_display()})"

    @property
    def at_the_gateway(self) -> GatewayMember:
        """What names the member in telegrams."""
        return GatewayMember(self.kaiin_id, self.kaiin_pass)

    @property
    def card_brand(self) -> CardBrand | None:
        """The card's brand, or ``None`` where the gateway shows no leading digits."""
        return CardBrand(self.brand) if self.brand else None

    @property
    def is_usable(self) -> bool:
        """The customer may be offered to pay with it."""
        return self.current and self.state == MemberState.VALID and not self.under_way

    @property
    def label(self) -> str:
        """The card as its owner knows it, such as ``VISA •••• 1000``."""
        name = NAMES[CardBrand(self.brand)] if self.brand else ""
        return f"{name} •••• {self.last_four or '••••'}".strip()

    @property
    def expiry_text(self) -> str:
        """``12/28``, as it stands on the card."""
        return f"{self.expiry[2:]}/{self.expiry[:2]}" if self.expiry else ""
