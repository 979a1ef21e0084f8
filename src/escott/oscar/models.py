"""フリガナ of an address. Oscar's addresses have no place for it, and no shop needs to fork
them: the reading stands beside the address that it belongs to."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class KanaName(models.Model):
    """The reading of the name on one shipping address, or on one entry of an address book."""

    shipping_address = models.OneToOneField(
        "order.ShippingAddress",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="kana_name",
        verbose_name=_("shipping address"),
    )
    user_address = models.OneToOneField(
        "address.UserAddress",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="kana_name",
        verbose_name=_("address book entry"),
    )
    last_name_kana = models.CharField(_("Last name (kana)"), max_length=60)
    first_name_kana = models.CharField(_("First name (kana)"), max_length=60)

    class Meta:
        verbose_name = _("kana name")
        verbose_name_plural = _("kana names")
        constraints = [
            models.CheckConstraint(
                name="escott_kana_of_one_address",
                condition=models.Q(shipping_address__isnull=True)
                ^ models.Q(user_address__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.last_name_kana} {self.first_name_kana}"
