"""The demo's own app: templates, static files, the seed."""

from django.apps import AppConfig


class ShopConfig(AppConfig):
    """つむぎ堂."""

    name = "shop"
    label = "tsumugi"
