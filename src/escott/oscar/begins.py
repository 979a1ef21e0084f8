"""``column__begins=text``: a prefix that goes along an index, on PostgreSQL and on SQLite.

PostgreSQL needs an index with ``varchar_pattern_ops``. SQLite's LIKE looks at letters' case in
its own way and takes no ordinary index, so there it is a range. Case counts on both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import CharField, Lookup

if TYPE_CHECKING:
    _Lookup = Lookup[Any]
else:
    _Lookup = Lookup

#: Behind every text that begins so, in the order of code points.
_LAST = "\U0010ffff"


@CharField.register_lookup
class Begins(_Lookup):
    """The column's text begins with the given one."""

    lookup_name = "begins"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, params = self.process_lhs(compiler, connection)
        escaped = str(self.rhs).replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
        return f"{column} LIKE %s", (*params, f"{escaped}%")

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, params = self.process_lhs(compiler, connection)
        text = str(self.rhs)
        return f"({column} >= %s AND {column} < %s)", (*params, text, *params, text + _LAST)
