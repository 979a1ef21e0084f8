"""The rows. Payments outlive orders; operations and their results are never rewritten."""

from escott.django.models.mail import Mail
from escott.django.models.merchant_account import MerchantAccount, Mode
from escott.django.models.operation import Operation, OperationState
from escott.django.models.payment import Payment

__all__ = ["Mail", "MerchantAccount", "Mode", "Operation", "OperationState", "Payment"]
