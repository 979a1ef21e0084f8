"""The demo's account at the gateway simulator. These values are public and worth nothing."""

from __future__ import annotations

import os
from typing import Final

from escott.django.models import CollectionAccount, FeeRow, MerchantAccount, Mode, SecureUse
from escott.gateway.secret import Secret
from escott.rules.order_status import OrderStatus
from escott.rules.secure_policy import SecurePolicy

MERCHANT_ID: Final = "12345678"
MERCHANT_PASS: Final = "pass1234"
TENANT_ID: Final = "0001"
TOKEN_CODE: Final = "escottDemoTokenCode0000000000001"
ENCRYPTION_KEY: Final = "escottDemoKey001"
INITIAL_VECTOR: Final = "escottDemoVec001"

#: Online collection has a contract of its own.
COLLECTION_ID: Final = "87654321"
COLLECTION_PASS: Final = "pass4321"

#: 決済手数料, as in the manual's example: from, up to, fee.
FEES: Final = ((0, 1100, 0), (1101, 5500, 330), (5501, None, 550))


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


def seed_collection(account: MerchantAccount) -> None:
    """Online collection beside it, with a fee. What staff changed stays as they left it."""
    part, created = CollectionAccount.objects.get_or_create(
        account=account,
        defaults={
            "enabled": os.environ.get("SHOP_COLLECTION", "on") == "on",
            "merchant_id": COLLECTION_ID,
            "test_password": Secret(COLLECTION_PASS),
            "charges_fee": True,
            "order_status": OrderStatus.COMPLETED,
            "slip_title": "つむぎ堂ご注文のお支払い",
            "slip_contact": "つむぎ堂　お客様窓口",
            "slip_contact_telephone": "03-0000-0000",
            "slip_contact_hours": "10:00-17:00",
        },
    )
    if created:
        FeeRow.objects.bulk_create(
            FeeRow(collection=part, from_total=first, up_to=last, fee=fee)
            for first, last, fee in FEES
        )
