"""Statements put together once a process: what the ORM writes, kept, and run again with other values.

Building a statement costs Django ten to thirty times what running it costs PostgreSQL. A `Query` lets the ORM build
the statement of an ordinary queryset once, with stand-ins where values will be, and afterwards fills in and runs it;
rows come back as the ORM would give them (instances with their joined rows, or tuples). `insert` and `update` do the
same for writing instances. Nothing about a row is kept, only texts of statements: there is nothing to invalidate.

A queryset must have the same shape for every value: no `None`, no list of varying length, no slice that varies.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from threading import Lock, local
from types import SimpleNamespace
from typing import Any, Generic, TypeVar, cast

from django.core.exceptions import EmptyResultSet
from django.db import DatabaseError, connection, connections, models
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


#: A statement used less often than this in a process is not worth a plan of its own.
SELDOM = 3


def _keeps_plans(using: Any) -> bool:
    """Whether plans last: a connection that is kept, to PostgreSQL itself (a pooler between needs CONN_MAX_AGE 0)."""
    return bool(using.vendor == "postgresql" and using.settings_dict["CONN_MAX_AGE"] != 0)


class _Built:
    """One statement as the ORM compiled it, and how its rows become what the ORM would return."""

    def __init__(self, queryset: models.QuerySet[Any]) -> None:
        compiler = queryset.query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        self.sql, self.params = str(sql), tuple(params)
        self.name, self.uses = f"p{hashlib.sha256(self.sql.encode()).hexdigest()[:24]}", 0
        self.marks_of_values = f"({', '.join(['%s'] * len(self.params))})" if self.params else ""
        select, info = compiler.select, compiler.klass_info
        self.width = compiler.col_count
        self.converters = compiler.get_converters([column[0] for column in select[: compiler.col_count]])
        self.model: Any = None
        if info is not None and queryset._iterable_class is models.query.ModelIterable:  # type: ignore[attr-defined]
            self.model = info["model"]
            fields = info["select_fields"]
            self.first, self.last = fields[0], fields[-1] + 1
            self.names = [column[0].target.attname for column in select[self.first : self.last]]
            self.populators = get_related_populators(info, select, connection.alias)  # type: ignore[call-arg]  # the stubs are of a later Django
            self.marks = compiler.annotation_col_map

    def rows(self, params: Sequence[Any], *, planned: bool) -> Iterator[Any]:
        using = connections[connection.alias]
        sql = self._planned(using) if planned and _keeps_plans(using) else self.sql
        with using.cursor() as cursor:
            cursor.execute(sql, params)
            found = cursor.fetchall()
        for row in found:
            values = self._converted(row[: self.width])
            yield self._instance(values) if self.model else tuple(values)

    def _planned(self, using: Any) -> str:
        """Return the call of the statement as PostgreSQL keeps it, planned, in this connection; not the first time."""
        self.uses += 1
        if self.uses < SELDOM or "%%" in self.sql:
            return self.sql
        # Before we look whose plans we know: one that is closed, or died with its server, would open with the statement.
        using.close_if_health_check_failed()
        using.ensure_connection()
        known = using.__dict__.get("portal_plans")
        if known is None or known[0] is not using.connection:  # a connection keeps its plans as long as it lives
            known = using.__dict__["portal_plans"] = (using.connection, set())
        if self.name not in known[1]:
            with using.cursor() as cursor:
                cursor.execute(
                    f"PREPARE {self.name} AS {self.sql}" % tuple(f"${n + 1}" for n in range(len(self.params)))
                )
            known[1].add(self.name)
        return f"EXECUTE {self.name}{self.marks_of_values}"

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

    The names after the queryset's builder are its values, with their type: int, str, date or datetime. `planned`: with
    any values it is best run in the same way (it asks by a key), so that PostgreSQL need not think about it each time:
    planning the statement of a case took ten times what running it took.
    """

    def __init__(self, build: Callable[[Any], models.QuerySet[Any]], *, planned: bool = True, **kinds: type) -> None:
        self._build, self._kinds, self._plan = build, kinds, planned
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
        return list(built.rows([given[name] if name else param for name, param in slots], planned=self._plan))

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


class _Waiting(local):
    """Writes of this thread that wait to be sent together; None while each is sent at once."""

    texts: list[str] | None = None
    params: list[Any]

    def take(self) -> tuple[list[str], list[Any]]:
        texts, params = self.texts or [], self.params
        if self.texts:
            self.texts, self.params = [], []
        return texts, params


_waiting = _Waiting()


@contextmanager
def together() -> Iterator[None]:
    """Send the writes of this block to PostgreSQL in one go, in their order, instead of one by one.

    To be used inside a transaction. Whatever else asks the database in between first sends what waits, so that nobody
    notices but the clock; when the block raises, nothing that waits is sent. SQLite, which no network lies before, is
    told at once.
    """
    if connection.vendor != "postgresql" or _waiting.texts is not None:
        yield
        return
    _waiting.texts, _waiting.params = [], []
    try:
        with connection.execute_wrapper(_send_before):
            yield
            _send("", [])
    finally:
        _waiting.texts = None


def _send_before(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    if _waiting.texts:
        _send("", [])
    return execute(sql, params, many, context)


def _send(text: str, params: Sequence[Any], fetch: bool = False) -> list[tuple[Any, ...]]:
    """Send what waits and then this, in one go; returns the rows of this."""
    texts, waiting = _waiting.take() if _waiting.texts is not None else ([], [])
    if not texts and not text:
        return []
    with connection.cursor() as cursor:
        cursor.execute("; ".join([*texts, text] if text else texts), [*waiting, *params])
        return cursor.fetchall() if fetch else []


class Insert(Generic[M]):
    """`INSERT` of whole instances, one statement for all; like `bulk_create` it gives them their keys.

    `keyless`: nobody will ask the instances for their keys. `conflict`: the columns of a unique rule; a row that is
    there already is then changed in the columns of `replace`, or, with nothing to replace, left alone and its instance
    keeps `pk` None. Inside `together`, instances that have their keys or need none wait to be sent.
    """

    def __init__(
        self, model: type[M], conflict: Sequence[str] = (), replace: Sequence[str] = (), *, keyless: bool = False
    ) -> None:
        self._model, self._conflict, self._replace, self._keyless = model, conflict, replace, keyless
        self._texts: dict[tuple[str, int, bool], str] = {}

    def _fields(self, keyed: bool) -> list[Any]:
        return [field for field in self._model._meta.local_concrete_fields if keyed or not field.primary_key]

    def _text(self, count: int, keyed: bool) -> str:
        text = self._texts.get((connection.vendor, count, keyed))
        if text is None:
            quote, fields = connection.ops.quote_name, self._fields(keyed)
            one = "(" + ", ".join(_placeholder(field) for field in fields) + ")"
            columns = ", ".join(quote(field.column) for field in fields)
            key = quote(cast(str, self._model._meta.pk.column))
            text = f"INSERT INTO {quote(self._model._meta.db_table)} ({columns}) VALUES {', '.join([one] * count)}"  # noqa: S608
            if self._conflict:
                found = {field.name: quote(field.column) for field in fields}
                changes = ", ".join(f"{found[name]} = EXCLUDED.{found[name]}" for name in self._replace)
                rule = ", ".join(found[name] for name in self._conflict)
                text += f" ON CONFLICT ({rule}) DO " + (f"UPDATE SET {changes}" if changes else "NOTHING")
            if not (self._keyless or keyed):
                text += f" RETURNING {key}"
            self._texts[connection.vendor, count, keyed] = text
        return text

    def write(self, rows: Iterable[M]) -> int:
        """Store the instances, give each its key, and return how many were stored (all of them, where keyless)."""
        instances = list(rows)
        if not instances:
            return 0
        keyed = instances[0].pk is not None
        fields, alias, using = self._fields(keyed), connection.alias, connections[connection.alias]
        params = [field.get_db_prep_save(field.pre_save(row, True), using) for row in instances for field in fields]
        text = self._text(len(instances), keyed)
        if self._keyless or keyed:
            write(text, params)
            stored = len(instances)
        else:
            keys = _send(text, params, fetch=True)
            stored = len(keys)
            for row, (key,) in zip(instances, keys, strict=False) if stored == len(instances) else ():
                row.pk = key
        if stored == len(instances):
            for row in instances:
                row._state.adding, row._state.db = False, alias
        _tell(self._model, instances, created=True)
        return stored


class Update(Generic[M]):
    """`UPDATE` of some columns of one instance; which columns may differ from call to call."""

    def __init__(self, model: type[M]) -> None:
        self._model = model
        self._texts: dict[tuple[str, tuple[str, ...]], str] = {}

    def write(self, row: M, names: Sequence[str]) -> None:
        """Store these fields of the instance; DatabaseError when the row is no longer there.

        Inside `together` nobody looks whether it is: there the caller must hold its lock.
        """
        fields = [self._model._meta.get_field(name) for name in names]
        params = [field.get_db_prep_save(field.pre_save(row, False), connection) for field in fields]  # type: ignore[union-attr]
        if _waiting.texts is not None:
            write(self._text(tuple(names), fields), [*params, row.pk])  # the caller has the row's lock
        else:
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


def write(text: str, params: Sequence[Any]) -> None:
    """Send a statement whose answer nobody needs; inside `together` it waits for the others."""
    if _waiting.texts is None:
        _send(text, params)
    else:
        _waiting.texts.append(text)
        _waiting.params.extend(params)


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
