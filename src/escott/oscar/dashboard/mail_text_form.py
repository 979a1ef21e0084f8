"""The form of one mail's text: checked, previewed, saved, and taken back to the default."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from escott.django.audit import Change, record_change
from escott.django.models import AuditArea, MailText
from escott.django.models.mail import MailKind
from escott.django.settings_forms.seen import digest
from escott.oscar.mail_texts.checking import problems_of
from escott.oscar.mail_texts.defaults import Text, default_text
from escott.oscar.mail_texts.kinds import KINDS
from escott.oscar.mail_texts.stored import written_text

LABELS: Final[dict[str, Any]] = {
    "sender": gettext_lazy("Sender"),
    "subject": gettext_lazy("Subject"),
    "body": gettext_lazy("Body"),
    "signature": gettext_lazy("Signature"),
}


class OneLine(forms.CharField):
    """What has to stand on one line is refused with its line ends, not mended in silence."""

    def to_python(self, value: Any) -> str:
        text = "" if value is None else str(value)
        return text.strip(" ")


class Lines(forms.CharField):
    """Several lines; browsers end them with CR LF."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n").replace("\r", "\n")


class MailTextForm(forms.Form):
    """Begins with the text in force. ``seen`` keeps two people from overwriting each other."""

    sender = OneLine(label=LABELS["sender"], required=False, max_length=200)
    subject = OneLine(label=LABELS["subject"], required=False, max_length=200)
    body = Lines(
        label=LABELS["body"],
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 18}),
    )
    signature = Lines(
        label=LABELS["signature"],
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, kind: MailKind, data: Any = None) -> None:
        self.kind = kind
        self.stored = stored_or_default(kind)
        shown = {**self.stored.items(), "seen": _digest(self.stored)}
        super().__init__(data, initial=shown, use_required_attribute=False)
        for name in LABELS:
            self.fields[name].widget.attrs["aria-describedby"] = f"help_{name}"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            for problem in problems_of(KINDS[self.kind], self.text):
                self.add_error(problem.part, problem.message)
        return cleaned

    @property
    def text(self) -> Text:
        """What was posted, with the shop's signature where none was."""
        posted = {name: self.cleaned_data.get(name, "") for name in LABELS}
        posted["signature"] = posted["signature"] or default_of(self.kind).signature
        return Text(**posted)

    @property
    def is_overtaken(self) -> bool:
        """Somebody else has saved another text since this page was shown."""
        return bool(self.cleaned_data.get("seen") != _digest(self.stored))

    def save_as(self, actor: Any) -> bool:
        """Store the text and write it down in the audit log; ``False`` if nothing differs."""
        return store(self.kind, self.text, actor)


def stored_or_default(kind: MailKind) -> Text:
    """What the editor shows; a stored text also where it is broken, so that it can be mended."""
    row = MailText.objects.filter(kind=kind).first()
    if row is None:
        return default_of(kind)
    with override(settings.LANGUAGE_CODE):
        return written_text(row)


def store(kind: MailKind, text: Text, actor: Any) -> bool:
    """Write the text down; the default's own words are no text of the shop's.

    Returns:
        Whether anything was changed.
    """
    default = default_of(kind)
    with transaction.atomic():
        before = stored_or_default(kind)
        if text == default:
            MailText.objects.filter(kind=kind).delete()
        else:
            own = "" if text.signature == default.signature else text.signature
            MailText.objects.update_or_create(
                kind=kind, defaults={**text.items(), "signature": own}
            )
        changes = _changes(before, text)
        if changes:
            action = _("Mail text changed") if text != default else _("Mail text set to default")
            record_change(actor, action, str(kind.label), changes, area=AuditArea.MAIL)
    return bool(changes)


def to_default(kind: MailKind, actor: Any) -> bool:
    """Back to the default text; ``False`` if it was in use already."""
    return store(kind, default_of(kind), actor)


def _changes(before: Text, after: Text) -> dict[str, Change]:
    old, new = before.items(), after.items()
    return {str(LABELS[name]): (old[name], new[name]) for name in LABELS if old[name] != new[name]}


def default_of(kind: MailKind) -> Text:
    """In the language of the mails, whatever the dashboard speaks."""
    with override(settings.LANGUAGE_CODE):
        return default_text(kind)


def _digest(text: Text) -> str:
    return digest("\n\x00\n".join(text.items().values()))
