"""What becomes of the only slip: paid, cancelled, lapsed, or past its last day."""

from __future__ import annotations

from datetime import datetime, timedelta

from escott.clock import JST, SettableClock
from escott.django.models import Slip
from escott.django.services.collection import ask_about_deposit, delete_slip
from escott.simulator.server import SimulatorServer
from tests.oscar.konbini import pays_at_lawson, the_payment


def is_paid(simulator: SimulatorServer) -> None:
    """The shopper has paid it at the simulated Lawson, and the shop has asked."""
    pays_at_lawson(simulator, the_payment())
    ask_about_deposit(the_payment().pk)


def is_deleted(_simulator: SimulatorServer) -> None:
    """Staff have cancelled it."""
    delete_slip(the_payment().pk, key="k", actor=None)


def lapses(_simulator: SimulatorServer) -> None:
    """Twenty days later the shop has asked in vain."""
    later = SettableClock(datetime.now(JST) + timedelta(days=20))
    ask_about_deposit(the_payment().pk, clock=later)


def is_overdue(_simulator: SimulatorServer) -> None:
    """Its last day was yesterday; nobody has asked the gateway yet."""
    Slip.objects.update(due_on=datetime.now(JST).date() - timedelta(days=1))
