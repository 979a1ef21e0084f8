"""デジタル: what is read on a screen, shown on a tablet."""

from __future__ import annotations

import math

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from shop.pictures import patterns
from shop.pictures.kit import Colour, finish, layer, scene, shadow, shape, turned_by

_SCREEN = (330, 220, 870, 980)


def _tablet(wall: Colour, content: Image.Image, degrees: float) -> Image.Image:
    """A tablet that shows ``content`` (as large as the picture; the screen cuts it)."""
    picture = scene(wall, wall)
    shadow(picture, (640, 660), (350, 430), depth=95, blur=44)
    device = layer()
    pen = ImageDraw.Draw(device)
    pen.rounded_rectangle((286, 160, 914, 1040), 52, fill=(44, 46, 52, 255))
    pen.rounded_rectangle((292, 166, 908, 1034), 48, fill=(30, 31, 36, 255))
    glass = shape(lambda pen: pen.rounded_rectangle(_SCREEN, 10, fill=255))
    device.paste(content, (0, 0), glass)
    shine = shape(lambda pen: pen.polygon([(330, 220), (640, 220), (330, 700)], fill=26))
    white = Image.new("RGBA", device.size, (255, 255, 255, 255))
    device.paste(
        white, (0, 0), ImageChops.multiply(shine.filter(ImageFilter.GaussianBlur(3)), glass)
    )
    turned_by(picture, device, degrees, (600, 600))
    return finish(picture)


def _page() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    page = Image.new("RGB", (1200, 1200), (251, 248, 240))
    return page, ImageDraw.Draw(page)


def wrapping_guide() -> Image.Image:
    """風呂敷の包み方: four steps of a knot."""
    page, pen = _page()
    pen.rectangle((330, 220, 870, 340), fill=(38, 62, 104))
    pen.line([(400, 268), (640, 268)], fill=(255, 255, 255), width=16)
    pen.line([(400, 304), (560, 304)], fill=(190, 200, 220), width=9)
    cloth: Colour = (176, 60, 52)
    for step in range(4):
        x, y = 465 + (step % 2) * 270, 480 + (step // 2) * 290
        pen.rounded_rectangle((x - 112, y - 112, x + 112, y + 122), 16, fill=(240, 233, 220))
        reach = 92 - step * 18
        pen.polygon([(x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y)], fill=cloth)
        if step:
            pen.rectangle((x - 34, y - 28, x + 34, y + 34), fill=(214, 172, 124))
            pen.polygon([(x - 40, y - 4), (x, y - 46), (x + 40, y - 4)], fill=(196, 84, 74))
        if step == 3:
            pen.ellipse((x - 16, y - 52, x + 16, y - 20), fill=(140, 40, 36))
            pen.polygon([(x, y - 36), (x - 58, y - 70), (x - 46, y - 30)], fill=cloth)
            pen.polygon([(x, y - 36), (x + 58, y - 70), (x + 46, y - 30)], fill=cloth)
        for dot in range(step + 1):
            left = x - 96 + dot * 20
            pen.ellipse((left, y + 92, left + 12, y + 104), fill=(120, 112, 100))
    return _tablet((214, 220, 226), page, 5)


def wallpapers() -> Image.Image:
    """暮らしの壁紙: mountains under a red sun, over waves."""
    page = Image.new("RGB", (1200, 1200), (246, 222, 196))
    pen = ImageDraw.Draw(page)
    for step in range(300):
        share = step / 300
        pen.rectangle(
            (0, 220 + step * 2, 1200, 222 + step * 2),
            fill=(round(236 + 12 * share), round(186 + 40 * share), round(170 + 34 * share)),
        )
    pen.ellipse((520, 330, 720, 530), fill=(206, 72, 56))
    for base, height, colour, phase in (
        (720, 150, (142, 160, 176), 0.4),
        (790, 130, (96, 122, 146), 2.1),
        (860, 110, (58, 88, 118), 4.0),
    ):
        ridge = [
            (x, base - height * abs(math.sin(x / 210 + phase)) - 14 * math.sin(x / 37))
            for x in range(300, 900, 6)
        ]
        pen.polygon([(300, 1000), *ridge, (900, 1000)], fill=colour)
    sea = patterns.seigaiha((34, 64, 98), (186, 206, 220), 46)
    page.paste(sea, (0, 0), shape(lambda pen: pen.rectangle((300, 868, 900, 1000), fill=255)))
    return _tablet((226, 220, 230), page, -5)


def care_booklet() -> Image.Image:
    """器の手入れ: a page with a bowl and a few lines."""
    page, pen = _page()
    pen.ellipse((420, 300, 780, 660), fill=(226, 234, 228))
    pen.pieslice((470, 330, 730, 590), 0, 180, fill=(94, 132, 118))
    pen.ellipse((470, 428, 730, 492), fill=(150, 182, 168))
    pen.ellipse((486, 436, 714, 484), fill=(250, 247, 238))
    pen.rectangle((560, 584, 640, 606), fill=(72, 104, 92))
    for wave in range(3):
        x = 540 + wave * 60
        pen.arc((x - 16, 360, x + 16, 400), 90, 270, fill=(150, 150, 140), width=6)
        pen.arc((x - 16, 330, x + 16, 370), 270, 90, fill=(150, 150, 140), width=6)
    pen.line([(440, 730), (760, 730)], fill=(60, 72, 66), width=16)
    for line, right in enumerate((770, 748, 770, 690, 764, 620)):
        y = 786 + line * 30
        pen.line([(430, y), (right, y)], fill=(188, 184, 172), width=9)
    return _tablet((224, 228, 214), page, 4)
