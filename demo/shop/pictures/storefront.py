"""店先: the wide picture of the front page, a shelf with goods in morning light."""

from __future__ import annotations

from PIL import Image, ImageDraw, ImageFilter

from shop.pictures.kit import Colour, mix

Pair = tuple[int, int]

_WIDE, _HIGH = 2400, 1000


def shelf() -> Image.Image:
    """Two boards with cups, bowls, cloth and books, window light falling across."""
    wall: Colour = (233, 226, 212)
    picture = Image.new("RGB", (_WIDE, _HIGH), wall)
    pen = ImageDraw.Draw(picture)
    for y in range(_HIGH):
        pen.line([(0, y), (_WIDE, y)], fill=mix(wall, (206, 194, 172), y / _HIGH))
    _window_light(picture)
    for board in (430, 860):
        _board(picture, board)
    _row(picture, 430, 1180)
    _lower_row(picture, 860, 1120)
    return picture.resize((_WIDE * 2 // 3, _HIGH * 2 // 3), Image.Resampling.LANCZOS)


def _window_light(picture: Image.Image) -> None:
    mask = Image.new("L", picture.size, 0)
    pen = ImageDraw.Draw(mask)
    for left in (500, 800, 1100):
        pen.polygon([(left, 0), (left + 240, 0), (left + 700, 1000), (left + 460, 1000)], fill=80)
    white = Image.new("RGB", picture.size, (255, 252, 240))
    picture.paste(white, (0, 0), mask.filter(ImageFilter.GaussianBlur(24)))


def _board(picture: Image.Image, y: int) -> None:
    dark = Image.new("L", picture.size, 0)
    ImageDraw.Draw(dark).rectangle((1000, y + 30, _WIDE, y + 76), fill=90)
    brown = Image.new("RGB", picture.size, (70, 52, 36))
    picture.paste(brown, (0, 0), dark.filter(ImageFilter.GaussianBlur(18)))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((1000, y, _WIDE, y + 34), fill=(168, 128, 88))
    pen.rectangle((1000, y, _WIDE, y + 9), fill=(198, 160, 118))


def _vessel(
    picture: Image.Image,
    stands: tuple[int, int],
    size: tuple[int, int],
    colour: Colour,
    foot: float,
) -> None:
    """A cup or a bowl with its lit and its shaded side."""
    x, ground = stands
    wide, high = size
    mask = Image.new("L", picture.size, 0)
    pen = ImageDraw.Draw(mask)
    narrow = wide * foot
    pen.polygon(
        [
            (x - wide, ground - high),
            (x + wide, ground - high),
            (x + narrow, ground),
            (x - narrow, ground),
        ],
        fill=255,
    )
    pen.pieslice((x - wide, ground - 2 * high + 8, x + wide, ground + 8), 0, 180, fill=255)
    pen.rectangle((x - wide, ground + 1, x + wide, ground + high), fill=0)
    body = Image.new("RGB", picture.size, colour)
    shade = ImageDraw.Draw(body)
    for column in range(2 * wide):
        share = column / (2 * wide)
        tone = mix(colour, (255, 255, 255), 0.34 * max(0.0, 1 - abs(share - 0.3) * 3.2))
        tone = mix(tone, (40, 32, 26), 0.4 * max(0.0, share - 0.5))
        left = x - wide + column
        shade.line([(left, ground - high), (left, ground)], fill=tone)
    picture.paste(body, (0, 0), mask)
    pen = ImageDraw.Draw(picture)
    rim = max(8, wide // 7)
    pen.ellipse(
        (x - wide, ground - high - rim, x + wide, ground - high + rim),
        fill=mix(colour, (255, 255, 255), 0.4),
    )
    pen.ellipse(
        (x - wide + 8, ground - high - rim + 5, x + wide - 8, ground - high + rim - 3),
        fill=mix(colour, (30, 24, 20), 0.4),
    )


def _row(picture: Image.Image, ground: int, left: int) -> None:
    for step, (colour, size, foot) in enumerate(
        [
            ((150, 178, 160), (66, 150), 0.7),
            ((240, 236, 226), (66, 150), 0.7),
            ((58, 84, 124), (66, 150), 0.7),
            ((186, 96, 70), (112, 112), 0.4),
            ((240, 236, 226), (112, 112), 0.4),
        ]
    ):
        _vessel(picture, (left + step * 216 + (34 if step > 2 else 0), ground), size, colour, foot)


def _lower_row(picture: Image.Image, ground: int, left: int) -> None:
    pen = ImageDraw.Draw(picture)
    for step, colour in enumerate([(38, 62, 104), (214, 204, 180), (176, 60, 52), (110, 140, 128)]):
        top = ground - 52 * (step + 1)
        pen.rounded_rectangle((left, top, left + 340, top + 48), 18, fill=colour)
        pen.rounded_rectangle(
            (left, top, left + 340, top + 14), 8, fill=mix(colour, (255, 255, 255), 0.2)
        )
    spine = left + 470
    for width, high, colour in (
        (58, 260, (34, 70, 76)),
        (44, 236, (226, 196, 120)),
        (66, 276, (150, 60, 52)),
        (50, 248, (238, 232, 218)),
        (58, 262, (86, 96, 122)),
    ):
        pen.rectangle((spine, ground - high, spine + width, ground), fill=colour)
        pen.rectangle(
            (spine, ground - high, spine + 9, ground), fill=mix(colour, (255, 255, 255), 0.25)
        )
        pen.line(
            [(spine + 8, ground - high + 40), (spine + width - 8, ground - high + 40)],
            fill=mix(colour, (255, 255, 255), 0.5),
            width=5,
        )
        spine += width + 6
    _vessel(picture, (left + 970, ground), (150, 168), (196, 172, 132), 0.6)
    for lean, high in ((-90, 360), (-30, 410), (40, 380), (96, 330)):
        pen.line(
            [(left + 970, ground - 168), (left + 970 + lean, ground - high)],
            fill=(104, 122, 84),
            width=7,
        )
        for step in range(3, 8):
            x = left + 970 + lean * step / 8
            y = ground - 168 - (high - 168) * step / 8
            pen.ellipse((x - 26, y - 11, x + 6, y + 9), fill=(126, 148, 100))
            pen.ellipse((x - 4, y - 9, x + 28, y + 11), fill=(146, 166, 116))
