"""Paper, light and shadow: what every picture is made of.

Pictures are drawn on a square of 1,200 units and scaled down to 800, which smooths every edge.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Final

from PIL import Image, ImageChops, ImageDraw, ImageFilter

SIZE: Final = 1200
FINISHED: Final = 800

Colour = tuple[int, int, int]
Point = tuple[float, float]


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """``share`` of ``other`` in ``one``."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _ramp(size: tuple[int, int], light: Callable[[float], float], *, across: bool) -> Image.Image:
    """A grey image whose brightness follows ``light`` (0 to 1 in, 0 to 1 out)."""
    strip = Image.new("L", (256, 1))
    strip.putdata([max(0, min(255, round(255 * light(step / 255)))) for step in range(256)])
    if not across:
        strip = strip.transpose(Image.Transpose.ROTATE_270)
    return strip.resize(size, Image.Resampling.BICUBIC)


def scene(wall: Colour, table: Colour, horizon: float = 0.62) -> Image.Image:
    """An empty table before a wall, lit from the upper left."""
    picture = Image.new("RGB", (SIZE, SIZE), wall)
    edge = round(SIZE * horizon)
    picture.paste(
        _between(mix(table, (255, 255, 255), 0.12), mix(table, (0, 0, 0), 0.06), SIZE - edge),
        (0, edge),
    )
    upper = _between(mix(wall, (255, 255, 255), 0.35), wall, edge)
    picture.paste(upper, (0, 0))
    soft = picture.filter(ImageFilter.GaussianBlur(14))
    band = Image.new("L", (SIZE, SIZE), 0)
    ImageDraw.Draw(band).rectangle((0, edge - 40, SIZE, edge + 40), fill=255)
    picture.paste(soft, (0, 0), band.filter(ImageFilter.GaussianBlur(16)))
    glow = Image.new("L", (SIZE, SIZE), 0)
    ImageDraw.Draw(glow).ellipse((-200, -300, 820, 720), fill=70)
    white = Image.new("RGB", (SIZE, SIZE), (255, 255, 255))
    picture.paste(white, (0, 0), glow.filter(ImageFilter.GaussianBlur(180)))
    return picture


def _between(top: Colour, bottom: Colour, height: int) -> Image.Image:
    ramp = _ramp((SIZE, height), lambda t: t, across=False)
    return Image.composite(
        Image.new("RGB", ramp.size, bottom), Image.new("RGB", ramp.size, top), ramp
    )


def shadow(
    picture: Image.Image, centre: Point, radius: Point, *, depth: int = 110, blur: int = 26
) -> None:
    """A soft shadow on the table."""
    mask = Image.new("L", picture.size, 0)
    (x, y), (wide, high) = centre, radius
    ImageDraw.Draw(mask).ellipse((x - wide, y - high, x + wide, y + high), fill=depth)
    dark = Image.new("RGB", picture.size, (40, 30, 24))
    picture.paste(dark, (0, 0), mask.filter(ImageFilter.GaussianBlur(blur)))


def smooth(points: Sequence[Point], steps: int = 14) -> list[Point]:
    """A curve through the points (Catmull-Rom)."""
    padded = [points[0], *points, points[-1]]
    curve: list[Point] = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        for step in range(steps):
            t = step / steps
            curve.append((_catmull(a[0], b[0], c[0], d[0], t), _catmull(a[1], b[1], c[1], d[1], t)))
    curve.append(points[-1])
    return curve


def _catmull(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t**3
    )


def shape(draw_it: Callable[[ImageDraw.ImageDraw], object]) -> Image.Image:
    """A mask of whatever ``draw_it`` draws in white."""
    mask = Image.new("L", (SIZE, SIZE), 0)
    draw_it(ImageDraw.Draw(mask))
    return mask


def polygon(points: Sequence[Point]) -> Image.Image:
    """A mask of a polygon."""
    return shape(lambda pen: pen.polygon(list(points), fill=255))


def turned(centre: float, profile: Sequence[Point]) -> Image.Image:
    """A mask of something turned on a wheel; ``profile`` is (height, half width) downwards."""
    right = [(centre + half, y) for y, half in smooth(profile)]
    left = [(2 * centre - x, y) for x, y in reversed(right)]
    return polygon(right + left)


def round_light(t: float) -> float:
    """How bright a round thing is from its left edge (0) to its right edge (1)."""
    return 0.62 + 0.42 * math.exp(-(((t - 0.3) / 0.27) ** 2)) - 0.2 * max(0.0, t - 0.55) ** 1.2


def paint(
    picture: Image.Image,
    mask: Image.Image,
    colour: Colour | Image.Image,
    *,
    light: Callable[[float], float] | None = None,
    across: bool = True,
) -> None:
    """Fill the mask with a colour or a pattern, shaded over its width (or height)."""
    fill = colour if isinstance(colour, Image.Image) else Image.new("RGB", picture.size, colour)
    box = mask.getbbox()
    if light is not None and box is not None:
        ramp = _ramp(
            (box[2] - box[0], box[3] - box[1]), lambda t: min(1.0, light(t)), across=across
        )
        shade = Image.new("L", picture.size, 255)
        shade.paste(ramp, box[:2])
        fill = ImageChops.multiply(fill, Image.merge("RGB", (shade, shade, shade)))
    picture.paste(fill, (0, 0), mask)


def gleam(picture: Image.Image, mask: Image.Image, spot: Image.Image, strength: int = 120) -> None:
    """A blurred white reflection inside the mask."""
    soft = spot.filter(ImageFilter.GaussianBlur(16)).point(lambda value: value * strength // 255)
    white = Image.new("RGB", picture.size, (255, 255, 255))
    picture.paste(white, (0, 0), ImageChops.multiply(soft, mask))


def turned_by(picture: Image.Image, layer: Image.Image, degrees: float, centre: Point) -> None:
    """Lay an RGBA layer on the picture, turned around ``centre``."""
    turned_layer = layer.rotate(degrees, resample=Image.Resampling.BICUBIC, center=centre)
    picture.paste(turned_layer, (0, 0), turned_layer)


def layer() -> Image.Image:
    """An empty RGBA layer of the picture's size."""
    return Image.new("RGBA", (SIZE, SIZE), (0, 0, 0, 0))


def finish(picture: Image.Image) -> Image.Image:
    """The picture in the size in which it is served."""
    return picture.resize((FINISHED, FINISHED), Image.Resampling.LANCZOS)
