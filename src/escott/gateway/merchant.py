"""Who speaks to the gateway: the merchant's own fields, which stand in every telegram."""

from __future__ import annotations

from dataclasses import dataclass

from escott.gateway import wire_values as wire
from escott.gateway.secret import Secret


@dataclass(frozen=True, slots=True)
class Merchant:
    """マーチャントID, マーチャントパスワード and 店舗コード.

    Raises:
        InvalidTelegram: one of them cannot be sent (requirements.md A036 to A038).
    """

    merchant_id: str
    merchant_pass: Secret
    tenant_id: str = "0001"

    def __post_init__(self) -> None:
        self.fields()

    def fields(self) -> dict[str, str]:
        """MerchantId, MerchantPass, TenantId."""
        merchant_pass = wire.revealed("MerchantPass", self.merchant_pass)
        return {
            "MerchantId": wire.digits("MerchantId", self.merchant_id, 1, 20),
            "MerchantPass": wire.alphanumeric("MerchantPass", merchant_pass, 1, 20),
            "TenantId": wire.digits("TenantId", self.tenant_id, 4, 4),
        }
