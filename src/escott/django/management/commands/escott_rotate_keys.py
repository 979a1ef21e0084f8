"""``manage.py escott_rotate_keys``: encrypt every stored secret under the first key."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import models, transaction
from django.db.models.functions import Cast

from escott.django.encrypted_field import EncryptedField, rotate


class Command(BaseCommand):
    """Run it after a new key was put first, and before the old one is dropped."""

    help = 'Encrypt every stored secret anew under the first of ESCOTT["ENCRYPTION_KEYS"].'

    def handle(self, *_: Any, **__: Any) -> None:
        for model in apps.get_app_config("escott").get_models():
            for field in model._meta.fields:
                if isinstance(field, EncryptedField):
                    count = self._rotate(model, field)
                    self.stdout.write(f"{model._meta.label}.{field.name}: {count}")

    def _rotate(self, model: type[models.Model], field: EncryptedField) -> int:
        """Rotate one column, each row guarded against a change in between."""
        stored = _stored(model, field)
        rows = model._default_manager.annotate(stored=stored).exclude(stored="")
        count = 0
        for key, text in rows.values_list("pk", "stored").iterator(chunk_size=500):
            with transaction.atomic():
                guarded = model._default_manager.annotate(stored=stored).filter(pk=key, stored=text)
                count += guarded.update(
                    **{field.name: models.Value(rotate(text), models.TextField())}
                )
        return count


def _stored(model: type[models.Model], field: EncryptedField) -> Cast:
    """The column as it stands, without decryption."""
    return Cast(field.name, output_field=models.TextField())
