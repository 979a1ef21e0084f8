"""紙もの・文具: notebook, glass pen, small envelopes."""

from __future__ import annotations

import math

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from shop.pictures import patterns
from shop.pictures.kit import (
    Colour,
    finish,
    gleam,
    layer,
    paint,
    polygon,
    round_light,
    scene,
    shadow,
    shape,
    smooth,
    turned_by,
)


def notebook() -> Image.Image:
    """糸かがりノート: a thread-bound notebook and a pencil."""
    picture = scene((230, 222, 210), (230, 222, 210))
    shadow(picture, (640, 650), (400, 430), depth=90, blur=40)
    book = layer()
    pen = ImageDraw.Draw(book)
    pen.rounded_rectangle((300, 190, 916, 1020), 14, fill=(214, 208, 194, 255))
    for step in range(5):
        pen.line(
            [(910 - step * 3, 196), (910 - step * 3, 1014)], fill=(244, 240, 230, 255), width=2
        )
    pen.rounded_rectangle((284, 180, 900, 1010), 14, fill=(34, 70, 76, 255))
    pen.rectangle((284, 194, 352, 996), fill=(26, 54, 60, 255))
    for y in range(250, 960, 118):
        pen.line([(284, y), (352, y)], fill=(226, 196, 120, 255), width=9)
    pen.line([(352, 180), (352, 1010)], fill=(226, 196, 120, 255), width=6)
    pen.rectangle((470, 330, 780, 500), fill=(246, 240, 226, 255))
    pen.rectangle((484, 344, 766, 486), outline=(34, 70, 76, 255), width=4)
    for y, right in ((392, 716), (436, 660)):
        pen.line([(534, y), (right, y)], fill=(120, 128, 122, 255), width=6)
    turned_by(picture, book, 6, (600, 600))
    pencil = layer()
    pen = ImageDraw.Draw(pencil)
    pen.polygon([(700, 560), (736, 560), (736, 1060), (700, 1060)], fill=(206, 84, 52, 255))
    pen.polygon([(700, 560), (710, 560), (710, 1060), (700, 1060)], fill=(226, 118, 84, 255))
    pen.polygon([(700, 560), (736, 560), (718, 486)], fill=(228, 200, 160, 255))
    pen.polygon([(711, 514), (725, 514), (718, 486)], fill=(40, 36, 34, 255))
    pen.rectangle((700, 1040, 736, 1080), fill=(200, 180, 120, 255))
    dark = Image.new("RGBA", pencil.size, (20, 30, 30, 255))
    below = pencil.getchannel("A").filter(ImageFilter.GaussianBlur(9))
    dark.putalpha(below.point(lambda value: value // 3))
    turned_by(picture, ImageChops.offset(dark, 16, 10), -24, (700, 760))
    turned_by(picture, pencil, -24, (700, 760))
    return finish(picture)


def glass_pen() -> Image.Image:
    """ガラスペン: a pen of twisted glass beside its ink."""
    picture = scene((222, 228, 236), (206, 206, 212))
    shadow(picture, (420, 930), (210, 34))
    bottle = turned_bottle(picture)
    gleam(picture, bottle, shape(lambda pen: pen.rectangle((268, 640, 300, 880), fill=255)), 150)
    glass = layer()
    pen = ImageDraw.Draw(glass)
    for step in range(0, 620, 4):
        half = 22 + 2 * math.sin(step / 14) - (7 if step > 470 else 0)
        y = 230 + step
        shade = 0.5 + 0.5 * math.sin(step / 14)
        colour = (round(96 + 90 * shade), round(150 + 70 * shade), round(196 + 45 * shade), 235)
        pen.line([(790 - half, y), (790 + half, y + 16)], fill=colour, width=7)
        pen.line([(790 - half, y), (790 - half + 9, y + 3)], fill=(255, 255, 255, 190), width=5)
    pen.polygon(
        smooth([(766, 850), (774, 910), (788, 1000), (793, 1000), (806, 910), (814, 850)]),
        fill=(142, 186, 214, 235),
    )
    for x in (778, 790, 802):
        pen.line([(x, 856), (790, 990)], fill=(255, 255, 255, 150), width=3)
    pen.ellipse((784, 976, 798, 1004), fill=(30, 46, 110, 255))
    dark = Image.new("RGBA", glass.size, (60, 80, 110, 255))
    below = glass.getchannel("A").filter(ImageFilter.GaussianBlur(12))
    dark.putalpha(below.point(lambda value: value // 3))
    turned_by(picture, ImageChops.offset(dark, 26, 18), -22, (790, 620))
    turned_by(picture, glass, -22, (790, 620))
    return finish(picture)


def turned_bottle(picture: Image.Image) -> Image.Image:
    """A square ink bottle with a black cap; the mask of its glass."""
    ink: Colour = (34, 52, 116)
    glass = shape(lambda pen: pen.rounded_rectangle((230, 600, 600, 930), 44, fill=255))
    paint(picture, glass, (206, 220, 232), light=lambda t: 1.0 - 0.12 * t)
    inside = shape(lambda pen: pen.rounded_rectangle((254, 660, 576, 908), 34, fill=255))
    paint(picture, inside, ink, light=round_light)
    label = shape(lambda pen: pen.rectangle((312, 730, 518, 850), fill=255))
    paint(picture, label, (246, 242, 230), light=lambda t: 1.02 - 0.1 * t)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((324, 742, 506, 838), outline=ink, width=4)
    pen.line([(350, 776), (480, 776)], fill=ink, width=8)
    pen.line([(376, 806), (454, 806)], fill=(150, 156, 180), width=6)
    neck = shape(lambda pen: pen.rectangle((330, 570, 500, 610), fill=255))
    paint(picture, neck, (190, 206, 220), light=round_light)
    cap = shape(lambda pen: pen.rounded_rectangle((312, 470, 518, 580), 18, fill=255))
    paint(picture, cap, (46, 46, 54), light=round_light)
    return glass


def pochibukuro() -> Image.Image:
    """ポチ袋: five small envelopes, fanned out."""
    picture = scene((240, 232, 222), (240, 232, 222))
    shadow(picture, (620, 700), (430, 320), depth=70, blur=50)
    papers = [
        patterns.asanoha((196, 70, 60), (246, 226, 214), 96),
        patterns.stripes((234, 218, 176), (190, 150, 76), 52, 14),
        patterns.seigaiha((222, 234, 230), (70, 130, 128), 52),
        patterns.shippo((238, 208, 204), (176, 84, 92), 60),
        patterns.asanoha((52, 74, 118), (206, 214, 230), 96),
    ]
    for cover, degrees in zip(papers, (34, 17, 0, -17, -34), strict=True):
        envelope = layer()
        mask = shape(lambda pen: pen.rounded_rectangle((468, 260, 732, 800), 10, fill=255))
        envelope.paste(cover, (0, 0), mask)
        pen = ImageDraw.Draw(envelope)
        pen.polygon(
            [(468, 260), (732, 260), (732, 330), (600, 362), (468, 330)], fill=(252, 249, 242, 255)
        )
        pen.line([(468, 330), (600, 362), (732, 330)], fill=(214, 204, 190, 255), width=4)
        pen.rectangle((570, 430, 630, 620), fill=(252, 249, 242, 235))
        pen.line([(600, 456), (600, 596)], fill=(96, 88, 80, 255), width=7)
        dark = Image.new("RGBA", envelope.size, (50, 36, 30, 255))
        dark.putalpha(mask.filter(ImageFilter.GaussianBlur(16)).point(lambda v: v // 3))
        turned_by(picture, ImageChops.offset(dark, 8, 10), degrees, (600, 1060))
        turned_by(picture, envelope, degrees, (600, 1060))
    ring = polygon(
        smooth([(560, 930), (600, 910), (640, 930), (640, 972), (600, 992), (560, 972), (560, 930)])
    )
    paint(picture, ring, (196, 160, 84), light=round_light)
    return finish(picture)
