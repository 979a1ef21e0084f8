"""Card members in the admin: read, and why a customer with one can't be deleted there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from escott.django.admin.read_only import ReadOnlyAdmin
from escott.django.clock import the_clock
from escott.django.models import Member
from escott.django.saved_card_texts import clause_for_staff
from escott.django.services.close_account import what_keeps_account


@admin.register(Member)
class MemberAdmin(ReadOnlyAdmin):
    """Every card member, also those that are deleted: payments were made with them."""

    list_display = [
        "kaiin_id", "customer", "card", "expires", "state", "under_way", "current", "mode",
        "created_at",
    ]  # fmt: skip
    list_filter = ["state", "under_way", "mode", "current"]
    list_select_related = ["customer"]
    search_fields = ["kaiin_id", "last_four", "customer__email"]
    show_full_result_count = False

    @admin.display(description=pgettext_lazy("column", "card"))
    def card(self, member: Member) -> str:
        return member.label

    @admin.display(description=pgettext_lazy("column", "expiry"))
    def expires(self, member: Member) -> str:
        return member.expiry_text


class KeepsCustomersWithCards:
    """For a site's own ``UserAdmin``: says why a customer with a saved card can't be deleted.

    ::

        class CustomerAdmin(KeepsCustomersWithCards, UserAdmin): ...
    """

    def get_deleted_objects(self, objs: Iterable[Any], request: HttpRequest) -> Any:
        """Django's own, with the reason beside each card that stands in the way.

        Nobody may delete a card member in the admin, which is not what has to be said here.
        """
        customers = list(objs)
        to_delete, count, missing, protected = super().get_deleted_objects(  # type: ignore[misc]
            customers, request
        )
        reasons = [reason for customer in customers for reason in _reasons(customer)]
        missing = set(missing) - {Member._meta.verbose_name}
        return to_delete, count, missing, [*protected, *reasons]


def _reasons(customer: Any) -> list[str]:
    if not Member.objects.filter(customer=customer).exists():
        return []
    kept_by = [
        clause_for_staff(obstacle.clause)
        for obstacle in what_keeps_account(customer, clock=the_clock())
    ]
    advice = (
        _("The card must stay for now:")
        if kept_by
        else _("Delete the saved card on the customer's page first; nothing needs it any more.")
    )
    return [format_html("<strong>{}</strong> {}", advice, " ".join(kept_by))]
