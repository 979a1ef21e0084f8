"""Part 6: deposit notices, from the gateway's POST to the order that is 処理中.

Three questions, each a table: how many are acknowledged, when their orders follow, and how a
backlog is worked off. The first has its floor beside it, in turn on the same machine: the same
web server, which stores one row and answers.
"""

from __future__ import annotations

from bench import backlog, notice_answers, notice_ways
from bench.demo_shop import DemoShop
from bench.processes import server


def measure(shop: DemoShop, database: str, stored: int, processed: int) -> None:
    """Print the figures of one shop, whose own orders are gone afterwards.

    Args:
        stored: how many notices wait when the backlog is begun.
        processed: how many of them are worked off.
    """
    with server("bench.stub_gateway") as gateway:
        notice_answers.measure(shop, database, gateway)
        notice_ways.measure(shop, database, gateway)
        backlog.measure(shop, database, gateway, stored, processed)
