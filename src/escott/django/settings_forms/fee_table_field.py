"""The table of fees as a field of a form: its buttons work without a script, and with one better.

A press of 行を挿入, 削除 or 計算 posts the whole form; :attr:`Posted.press` then says that nothing
is to be saved and the page shown again. The script does the same in the page.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.forms.widgets import Script
from django.utils.translation import gettext as _

from escott.django.settings_forms.fee_example import FeeExample, fee_example
from escott.django.settings_forms.fee_rows import (
    COLUMN_LABELS,
    MOST_ROWS,
    Column,
    FeeRows,
    Mistake,
    TypedRow,
    TypedTable,
)

#: Where the fee is switched on; the example counts with what is typed there.
SWITCH: Final = "charges_fee"

_INSERT: Final = "insert"
_DELETE: Final = "delete-"
_EXAMPLE: Final = "example"


@dataclass(frozen=True, slots=True)
class Posted:
    """What came with a post, or with a question of the script.

    Attributes:
        table: with the row inserted or deleted that the press asked for.
        press: the button within the table that was pressed; empty where the form was to be saved.
        total: what was typed as an example.
        charges_fee: the switch above the table.
    """

    table: TypedTable
    press: str = ""
    total: str = ""
    charges_fee: bool = False

    @classmethod
    def read(cls, data: Any, name: str) -> Posted:
        """From a form's data."""
        press = data.get(f"{name}-do") or ""
        columns = [_list(data, f"{name}-{column.value}") for column in Column]
        typed = [TypedRow(*map(str, cells)) for cells in zip(*columns, strict=False)]
        typed = typed[: MOST_ROWS + 1]
        if press == _INSERT:
            typed.append(TypedRow())
        number = press.removeprefix(_DELETE)
        if press.startswith(_DELETE) and number.isdecimal() and int(number) < len(typed):
            del typed[int(number)]
        prefix = name.removesuffix("fee_rows")
        return cls(
            TypedTable(tuple(typed)),
            press,
            data.get(f"{name}-example") or "",
            bool(data.get(f"{prefix}{SWITCH}")),
        )

    @property
    def changes_rows(self) -> bool:
        """Nobody is told of mistakes in the middle of the work."""
        return self.press == _INSERT or self.press.startswith(_DELETE)

    def example(self) -> FeeExample:
        """What the example of the page says."""
        return fee_example(self.total, self.table, charges_fee=self.charges_fee)


@dataclass(frozen=True, slots=True)
class ShownCell:
    """One input."""

    column: Column
    label: Any
    text: str
    wrong: list[str] = field(default_factory=list)


class FeeTableInput(forms.Widget):
    """The table, its buttons and the example. ``example_url`` answers the script, if there is one.

    One row is always there to be typed into.
    """

    template_name = "escott/settings/fee_table.html"
    use_fieldset = True
    example_url = ""

    @property
    def media(self) -> forms.Media:
        scripts: list[Any] = [Script("escott/fee-table.js", defer=True)]
        return forms.Media(js=scripts)

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        posted = value if isinstance(value, Posted) else Posted(TypedTable(()))
        mistakes = [] if posted.changes_rows else posted.table.mistakes()
        typed = posted.table.typed or (TypedRow(),)
        context["widget"] |= {
            "rows": [_cells(row, place, mistakes) for place, row in enumerate(typed)],
            "empty": _cells(TypedRow(), -1, []),
            "labels": {column.value: label for column, label in COLUMN_LABELS.items()},
            "new_row": len(typed) - 1 if posted.press == _INSERT else None,
            "is_full": len(typed) >= MOST_ROWS,
            "most_rows": MOST_ROWS,
            "gaps": posted.table.gap_notes(),
            "total": posted.total,
            "example": posted.example(),
            "example_asked": posted.press == _EXAMPLE,
            "example_url": self.example_url,
        }
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Posted:
        return Posted.read(data, name)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}-{Column.FROM.value}" not in data

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_0_{Column.FROM.value}"


class FeeTableField(forms.Field):
    """Cleans to :class:`FeeRows`; every mistake comes with its row and column."""

    widget = FeeTableInput

    def clean(self, value: Posted) -> FeeRows:
        if len(value.table.typed) > MOST_ROWS:
            raise ValidationError(_("At most %(rows)d rows.") % {"rows": MOST_ROWS})
        if mistakes := value.table.mistakes():
            raise ValidationError(
                [
                    ValidationError(str(mistake), params={"anchor": anchor(mistake)})
                    for mistake in mistakes
                ]
            )
        return value.table.rows()

    def prepare_value(self, value: Any) -> Posted:
        if isinstance(value, Posted):
            return value
        return Posted(TypedTable.of(value or FeeRows()), charges_fee=True)

    def has_changed(self, initial: Any, data: Any) -> bool:
        posted: Posted = data
        return bool(posted.table.rows() != initial)


def anchor(mistake: Mistake) -> str:
    """The end of the id of the input that a mistake is about."""
    return f"_{mistake.row}_{mistake.column.value}"


def _cells(row: TypedRow, place: int, mistakes: list[Mistake]) -> list[ShownCell]:
    return [
        ShownCell(
            column,
            COLUMN_LABELS[column],
            text,
            [each.message for each in mistakes if (each.row, each.column) == (place, column)],
        )
        for column, text in row.cells.items()
    ]


def _list(data: Any, name: str) -> list[Any]:
    if hasattr(data, "getlist"):
        return list(data.getlist(name))
    found = data.get(name, [])
    return list(found) if isinstance(found, list | tuple) else [found]
