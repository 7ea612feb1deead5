"""Codes that begin with a prefix, asked so that each database keeps the better plan."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, Lookup

#: Digits of a district's code and of a street's (GB/T 2260, GB/T 10114); all a centre has lies below its district.
DISTRICT_DIGITS, STREET_DIGITS = 6, 9


@CharField.register_lookup
class Under(Lookup[Any]):
    """`code__under="140603"`: the code begins so, as a range that an index of the column can serve.

    Of a whole district the index serves nobody, as nearly every row is in it, and a page of a street's newest is found
    sooner by walking the newest. PostgreSQL knows that from its statistics; SQLite does not, sorts all of them for a
    page of fifty (300,000 cases: 5 s the first time, then 1 s; `python -m bench.search --on sqlite`), and is told by
    the unary plus that the column needs no index.
    """

    lookup_name = "under"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """The range from the prefix to the next one of its length."""
        column, parameters = self.process_lhs(compiler, connection)
        return self._range(column, parameters)

    def as_sqlite(self, compiler: Any, connection: Any, **_more: Any) -> tuple[str, list[Any]]:
        """The same range; that of a district, or a page of a street, not by its index."""
        column, parameters = self.process_lhs(compiler, connection)
        wide = STREET_DIGITS if compiler.query.is_sliced else DISTRICT_DIGITS
        return self._range(f"+{column}" if len(self.rhs) <= wide else column, parameters)

    def _range(self, column: str, parameters: Any) -> tuple[str, list[Any]]:
        prefix = str(self.rhs)
        after = prefix[:-1] + chr(ord(prefix[-1]) + 1)
        return f"({column} >= %s AND {column} < %s)", [*parameters, prefix, *parameters, after]
