"""axe-core, which finds what keeps people out of a page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

#: WCAG 2.2, levels A and AA, with what it took over from 2.0 and 2.1.
WCAG_22_AA: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def violations(
    page: Page, *more_tags: str, within: str | None = None, without: Iterable[str] = ()
) -> list[str]:
    """What axe-core has against the page as it stands there now.

    Args:
        more_tags: rules beyond WCAG, such as ``best-practice``.
        within: the part of the page to look at, as a selector.
        without: rules that are none of our concern.
    """
    options = {
        "runOnly": {"type": "tag", "values": [*WCAG_22_AA, *more_tags]},
        "rules": {rule: {"enabled": False} for rule in without},
        # What passes need not be gathered and sent here.
        "resultTypes": ["violations"],
    }
    page.wait_for_load_state()
    found = Axe().run(page, context=within, options=options)
    return [
        f"{rule['id']}: {node['html'][:160]}"
        for rule in found.response["violations"]
        for node in rule["nodes"]
    ]
