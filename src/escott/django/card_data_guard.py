"""The refusal of card data in a request: no card number ever reaches a view."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import View

from escott.django.posted_card_data import CardDataPosted, refuse_card_data

log = logging.getLogger("escott.payments")

ViewClass = TypeVar("ViewClass", bound=type[View])


def refuses_card_data(template_name: str) -> Callable[[ViewClass], ViewClass]:
    """Class decorator: a post with a card number in it is answered 400, and forgotten.

    What is posted, the token among it, stands in no report of an error either.

    Args:
        template_name: the page that says so.
    """

    def guard(handle: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(handle)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            try:
                refuse_card_data(request.POST)
            except CardDataPosted:
                log.error("a card number was posted to a payment page; it was refused")
                return render(request, template_name, status=400)
            return handle(request, *args, **kwargs)

        return guarded

    def decorate(view: ViewClass) -> ViewClass:
        guarded = method_decorator(guard, name="dispatch")(view)
        return method_decorator(sensitive_post_parameters(), name="dispatch")(guarded)

    return decorate
