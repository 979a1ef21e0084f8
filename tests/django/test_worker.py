"""The worker runs what is due, keeps going when a job fails, and stops when asked."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection

from escott.clock import Clock, SettableClock
from escott.django import worker
from escott.django.orders import PayableOrder
from escott.django.services import pay_by_token
from escott.gateway import Secret
from escott.simulator.server import SimulatorServer


def test_one_round_does_what_is_due(
    new_order: Callable[..., PayableOrder],
    token: Callable[..., Secret],
    clock: SettableClock,
) -> None:
    payment = pay_by_token(new_order(), token("4000000090030000"), clock=clock)
    call_command("escott_worker", "--once", stdout=StringIO())
    payment.refresh_from_db()
    assert payment.state == "not_charged"


@pytest.mark.parametrize("failure", [RuntimeError("broken"), OperationalError("gone")])
def test_a_job_that_fails_does_not_keep_the_others_from_running(
    failure: Exception, clock: SettableClock, account: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(_clock: Clock, _stop: threading.Event) -> int:
        raise failure

    monkeypatch.setattr(worker, "JOBS", {"fails": failing, "works": lambda _clock, _stop: 1})
    assert worker.run_once(clock) == 1


def test_the_loop_finishes_its_round_and_stops(
    clock: SettableClock, account: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop, rounds = threading.Event(), []

    def job(_clock: Clock, _stop: threading.Event) -> int:
        rounds.append(1)
        if len(rounds) == 3:
            stop.set()
        return 1

    monkeypatch.setattr(worker, "JOBS", {"job": job})
    worker.run(clock, stop)
    assert len(rounds) == 3


def test_the_command_stops_gracefully_on_sigterm(account: Any, simulator: SimulatorServer) -> None:
    program = (
        "import sys, django; from django.conf import settings; "
        "settings.DATABASES['default']['NAME'] = sys.argv[1]; django.setup(); "
        "from django.core.management import call_command; call_command('escott_worker')"
    )
    running = subprocess.Popen(
        [sys.executable, "-u", "-c", program, str(connection.settings_dict["NAME"])],
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "tests.django.site.settings",
            "PYTHONPATH": os.pathsep.join(sys.path),
        },
        stdout=subprocess.PIPE,
        text=True,
    )
    with running:
        assert running.stdout is not None
        assert "is running" in running.stdout.readline()
        running.send_signal(signal.SIGTERM)
        assert "has stopped" in running.stdout.readline()
    assert running.returncode == 0
