"""The process that works off a backlog of notices, as the worker's job does.

    python -m bench.backlog_load NOTICES

The environment names the shop, its database and the gateway. Prints a :class:`Figure` for each
tenth as JSON, a line each.
"""

from __future__ import annotations

import json
import resource
import sys
import threading
from dataclasses import asdict, dataclass
from time import perf_counter, process_time
from typing import Final

import django

#: What the system counts ``ru_maxrss`` in.
_BYTES: Final = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True, slots=True)
class Figure:
    """One tenth of the backlog.

    Attributes:
        processed: how many notices were done with at its end.
        per_second: within this tenth.
        processor_seconds: of this process, for one notice.
        peak_bytes: the most memory that this process has ever had.
    """

    processed: int
    per_second: float
    processor_seconds: float
    peak_bytes: int


def main() -> None:
    """Work off so many."""
    django.setup()
    count = int(sys.argv[1])
    tenths = [count * tenth // 10 for tenth in range(1, 11)]
    done = 0
    for until in tenths:
        if until <= done:  # a round of the job is longer than a tenth of so few
            continue
        began, begun_at, clock = done, perf_counter(), process_time()
        done += _process(until - done)
        figure = Figure(
            processed=done,
            per_second=(done - began) / (perf_counter() - begun_at),
            processor_seconds=(process_time() - clock) / (done - began),
            peak_bytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _BYTES,
        )
        print(json.dumps(asdict(figure)), flush=True)
    _check(done)


def _process(count: int) -> int:
    """Run the job until so many notices or a round more were processed; how many."""
    from escott.django.clock import the_clock
    from escott.django.services.collection.noticing import process_notices_due

    stop = threading.Event()
    done = 0
    while done < count:
        some = process_notices_due(the_clock(), stop)
        if not some:
            raise RuntimeError(f"no notice is due after {done}")
        done += some
    return done


def _check(processed: int) -> None:
    """Every order has followed."""
    from oscar.core.loading import get_model

    followed = get_model("order", "Order").objects.filter(status="処理中").count()
    if followed != processed:
        raise RuntimeError(f"{processed} notices were processed, {followed} orders have followed")


if __name__ == "__main__":
    main()
