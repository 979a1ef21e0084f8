"""Draw the shop's pictures anew into the repository; needed after a change to shop.pictures."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from shop.pictures import PICTURES, STOREFRONT
from shop.seed.catalogue import PICTURE_FOLDER

_FRONT_PAGE = PICTURE_FOLDER.parent / "static" / "shop" / "storefront.webp"


class Command(BaseCommand):
    """``manage.py draw_pictures``."""

    help = __doc__

    def handle(self, *_args: Any, **_options: Any) -> None:
        wanted = {PICTURE_FOLDER / f"{name}.webp": draw for name, draw in PICTURES.items()}
        wanted[_FRONT_PAGE] = STOREFRONT
        for path, draw in wanted.items():
            draw().save(path, quality=86, method=6)
            self.stdout.write(path.name)
