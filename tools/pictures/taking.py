"""A picture of a page, in as many colours as its weight allows."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Final, Protocol

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize

from tools.pictures.running_demo import ROOT, Demo

PICTURES: Final = ROOT / "docs" / "pictures"

DESKTOP: Final[ViewportSize] = {"width": 1280, "height": 800}
TALL: Final[ViewportSize] = {"width": 1280, "height": 1120}
LOW: Final[ViewportSize] = {"width": 1280, "height": 560}
PHONE: Final[ViewportSize] = {"width": 390, "height": 844}

#: The most that one picture may weigh, in bytes.
HEAVIEST: Final = 300_000
#: Numbers of colours to try; 0 is true colour.
_COLOURS: Final = (0, 256, 128, 64)


class Take(Protocol):
    """Takes a picture of a page by its name: of all of it, or of what is in view."""

    def __call__(self, page: Page, name: str, *, whole: bool = True) -> None: ...


#: What makes the pictures of a part.
Walk = Callable[[Browser, Demo, Take], None]


def take(page: Page, name: str, *, whole: bool = True) -> None:
    """Write a picture of the page, in as many colours as its weight allows."""
    page.evaluate("document.activeElement && document.activeElement.blur()")
    shot = page.screenshot(full_page=whole, animations="disabled")
    picture = Image.open(BytesIO(shot)).convert("RGB")
    for colours in _COLOURS:
        small = BytesIO()
        (with_palette(picture, colours) if colours else picture).save(small, "PNG", optimize=True)
        if small.tell() < HEAVIEST:
            (PICTURES / f"{name}.png").write_bytes(small.getvalue())
            print(f"{name}.png {small.tell() // 1000} kB")
            return
    raise RuntimeError(f"{name}.png weighs too much in {_COLOURS[-1]} colours")


def pass_by(page: Page, name: str, *, whole: bool = True) -> None:
    """Leave the picture as it is: the walk only prepares others."""


def with_palette(picture: Image.Image, colours: int) -> Image.Image:
    """The picture in so many colours, dithered."""
    palette = picture.quantize(colours)
    return picture.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG)
