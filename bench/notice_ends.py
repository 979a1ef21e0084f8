"""Wait until the deposits of slips have reached their orders, and tell when they had.

    python -m bench.notice_ends SLIPS

Prints a list as JSON: when the notice of the slips 1, 2, … was done with and its order 処理中, in
seconds since 1970.
"""

from __future__ import annotations

import json
import sys
from time import monotonic, sleep
from typing import Final

import django

#: Seconds until a worker that gets nowhere is given up.
_PATIENCE: Final = 60.0


def main() -> None:
    """Wait, check, tell."""
    django.setup()
    from oscar.core.loading import get_model

    from bench.notice_forms import code_of
    from escott.django.models import Notice

    codes = [code_of(number) for number in range(1, int(sys.argv[1]) + 1)]
    waiting = Notice.objects.filter(due_at__isnull=False)
    left, given_up_at = waiting.count(), monotonic() + _PATIENCE
    while left:
        sleep(0.2)
        if (now_left := waiting.count()) < left:
            left, given_up_at = now_left, monotonic() + _PATIENCE
        elif monotonic() > given_up_at:
            raise RuntimeError(f"{left} notices are not processed")
    order = get_model("order", "Order")
    assert order.objects.filter(number__in=codes, status="処理中").count() == len(codes)
    ends = dict(Notice.objects.values_list("transaction_code", "processed_at"))
    print(json.dumps([ends[code].timestamp() for code in codes]))


if __name__ == "__main__":
    main()
