"""What ``make test`` leaves out on its second database, PostgreSQL; ``make soak`` nothing.

Every test runs on SQLite. On PostgreSQL every test that has a database runs again, but for what
opens a browser (``demo/test_browser_*``) and for the files below: pages, forms, texts,
permissions and gates in front of services, which send the same plain statements on either. What
they stand on runs on both: services, jobs, constraints, races, migrations, lists with their
queries and plans.

A new file runs on both. Only what ``tests/project/test_second_database.py`` lets pass may be
left out.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

TESTS: Final = Path(__file__).parent

#: Files by their folder, without ``test_`` and ``.py``.
ALIKE: Final = {
    "django": (
        "card_payment_form",
        "checks",
        "console_list_reader",
        "forged_returns",
        "instalment_payments",
        "limits_on_pages",
        "no_gateway_call",
        "page_policy",
        "visitor_address",
    ),
    "oscar": (
        "account_card",
        "addresses",
        "charge_saved_card_page",
        "checks",
        "dashboard",
        "mail_texts",
        "no_gateway_call",
        "pages",
        "panel",
        "payment_request",
        "payment_settings",
        "permissions",
        "purchase_event",
        "refund_page",
        "statuses",
    ),
}

#: Suites without a database.
WITHOUT: Final = ("card_form", "gateway", "project", "rules", "simulator")

FILES: Final = frozenset(
    TESTS / folder / f"test_{name}.py" for folder, names in ALIKE.items() for name in names
)


def is_alike(file: Path) -> bool:
    """Whether a file of tests tells on a second database what it told on the first."""
    return file in FILES or file.match("demo/test_browser_*.py")
