"""The demo's account at the gateway simulator. These values are public and worth nothing."""

from __future__ import annotations

import os
from typing import Final

from escott.django.models import MerchantAccount, Mode, SecureUse
from escott.gateway.secret import Secret
from escott.rules.order_status import OrderStatus
from escott.rules.secure_policy import SecurePolicy

MERCHANT_ID: Final = "12345678"
MERCHANT_PASS: Final = "pass1234"
TENANT_ID: Final = "0001"
TOKEN_CODE: Final = "escottDemoTokenCode0000000000001"
ENCRYPTION_KEY: Final = "escottDemoKey001"
INITIAL_VECTOR: Final = "escottDemoVec001"


def seed_merchant_account() -> MerchantAccount:
    """Card payment in test mode. What staff changed meanwhile stays as they left it."""
    account, _created = MerchantAccount.objects.get_or_create(
        name="default",
        defaults={
            "mode": Mode.TEST,
            "merchant_id": MERCHANT_ID,
            "test_password": Secret(MERCHANT_PASS),
            "tenant_id": TENANT_ID,
            "token_code": TOKEN_CODE,
            "encryption_key": Secret(ENCRYPTION_KEY),
            "initial_vector": Secret(INITIAL_VECTOR),
            "secure_use": os.environ.get("SHOP_SECURE", SecureUse.USE),
            "secure_policy": SecurePolicy.STANDARD,
            "card_enabled": True,
            "order_status": OrderStatus.COMPLETED,
        },
    )
    return account
