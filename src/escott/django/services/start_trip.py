"""Start a trip: what the browser posts to the gateway, made when its start page is opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.core.signing import BadSignature, Signer
from django.urls import reverse

from escott.django.conf import escott_settings
from escott.django.gateway_access import endpoints_of
from escott.django.models import Payment, Trip, TripGoal, TripKind, TripState
from escott.django.services.agreed_order import agreed_order
from escott.django.services.trip_operation import operation_of
from escott.gateway import HostedTrip, SecureTrip, Token
from escott.rules.payment_states import PaymentState

_signer = Signer(salt="escott.django.trip")


@dataclass(frozen=True, slots=True)
class Departure:
    """A form for the browser: ``method`` is get or post; the fields hold an EncryptValue."""

    method: str
    action: str
    fields: dict[str, str]


def start_url(trip: Trip) -> str:
    """The page of this site from which the browser leaves."""
    return reverse("escott:trip-start", args=[_signer.sign(trip.code)])


def trip_of(reference: str) -> Trip | None:
    """The trip of a start page's address, if it was signed by us."""
    try:
        code = _signer.unsign(reference)
    except BadSignature:
        return None
    return Trip.objects.select_related("account", "member", "payment").filter(code=code).first()


def reopen_url(payment: Payment) -> str:
    """Where the shopper goes back to the gateway's card page; empty if there is none open."""
    if payment.state != PaymentState.STARTED:
        return ""
    trip = payment.trips.filter(kind=TripKind.HOSTED, state=TripState.OPEN).first()
    return start_url(trip) if trip is not None else ""


def return_url() -> str:
    """Where the browser comes back: an absolute address, of at most 64 characters."""
    return escott_settings().site_url + reverse("escott:trip-return")


def may_depart(trip: Trip, now: datetime) -> bool:
    """Whether the browser may leave, and note that it does.

    本人認証 is begun once. The gateway's card page may be opened again: of all the visits with
    one ProcNo, one can be carried out (K89). Nobody leaves for an order that has changed.
    """
    if trip.state != TripState.OPEN or now >= trip.ends_at:
        return False
    if trip.goal == TripGoal.PAY and agreed_order(trip) is None:
        return False
    this = Trip.objects.filter(pk=trip.pk, state=TripState.OPEN)
    if trip.kind == TripKind.SECURE:
        this = this.filter(left_at__isnull=True)
    return bool(this.update(left_at=now))


def departure(trip: Trip, today: date) -> Departure:
    """What the browser sends.

    Args:
        today: the date in Japan.

    Raises:
        InvalidTelegram: something in it cannot be sent.
    """
    account = trip.account
    wire_trip: SecureTrip | HostedTrip
    if trip.kind == TripKind.SECURE:
        wire_trip, method = _secure(trip), "post"
    else:
        wire_trip, method = _hosted(trip), "get"
    action, fields = wire_trip.form(
        endpoints_of(trip.mode), account.merchant(trip.mode), account.keys(), today
    )
    return Departure(method, action, fields)


def _secure(trip: Trip) -> SecureTrip:
    return SecureTrip(
        transaction_code=trip.code,
        proc_no=trip.proc_no,
        return_url=return_url(),
        card=Token(trip.token) if trip.member is None else trip.member.at_the_gateway,
        amount=trip.amount or None,
        pay_type=trip.pay_type,
        holder_name=trip.holder_name.reveal(),
        email=trip.email,
    )


def _hosted(trip: Trip) -> HostedTrip:
    return HostedTrip(
        transaction_code=trip.code,
        proc_no=trip.proc_no,
        return_url=return_url(),
        post_url=escott_settings().site_url + reverse("escott:trip-copy"),
        operation=operation_of(trip),
        amount=trip.amount or None,
        member=trip.member.at_the_gateway if trip.member is not None else None,
    )
