"""The application's configuration."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class EscottOscarConfig(AppConfig):
    """What an Oscar shop needs besides the forked checkout."""

    name = "escott.oscar"
    label = "escott_oscar"
    verbose_name = _("e-SCOTT payments in Oscar")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from escott.django.jobs import add_job
        from escott.oscar import (  # noqa: F401  (registered by being imported)
            begins,
            checks,
            closed_orders,
            expiry_notes,
            guidance_notes,
            receivers,
            shipping,
        )
        from escott.oscar.abandoned_orders import cancel_abandoned
        from escott.oscar.address_indexes import make_address_indexes
        from escott.oscar.order_indexes import make_order_index

        add_job("cancel abandoned orders", cancel_abandoned)
        post_migrate.connect(make_order_index, sender=self, dispatch_uid="escott.oscar.order_index")
        post_migrate.connect(
            make_address_indexes, sender=self, dispatch_uid="escott.oscar.address_indexes"
        )
