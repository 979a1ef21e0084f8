"""The fork of Oscar's shipping app. Its tables stay Oscar's (settings.MIGRATION_MODULES)."""

from oscar.apps.shipping.apps import ShippingConfig as OscarShippingConfig


class ShippingConfig(OscarShippingConfig):
    """Oscar's shipping with one method of our own."""

    name = "shop.shipping"
