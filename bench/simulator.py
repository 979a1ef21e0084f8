"""The gateway simulator as a process of its own; its slow card answers after 300 ms.

    python -m bench.simulator

Prints its address, then serves until it is terminated.
"""

from __future__ import annotations

import signal
from typing import Final

from escott.simulator.options import Options
from escott.simulator.server import SimulatorServer

SLOW_SECONDS: Final = 0.3


def main() -> None:
    """Serve."""
    with SimulatorServer(options=Options(slow_seconds=SLOW_SECONDS)) as running:
        print(running.base_url, flush=True)
        signal.sigwait({signal.SIGTERM, signal.SIGINT})


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    main()
