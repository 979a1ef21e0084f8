"""The application's configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EscottOscarConfig(AppConfig):
    """What an Oscar shop needs besides the forked checkout."""

    name = "escott.oscar"
    label = "escott_oscar"
    verbose_name = _("e-SCOTT payments in Oscar")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from escott.oscar import checks, receivers  # noqa: F401  (registered by being imported)
