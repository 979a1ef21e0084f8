"""うつわ: cup, pot, bowl, chopsticks."""

from __future__ import annotations

import math

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from shop.pictures.kit import (
    Colour,
    Point,
    finish,
    gleam,
    layer,
    mix,
    paint,
    polygon,
    round_light,
    scene,
    shadow,
    shape,
    smooth,
    turned,
    turned_by,
)

_CELADON: Colour = (150, 178, 160)
_WOOD: Colour = (196, 160, 118)


def yunomi() -> Image.Image:
    """湯のみ: a cup of celadon with carved ridges and tea in it."""
    picture = scene((231, 226, 214), (205, 184, 152))
    shadow(picture, (640, 925), (300, 46))
    body = turned(600, [(395, 232), (470, 236), (640, 232), (790, 214), (880, 176), (905, 150)])
    foot = turned(600, [(895, 150), (930, 142), (938, 136)])
    paint(picture, foot, (176, 142, 110), light=round_light)
    paint(picture, body, _CELADON, light=round_light)
    ridges = layer()
    pen = ImageDraw.Draw(ridges)
    for step in range(1, 22):
        x = 600 - 236 * math.cos(math.pi * step / 22)
        lean = (x - 600) * 0.16
        pen.line([(x, 470), (x - lean, 800)], fill=(70, 98, 82, 90), width=6)
        pen.line([(x + 6, 470), (x + 6 - lean, 800)], fill=(255, 255, 255, 70), width=4)
    ridges = ridges.filter(ImageFilter.GaussianBlur(2))
    picture.paste(ridges, (0, 0), ImageChops.multiply(ridges.getchannel("A"), body))
    _rim(picture, (600, 395), (232, 58), _CELADON, (124, 142, 62))
    gleam(picture, body, shape(lambda pen: pen.ellipse((440, 480, 510, 780), fill=255)))
    return finish(picture)


def _rim(
    picture: Image.Image, centre: Point, size: tuple[int, int], glaze: Colour, inside: Colour
) -> None:
    """The open mouth of a vessel, with what is in it."""
    (x, y), (wide, high) = centre, size
    paint(
        picture,
        shape(lambda pen: pen.ellipse((x - wide, y - high, x + wide, y + high), fill=255)),
        mix(glaze, (255, 255, 255), 0.35),
    )
    inner = shape(
        lambda pen: pen.ellipse(
            (x - wide + 14, y - high + 9, x + wide - 14, y + high - 5), fill=255
        )
    )
    paint(picture, inner, mix(glaze, (0, 0, 0), 0.25), light=lambda t: 0.7 + 0.35 * t)
    liquid = shape(
        lambda pen: pen.ellipse(
            (x - wide + 30, y - high + 30, x + wide - 30, y + high + 6), fill=255
        )
    )
    paint(picture, ImageChops.multiply(liquid, inner), inside, light=lambda t: 0.82 + 0.25 * t)


def kyusu() -> Image.Image:
    """急須: a pot of red-brown clay with its side handle."""
    clay: Colour = (150, 78, 56)
    picture = scene((224, 227, 222), (188, 170, 150))
    shadow(picture, (610, 905), (400, 52))
    handle = polygon(
        smooth([(770, 610), (900, 520), (985, 468), (1010, 500), (930, 580), (800, 690)])
    )
    paint(picture, handle, clay, light=lambda t: 1.0 - 0.35 * t, across=False)
    spout = polygon(
        smooth([(330, 690), (235, 560), (190, 500), (222, 478), (300, 540), (420, 600)])
    )
    paint(picture, spout, mix(clay, (0, 0, 0), 0.08), light=lambda t: 0.75 + 0.3 * t)
    body = turned(
        590, [(510, 150), (540, 220), (620, 282), (710, 292), (800, 258), (880, 170), (900, 140)]
    )
    paint(picture, body, clay, light=round_light)
    lid = turned(590, [(455, 26), (470, 80), (490, 130), (512, 160), (524, 160)])
    paint(picture, lid, mix(clay, (255, 255, 255), 0.06), light=round_light)
    knob = shape(lambda pen: pen.ellipse((552, 404, 628, 474), fill=255))
    paint(picture, knob, clay, light=round_light)
    line = shape(lambda pen: pen.arc((428, 470, 752, 556), 8, 172, fill=255, width=6))
    paint(picture, line, mix(clay, (0, 0, 0), 0.45))
    gleam(picture, body, shape(lambda pen: pen.ellipse((395, 590, 470, 760), fill=255)), 95)
    gleam(picture, lid, shape(lambda pen: pen.ellipse((500, 470, 560, 500), fill=255)), 90)
    return finish(picture)


def meshiwan() -> Image.Image:
    """飯碗: a rice bowl, white with brushed indigo rings."""
    white: Colour = (240, 238, 230)
    picture = scene((214, 222, 226), (178, 160, 140))
    shadow(picture, (625, 905), (330, 48))
    foot = turned(600, [(860, 118), (905, 112), (914, 108)])
    paint(picture, foot, (226, 220, 208), light=round_light)
    body = turned(600, [(520, 330), (600, 318), (700, 272), (800, 196), (868, 124), (876, 112)])
    paint(picture, body, white, light=round_light)
    for y, width, half in ((592, 16, 320), (628, 30, 306), (676, 9, 286)):
        ring = shape(
            lambda pen, y=y, w=width, h=half: pen.arc(
                (600 - h, y - 74, 600 + h, y + 46), 4, 176, fill=255, width=w
            )
        )
        paint(picture, ImageChops.multiply(ring, body), (44, 74, 118), light=round_light)
    _rim(picture, (600, 520), (330, 72), white, (226, 222, 212))
    rice = shape(lambda pen: pen.ellipse((320, 462, 880, 588), fill=255))
    inner = shape(lambda pen: pen.ellipse((286, 458, 914, 588), fill=255))
    paint(picture, ImageChops.multiply(rice, inner), (252, 250, 243), light=lambda t: 1.0 - 0.1 * t)
    grains = layer()
    pen = ImageDraw.Draw(grains)
    for number in range(420):
        turn = number * 2.39996
        far = math.sqrt(number / 420)
        x, y = 600 + 262 * far * math.cos(turn), 520 + 50 * far * math.sin(turn)
        pen.ellipse((x - 9, y - 4, x + 9, y + 4), outline=(206, 200, 184, 170), width=2)
    picture.paste(grains, (0, 0), grains)
    gleam(picture, body, shape(lambda pen: pen.ellipse((370, 600, 430, 740), fill=255)))
    return finish(picture)


def hashi() -> Image.Image:
    """箸: two pairs of chopsticks on rests, seen from above."""
    picture = scene((226, 216, 200), (226, 216, 200))
    cloth = layer()
    pen = ImageDraw.Draw(cloth)
    pen.rectangle((190, 160, 1010, 1040), fill=(92, 110, 98, 255))
    for x in range(190, 1010, 14):
        pen.line([(x, 160), (x, 1040)], fill=(255, 255, 255, 14), width=3)
    for y in range(160, 1040, 14):
        pen.line([(190, y), (1010, y)], fill=(0, 0, 0, 16), width=3)
    shadow(picture, (620, 640), (430, 430), depth=60, blur=40)
    turned_by(picture, cloth, 7, (600, 600))
    for left, colour in ((400, (136, 36, 30)), (690, (52, 40, 34))):
        _pair(picture, left, colour)
    return finish(picture)


def _pair(picture: Image.Image, left: int, lacquer: Colour) -> None:
    for offset in (0, 62):
        stick = layer()
        pen = ImageDraw.Draw(stick)
        x = left + offset
        pen.polygon([(x, 200), (x + 34, 200), (x + 22, 1010), (x + 12, 1010)], fill=(*lacquer, 255))
        pen.polygon([(x, 200), (x + 34, 200), (x + 33, 300), (x + 1, 300)], fill=(*_WOOD, 255))
        pen.polygon(
            [(x + 5, 200), (x + 12, 200), (x + 15, 1000), (x + 13, 1000)], fill=(255, 255, 255, 90)
        )
        pen.line([(x, 303), (x + 33, 303)], fill=(212, 176, 92, 255), width=8)
        dark = Image.new("RGBA", stick.size, (20, 24, 20, 255))
        below = stick.getchannel("A").filter(ImageFilter.GaussianBlur(10))
        dark.putalpha(below.point(lambda value: value * 3 // 8))
        turned_by(picture, ImageChops.offset(dark, 14, 12), 7, (600, 600))
        turned_by(picture, stick, 7, (600, 600))
    rest = layer()
    pen = ImageDraw.Draw(rest)
    pen.rounded_rectangle((left - 42, 850, left + 140, 900), 24, fill=(236, 232, 222, 255))
    pen.rounded_rectangle((left - 42, 850, left + 140, 868), 12, fill=(255, 255, 255, 255))
    turned_by(picture, rest, 7, (600, 600))
    tips = layer()
    pen = ImageDraw.Draw(tips)
    for offset in (0, 62):
        x = left + offset
        pen.polygon(
            [(x + 9, 820), (x + 26, 820), (x + 22, 1010), (x + 12, 1010)], fill=(*lacquer, 255)
        )
    turned_by(picture, tips, 7, (600, 600))
