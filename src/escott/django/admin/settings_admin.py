"""What the admin's pages of both methods' settings share.

Their form, its rules and its audit entry are those of the dashboard; the admin only gives it a
row that is locked, and puts the fields under the same headings.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib import admin
from django.db import models, transaction
from django.http import HttpRequest
from django.utils.decorators import method_decorator
from django.views.decorators.cache import cache_control
from django.views.decorators.debug import sensitive_post_parameters

from escott.django.encrypted_field import EncryptedField
from escott.django.settings_forms.page_texts import PageTexts


class SettingsAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """One row, edited by a form of ``settings_forms``; its secrets are written and never shown.

    Attributes:
        texts: the fields of the page and their words.
        computed: fields of the form that are none of the row's; they can't be shown read-only.
    """

    texts: ClassVar[PageTexts]
    computed: ClassVar[frozenset[str]] = frozenset()

    class Media:
        css = {"all": ["escott/settings.css"]}

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        may_change = self.has_change_permission(request, obj)
        fieldsets: list[tuple[Any, dict[str, Any]]] = [
            (title, {"fields": list(names) if may_change else self._readable(names)})
            for title, names in self.texts.sections
        ]
        if may_change:
            fieldsets[0][1]["fields"].append("seen")
        return fieldsets

    def _readable(self, names: Iterable[str]) -> list[str]:
        """A page that is only read shows no secret at all."""
        fields = self.model._meta.get_field
        return [
            name
            for name in names
            if name not in self.computed and not isinstance(fields(name), EncryptedField)
        ]

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        """Locked while it is being changed, so that the form compares with what is true.

        The admin changes a row in a transaction; its history, say, is only read.
        """
        found = super().get_object(request, object_id, from_field)
        changing = request.method == "POST" and transaction.get_connection().in_atomic_block
        return self.locked(found) if found is not None and changing else found

    def locked(self, found: Any) -> Any:
        """The row anew, locked until the transaction ends."""
        rows: models.QuerySet[Any] = self.model._default_manager.select_for_update()
        return rows.get(pk=found.pk)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        form.save_as(request.user)

    @method_decorator(sensitive_post_parameters())
    @method_decorator(cache_control(no_store=True, private=True))
    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return super().changeform_view(request, *args, **kwargs)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A shop has one account, and that one part for online collection."""
        return super().has_add_permission(request) and not self.model._default_manager.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class SaysBesideTheBox:
    """For a form: the admin shows one text beside a box, what the box does."""

    texts: ClassVar[PageTexts]
    fields: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, says in self.texts.switches.items():
            if name in self.fields:
                self.fields[name].label = says
