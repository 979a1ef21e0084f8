"""Online collection in the Django admin: its settings, and slips and notices to look at."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from escott.django.admin.read_only import ReadOnlyAdmin
from escott.django.admin.settings_admin import SaysBesideTheBox, SettingsAdmin
from escott.django.fee_example_answer import fee_example_answer
from escott.django.models import CollectionAccount, Notice, Slip
from escott.django.settings_forms import CollectionSettingsForm, collection_to_change
from escott.django.settings_forms.collection_texts import COLLECTION_PAGE
from escott.django.shown_notice import ShownNotice

_EXAMPLE = "escott_collectionaccount_fee_example"


class AdminCollectionForm(SaysBesideTheBox, CollectionSettingsForm):
    """The settings of online collection, as the admin shows them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fee_rows"].widget.example_url = reverse(f"admin:{_EXAMPLE}")


@admin.register(CollectionAccount)
class CollectionAccountAdmin(SettingsAdmin):
    """The contract for online collection, its fee and what stands on its slips."""

    form = AdminCollectionForm
    texts = COLLECTION_PAGE
    computed = frozenset({"mode", "fee_rows"})
    list_display = ["__str__", "enabled", "merchant_id", "due_days", "missing"]
    list_select_related = ["account"]

    @admin.display(description=_("What is missing"))
    def missing(self, part: CollectionAccount) -> str:
        return " ".join(gap.reason for gap in part.gaps())

    def locked(self, found: Any) -> CollectionAccount:
        """With its account, which holds the mode and is locked first everywhere."""
        return collection_to_change()

    def get_urls(self) -> list[Any]:
        asked = self.admin_site.admin_view(self._fee_example)
        return [path("fee-example/", asked, name=_EXAMPLE), *super().get_urls()]

    def _fee_example(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return fee_example_answer(request)


@admin.register(Slip)
class SlipAdmin(ReadOnlyAdmin):
    """Every slip. Its link is not shown: whoever has it sees the slip."""

    list_display = [
        "kessai_number", "order", "due_on", "fee", "deposited_amount", "deposited_at",
        "institution", "receipt_number",
    ]  # fmt: skip
    list_filter = ["due_on", "deposited_at"]
    list_select_related = ["payment"]
    search_fields = [
        "kessai_number",
        "receipt_number",
        "payment__order_reference",
        "payment__transaction_code",
    ]
    show_full_result_count = False

    @admin.display(description=_("order"))
    def order(self, slip: Slip) -> str:
        return slip.payment.order_reference

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [name for name in super().get_fields(request, obj) if not name.endswith("link_code")]


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    """Every deposit notice: what it says, without what makes it genuine."""

    list_display = ["received_at", "order", "transaction_code", "end", "genuine", "remote_address"]
    list_filter = ["end", "genuine", "received_at"]
    list_select_related = ["payment"]
    search_fields = ["transaction_code", "payment__order_reference"]
    show_full_result_count = False

    @admin.display(description=_("order"))
    def order(self, notice: Notice) -> str:
        return notice.payment.order_reference if notice.payment else ""

    @admin.display(description=_("what it says"))
    def says(self, notice: Notice) -> SafeString:
        facts = ShownNotice.of(notice).facts
        return format_html_join("", "{}: {}<br>", ((str(name), value) for name, value in facts))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*super().get_fields(request, obj), "says"]
