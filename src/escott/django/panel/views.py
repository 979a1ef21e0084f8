"""The pages of 決済情報. None asks the gateway while it renders; what changes something is a POST.

==================  ====================================================================
``detail``          the payment with its buttons, and what came of a press
``operate``         GET: a form or a confirmation; POST: the press of its button
``compare``         POST: ask the gateway how the payment stands
``adopt``           POST: take over what the gateway has told
==================  ====================================================================
"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from escott.django.models import Operation
from escott.django.panel.page import PanelPage
from escott.django.panel.results import notice_of
from escott.django.permissions import RESOLVE


class PaymentDetailPage(PanelPage):
    """決済情報 of one payment; ``?operation=2`` tells what came of the second operation."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        operation = self._named(request.GET.get("operation", ""))
        if operation is None:
            return self.show_payment(notice=self.desk().said() if request.GET else None)
        notice = notice_of(operation, operation.payment.email)
        return self.show_payment(notice=notice, asked_for=operation.kind)

    def _named(self, number: str) -> Operation | None:
        if not number.isdecimal() or len(number) > 4:
            return None
        operations = Operation.objects.select_related("payment__slip", "actor")
        return operations.filter(payment=self.kwargs["pk"], number=int(number)).first()


class OperatePage(PanelPage):
    """Asks for what an operation needs and for a confirmation, and carries the operation out."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.desk().ask()

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.desk().press()


class ComparePage(PanelPage):
    """Asks the gateway how the payment stands; the panel's script does so once it is open."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.desk().inquire()


class AdoptPage(PanelPage):
    """Brings our record in line with what the gateway tells."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not request.user.has_perm(RESOLVE):
            raise PermissionDenied
        return self.desk().adopt()
