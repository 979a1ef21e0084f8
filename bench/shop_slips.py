"""Put orders into the demo shop that wait for the deposits of their slips, 保留中.

    python -m bench.shop_slips COUNT

The environment names the shop, its database and the gateway. The slips have the numbers 1 to
COUNT (:mod:`bench.notice_forms`).
"""

from __future__ import annotations

import sys

import django


def main() -> None:
    """Place one, have its slip registered, and copy everything."""
    django.setup()
    from oscar.core.loading import get_model

    from bench.row_copies import copy_row
    from bench.slip_rows import CODE, copy_slip, register_slip, take_slips

    take_slips()
    order = get_model("order", "Order").objects.create(
        number="bench-1",
        total_incl_tax=3780,
        total_excl_tax=3780,
        status="保留中",
        guest_email="hanako@example.com",
    )
    payment = register_slip(order.number)
    order.refresh_from_db()
    count = int(sys.argv[1])
    copy_row(order, {"id": "-i", "number": CODE}, count)
    copy_slip(payment, count, first=1)


if __name__ == "__main__":
    main()
