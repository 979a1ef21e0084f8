"""Oscar's thumbnails: the pictures of this shop are drawn in one size, and served in it."""

from __future__ import annotations

from typing import Any

from oscar.core.thumbnails import AbstractThumbnailer


class WholePicture(AbstractThumbnailer):
    """Gives every size the picture itself; the page scales it."""

    def generate_thumbnail(self, source: Any, **_opts: Any) -> Any:
        """The picture."""
        return source

    def delete_thumbnails(self, source: Any) -> None:
        """Nothing to delete: there are none."""
