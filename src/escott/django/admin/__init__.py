"""Django admin: everything can be read, nothing can be edited; operations go by the services."""

from escott.django.admin.payments import OperationAdmin, PaymentAdmin
from escott.django.admin.read_only import MailAdmin, MerchantAccountAdmin

__all__ = ["MailAdmin", "MerchantAccountAdmin", "OperationAdmin", "PaymentAdmin"]
