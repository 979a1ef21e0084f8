"""The rows. Payments outlive orders; operations and their results are never rewritten."""

from escott.django.models.audit_entry import AuditArea, AuditEntry
from escott.django.models.card_attempt import CardAttempt
from escott.django.models.case import Case, CaseKind
from escott.django.models.collection_account import CollectionAccount, FeeRow
from escott.django.models.consent import Consent
from escott.django.models.log_entry import LogEntry
from escott.django.models.mail import Mail
from escott.django.models.mail_text import MailText
from escott.django.models.member import Member, MemberState
from escott.django.models.merchant_account import Connection, MerchantAccount, Mode, SecureUse
from escott.django.models.notice import Notice, NoticeEnd
from escott.django.models.operation import Operation, OperationState
from escott.django.models.payment import Payment
from escott.django.models.planned_operation import (
    Batch,
    BatchSource,
    PlannedOperation,
    PlanState,
)
from escott.django.models.refund import Refund
from escott.django.models.slip import Slip
from escott.django.models.trip import Trip, TripGoal, TripKind, TripState

__all__ = [
    "AuditArea",
    "AuditEntry",
    "Batch",
    "BatchSource",
    "CardAttempt",
    "Case",
    "CaseKind",
    "CollectionAccount",
    "Connection",
    "Consent",
    "FeeRow",
    "LogEntry",
    "Mail",
    "MailText",
    "Member",
    "MemberState",
    "MerchantAccount",
    "Mode",
    "Notice",
    "NoticeEnd",
    "Operation",
    "OperationState",
    "Payment",
    "PlanState",
    "PlannedOperation",
    "Refund",
    "SecureUse",
    "Slip",
    "Trip",
    "TripGoal",
    "TripKind",
    "TripState",
]
