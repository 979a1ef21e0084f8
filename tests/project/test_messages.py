"""Japanese first, English complete: every text has both, and the catalogues are compiled."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_every_text_has_its_japanese_and_is_compiled() -> None:
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "tools/messages.py", "--check"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
