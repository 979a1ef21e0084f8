"""What a browser posts from the page of online collection's settings."""

from __future__ import annotations

from typing import Any

from escott.django.settings_forms import CollectionSettingsForm, collection_to_show
from escott.django.settings_forms.collection_texts import FIELDS
from escott.django.settings_forms.fee_rows import Column, TypedTable
from escott.django.settings_forms.secret_field import SecretField


def filled(rows: list[tuple[str, str, str]] | None = None, **typed: Any) -> dict[str, Any]:
    """From the page as it is now, after somebody typed something into it.

    Args:
        rows: the cells of the table of fees, instead of those that are shown.
    """
    page = CollectionSettingsForm(instance=collection_to_show())
    posted: dict[str, Any] = {"seen": page["seen"].value()}
    for name in FIELDS:
        field = page.fields[name]
        value = None if isinstance(field, SecretField) or name == "fee_rows" else page[name].value()
        if value not in {None, False}:
            posted[name] = "on" if value is True else value
    posted |= cells(rows)
    posted |= typed
    return {name: value for name, value in posted.items() if value is not None}


def cells(rows: list[tuple[str, str, str]] | None = None) -> dict[str, list[str]]:
    """The inputs of the table; of the stored one where no rows are given."""
    if rows is None:
        shown = TypedTable.of(CollectionSettingsForm(instance=collection_to_show()).rows).typed
        rows = [tuple(row.cells.values()) for row in shown] or [("", "", "")]  # type: ignore[misc]
    columns = zip(*rows, strict=True) if rows else ([], [], [])
    return {
        f"fee_rows-{column.value}": list(texts)
        for column, texts in zip(Column, columns, strict=True)
    }
