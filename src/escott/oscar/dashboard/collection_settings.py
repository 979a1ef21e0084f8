"""オンライン収納代行サービスの設定, in the dashboard, and the address of deposit notices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from escott.django.conf import escott_settings
from escott.django.gateway_access import lend_connections
from escott.django.models import Notice
from escott.django.notice_self_test import SelfTestResult, ask_own_notice_url
from escott.django.notice_set_up import NoticeAddress, NoticeUrl, notice_urls
from escott.django.permissions import CHANGE_SETTINGS, VIEW
from escott.django.self_test_texts import self_test_text
from escott.django.settings_forms import (
    CollectionSettingsForm,
    account_to_show,
    collection_to_change,
    collection_to_show,
)
from escott.django.settings_forms.settings_form import SettingsForm
from escott.django.shown_notice import ShownNotice
from escott.oscar.dashboard.method_states import Standing, card_standing, collection_standing
from escott.oscar.dashboard.settings_view import SettingsView

#: The gateway's senders of notices as documents of 2021 name them (protocol.md H): a hint.
SENDERS_OF_2021: Final[Sequence[str]] = (
    "54.238.10.224",
    "3.114.145.91",
    "54.248.234.19",
    "13.208.56.91",
    "13.208.108.172",
    "15.152.0.135",
)

#: Seconds for the question to our own address.
_PATIENCE: Final = 10.0


@dataclass(frozen=True, slots=True)
class ShownUrl:
    """An address to register.

    Attributes:
        result: of the question to it, where it was just asked.
    """

    registered: NoticeUrl
    result: SelfTestResult | None = None

    @property
    def name(self) -> str:
        """Which of the addresses, in the form of its button."""
        return self.registered.address.value

    @property
    def says(self) -> str:
        """What was found, and the remedy."""
        return self_test_text(self.result) if self.result else ""


class CollectionSettingsView(SettingsView):
    """The page of online collection."""

    template_name = "escott/oscar/settings/collection_settings.html"
    page = "collection-settings"

    def form_to_show(self) -> CollectionSettingsForm:
        return CollectionSettingsForm(instance=collection_to_show())

    def form_to_save(self, posted: Any) -> CollectionSettingsForm:
        return CollectionSettingsForm(posted, instance=collection_to_change())

    def standing(self) -> Standing:
        return collection_standing(collection_to_show())

    def standing_of_other(self) -> Standing:
        return card_standing(account_to_show())

    def show(self, form: SettingsForm, **more: Any) -> HttpResponse:
        form.fields["fee_rows"].widget.example_url = reverse("dashboard:collection-fee-example")
        may_view = self.request.user.has_perm(VIEW)
        last = Notice.objects.select_related("payment").first() if may_view else None
        context = {
            "urls": [ShownUrl(url) for url in notice_urls()],
            "may_view": may_view,
            "last_notice": ShownNotice.of(last) if last else None,
            "trusted_proxies": escott_settings().trusted_proxies,
            "senders_of_2021": SENDERS_OF_2021,
        }
        return super().show(form, **context | more)


class NoticeSelfTestView(CollectionSettingsView):
    """届くか確認: ask our own address, and show the page with what was found.

    Outside any transaction, for the answer may take its time.
    """

    http_method_names = ["post"]

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponseBase]:
        """The view, outside ATOMIC_REQUESTS."""
        return transaction.non_atomic_requests(super().as_view(**initkwargs))

    def post(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm(CHANGE_SETTINGS):
            raise PermissionDenied
        urls = {url.address.value: url for url in notice_urls()}
        asked = urls.get(request.POST.get("address", NoticeAddress.FORMER.value))
        if asked is None:
            return HttpResponseBadRequest()
        lend_connections()
        result = ask_own_notice_url(asked.url, timeout=_PATIENCE)
        shown = [ShownUrl(url, result if url is asked else None) for url in urls.values()]
        return self.show(self.form_to_show(), urls=shown)
