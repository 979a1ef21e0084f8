"""布もの: wrapping cloth, towel, apron."""

from __future__ import annotations

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from shop.pictures import patterns
from shop.pictures.kit import (
    Colour,
    finish,
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


def furoshiki() -> Image.Image:
    """風呂敷: a box wrapped in indigo cloth, knotted on top."""
    picture = scene((236, 226, 208), (200, 172, 138))
    shadow(picture, (625, 965), (420, 52))
    cloth = patterns.shippo((38, 62, 104), (214, 222, 232))
    box = polygon(
        smooth([(226, 600), (420, 520), (600, 500), (790, 520), (976, 600)])
        + smooth([(976, 600), (966, 780), (946, 930), (920, 962)])
        + smooth([(920, 962), (600, 984), (280, 962)])
        + smooth([(280, 962), (254, 930), (236, 780), (226, 600)])
    )
    paint(picture, box, cloth, light=round_light)
    for fold in (
        [(600, 520), (470, 620), (330, 790), (286, 950)],
        [(600, 520), (730, 620), (870, 790), (914, 950)],
        [(590, 540), (560, 700), (548, 860), (556, 975)],
    ):
        _fold(picture, box, fold)
    for points, turn in (
        ([(590, 520), (470, 470), (330, 420), (232, 440), (330, 510), (470, 560)], 0.8),
        ([(610, 520), (730, 460), (880, 410), (976, 440), (880, 510), (730, 560)], 1.0),
        (
            [(575, 500), (520, 380), (470, 280), (420, 236), (470, 220), (560, 320), (612, 470)],
            0.95,
        ),
        (
            [(625, 500), (690, 380), (760, 290), (822, 262), (790, 330), (720, 420), (660, 520)],
            0.85,
        ),
    ):
        ear = polygon(smooth([*points, points[0]]))
        rim = ear.filter(ImageFilter.MaxFilter(9))
        paint(picture, rim, (24, 40, 70))
        paint(
            picture,
            ear,
            ImageChops.offset(cloth, 46, 30),
            light=lambda t, turn=turn: turn * (0.72 + 0.3 * t),
        )
    knot = polygon(
        smooth([(520, 500), (560, 452), (640, 452), (684, 500), (650, 566), (552, 566), (520, 500)])
    )
    paint(picture, knot.filter(ImageFilter.MaxFilter(9)), (24, 40, 70))
    paint(picture, knot, cloth, light=round_light)
    return finish(picture)


def _fold(picture: Image.Image, cloth: Image.Image, points: list[tuple[float, float]]) -> None:
    """A crease: a dark line and, beside it, a light one."""
    curve = smooth(points)
    for offset, colour, depth in ((0, (10, 20, 44), 150), (14, (255, 255, 255), 70)):
        line = shape(
            lambda pen, o=offset: pen.line(
                [(x + o, y) for x, y in curve], fill=255, width=14, joint="curve"
            )
        )
        soft = line.filter(ImageFilter.GaussianBlur(6)).point(lambda v, d=depth: v * d // 255)
        picture.paste(
            Image.new("RGB", picture.size, colour), (0, 0), ImageChops.multiply(soft, cloth)
        )


def tenugui() -> Image.Image:
    """手ぬぐい: a towel with waves, folded twice."""
    picture = scene((222, 229, 228), (222, 229, 228))
    shadow(picture, (630, 660), (350, 420), depth=80, blur=44)
    cloth = patterns.seigaiha((244, 242, 232), (36, 104, 128))
    for step, (left, top, right, bottom) in enumerate(
        [(318, 196, 900, 1018), (306, 188, 888, 1002), (294, 180, 876, 988)]
    ):
        sheet = layer()
        mask = shape(
            lambda pen, box=(left, top, right, bottom): pen.rounded_rectangle(box, 16, fill=255)
        )
        sheet.paste(ImageChops.offset(cloth, step * 9, step * 5), (0, 0), mask)
        pen = ImageDraw.Draw(sheet)
        pen.rounded_rectangle((left, top, right, bottom), 16, outline=(190, 186, 172, 255), width=4)
        dark = Image.new("RGBA", sheet.size, (30, 40, 40, 255))
        dark.putalpha(mask.filter(ImageFilter.GaussianBlur(12)).point(lambda v: v // 5))
        turned_by(picture, dark, -5, (600, 600))
        turned_by(picture, sheet, -5, (600, 600))
    band = layer()
    pen = ImageDraw.Draw(band)
    pen.rectangle((290, 500, 880, 676), fill=(250, 247, 238, 255))
    pen.rectangle((290, 500, 880, 504), fill=(214, 206, 190, 255))
    pen.rectangle((290, 672, 880, 676), fill=(214, 206, 190, 255))
    pen.ellipse((540, 542, 630, 632), fill=(176, 52, 42, 255))
    pen.ellipse((557, 559, 613, 615), outline=(250, 247, 238, 255), width=8)
    turned_by(picture, band, -5, (600, 600))
    return finish(picture)


def apron() -> Image.Image:
    """エプロン: an apron of linen on a hook."""
    linen: Colour = (196, 188, 166)
    picture = scene((238, 233, 224), (238, 233, 224), horizon=0.98)
    shadow(picture, (640, 680), (330, 440), depth=55, blur=50)
    pen = ImageDraw.Draw(picture)
    pen.rounded_rectangle((240, 130, 960, 176), 12, fill=(172, 132, 92))
    pen.rounded_rectangle((240, 130, 960, 146), 8, fill=(196, 158, 116))
    strap = shape(
        lambda pen: pen.line(
            smooth([(470, 380), (500, 250), (600, 178), (700, 250), (730, 380)]),
            fill=255,
            width=26,
            joint="curve",
        )
    )
    paint(picture, strap, (170, 160, 136))
    body = polygon(
        smooth([(456, 370), (600, 380), (744, 370)])
        + smooth([(744, 370), (770, 480), (860, 560), (900, 590)])
        + smooth([(900, 590), (930, 800), (944, 1030)])
        + smooth([(944, 1030), (760, 1052), (600, 1040), (440, 1056), (256, 1030)])
        + smooth([(256, 1030), (270, 800), (300, 590)])
        + smooth([(300, 590), (340, 560), (430, 480), (456, 370)])
    )
    weave = Image.new("RGB", picture.size, linen)
    pen = ImageDraw.Draw(weave)
    for place in range(0, picture.width, 8):
        pen.line([(place, 0), (place, picture.height)], fill=(186, 178, 154), width=2)
        pen.line([(0, place), (picture.width, place)], fill=(206, 199, 178), width=2)
    paint(picture, body, weave, light=round_light)
    for x, lean in ((392, -46), (520, -10), (690, 16), (822, 50)):
        crease = shape(
            lambda pen, x=x, lean=lean: pen.line(
                smooth([(x, 620), (x + lean * 0.5, 820), (x + lean, 1030)]), fill=255, width=16
            )
        ).filter(ImageFilter.GaussianBlur(10))
        dark = Image.new("RGB", picture.size, (96, 88, 68))
        picture.paste(dark, (0, 0), ImageChops.multiply(crease.point(lambda v: v // 2), body))
    pocket = shape(lambda pen: pen.rounded_rectangle((430, 690, 770, 880), 18, fill=255))
    paint(picture, pocket, (182, 173, 149), light=lambda t: 1.02 - 0.12 * t)
    pen = ImageDraw.Draw(picture)
    for x in range(440, 764, 22):
        pen.line([(x, 706), (x + 12, 706)], fill=(240, 236, 222), width=4)
    for tie in ([(300, 596), (210, 640), (196, 760)], [(900, 596), (990, 640), (1004, 760)]):
        cord = shape(lambda pen, tie=tie: pen.line(smooth(tie), fill=255, width=18, joint="curve"))
        paint(picture, cord, (170, 160, 136))
    return finish(picture)
