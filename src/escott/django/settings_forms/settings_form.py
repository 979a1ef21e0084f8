"""What the forms of both methods share: two people at once, the audit entry, what is missing."""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from django import forms
from django.db import models, transaction
from django.forms.boundfield import BoundField
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from escott.clock import Clock
from escott.django.audit import Change, record_change, shown
from escott.django.clock import the_clock
from escott.django.models import Mode
from escott.django.models.merchant_account import Gap
from escott.django.settings_forms import seen
from escott.django.settings_forms.page_texts import PageTexts
from escott.django.settings_forms.secret_field import SecretField
from escott.gateway.secret import Secret

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Any]
else:
    _ModelForm = forms.ModelForm


class Row(NamedTuple):
    """A field as the page shows it.

    Attributes:
        says: what stands beside its box, where it is a switch.
        errors: what is wrong with it; a field of many cells tells the rest at these.
    """

    field: BoundField
    says: Any
    errors: list[str]


class Wrong(NamedTuple):
    """An error, and the id of the input that it is about; empty where it is about none."""

    anchor: str
    label: str
    message: str


class SettingsForm(_ModelForm):
    """The settings of one method. Give it rows that are locked, and call ``save_as``.

    A method that is switched off may be saved half-filled; to be switched on it must lack
    nothing. Only what this person touched is written (see :mod:`seen`).

    Attributes:
        texts: the fields of the page and their words.
        subject: what the audit log calls the method.
        enabled_by: the field that switches the method on.
        before: what stood there when the form was made, by field.
    """

    texts: ClassVar[PageTexts]
    subject: ClassVar[Any]
    enabled_by: ClassVar[str]

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.before = {name: self.value_of(name) for name in self.texts.names}
        self._seen = seen.read(self.data.get(self.add_prefix("seen"), ""))
        self.initial["seen"] = self._shown_now

    def _shown_now(self) -> str:
        return json.dumps({name: seen.digest(self.value_of(name)) for name in self.texts.names})

    def row_of(self, name: str) -> models.Model:
        """The row that holds the field."""
        return self.instance  # type: ignore[no-any-return]

    def value_of(self, name: str) -> Any:
        """What the field holds now: as stored, or as the form has cleaned it."""
        return getattr(self.row_of(name), name)

    def in_words(self, name: str, value: Any) -> str:
        """A value of the field, for people."""
        return shown(self.row_of(name), name, value)

    @abstractmethod
    def gaps(self) -> list[Gap]:
        """What the method lacks with the settings as they were entered."""

    @abstractmethod
    def write(self, names: list[str], at: datetime) -> None:
        """Store the fields that differ; all of them where there is no row yet."""

    def sections(self) -> Iterator[tuple[Any, list[Row]]]:
        """The fields under their headings, for a template."""
        for title, names in self.texts.sections:
            yield title, [self._row(name) for name in names]

    def _row(self, name: str) -> Row:
        field = self[name]
        return Row(field, self.texts.switches.get(name, ""), self.errors_beside(field))

    def errors_beside(self, field: BoundField) -> list[str]:
        """What the page says at a field itself."""
        return [str(error) for error in field.errors]

    def wrong(self) -> list[Wrong]:
        """Every error with where to mend it, for the top of a page; in the page's order."""
        found = [Wrong("", "", str(error)) for error in self.non_field_errors()]
        for name in self.texts.names:
            found += self.wrong_in(self[name])
        return found

    def wrong_in(self, field: BoundField) -> list[Wrong]:
        """The errors of one field."""
        anchor = f"{field.auto_id}_0" if field.use_fieldset else field.auto_id
        return [Wrong(anchor, str(field.label), str(error)) for error in field.errors]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in self.texts.names:
            if name in cleaned:
                self._compare(name, cleaned)
        return cleaned

    def _compare(self, name: str, cleaned: dict[str, Any]) -> None:
        """Leave what was not touched; ask about what somebody else has changed as well."""
        stored, posted = self.before[name], cleaned[name]
        now = seen.digest(stored)
        was_shown = self._seen.get(name, now)
        untouched = posted is None or seen.digest(posted) == was_shown
        if untouched or seen.digest(posted) == now:
            cleaned[name] = stored
        elif was_shown != now:
            self._ask_again(name, stored)

    def _ask_again(self, name: str, stored: Any) -> None:
        if isinstance(stored, Secret):
            message = _("Somebody else has changed this meanwhile. To replace it, enter it again.")
        else:
            message = _(
                "Somebody else has changed this meanwhile. It now says “%(value)s”. "
                "Save again to put yours in its place."
            ) % {"value": self.in_words(name, stored)}
        self.add_error(name, message)
        self._seen[name] = seen.digest(stored)
        data: Any = self.data
        self.data = data.copy()
        self.data[self.add_prefix("seen")] = json.dumps(self._seen)  # type: ignore[index]

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if not self.cleaned_data.get(self.enabled_by):
            return
        for gap in self.gaps():
            if gap.field not in self.errors:
                self.add_error(gap.field if gap.field in self.fields else None, gap.reason)

    def save(self, commit: bool = True) -> Any:
        if commit:
            raise TypeError("settings are saved by save_as(), which says who did it")
        return super().save(commit=False)

    def save_as(self, actor: Any, *, clock: Clock | None = None) -> dict[str, Change]:
        """Write what differs, with its audit entry; what differs, by label.

        Args:
            actor: the member of staff.
            clock: the present; the site's clock by default.
        """
        clock = clock or the_clock()
        names = [name for name, before in self.before.items() if self.value_of(name) != before]
        changes = {self._label(name): self._change(name) for name in names}
        with transaction.atomic():
            self.write(names, clock.now())
            if changes:
                subject = str(self.subject)
                record_change(actor, _("Settings changed"), subject, changes, clock=clock)
        return changes

    def _label(self, name: str) -> str:
        return str(self.base_fields[name].label)

    def _change(self, name: str) -> Change:
        after = self.value_of(name)
        if isinstance(after, Secret):
            return None
        return self.in_words(name, self.before[name]), self.in_words(name, after)


def secret_of(
    model: type[models.Model], name: str, kind: tuple[str, Any], told: Any
) -> SecretField:
    """A field that is written and never read, called as the model calls it."""
    field: Any = model._meta.get_field(name)
    return SecretField(*kind, label=capfirst(field.verbose_name), help_text=told)


def whole_number(texts: PageTexts, name: str, least: int, most: int) -> forms.IntegerField:
    """A whole number between two bounds."""
    return forms.IntegerField(
        label=texts.labels[name],
        min_value=least,
        max_value=most,
        localize=False,
        help_text=texts.help[name],
    )


def mode_switch(texts: PageTexts) -> forms.ChoiceField:
    """テストモード: the one switch of both methods (requirements.md A033)."""
    return forms.ChoiceField(
        label=texts.labels["mode"],
        choices=[
            (Mode.TEST.value, gettext_lazy("On: nothing is really charged")),
            (Mode.PRODUCTION.value, gettext_lazy("Off: production, payments are real")),
        ],
        widget=forms.RadioSelect,
        help_text=texts.help["mode"],
    )
