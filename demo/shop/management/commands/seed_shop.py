"""Fill the demo shop: catalogue, accounts, merchant account. Safe to run again."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction

from shop.seed import accounts, catalogue, merchant


class Command(BaseCommand):
    """``manage.py seed_shop``."""

    help = __doc__

    def handle(self, *_args: Any, **_options: Any) -> None:
        with transaction.atomic():
            accounts.seed_site(f"127.0.0.1:{settings.SHOP_PORT}")
            accounts.seed_japan()
            accounts.seed_customer()
            accounts.seed_staff()
            merchant.seed_collection(merchant.seed_merchant_account())
            catalogue.seed_catalogue()
