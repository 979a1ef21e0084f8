"""What stands beside Oscar's own tables, so that no shop needs to fork them.

フリガナ of an address; and for orders what may happen once only: goods given back, an operation
noted, a 差額注文 made.
"""

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
        indexes = [
            models.Index(
                name="escott_kana_name",
                fields=["last_name_kana", "first_name_kana"],
                opclasses=["varchar_pattern_ops", "varchar_pattern_ops"],
            ),
            models.Index(
                name="escott_kana_first_name",
                fields=["first_name_kana"],
                opclasses=["varchar_pattern_ops"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.last_name_kana} {self.first_name_kana}"


class StockReturn(models.Model):
    """An order's goods went back on the shelf. One row an order, so that they go back once."""

    order = models.OneToOneField("order.Order", on_delete=models.CASCADE, related_name="+")
    returned_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"#{self.pk}"


class NotedOperation(models.Model):
    """An operation of a payment that stands in the notes of its order."""

    operation = models.OneToOneField("escott.Operation", on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"#{self.pk}"


class DifferenceOrder(models.Model):
    """差額注文: an order of its own for what another order lacks.

    Both are named by their numbers and stay named when an order is deleted, so that a number
    never comes back: payments are found by it.
    """

    original = models.CharField(max_length=64)
    serial = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=64, unique=True)
    amount = models.PositiveIntegerField()
    key = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["original", "serial"]
        constraints = [
            models.UniqueConstraint(name="escott_difference_serial", fields=["original", "serial"]),
        ]

    def __str__(self) -> str:
        return self.number
