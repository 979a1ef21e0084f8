"""The shop's pictures, drawn by these modules: the same pixels on every machine.

``kit`` holds paper, light and shadow; the other modules draw one kind of goods each.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PIL import Image

from shop.pictures import digital, paper, storefront, tableware, textiles

#: Every product's picture by the name that the catalogue gives it.
PICTURES: Final[dict[str, Callable[[], Image.Image]]] = {
    "yunomi": tableware.yunomi,
    "kyusu": tableware.kyusu,
    "meshiwan": tableware.meshiwan,
    "hashi": tableware.hashi,
    "furoshiki": textiles.furoshiki,
    "tenugui": textiles.tenugui,
    "apron": textiles.apron,
    "notebook": paper.notebook,
    "glass-pen": paper.glass_pen,
    "pochibukuro": paper.pochibukuro,
    "wrapping-guide": digital.wrapping_guide,
    "wallpapers": digital.wallpapers,
    "care-booklet": digital.care_booklet,
}

#: The wide picture of the front page.
STOREFRONT: Final = storefront.shelf
