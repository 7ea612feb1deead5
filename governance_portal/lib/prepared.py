"""Statements put together once a process: what the ORM writes, kept, and run again with other values.

Building a statement costs Django ten to thirty times what running it costs PostgreSQL. A `Query` lets the ORM build
the statement of an ordinary queryset once, with stand-ins where values will be, and afterwards fills in and runs it;
rows come back as the ORM would give them (instances with their joined rows, or tuples). `insert` and `update` do the
same for writing instances. Nothing about a row is kept, only texts of statements: there is nothing to invalidate.

A queryset must have the same shape for every value: no `None`, no list of varying length, no slice that varies.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from threading import Lock
from types import SimpleNamespace
from typing import Any, Generic, TypeVar, cast

from django.core.exceptions import EmptyResultSet
from django.db import DatabaseError, connection, models
from django.db.models.query import get_related_populators
from django.db.models.signals import post_save

M = TypeVar("M", bound=models.Model)

#: Where stand-ins begin; a queryset may hold constants of its own below (or beside) them.
_FIRST_NUMBER, _FIRST_YEAR = 1_900_000_001, 7001


def _stand_in(kind: type, place: int) -> Any:
    if kind is int:
        return _FIRST_NUMBER + place
    if kind is str:
        return f"\x1a{place}"
    if kind is date:
        return date(_FIRST_YEAR + place, 1, 1)
    if kind is datetime:
        return datetime(_FIRST_YEAR + place, 1, 1, tzinfo=UTC)
    raise TypeError(f"no stand-in for {kind.__name__}")


def as_stored(value: Any) -> Any:
    """Return a date or moment as the database's driver wants it; other values as they are."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    return value


class _Built:
    """One statement as the ORM compiled it, and how its rows become what the ORM would return."""

    def __init__(self, queryset: models.QuerySet[Any]) -> None:
        compiler = queryset.query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        self.sql, self.params = str(sql), tuple(params)
        select, info = compiler.select, compiler.klass_info
        self.width = compiler.col_count
        self.converters = compiler.get_converters([column[0] for column in select[: compiler.col_count]])
        self.model: Any = None
        if info is not None and queryset._iterable_class is models.query.ModelIterable:  # type: ignore[attr-defined]
            self.model = info["model"]
            fields = info["select_fields"]
            self.first, self.last = fields[0], fields[-1] + 1
            self.names = [column[0].target.attname for column in select[self.first : self.last]]
            self.populators = get_related_populators(info, select, connection.alias)
            self.marks = compiler.annotation_col_map

    def rows(self, params: Sequence[Any]) -> Iterator[Any]:
        with connection.cursor() as cursor:
            cursor.execute(self.sql, params)
            found = cursor.fetchall()
        for row in found:
            values = self._converted(row[: self.width])
            yield self._instance(values) if self.model else tuple(values)

    def _converted(self, row: Sequence[Any]) -> Sequence[Any]:
        if not self.converters:
            return row
        values = list(row)
        for place, (convert, expression) in self.converters.items():
            value = values[place]
            for step in convert:
                value = step(value, expression, connection)
            values[place] = value
        return values

    def _instance(self, values: Sequence[Any]) -> Any:
        found = self.model.from_db(connection.alias, self.names, values[self.first : self.last])
        for populator in self.populators:
            populator.populate(values, found)
        for name, place in self.marks.items():
            setattr(found, name, values[place])
        return found


def _let_go(_values: Any) -> models.QuerySet[Any]:
    raise RuntimeError("put together already, for another kind of database")


class Query:
    """A queryset whose statement is compiled once: `Query(lambda v: Case.objects.filter(pk=v.pk), pk=int)`.

    The names after the queryset's builder are its values, with their type: int, str, date or datetime.
    """

    def __init__(self, build: Callable[[Any], models.QuerySet[Any]], **kinds: type) -> None:
        self._build, self._kinds = build, kinds
        self._built: dict[str, tuple[_Built | None, tuple[Any, ...]]] = {}

    def _ready(self) -> tuple[_Built | None, tuple[Any, ...]]:
        ready = self._built.get(connection.vendor)
        if ready is None:
            stand_ins = {name: _stand_in(kind, place) for place, (name, kind) in enumerate(self._kinds.items())}
            try:
                built = _Built(self._build(SimpleNamespace(**stand_ins)))
            except EmptyResultSet:
                ready = (None, ())
            else:
                names = {as_stored(value): name for name, value in stand_ins.items()}
                slots = tuple(_slot(names, param) for param in built.params)
                ready = (built, slots)
            self._built[connection.vendor] = ready
        return ready

    def settle(self) -> None:
        """Put it together now, and let go of its builder with all that the builder holds (a request, say)."""
        self._ready()
        self._build = _let_go

    def rows(self, **values: Any) -> list[Any]:
        """Run it with these values and return its rows."""
        built, slots = self._ready()
        if built is None:
            return []
        given = {name: as_stored(value) for name, value in values.items()}
        return list(built.rows([given[name] if name else param for name, param in slots]))

    def first(self, **values: Any) -> Any:
        """Run it with these values and return its first row, or None; the queryset should ask for one only."""
        found = self.rows(**values)
        return found[0] if found else None


class Shelf:
    """Queries kept by what they were put together from, a bounded number; the least used leave first."""

    def __init__(self, size: int) -> None:
        self._size, self._kept, self._lock = size, OrderedDict[Any, Query](), Lock()

    def kept(self, key: Hashable, query: Query) -> Query:
        """Return the query of this key: the one that is kept, or this one, put together now and kept."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        query.settle()
        with self._lock:
            self._kept[key] = query
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
        return query


def _slot(names: dict[Any, str], param: Any) -> tuple[str, Any]:
    try:
        return names.get(param, ""), param
    except TypeError:  # a list or a JSON value is no stand-in
        return "", param


# --- writing ----------------------------------------------------------------------------------------------------


class Insert(Generic[M]):
    """`INSERT … RETURNING` of whole instances, one statement for all, as `bulk_create` gives them their keys.

    `conflict`: the columns of a unique rule; a row that is there already is then changed in the columns of `replace`,
    or, with nothing to replace, left alone and its instance keeps `pk` None.
    """

    def __init__(self, model: type[M], conflict: Sequence[str] = (), replace: Sequence[str] = ()) -> None:
        self._model, self._conflict, self._replace = model, conflict, replace
        self._texts: dict[tuple[str, int], str] = {}

    @property
    def _fields(self) -> list[Any]:
        return [field for field in self._model._meta.local_concrete_fields if not field.primary_key]

    def _text(self, count: int) -> str:
        text = self._texts.get((connection.vendor, count))
        if text is None:
            quote, fields = connection.ops.quote_name, self._fields
            one = "(" + ", ".join(_placeholder(field) for field in fields) + ")"
            columns = ", ".join(quote(field.column) for field in fields)
            key = quote(cast(str, self._model._meta.pk.column))
            text = f"INSERT INTO {quote(self._model._meta.db_table)} ({columns}) VALUES {', '.join([one] * count)}"  # noqa: S608
            if self._conflict:
                found = {field.name: quote(field.column) for field in fields}
                changes = ", ".join(f"{found[name]} = EXCLUDED.{found[name]}" for name in self._replace)
                rule = ", ".join(found[name] for name in self._conflict)
                text += f" ON CONFLICT ({rule}) DO " + (f"UPDATE SET {changes}" if changes else "NOTHING")
            text = self._texts[connection.vendor, count] = f"{text} RETURNING {key}"
        return text

    def write(self, rows: Iterable[M]) -> int:
        """Store the instances, give each its key, and return how many were stored."""
        instances = list(rows)
        if not instances:
            return 0
        fields = self._fields
        params = [
            field.get_db_prep_save(field.pre_save(row, True), connection) for row in instances for field in fields
        ]
        with connection.cursor() as cursor:
            cursor.execute(self._text(len(instances)), params)
            keys = cursor.fetchall()
        if len(keys) == len(instances):
            for row, (key,) in zip(instances, keys, strict=True):
                row.pk = key
                row._state.adding, row._state.db = False, connection.alias
        _tell(self._model, instances, created=True)
        return len(keys)


class Update(Generic[M]):
    """`UPDATE` of some columns of one instance; which columns may differ from call to call."""

    def __init__(self, model: type[M]) -> None:
        self._model = model
        self._texts: dict[tuple[str, tuple[str, ...]], str] = {}

    def write(self, row: M, names: Sequence[str]) -> None:
        """Store these fields of the instance; DatabaseError when the row is no longer there."""
        fields = [self._model._meta.get_field(name) for name in names]
        params = [field.get_db_prep_save(field.pre_save(row, False), connection) for field in fields]  # type: ignore[union-attr]
        with connection.cursor() as cursor:
            cursor.execute(self._text(tuple(names), fields), [*params, row.pk])
            if cursor.rowcount != 1:
                raise DatabaseError(f"{self._model._meta.label} {row.pk} is not there to be changed")
        _tell(self._model, [row], created=False, names=names)

    def _text(self, names: tuple[str, ...], fields: Sequence[Any]) -> str:
        text = self._texts.get((connection.vendor, names))
        if text is None:
            quote = connection.ops.quote_name
            changes = ", ".join(f"{quote(field.column)} = {_placeholder(field)}" for field in fields)
            key = quote(cast(str, self._model._meta.pk.column))
            text = f"UPDATE {quote(self._model._meta.db_table)} SET {changes} WHERE {key} = %s"  # noqa: S608
            self._texts[connection.vendor, names] = text
        return text


def _placeholder(field: Any) -> str:
    return str(field.get_placeholder(None, None, connection)) if hasattr(field, "get_placeholder") else "%s"


def _tell(model: type[M], rows: Sequence[M], *, created: bool, names: Sequence[str] | None = None) -> None:
    """Whoever listens to `post_save` hears of these writes as of any other."""
    if not post_save.has_listeners(model):
        return
    update_fields = frozenset(names) if names is not None else None
    for row in rows:
        post_save.send(
            model, instance=row, created=created, raw=False, using=connection.alias, update_fields=update_fields
        )
