"""Collect the texts of templates and code, and compile the Japanese: ``make messages``.

Works without GNU gettext. English stands in the code as the msgid; Japanese stands in the
catalogue beside it. With ``--check`` nothing is written, and whatever is missing, left over
or not compiled is named.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import django
import polib
from babel.messages.extract import extract
from django.conf import settings
from django.utils.translation.template import templatize

ROOT: Final = Path(__file__).parents[1]

#: Each catalogue with the folder whose texts it holds.
CATALOGUES: Final = ("src/escott/django", "src/escott/oscar", "demo")

KEYWORDS: Final[dict[str, Any]] = {
    "_": None,
    "noop": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}

#: The comment on entries that reword a text of Oscar's, so stand in no file of ours.
REWORDED: Final = "Oscar's own text, reworded"

Key = tuple[str | None, str, str]


def texts_in(folder: Path) -> Iterator[tuple[Key, str]]:
    """Every text of a folder with the file it stands in."""
    files = [*folder.rglob("*.py"), *folder.rglob("*.html"), *folder.rglob("*.txt")]
    for file in sorted(files):
        source = file.read_text(encoding="utf-8")
        if file.suffix != ".py":
            source = templatize(source, origin=str(file))
        found = extract("python", BytesIO(source.encode()), keywords=KEYWORDS)
        for _line, message, _comments, context in found:
            singular, plural = message if isinstance(message, tuple) else (message, "")
            if singular:
                name = file.relative_to(folder).as_posix()
                yield (context, singular, plural or ""), name


def path_of(folder: Path) -> Path:
    """Where a folder's Japanese catalogue stands."""
    return folder / "locale" / "ja" / "LC_MESSAGES" / "django.po"


def collected(folder: Path) -> polib.POFile:
    """The catalogue as it should be: the texts of today with the translations there are."""
    path = path_of(folder)
    known = {
        (entry.msgctxt, entry.msgid, entry.msgid_plural): entry
        for entry in (polib.pofile(str(path)) if path.exists() else ())
        if not entry.obsolete
    }
    places: dict[Key, list[str]] = {}
    for key, name in texts_in(folder):
        places.setdefault(key, [])
        if name not in places[key]:
            places[key].append(name)
    catalogue = polib.POFile(wrapwidth=96)
    catalogue.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": "ja",
        "MIME-Version": "1.0",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    for key, names in sorted(places.items(), key=lambda item: (item[1], item[0][1])):
        context, singular, plural = key
        old = known.pop(key, None)
        entry = polib.POEntry(msgid=singular, msgctxt=context, occurrences=[(n, "") for n in names])
        if plural:
            entry.msgid_plural = plural
            entry.msgstr_plural = dict(old.msgstr_plural) if old else {0: ""}
        else:
            entry.msgstr = old.msgstr if old else ""
        catalogue.append(entry)
    for entry in known.values():
        if entry.comment == REWORDED:
            catalogue.append(entry)
    return catalogue


def problems(folder: Path) -> Iterator[str]:
    """What is wrong with a folder's catalogue, one line each."""
    path = path_of(folder)
    catalogue = collected(folder)
    for entry in catalogue:
        translated = entry.msgstr_plural.get(0) if entry.msgid_plural else entry.msgstr
        if not translated:
            yield f"{path}: no Japanese for {entry.msgid!r}"
    stored = path.read_text(encoding="utf-8") if path.exists() else ""
    if stored != str(catalogue) + "\n":
        yield f"{path}: not as `make messages` writes it"
    compiled = path.with_suffix(".mo")
    if not compiled.exists() or compiled.read_bytes() != catalogue.to_binary():
        yield f"{compiled}: not compiled from the catalogue"


def write(folder: Path) -> None:
    """Write and compile a folder's catalogue."""
    path = path_of(folder)
    catalogue = collected(folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(str(catalogue) + "\n", encoding="utf-8")
    path.with_suffix(".mo").write_bytes(catalogue.to_binary())


def main() -> int:
    """Write the catalogues, or with ``--check`` say what is wrong with them."""
    if not settings.configured:
        settings.configure(USE_I18N=True)
        django.setup()
    folders = [ROOT / name for name in CATALOGUES]
    if "--check" not in sys.argv:
        for folder in folders:
            write(folder)
    found = [problem for folder in folders for problem in problems(folder)]
    print("\n".join(found) or "every text has its Japanese")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
