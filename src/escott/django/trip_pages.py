"""The three addresses of a trip: where the browser leaves, where it comes back, and where the
gateway's server sends its copy.

The return works without a session, for a post from another site brings no cookie; it shows
nothing of what came, and sends the shopper on to a page of this site (design.md, the Oscar
host).
"""

from __future__ import annotations

import logging

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from escott.clock import in_japan
from escott.django.clock import the_clock
from escott.django.models import Trip, TripKind
from escott.django.page_policy import trip_page_policy
from escott.django.payment_page import see_other
from escott.django.services.return_trip import NotOurReturn, accept_return
from escott.django.services.start_trip import departure, may_depart, trip_of

log = logging.getLogger("escott.payments")


@trip_page_policy
@require_GET
def trip_start(request: HttpRequest, reference: str) -> HttpResponse:
    """Leave for the gateway; a trip that was begun or is over shows how it stands instead."""
    trip = trip_of(reference)
    if trip is None:
        raise Http404
    now = the_clock().now()
    if not _is_own_card(request, trip) or not may_depart(trip, now):
        return see_other(trip.next_url)
    context = {
        "departure": departure(trip, in_japan(now).date()),
        "is_secure": trip.kind == TripKind.SECURE,
        "next_url": trip.next_url,
    }
    return TemplateResponse(request, "escott/trip_start.html", context)


def _is_own_card(request: HttpRequest, trip: Trip) -> bool:
    """A saved card is shown and charged at the gateway, so only its owner is sent there."""
    if trip.member is None:
        return True
    user = getattr(request, "user", None)
    return user is not None and user.pk is not None and user.pk == trip.member.customer_id


@csrf_exempt
@transaction.non_atomic_requests
@sensitive_post_parameters()
@trip_page_policy
@require_http_methods(["GET", "POST"])
def trip_return(request: HttpRequest) -> HttpResponse:
    """The browser is back: do what the trip was for, and go on to the page that shows it."""
    given = request.POST if request.method == "POST" else request.GET
    try:
        trip = accept_return(given.get("EncryptValue", ""))
    except NotOurReturn as refusal:
        log.warning("a return from the gateway was refused: %s", refusal)
        return TemplateResponse(request, "escott/trip_unknown.html", status=400)
    return see_other(trip.next_url)


@csrf_exempt
@transaction.non_atomic_requests
@sensitive_post_parameters()
@require_POST
def trip_copy(request: HttpRequest) -> HttpResponse:
    """The gateway's server has sent what the browser brings as well; answered empty."""
    try:
        accept_return(request.POST.get("EncryptValue", ""))
    except NotOurReturn as refusal:
        log.warning("a copy from the gateway was refused: %s", refusal)
        return HttpResponse(status=400)
    return HttpResponse(content_type="text/plain")
