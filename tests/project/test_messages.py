"""Japanese first, English complete: every text has both, and the catalogues are compiled."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import polib


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


#: What marks a text for the catalogues; the collector does not look inside an f-string.
_MARKS = frozenset({"_", "gettext", "gettext_lazy", "ngettext", "pgettext", "npgettext"})


def test_no_text_hides_in_an_f_string() -> None:
    root = Path(__file__).parents[2]
    hidden = [
        f"{file.relative_to(root)}:{text.lineno}"
        for folder in ("src", "demo")
        for file in sorted((root / folder).rglob("*.py"))
        for joined in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(joined, ast.JoinedStr)
        for text in ast.walk(joined)
        if isinstance(text, ast.Call)
        and isinstance(text.func, ast.Name)
        and text.func.id in _MARKS
        and isinstance(text.args[0], ast.Constant)
    ]
    assert hidden == []


def test_a_text_of_both_floors_reads_alike_whichever_comes_first() -> None:
    """Django merges the catalogues by msgid; the first app in INSTALLED_APPS wins."""
    below, above = map(_japanese_of, ("django", "oscar"))
    assert [text for text in below.keys() & above.keys() if below[text] != above[text]] == []


def _japanese_of(floor: str) -> dict[tuple[str | None, str], str]:
    source = Path(__file__).parents[2] / "src" / "escott" / floor
    catalogue = polib.pofile(str(source / "locale" / "ja" / "LC_MESSAGES" / "django.po"))
    return {(entry.msgctxt, entry.msgid): entry.msgstr for entry in catalogue}
