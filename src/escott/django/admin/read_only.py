"""Admin pages that show rows and never write them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from escott.django.encrypted_field import EncryptedField
from escott.django.models import AuditEntry, LogEntry, Mail


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Shows every field but the secrets; refuses to add, change and delete."""

    def get_fields(self, request: HttpRequest, obj: models.Model | None = None) -> Any:
        return [
            field.name
            for field in self.model._meta.fields
            if not isinstance(field, EncryptedField) and not field.primary_key
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.get_fields(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Mail)
class MailAdmin(ReadOnlyAdmin):
    """What was mailed, what waits, and what could not be sent."""

    list_display = ["kind", "order_reference", "queued_at", "sent_at", "attempts", "last_error"]
    list_filter = ["kind", "sent_at"]
    search_fields = ["order_reference", "payment__transaction_code"]


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    """Who changed what, and when."""

    list_display = ["at", "actor_name", "action", "subject", "reason"]
    list_filter = ["at"]
    search_fields = ["actor_name", "action", "subject", "reason"]


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin):
    """What the payment module did."""

    list_display = ["at", "level", "source", "message"]
    list_filter = ["level", "source", "at"]
    search_fields = ["message"]
    show_full_result_count = False
