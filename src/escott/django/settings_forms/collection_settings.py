"""オンライン収納代行サービスの設定: the manual's fields and ours, and the rules among them."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any, Final

from django import forms
from django.db import models
from django.forms.boundfield import BoundField
from django.forms.utils import ErrorDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from escott.django.models import CollectionAccount, FeeRow, MerchantAccount
from escott.django.models.collection_account import MOST_DUE_DAYS
from escott.django.models.merchant_account import Gap
from escott.django.settings_forms.collection_texts import COLLECTION_PAGE, HELP, LABELS
from escott.django.settings_forms.fee_rows import FeeRows
from escott.django.settings_forms.fee_table_field import FeeTableField
from escott.django.settings_forms.half_width import HalfWidthField
from escott.django.settings_forms.networks import NetworksField
from escott.django.settings_forms.secret_field import PASSWORD, SecretField
from escott.django.settings_forms.settings_form import (
    SettingsForm,
    Wrong,
    mode_switch,
    secret_of,
    whole_number,
)
from escott.django.settings_forms.slip_fields import HOURS, TELEPHONE, SlipHalfWidth, SlipText
from escott.django.settings_forms.stored import account_to_change, account_to_show

#: Days after which the worker gives a slip up, at most.
_MOST_GRACE: Final = 30

#: Fields that are not of the row of online collection itself.
_OF_ACCOUNT: Final = frozenset({"mode"})
_ROWS: Final = "fee_rows"
_ON_THE_CARDS_PAGE: Final = frozenset({"seller_country", "currency"})

_whole = partial(whole_number, COLLECTION_PAGE)


def _secret(name: str) -> SecretField:
    return secret_of(CollectionAccount, name, PASSWORD, HELP[name])


def _slip(name: str, longest: int) -> SlipText:
    return SlipText(longest, label=LABELS[name], help_text=HELP[name])


class CollectionSettingsForm(SettingsForm):
    """The settings of online collection. Give it a part whose account is locked."""

    texts = COLLECTION_PAGE
    subject = gettext_lazy("Online collection")
    enabled_by = "enabled"

    mode = mode_switch(COLLECTION_PAGE)
    test_password = _secret("test_password")
    production_password = _secret("production_password")
    due_days = _whole("due_days", 1, MOST_DUE_DAYS)
    fee_rows = FeeTableField(required=False, label=LABELS[_ROWS], help_text=HELP[_ROWS])
    slip_title = _slip("slip_title", 20)
    slip_comment = _slip("slip_comment", 30)
    slip_contact = _slip("slip_contact", 21)
    slip_contact_telephone = SlipHalfWidth(
        12,
        *TELEPHONE,
        label=LABELS["slip_contact_telephone"],
        help_text=HELP["slip_contact_telephone"],
    )
    slip_contact_hours = SlipHalfWidth(
        11, *HOURS, label=LABELS["slip_contact_hours"], help_text=HELP["slip_contact_hours"]
    )
    grace_business_days = _whole("grace_business_days", 0, _MOST_GRACE)
    asks_a_minute = _whole("asks_a_minute", 1, 600)
    notice_addresses = NetworksField(
        required=False, label=LABELS["notice_addresses"], help_text=HELP["notice_addresses"]
    )

    class Meta:
        model = CollectionAccount
        fields = tuple(name for name in COLLECTION_PAGE.names if name not in {*_OF_ACCOUNT, _ROWS})
        labels = LABELS
        help_texts = HELP
        field_classes = {"merchant_id": HalfWidthField}
        widgets = {
            "merchant_id": forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
            "notice_reply": forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
        }

    def __init__(
        self, *args: Any, instance: CollectionAccount | None = None, **kwargs: Any
    ) -> None:
        part = instance or CollectionAccount(account=account_to_show())
        self.rows = FeeRows.of(part.stored_fee_rows())
        super().__init__(*args, instance=part, **kwargs)
        self.initial["mode"] = part.account.mode
        self.initial[_ROWS] = self.rows

    def row_of(self, name: str) -> models.Model:
        return self._part.account if name in _OF_ACCOUNT else self._part

    def value_of(self, name: str) -> Any:
        return self.rows if name == _ROWS else super().value_of(name)

    def in_words(self, name: str, value: Any) -> str:
        return value.in_words() if name == _ROWS else super().in_words(name, value)

    @property
    def _part(self) -> CollectionAccount:
        part: CollectionAccount = self.instance
        return part

    @property
    def only_shows(self) -> bool:
        """A button within the table of fees was pressed: the page is shown again as it stands."""
        return self.is_bound and bool(self._posted_rows.press)

    @property
    def _posted_rows(self) -> Any:
        return self[_ROWS].data

    def full_clean(self) -> None:
        if self.only_shows:
            self._errors, self.cleaned_data = ErrorDict(), {}
        else:
            super().full_clean()

    def is_valid(self) -> bool:
        """Nothing is to be saved after a press of a button within the table of fees."""
        return not self.only_shows and super().is_valid()

    def _post_clean(self) -> None:
        self.rows = self.cleaned_data.get(_ROWS, self.rows)
        self._part.account.mode = self.cleaned_data.get("mode", self._part.account.mode)
        super()._post_clean()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("charges_fee") and _ROWS in cleaned and not cleaned[_ROWS]:
            self.add_error(_ROWS, _("Enter at least one row, or switch the fee off."))
        return cleaned

    def gaps(self) -> list[Gap]:
        """The table is checked as it was typed, not as it is stored."""
        elsewhere = _("It is set on the page of the card settings.")
        return [
            Gap(gap.field, f"{gap.reason} {elsewhere}") if gap.field in _ON_THE_CARDS_PAGE else gap
            for gap in self._part.gaps()
            if gap.field != _ROWS
        ]

    def wrong_in(self, field: BoundField) -> list[Wrong]:
        if field.name != _ROWS:
            return super().wrong_in(field)
        return [
            Wrong(f"{field.auto_id}{cell or '_0_from'}", str(field.label), message)
            for cell, message in self._wrong_cells(field)
        ]

    def errors_beside(self, field: BoundField) -> list[str]:
        if field.name != _ROWS:
            return super().errors_beside(field)
        wrong = self._wrong_cells(field)
        of_table = [message for cell, message in wrong if not cell]
        if wrong and not of_table:
            return [_("Please check the cells that are marked.")]
        return of_table

    def _wrong_cells(self, field: BoundField) -> list[tuple[str, str]]:
        """The end of the cell's id, empty for the whole table, and what is wrong."""
        found = self.errors.as_data().get(_ROWS, [])
        cells = [(error.params or {}).get("anchor", "") for error in found]
        return list(zip(cells, map(str, field.errors), strict=True))

    def write(self, names: list[str], at: datetime) -> None:
        part = self._part
        if part._state.adding:
            part.account = self._account_of_new_part(part)
        if "mode" in names:
            self._switch_mode(part.account)
        own = [name for name in names if name not in {*_OF_ACCOUNT, _ROWS}]
        own += self._keep_former_passwords(own, at)
        if part._state.adding:
            part.save()
        elif own:
            part.save(update_fields=own)
        if _ROWS in names:
            part.fee_rows.all().delete()
            FeeRow.objects.bulk_create(
                FeeRow(
                    collection=part,
                    from_total=row.from_total or 0,
                    up_to=row.up_to,
                    fee=row.fee or 0,
                )
                for row in self.rows
            )

    def _account_of_new_part(self, part: CollectionAccount) -> MerchantAccount:
        account = account_to_change()
        account.mode = part.account.mode
        return account

    def _switch_mode(self, account: MerchantAccount) -> None:
        """The switch is the card's too; who took the risk of cards took it for the other mode."""
        account.risk_acknowledged = False
        account.save(update_fields=["mode", "risk_acknowledged"])

    def _keep_former_passwords(self, names: list[str], at: datetime) -> list[str]:
        """A notice may be on its way that was made with the password before."""
        written = []
        for name in ("test_password", "production_password"):
            if name in names and self.before[name]:
                setattr(self._part, f"former_{name}", self.before[name])
                setattr(self._part, f"{name}_changed_at", at)
                written += [f"former_{name}", f"{name}_changed_at"]
        return written
