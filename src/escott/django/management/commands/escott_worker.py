"""``manage.py escott_worker``: recovery, announcements, expiry and mails."""

from __future__ import annotations

import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from escott.django.clock import the_clock
from escott.django.worker import run, run_once


class Command(BaseCommand):
    """Runs the jobs; any number of these may run, on any number of machines."""

    help = "Resolve unknown results, announce changes, expire authorisations, send mails."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due now and end")

    def handle(self, *_: Any, **options: Any) -> None:
        if options["once"]:
            self.stdout.write(f"{run_once(the_clock())} done")
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        self.stdout.write("escott worker is running; stop it with Ctrl-C")
        run(the_clock(), stop)
        self.stdout.write("escott worker has stopped")
