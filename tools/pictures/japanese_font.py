"""Whether this machine can draw Japanese at all."""

from __future__ import annotations

import shutil
import subprocess
from typing import Final

MISSING: Final = (
    "No Japanese font: every picture would be full of empty boxes. Install one, such as your "
    "distribution's Noto Sans CJK (fonts-noto-cjk); `fc-match :lang=ja` must then name it."
)


def has_japanese_font() -> bool:
    """Whether fontconfig, which Chromium asks as well, knows a font for Japanese."""
    fc_match = shutil.which("fc-match")
    if fc_match is None:
        return False
    languages = subprocess.run(
        [fc_match, "--format", "%{lang}", ":lang=ja"], check=False, capture_output=True, text=True
    ).stdout
    return "ja" in languages.split("|")
