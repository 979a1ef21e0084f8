"""加盟店契約: the contract with the gateway and the card settings of the shop."""

from __future__ import annotations

from typing import Final, NamedTuple

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from escott.django.conf import escott_settings
from escott.django.encrypted_field import EncryptedField
from escott.django.read_one import read_one
from escott.gateway import EncryptionKeys, Merchant
from escott.gateway.secret import Secret
from escott.rules.card_states import CardOperation
from escott.rules.consent import CONSENT_TEXT
from escott.rules.handling_period import DEFAULT_DAYS
from escott.rules.instalments import InstalmentOffer
from escott.rules.order_status import OrderStatus
from escott.rules.secure_policy import SecurePolicy

digits_only = RegexValidator(r"\A[0-9]+\Z", _("Digits only."))
_four_digits = RegexValidator(r"\A[0-9]{4}\Z", _("Four digits."))
_alphanumeric = RegexValidator(r"\A[0-9A-Za-z]+\Z", _("Half-width letters and digits only."))


_PROCESSING_CLASSES: Final = [
    (CardOperation.AUTHORISE.value, pgettext_lazy("payment operation", "Authorise")),
    (CardOperation.GATHER.value, pgettext_lazy("payment operation", "Authorise and capture")),
]

#: A shop has one account; the name leaves room for others.
THE_ONE: Final = "default"


class Mode(models.TextChoices):
    """テストモード or 本番: one switch for every payment method (requirements.md A033)."""

    TEST = "test", _("Test")
    PRODUCTION = "production", _("Production")


class Connection(models.TextChoices):
    """接続方式: where the card is typed (requirements.md A001 to A003)."""

    TOKEN = "token", _("On the shop's own page (token type)")
    LINK = "link", _("On the gateway's page (external link type)")


class SecureUse(models.TextChoices):
    """3Dセキュア: a choice that staff must make (requirements.md A040)."""

    UNDECIDED = "", _("Not decided yet")
    USE = "use", _("Use it")
    DONT_USE = "dont_use", _("Don't use it")
    NOT_CONTRACTED = "not_contracted", _("Not contracted yet")


class Gap(NamedTuple):
    """What is missing for a method, as the name of the field and in words for staff."""

    field: str
    reason: str


class MerchantAccount(models.Model):
    """The shop's account at the gateway. Passwords of test and production are kept apart."""

    name = models.SlugField(_("name"), unique=True, default=THE_ONE)
    mode = models.CharField(_("mode"), max_length=10, choices=Mode, default=Mode.TEST)
    seller_country = models.CharField(_("seller country"), max_length=2, default="JP")
    currency = models.CharField(_("currency"), max_length=3, default="JPY")

    merchant_id = models.CharField(
        _("merchant ID"), max_length=20, blank=True, validators=[digits_only]
    )
    test_password = EncryptedField(_("merchant password (test)"))
    production_password = EncryptedField(_("merchant password (production)"))
    tenant_id = models.CharField(
        _("tenant ID"), max_length=4, default="0001", validators=[_four_digits]
    )
    token_code = models.CharField(
        _("token authentication code"), max_length=64, blank=True, validators=[_alphanumeric]
    )

    settlement_key = EncryptedField(_("settlement authentication key"))
    encryption_key = EncryptedField(_("encryption key"))
    initial_vector = EncryptedField(_("initialisation vector"))

    card_enabled = models.BooleanField(_("card payment enabled"), default=False)
    card_title = models.CharField(_("title"), max_length=60, default="クレジットカード")
    card_description = models.CharField(
        _("description"), max_length=200, blank=True, default="クレジットカードで支払う"
    )
    connection = models.CharField(
        _("connection type"), max_length=8, choices=Connection, default=Connection.TOKEN
    )
    secure_use = models.CharField(
        _("3-D Secure"),
        max_length=16,
        choices=SecureUse,
        default=SecureUse.UNDECIDED,
        blank=True,
    )
    secure_policy = models.CharField(
        _("accepted 3-D Secure results"),
        max_length=10,
        default=SecurePolicy.STRICT.value,
        choices=[
            (SecurePolicy.STRICT.value, _("Strict: authenticated only (0)")),
            (
                SecurePolicy.STANDARD.value,
                _("Standard: also not enrolled, not supported, attempt (0, 2, 3, 4)"),
            ),
        ],
    )
    risk_acknowledged = models.BooleanField(
        _("risk of cards without 3-D Secure acknowledged"), default=False
    )
    consent_text = models.TextField(_("consent text"), default=CONSENT_TEXT)
    saves_cards = models.BooleanField(_("payment with saved cards"), default=True)
    always_saves_card = models.BooleanField(_("always save the card"), default=False)
    shoppers_delete_cards = models.BooleanField(_("customers may delete their card"), default=False)
    needs_security_code = models.BooleanField(_("ask for the security code"), default=True)
    card_charge = models.CharField(
        _("processing class"),
        max_length=10,
        default=CardOperation.GATHER.value,
        choices=_PROCESSING_CLASSES,
    )
    subscription_charge = models.CharField(
        _("processing class of subscriptions"),
        max_length=10,
        default=CardOperation.GATHER.value,
        choices=_PROCESSING_CLASSES,
    )
    instalments = models.CharField(
        _("number of payments"),
        max_length=12,
        default=InstalmentOffer.LUMP_SUM.value,
        choices=[
            (InstalmentOffer.LUMP_SUM.value, _("One payment only")),
            (InstalmentOffer.INSTALMENTS.value, _("Instalments and revolving")),
            (InstalmentOffer.BONUS.value, _("Instalments, revolving and bonus")),
        ],
    )
    order_status = models.CharField(
        _("order status"),
        max_length=20,
        default=OrderStatus.PROCESSING.value,
        choices=[
            (OrderStatus.PROCESSING.value, pgettext_lazy("order status", "Processing")),
            (OrderStatus.COMPLETED.value, pgettext_lazy("order status", "Completed")),
        ],
    )
    keeps_log = models.BooleanField(_("keep the diagnostic log"), default=True)
    handling_days = models.PositiveSmallIntegerField(_("handling period"), default=DEFAULT_DAYS)

    captures_on_shipping = models.BooleanField(_("capture when shipped"), default=False)
    abandoned_after_hours = models.PositiveSmallIntegerField(
        _("hours after which an unpaid order is cancelled"), default=72
    )
    compares_a_minute = models.PositiveSmallIntegerField(
        _("comparisons with the gateway a minute"), default=60
    )

    class Meta:
        verbose_name = _("merchant account")
        verbose_name_plural = _("merchant accounts")
        constraints = [
            models.CheckConstraint(
                name="escott_account_mode", condition=models.Q(mode__in=Mode.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.merchant_id or self.name} ({self.get_mode_display()})"

    @classmethod
    def current_or_none(cls) -> MerchantAccount | None:
        """The shop's account, or ``None`` while none has been set up."""
        return read_one(cls, "name", THE_ONE)

    @classmethod
    def current(cls) -> MerchantAccount:
        """The shop's account.

        Raises:
            MerchantAccount.DoesNotExist: none has been set up yet.
        """
        account = cls.current_or_none()
        if account is None:
            raise cls.DoesNotExist("no merchant account has been set up")
        return account

    def password(self, mode: str) -> Secret:
        """The merchant password of one mode; empty where none was entered."""
        return self.production_password if mode == Mode.PRODUCTION else self.test_password

    def merchant(self, mode: str) -> Merchant:
        """What identifies the shop in the telegrams of one mode."""
        return Merchant(self.merchant_id, self.password(mode), self.tenant_id)

    def keys(self) -> EncryptionKeys:
        """What the browser's trips to the gateway are encrypted with."""
        return EncryptionKeys(self.encryption_key, self.initial_vector)

    @property
    def instalment_offer(self) -> InstalmentOffer:
        """支払回数, as the rules name it."""
        return InstalmentOffer(self.instalments)

    @property
    def is_link_type(self) -> bool:
        """The card is typed on the gateway's page."""
        return self.connection == Connection.LINK

    @property
    def authenticates(self) -> bool:
        """The shop asks for a 本人認証 itself; the gateway's own page does so by itself."""
        return self.secure_use == SecureUse.USE and not self.is_link_type

    @property
    def needs_consent(self) -> bool:
        """The shopper must agree to the consent text first (requirements.md A115)."""
        return self.is_link_type or self.secure_use == SecureUse.USE

    def gaps_for_cards(self) -> list[Gap]:
        """What keeps card payment from being offered, by field; empty when ready.

        The first, where nobody has switched it on, is the switch itself.
        """
        by_browser = self.is_link_type or self.secure_use == SecureUse.USE
        password = f"{self.mode}_password"
        conditions = [
            (self.card_enabled, "card_enabled", _("Card payment is switched off.")),
            (
                self.seller_country == "JP",
                "seller_country",
                _("The seller's country is not Japan."),
            ),
            (self.currency == "JPY", "currency", _("The currency is not yen.")),
            (self.merchant_id, "merchant_id", _("The merchant ID is missing.")),
            (
                self.password(self.mode),
                password,
                _("The merchant password of this mode is missing."),
            ),
            (
                self.token_code or self.is_link_type,
                "token_code",
                _("The token authentication code is missing."),
            ),
            (
                self.secure_use,
                "secure_use",
                _("Nobody has chosen yet whether 3-D Secure is used."),
            ),
            (
                self.encryption_key or not by_browser,
                "encryption_key",
                _("The encryption key is missing."),
            ),
            (
                self.initial_vector or not by_browser,
                "initial_vector",
                _("The initialisation vector is missing."),
            ),
            (
                escott_settings().site_url or not by_browser,
                "connection" if self.is_link_type else "secure_use",
                _("The site's address (SITE_URL) is missing in the settings of the server."),
            ),
        ]
        return [Gap(field, str(reason)) for met, field, reason in conditions if not met]

    def missing_for_cards(self) -> list[str]:
        """What keeps card payment from being offered, in words for staff; empty when ready."""
        return [gap.reason for gap in self.gaps_for_cards()]
