"""監査ログ: who changed what. It is only read, and nothing in it is ever deleted."""

from __future__ import annotations

from django.views.generic import ListView

from escott.django.models import AuditEntry


class AuditLogView(ListView):  # type: ignore[type-arg]
    """The newest entries first."""

    template_name = "escott/oscar/settings/audit_log.html"
    context_object_name = "entries"
    model = AuditEntry
    paginate_by = 50
