"""The pages of 決済情報: the panel, a confirmation before each operation, and the comparison.

Every page is whole by itself; for a script that shows it inside a dialog (header
``X-Escott-Dialog``) it comes without its frame. What changes something is a POST.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.generic import View

from escott.clock import in_japan
from escott.django.clock import the_clock
from escott.django.models import Operation, Payment
from escott.django.models.operation import OPERATION_LABELS
from escott.django.panel.buttons import OperationButton, button_for, buttons_for, reason_of
from escott.django.panel.comparison_texts import ComparisonText, in_words
from escott.django.panel.confirmation import TOLD_BY_MAIL, Confirmation
from escott.django.panel.forms import AmountForm, KeyForm, PressForm, new_key, same_amount
from escott.django.panel.host import PanelHost
from escott.django.panel.results import Notice, not_done, notice_of
from escott.django.panel.shown_payment import ShownPayment, japan_day, with_its_rows
from escott.django.payment_page import see_other
from escott.django.permissions import RESOLVE, VIEW, may_operate
from escott.django.services.adopt import NothingToAdopt, adopt
from escott.django.services.claim import KeyReused, NotPossible, Overtaken, SameAmount
from escott.django.services.compare import OPEN, compare
from escott.django.services.operate import operate
from escott.rules.card_states import NEEDS_AMOUNT, CardOperation
from escott.rules.operability import STAFF_OPERATIONS
from escott.rules.yen import format_yen

#: A script asks for a page without its frame, and recognises the answer by the same header.
DIALOG_HEADER: Final = "X-Escott-Dialog"

_DETAIL: Final = "escott/panel/detail.html"
_AMOUNT: Final = "escott/panel/amount.html"
_CONFIRM: Final = "escott/panel/confirm.html"
_COMPARISON: Final = "escott/panel/comparison.html"


class PanelPage(View):
    """What the panel's pages share: the host, the permission to look, and no cache."""

    host: PanelHost = PanelHost()

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponseBase]:
        """The view, outside ATOMIC_REQUESTS: the gateway is asked by some of them."""
        return transaction.non_atomic_requests(super().as_view(**initkwargs))

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(VIEW):
            raise PermissionDenied
        response = super().dispatch(request, *args, **kwargs)
        patch_cache_control(response, no_store=True, private=True)
        return response

    def payment(self) -> Payment:
        """The payment of this address, with the rows that the panel shows."""
        payments = with_its_rows(Payment.objects.all())
        found: Payment = get_object_or_404(payments, pk=self.kwargs["pk"])
        return found

    def detail_url(self, **query: Any) -> str:
        """The panel itself."""
        asked = f"?{urlencode(query)}" if query else ""
        return f"{self.host.addresses(self.kwargs['pk']).detail}{asked}"

    def show_payment(
        self,
        *,
        notice: Notice | None = None,
        comparison: ComparisonText | None = None,
        asked_for: str = "",
        status: int = 200,
    ) -> HttpResponse:
        """The panel.

        Args:
            notice: what came of a press.
            comparison: what the gateway told, where it has been asked.
            asked_for: the operation whose button gets the focus back.
        """
        payment, user, now = self.payment(), self.request.user, the_clock().now()
        context = {
            "shown": ShownPayment.of(payment, in_japan(now).date()),
            "buttons": buttons_for(payment, user, now),
            "notice": notice,
            "asked_for": asked_for,
            "order_url": self.host.order_url(payment, user),
            "cases_url": self.host.cases_url(user),
            "links": self.host.links(payment, user),
            "comparable": comparison is not None or (payment.state in OPEN and payment.process_id),
            **self._comparison_context(comparison),
        }
        return self.show(_DETAIL, _("Payment details"), context, status=status)

    def show_comparison(self, comparison: ComparisonText) -> HttpResponse:
        """What the gateway told: alone for a script, on the panel otherwise."""
        if not self._in_dialog():
            return self.show_payment(comparison=comparison)
        return self.show(_COMPARISON, "", self._comparison_context(comparison))

    def show(
        self, fragment: str, title: str, context: dict[str, Any], *, status: int = 200
    ) -> HttpResponse:
        """A page of the panel, in the host's frame or for a dialog."""
        pk = self.kwargs["pk"]
        context |= {
            "fragment": fragment,
            "title": title,
            "in_dialog": self._in_dialog(),
            "urls": self.host.addresses(pk),
        }
        if self._in_dialog():
            headers = {DIALOG_HEADER: "1"}
            return TemplateResponse(self.request, fragment, context, status=status, headers=headers)
        context |= self.host.frame_context(self.request)
        return TemplateResponse(self.request, self.host.frame, context, status=status)

    def _comparison_context(self, comparison: ComparisonText | None) -> dict[str, Any]:
        may_adopt = comparison is not None and comparison.can_be_adopted
        return {
            "comparison": comparison,
            "adopt_key": new_key() if may_adopt and self.request.user.has_perm(RESOLVE) else "",
        }

    def _in_dialog(self) -> bool:
        return DIALOG_HEADER in self.request.headers


class PaymentDetailPage(PanelPage):
    """決済情報 of one payment; ``?operation=2`` tells what came of the second operation."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        number = request.GET.get("operation", "")
        if not number.isdecimal() or len(number) > 4:
            return self.show_payment()
        operation = (
            Operation.objects.select_related("payment", "actor")
            .filter(payment=pk, number=int(number))
            .first()
        )
        if operation is None:
            return self.show_payment()
        notice = notice_of(operation, operation.payment.email)
        return self.show_payment(notice=notice, asked_for=operation.kind)


class OperatePage(PanelPage):
    """Asks for the amount and for a confirmation, and carries the operation out.

    =====================================  ==============================================
    ``GET ?kind=cancel``                   the confirmation
    ``GET ?kind=change_amount``            the field for the new total
    ``GET ?kind=change_amount&amount=``    the confirmation, or what is wrong with the amount
    ``POST``                               the press of its button
    =====================================  ==============================================
    """

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        kind = self._kind(request.GET.get("kind", ""))
        if kind is None:
            return see_other(self.detail_url())
        payment = self.payment()
        button = button_for(payment, kind, request.user, the_clock().now())
        if button.reason:
            return self._refuse(button.reason, payment)
        if kind not in NEEDS_AMOUNT:
            return self._confirm(payment, button, amount=None)
        if "amount" not in request.GET:
            again = kind is CardOperation.REAUTHORISE
            form = AmountForm(None, initial={"amount": payment.amount if again else ""})
            return self._ask_amount(payment, button, form=form)
        form = AmountForm(request.GET)
        same = kind is CardOperation.CHANGE_AMOUNT and payment.amount
        if form.is_valid() and form.cleaned_data["amount"] == same:
            form.add_error("amount", same_amount(payment))
        if not form.is_valid():
            return self._ask_amount(payment, button, form=form, status=422)
        return self._confirm(payment, button, amount=form.cleaned_data["amount"])

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        kind = self._kind(request.POST.get("kind", ""))
        press = PressForm(request.POST)
        if kind is None or not press.is_valid():
            payment = self.payment()
            return self._refuse(_("The form was not complete. Please begin again."), payment, 400)
        payment = self.payment()
        button = button_for(payment, kind, request.user, the_clock().now())
        amount = None
        if kind in NEEDS_AMOUNT:
            form = AmountForm(request.POST)
            if not form.is_valid():
                return self._ask_amount(payment, button, form=form, status=422)
            amount = form.cleaned_data["amount"]
        if button.past_period and not press.cleaned_data["past_period"]:
            return self._confirm(payment, button, amount=amount, missing=True, status=422)
        return self._carry_out(payment, button, press.cleaned_data, amount)

    def _carry_out(
        self,
        payment: Payment,
        button: OperationButton,
        press: dict[str, Any],
        amount: int | None,
    ) -> HttpResponse:
        try:
            operation = operate(
                payment.pk,
                button.kind,
                key=press["key"],
                amount=amount,
                actor=self.request.user,
                past_period=button.past_period,
                tells_customer=press["tells_customer"] and button.kind in TOLD_BY_MAIL,
                after=press["after"],
            )
        except NotPossible as refused:
            return self._refuse(reason_of(refused.obstacle, payment), payment)
        except Overtaken:
            return self._refuse(_("Somebody else was faster. Please look again."), payment)
        except SameAmount:
            return self._refuse(same_amount(payment), payment)
        except KeyReused:
            return self._refuse(_("The form was used before. Please begin again."), payment)
        return see_other(self.detail_url(operation=operation.number))

    def _kind(self, asked: str) -> CardOperation | None:
        """The operation that was asked for, which this user may ask for."""
        if asked not in STAFF_OPERATIONS:
            return None
        kind = CardOperation(asked)
        if not may_operate(self.request.user, kind):
            raise PermissionDenied
        return kind

    def _refuse(self, reason: str, payment: Payment, status: int = 409) -> HttpResponse:
        return self.show_payment(notice=not_done(reason, payment), status=status)

    def _ask_amount(
        self,
        payment: Payment,
        button: OperationButton,
        *,
        form: AmountForm,
        status: int = 200,
    ) -> HttpResponse:
        context = {
            "kind": button.kind,
            "operation": OPERATION_LABELS[button.kind],
            "payment": payment,
            "held": format_yen(payment.amount),
            "form": form,
        }
        return self.show(_AMOUNT, str(OPERATION_LABELS[button.kind]), context, status=status)

    def _confirm(
        self,
        payment: Payment,
        button: OperationButton,
        *,
        amount: int | None,
        missing: bool = False,
        status: int = 200,
    ) -> HttpResponse:
        """The confirmation.

        Args:
            missing: the box about the last day was not ticked.
        """
        confirmation = Confirmation.of(
            payment,
            button.kind,
            amount=amount,
            today=in_japan(the_clock().now()).date(),
            past_period=button.past_period,
        )
        context = {
            "confirmation": confirmation,
            "payment": payment,
            "amount": amount,
            "key": new_key(),
            "after": len(payment.operations.all()),
            "missing": missing,
            "last_day": japan_day(payment.operable_until) if payment.operable_until else "",
        }
        return self.show(_CONFIRM, confirmation.title, context, status=status)


class ComparePage(PanelPage):
    """Asks the gateway how the payment stands; the panel's script does so once it is open."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        payment = self.payment()
        return self.show_comparison(in_words(compare(payment.pk), payment))


class AdoptPage(PanelPage):
    """Brings our record in line with what the gateway tells."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not request.user.has_perm(RESOLVE):
            raise PermissionDenied
        payment = self.payment()
        press = KeyForm(request.POST)
        if not press.is_valid():
            reason = _("The form was not complete. Please begin again.")
            return self.show_payment(notice=not_done(reason, payment), status=400)
        try:
            operation = adopt(payment.pk, key=press.cleaned_data["key"], actor=request.user)
        except NothingToAdopt as nothing:
            told = in_words(nothing.comparison, payment)
            return self.show_payment(comparison=told, status=409)
        except NotPossible as refused:
            reason = reason_of(refused.obstacle, payment)
            return self.show_payment(notice=not_done(reason, payment), status=409)
        except KeyReused:
            reason = _("The form was used before. Please begin again.")
            return self.show_payment(notice=not_done(reason, payment), status=409)
        return see_other(self.detail_url(operation=operation.number))
