"""The application's configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EscottConfig(AppConfig):
    """Models, services, jobs and pages of the payment module."""

    name = "escott.django"
    label = "escott"
    verbose_name = _("e-SCOTT payments")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from escott.django import checks, shop_mails  # noqa: F401  (registered by being imported)
