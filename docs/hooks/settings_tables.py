"""The settings of a payment method, made from the form in which staff enter them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override
from table_parts import set_up_django, table


def card_settings_in_japanese() -> str:
    """Every card setting with its default and help, a section for each heading of the page."""
    set_up_django()
    from escott.django.models import MerchantAccount
    from escott.django.settings_forms import CardSettingsForm

    with override("ja"):
        return _settings(CardSettingsForm(instance=MerchantAccount()))


def collection_settings_in_japanese() -> str:
    """The same of online collection."""
    set_up_django()
    from escott.django.models import CollectionAccount, MerchantAccount
    from escott.django.settings_forms import CollectionSettingsForm

    with override("ja"):
        part = CollectionAccount(account=MerchantAccount())
        return _settings(CollectionSettingsForm(instance=part))


def _settings(form: Any) -> str:
    return "\n\n".join(
        f"### {title}\n\n"
        + table(
            ["項目", "初期値", "説明"],
            (
                [f"**{row.field.label}**", _default(form, row.field.name), _told(row)]
                for row in rows
            ),
        )
        for title, rows in form.sections()
    )


def _told(row: Any) -> str:
    return str(row.field.help_text) or f"{row.says}。"


def _default(form: Any, name: str) -> str:
    value = form.before[name]
    if name == "consent_text":
        return "（文例）"
    if isinstance(value, bool):
        return _("On") if value else _("Off")
    choices = dict(getattr(form.fields[name], "choices", ()))
    return str(choices.get(value, value if isinstance(value, str | int) else "") or "―")
