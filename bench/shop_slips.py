"""Fill the demo shop with orders that wait for the deposits of their slips, 保留中.

    python -m bench.shop_slips SLIPS [--noticed]

The environment names the shop, its database and the gateway. The slips have the numbers from 1
(:mod:`bench.notice_forms`); all other orders and payments are gone. With ``--noticed`` every
deposit has been told of already: its notice is stored, and not processed yet.
"""

from __future__ import annotations

import argparse

import django


def main() -> None:
    """Place one order, have its slip registered, and copy everything."""
    parser = argparse.ArgumentParser()
    parser.add_argument("slips", type=int)
    parser.add_argument("--noticed", action="store_true")
    chosen = parser.parse_args()
    django.setup()
    from oscar.core.loading import get_model

    from bench.empty_books import empty_books
    from bench.row_copies import copy_row, run_statement
    from bench.slip_rows import CODE, copy_slip, register_slip, store_notices, take_slips

    empty_books()
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
    copy_row(order, {"id": "-i", "number": CODE}, chosen.slips)
    copy_slip(payment, chosen.slips)
    if chosen.noticed:
        store_notices(chosen.slips)
    run_statement("ANALYZE")


if __name__ == "__main__":
    main()
