"""オンライン収納代行: its contract, which may differ from the card's, and its settings."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from escott.django.conf import escott_settings
from escott.django.encrypted_field import EncryptedField
from escott.django.models.merchant_account import Gap, MerchantAccount, Mode, digits_only
from escott.django.notice_set_up import takes_notices_first
from escott.gateway import Merchant, SlipTexts
from escott.gateway.secret import Secret
from escott.rules import fee_table as fees
from escott.rules.order_status import OrderStatus

#: Days until a slip has to be paid (requirements.md A062).
DUE_DAYS = 7
MOST_DUE_DAYS = 60


class CollectionAccount(models.Model):
    """The collection part of a merchant account. Mode, seller and currency are the account's.

    The password before the present one is kept for some days, for a notice may be on its way
    that was made with it.
    """

    account = models.OneToOneField(
        MerchantAccount, on_delete=models.CASCADE, related_name="collection"
    )
    enabled = models.BooleanField(_("online collection enabled"), default=False)
    title = models.CharField(_("title"), max_length=60, default="コンビニ・電子マネー・Pay-easy")
    description = models.CharField(
        _("description"),
        max_length=200,
        blank=True,
        default="コンビニ・電子マネー・Pay-easy で支払う",
    )
    merchant_id = models.CharField(
        _("merchant ID"), max_length=20, blank=True, validators=[digits_only]
    )
    test_password = EncryptedField(_("merchant password (test)"))
    production_password = EncryptedField(_("merchant password (production)"))
    former_test_password = EncryptedField(editable=False)
    former_production_password = EncryptedField(editable=False)
    test_password_changed_at = models.DateTimeField(null=True, blank=True, editable=False)
    production_password_changed_at = models.DateTimeField(null=True, blank=True, editable=False)
    due_days = models.PositiveSmallIntegerField(
        _("days to pay"),
        default=DUE_DAYS,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_DUE_DAYS)],
    )
    charges_fee = models.BooleanField(_("charge a fee"), default=False)
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

    slip_title = models.CharField(_("title on the slip"), max_length=20, blank=True)
    slip_comment = models.CharField(_("comment on the slip"), max_length=30, blank=True)
    slip_contact = models.CharField(_("contact on the slip"), max_length=21, blank=True)
    slip_contact_telephone = models.CharField(
        _("contact's telephone number on the slip"), max_length=12, blank=True
    )
    slip_contact_hours = models.CharField(
        _("contact's hours on the slip"), max_length=11, blank=True
    )

    grace_business_days = models.PositiveSmallIntegerField(
        _("business days of grace after the last day"), default=1
    )
    asks_a_minute = models.PositiveSmallIntegerField(
        _("inquiries about deposits a minute"), default=60
    )
    notice_reply = models.CharField(_("reply to a notice"), max_length=20, default="0", blank=True)
    notice_addresses = models.TextField(
        _("addresses that may send notices"), blank=True, default=""
    )

    class Meta:
        verbose_name = _("online collection")
        verbose_name_plural = _("online collection")

    def __str__(self) -> str:
        return self.merchant_id or self.title

    @classmethod
    def current_or_none(cls) -> CollectionAccount | None:
        """The collection part of the shop's account; ``None`` while it has none."""
        account = MerchantAccount.current_or_none()
        if account is None:
            return None
        part = cls._default_manager.filter(account_id=account.pk).first()
        if part is not None:
            part.account = account
        return part

    def password(self, mode: str) -> Secret:
        """The merchant password of one mode; empty where none was entered."""
        return self.production_password if mode == Mode.PRODUCTION else self.test_password

    def merchant(self, mode: str) -> Merchant:
        """What identifies the shop in the telegrams of one mode."""
        return Merchant(self.merchant_id, self.password(mode), self.account.tenant_id)

    def slip_texts(self) -> SlipTexts:
        """What stands on every slip."""
        return SlipTexts(
            title=self.slip_title,
            comment=self.slip_comment,
            contact=self.slip_contact,
            contact_telephone=self.slip_contact_telephone,
            contact_hours=self.slip_contact_hours,
        )

    def stored_fee_rows(self) -> list[fees.FeeRow]:
        """The rows of 決済手数料 by their first total, whether or not they are in force."""
        if self._state.adding:
            return []
        rows = self.fee_rows.values_list("from_total", "up_to", "fee")
        return [fees.FeeRow(*row) for row in rows]

    def fee_table(self) -> fees.FeeTable:
        """決済手数料 as it is in force; empty where the shop charges none.

        Raises:
            InvalidFeeTable: the stored rows are none; the settings page lets no such rows pass.
        """
        return fees.FeeTable(tuple(self.stored_fee_rows()) if self.charges_fee else ())

    def gaps(self) -> list[Gap]:
        """What keeps online collection from being offered, by field; empty when ready.

        The first, where nobody has switched it on, is the switch itself.
        """
        account = self.account
        conditions = [
            (self.enabled, "enabled", _("Online collection is switched off.")),
            (
                account.seller_country == "JP",
                "seller_country",
                _("The seller's country is not Japan."),
            ),
            (account.currency == "JPY", "currency", _("The currency is not yen.")),
            (self.merchant_id, "merchant_id", _("The merchant ID is missing.")),
            (
                self.password(account.mode),
                f"{account.mode}_password",
                _("The merchant password of this mode is missing."),
            ),
            (
                self._fee_is_known(),
                "fee_rows",
                _("The fee is switched on, but its table has no rows or overlapping ones."),
            ),
            (
                escott_settings().site_url,
                "site_url",
                _("The site's address (SITE_URL) is missing in the settings of the server."),
            ),
            (
                takes_notices_first(),
                "middleware",
                _(
                    "Nothing takes deposit notices: NoticeMiddleware is missing in the settings of "
                    "the server."
                ),
            ),
        ]
        return [Gap(field, str(reason)) for met, field, reason in conditions if not met]

    def _fee_is_known(self) -> bool:
        if not self.charges_fee:
            return True
        rows = self.stored_fee_rows()
        return bool(rows) and not fees.problems_of(rows)


class FeeRow(models.Model):
    """決済手数料: one row of the table, in yen, both ends included. No ``up_to`` is no limit."""

    collection = models.ForeignKey(
        CollectionAccount, on_delete=models.CASCADE, related_name="fee_rows"
    )
    from_total = models.PositiveIntegerField(_("total from"))
    up_to = models.PositiveIntegerField(_("total up to"), null=True, blank=True)
    fee = models.PositiveIntegerField(_("fee (tax included)"), default=0)

    class Meta:
        verbose_name = _("fee row")
        verbose_name_plural = _("fee rows")
        ordering = ["from_total", "id"]

    def __str__(self) -> str:
        return f"{self.from_total}–{self.up_to or ''}: {self.fee}"
