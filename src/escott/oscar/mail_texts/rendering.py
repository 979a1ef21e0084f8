"""A text and its values as the two parts of a mail. Staff write one text; the HTML is made of it.

In HTML everything is escaped. Addresses of pages become links, in what staff have written and in
places that stand for pages, never in what a customer has typed. A paragraph of the body with two
lines whose second is an address becomes a button.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.template.loader import render_to_string
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from escott.oscar.mail_texts.defaults import Text
from escott.oscar.mail_texts.places import Form, pieces


@dataclass(frozen=True, slots=True)
class Block:
    """What fills a place of lines of its own, in both parts of a mail."""

    text: str
    html: SafeString


#: By the names of the places.
Values = Mapping[str, str | Block]


@dataclass(frozen=True, slots=True)
class Written:
    """A mail, ready to be sent."""

    sender: str
    subject: str
    text: str
    html: str


def written(text: Text, values: Values, *, is_test: bool, preview: bool = False) -> Written:
    """Fill the places.

    Args:
        values: by the name of each place that the text uses, and ``shop_name``.
        is_test: a line says that nothing was really charged, whatever staff have written.
        preview: links open nothing.

    Raises:
        KeyError: the text uses a place that has no value.
    """
    signature = Block(
        _filled(text.signature, values),
        format_html(
            '<div style="{}">{}</div>', _SIGNATURE, _html(text.signature, values, buttons=False)
        ),
    )
    values = {**values, "signature": signature}
    body = _without_dead_ends(text.body, values)
    context: dict[str, Any] = {
        "is_test": is_test,
        "opens_nothing": preview,
        "shop_name": values["shop_name"],
    }
    return Written(
        sender=text.sender,
        subject=" ".join(_filled(text.subject, values).split()),
        text=_part("base.txt", {**context, "body": _filled(body, values)}),
        html=_part("base.html", {**context, "body": _html(body, values, buttons=True)}),
    )


def _without_dead_ends(text: str, values: Values) -> str:
    """Without the paragraphs that lead to a page which is not there."""
    paragraphs = re.split(r"\n[ \t]*\n", text)
    return "\n\n".join(part for part in paragraphs if not _leads_nowhere(part, values))


def _leads_nowhere(paragraph: str, values: Values) -> bool:
    places = (piece for piece in pieces(paragraph) if not isinstance(piece, str))
    return any(place.form is Form.LINK and not values[place.name] for place in places)


def _part(template: str, context: dict[str, Any]) -> str:
    """A plain string: a page that shows it escapes it."""
    return "".join([render_to_string(f"escott/oscar/mails/{template}", context)])


def _filled(text: str, values: Values) -> str:
    """The text part: a place that came out empty leaves no gap behind."""
    filled = "".join(
        piece if isinstance(piece, str) else _as_text(values[piece.name]) for piece in pieces(text)
    )
    return re.sub(r"\n[ \t]*\n\s*\n", "\n\n", filled).strip()


def _as_text(value: str | Block) -> str:
    return value.text.strip() if isinstance(value, Block) else _one_line(value)


def _one_line(value: str) -> str:
    """What a customer has typed stays within its line."""
    return " ".join(value.split())


# ---- HTML ----

_PARAGRAPH: Final = "margin:0 0 12px"
_SIGNATURE: Final = "margin-top:20px;font-size:13px;color:#5d5a53"
_BUTTON: Final = (
    "display:inline-block;background:#26405f;color:#ffffff;text-decoration:none;"
    "padding:10px 24px;border-radius:8px"
)

#: The address of a page as staff may write it; what ends a sentence does not belong to it.
_ADDRESS: Final = re.compile(
    r"https?://[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]*[A-Za-z0-9\-_~/#@$&*+=%]"
)


@dataclass(frozen=True, slots=True)
class _Run:
    """Words of one origin within a line."""

    words: str
    form: Form | None  #: ``None``: staff have written it


_Line = list[_Run]


def _html(text: str, values: Values, *, buttons: bool) -> SafeString:
    """The HTML part; every piece of it has been escaped or is a block's own."""
    parts: list[str] = []
    lines: list[_Line] = [[]]
    for piece in pieces(text):
        if isinstance(piece, str):
            first, *others = piece.split("\n")
            lines[-1].append(_Run(first, None))
            lines += [[_Run(other, None)] for other in others]
            continue
        value = values[piece.name]
        if isinstance(value, Block):
            parts += [*_paragraphs(lines, buttons=buttons), value.html]
            lines = [[]]
        else:
            lines[-1].append(_Run(_one_line(value), piece.form))
    return mark_safe("".join([*parts, *_paragraphs(lines, buttons=buttons)]))  # noqa: S308


def _paragraphs(lines: list[_Line], *, buttons: bool) -> Iterator[str]:
    """Lines between empty ones belong together."""
    together: list[_Line] = []
    for line in [*lines, []]:
        if "".join(run.words for run in line).strip():
            together.append(line)
        elif together:
            yield _paragraph(together, buttons=buttons)
            together = []


def _paragraph(lines: list[_Line], *, buttons: bool) -> str:
    address = _address(lines[-1]) if buttons and len(lines) == 2 else ""
    if address:
        label = "".join(escape(run.words) for run in lines[0])
        button = format_html('<a href="{}" style="{}">', address, _BUTTON)
        return f'<p style="margin:16px 0">{button}{label}</a></p>'
    inner = "<br>".join("".join(_run(run) for run in line) for line in lines)
    return f'<p style="{_PARAGRAPH}">{inner}</p>'


def _address(line: _Line) -> str:
    """The line, if it is the address of a page and nothing else; no customer has typed it."""
    if any(run.form is Form.WORDS for run in line):
        return ""
    words = "".join(run.words for run in line).strip()
    return words if _ADDRESS.fullmatch(words) else ""


def _run(run: _Run) -> str:
    if run.form is Form.WORDS:
        return escape(run.words)
    return "".join(_linked(run.words))


def _linked(words: str) -> Iterator[str]:
    end = 0
    for found in _ADDRESS.finditer(words):
        yield escape(words[end : found.start()])
        yield format_html('<a href="{0}">{0}</a>', found[0])
        end = found.end()
    yield escape(words[end:])
