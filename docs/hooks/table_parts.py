"""What every table of the documentation is made of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import django
from django.conf import settings
from django.utils.translation import override


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table; bars and line breaks inside cells are taken care of."""
    lines = [list(head), *(list(row) for row in rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in line) + " |"
        for line in lines
    )


def set_up_django() -> None:
    """The words of the states stand in models, which want settings."""
    if not settings.configured:
        settings.configure(
            INSTALLED_APPS=[
                "django.contrib.contenttypes",
                "django.contrib.auth",
                "escott.django",
            ],
            USE_I18N=True,
            USE_TZ=True,
        )
        django.setup()


def words(label: Any) -> tuple[str, str]:
    """A label in English and Japanese."""
    with override("en"):
        english = str(label)
    with override("ja"):
        return english, str(label)


def both(label: Any) -> str:
    """The same in one text, Japanese first."""
    return " ".join(reversed(words(label)))
