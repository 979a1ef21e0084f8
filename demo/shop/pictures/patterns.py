"""和柄: the traditional patterns that cloth and paper carry."""

from __future__ import annotations

import math

from PIL import Image, ImageDraw

from shop.pictures.kit import SIZE, Colour


def seigaiha(ground: Colour, line: Colour, radius: int = 74) -> Image.Image:
    """青海波: waves of overlapping rings."""
    cloth = Image.new("RGB", (SIZE, SIZE), ground)
    pen = ImageDraw.Draw(cloth)
    rows = SIZE * 2 // radius + 4
    for row in range(rows):
        y = row * radius // 2
        offset = radius if row % 2 else 0
        for x in range(-radius + offset, SIZE + 2 * radius, 2 * radius):
            for share in (1.0, 0.76, 0.52, 0.28):
                size = radius * share
                pen.ellipse((x - size, y - size, x + size, y + size), fill=ground)
                pen.ellipse((x - size, y - size, x + size, y + size), outline=line, width=7)
    return cloth


def shippo(ground: Colour, line: Colour, radius: int = 92) -> Image.Image:
    """七宝: circles that share their arcs."""
    cloth = Image.new("RGB", (SIZE, SIZE), ground)
    pen = ImageDraw.Draw(cloth)
    for row in range(-1, SIZE // radius + 2):
        for column in range(-1, SIZE // radius + 2):
            if (row + column) % 2:
                continue
            x, y = column * radius, row * radius
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), outline=line, width=9)
            pen.ellipse((x - 9, y - 9, x + 9, y + 9), fill=line)
    return cloth


def asanoha(ground: Colour, line: Colour, side: int = 150) -> Image.Image:
    """麻の葉: six-pointed hemp leaves."""
    cloth = Image.new("RGB", (SIZE, SIZE), ground)
    pen = ImageDraw.Draw(cloth)
    high = side * math.sqrt(3) / 2
    for row in range(-1, int(SIZE / high) + 2):
        for column in range(-1, SIZE // side + 2):
            left = column * side + (side / 2 if row % 2 else 0)
            top = row * high
            for apex_y, base_y in ((top, top + high), (top + 2 * high, top + high)):
                apex = (left + side / 2, apex_y)
                one, two = (left, base_y), (left + side, base_y)
                middle = (left + side / 2, base_y + (apex_y - base_y) / 3)
                pen.line([one, two, apex, one], fill=line, width=5)
                for corner in (apex, one, two):
                    pen.line([corner, middle], fill=line, width=5)
    return cloth


def stripes(ground: Colour, line: Colour, step: int = 60, width: int = 16) -> Image.Image:
    """縞: upright stripes."""
    cloth = Image.new("RGB", (SIZE, SIZE), ground)
    pen = ImageDraw.Draw(cloth)
    for x in range(0, SIZE, step):
        pen.rectangle((x, 0, x + width, SIZE), fill=line)
    return cloth
