"""How much is run: examples for properties, and files on the second database."""

from __future__ import annotations

from pathlib import Path

from hypothesis import settings

from tests.second_database import is_alike
from tests.soak import FULL, figure
from tests.template_database import SERVER

# No deadline: a busy machine is no mistake.
settings.register_profile("escott", deadline=None, max_examples=figure(100, 2000))
settings.load_profile("escott")


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave out on PostgreSQL what is alike there, unless the full figures are asked for."""
    return True if SERVER and not FULL and is_alike(collection_path) else None
