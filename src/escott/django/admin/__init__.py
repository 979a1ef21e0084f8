"""Django admin: payments are read, operations go by the services, settings by their form."""

from escott.django.admin.cases import CaseAdmin, RefundAdmin
from escott.django.admin.collection import CollectionAccountAdmin, NoticeAdmin, SlipAdmin
from escott.django.admin.members import KeepsCustomersWithCards, MemberAdmin
from escott.django.admin.merchant_account import MerchantAccountAdmin
from escott.django.admin.payments import OperationAdmin, PaymentAdmin
from escott.django.admin.read_only import AuditEntryAdmin, LogEntryAdmin, MailAdmin

__all__ = [
    "AuditEntryAdmin",
    "CaseAdmin",
    "CollectionAccountAdmin",
    "KeepsCustomersWithCards",
    "LogEntryAdmin",
    "MailAdmin",
    "MemberAdmin",
    "MerchantAccountAdmin",
    "NoticeAdmin",
    "OperationAdmin",
    "PaymentAdmin",
    "RefundAdmin",
    "SlipAdmin",
]
