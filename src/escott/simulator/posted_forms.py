"""What a page's form has posted."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.requests import Request

_MOST_FIELDS = 64


async def read_form(request: Request) -> dict[str, str]:
    """The fields that were posted, the last of each name; none where they cannot be read."""
    return dict(await read_pairs(request))


async def read_pairs(request: Request) -> list[tuple[str, str]]:
    """The same with every field of a name that stands several times (checkboxes)."""
    try:
        body = (await request.body()).decode("utf-8")
        return parse_qsl(body, keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError:
        return []
