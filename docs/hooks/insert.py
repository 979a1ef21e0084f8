"""A mkdocs hook: what is written elsewhere is put in where a page asks for it.

``<!-- insert: table NAME -->``
    a table of :data:`tables.TABLES`, made from the code.
``<!-- insert: readme FILE -->``
    the code block of README.md that begins with ``# FILE``.

A page that asks for something that does not exist stops the build.
"""

from __future__ import annotations

import re
import textwrap
from pathlib import Path
from typing import Any, Final

import tables

_README: Final = Path(__file__).parents[2] / "README.md"
_MARK: Final = re.compile(r"^<!-- insert: (table|readme) (.+) -->$", re.MULTILINE)
_BLOCK: Final = re.compile(r"^( *)```python\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)


class NothingToInsert(Exception):
    """A page asks for a table or a block that there is none of."""


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Called by mkdocs for each page, before it is rendered."""
    return _MARK.sub(lambda mark: _inserted(mark[1], mark[2]), markdown)


def readme_blocks() -> dict[str, str]:
    """The Python blocks of README.md by the file that their first line names."""
    text = _README.read_text(encoding="utf-8")
    blocks = [textwrap.dedent(block) for _indent, block in _BLOCK.findall(text)]
    named: dict[str, str] = {}
    for block in blocks:
        name = block.partition("\n")[0].removeprefix("# ").partition(",")[0]
        named[f"{name} (Oscar)" if name in named else name] = block
    return named


def _inserted(kind: str, name: str) -> str:
    if kind == "table" and name in tables.TABLES:
        return tables.TABLES[name]()
    if kind == "readme" and name in readme_blocks():
        return f"```python\n{readme_blocks()[name]}```"
    raise NothingToInsert(f"no {kind} named {name!r}")
