"""The card form on a page of checkout, and the refusal of card data in a request."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views.generic import View

from escott.django.card_page import CardForm
from escott.django.clock import the_clock
from escott.django.forms import CardDataPosted, refuse_card_data
from escott.django.gateway_access import endpoints_of
from escott.django.models import MerchantAccount, Mode

ViewClass = TypeVar("ViewClass", bound=type[View])


def card_form(
    account: MerchantAccount, *, action: str, amount: int, notice: str = "", button: str = ""
) -> CardForm:
    """The card form that posts its token to ``action``.

    Args:
        account: whose token script and settings to use.
        action: the address of the page itself.
        amount: what the button says, in yen.
        notice: advice above the fields.
        button: what the button says, if not the amount to pay.
    """
    return CardForm(
        token_script_url=endpoints_of(account.mode).token_script_url(account.token_code),
        action=action,
        amount=amount,
        needs_security_code=account.needs_security_code,
        test_mode=account.mode == Mode.TEST,
        today=the_clock().now().date(),
        notice=notice,
        button=button,
    )


def refuses_card_data(view: ViewClass) -> ViewClass:
    """Class decorator: a post with a card number in it is answered 400, and forgotten."""

    def guard(handle: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(handle)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            try:
                refuse_card_data(request.POST)
            except CardDataPosted:
                return render(request, "escott/oscar/card_data_refused.html", status=400)
            return handle(request, *args, **kwargs)

        return guarded

    return method_decorator(guard, name="dispatch")(view)
