"""Pages by keyset: no OFFSET, no count, and a case that comes in meanwhile moves no other off its page."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from governance_portal.lib.errors import Incomplete

PAGE_SIZE = 50
LARGEST_PAGE = 100
#: A case without a date comes after all that have one.
NO_DATE = datetime(9000, 1, 1, tzinfo=UTC)
PAGING = ("cursor", "page_size", "ordering")
ORDERINGS = ("-registered_at", "registered_at", "due_at", "-due_at")


def page_size_of(request: Request) -> int:
    """Return how many rows were asked for, between 1 and 100; 50 when nothing sensible was said."""
    text = request.query_params.get("page_size", "")
    return min(max(int(text), 1), LARGEST_PAGE) if text.isascii() and text.isdigit() and len(text) < 10 else PAGE_SIZE


@dataclass(frozen=True)
class Place:
    """Where a page begins: behind the case of this moment and key."""

    at: datetime
    pk: int


@dataclass(frozen=True)
class Reading:
    """How a list is read: its ordering, how many rows, from where, and whether backwards."""

    ordering: str
    size: int
    backwards: bool
    place: Place | None

    @property
    def shape(self) -> tuple[Any, ...]:
        """What of it changes the statement; the place itself is only values."""
        return (self.ordering, self.size, self.backwards, self.place is not None)

    def ordered(self, queryset: Any, place: Place | None) -> Any:
        """Return the cases from this place on, one more than the page holds, with their `key`."""
        name, descending = self.ordering.lstrip("-"), self.ordering.startswith("-") != self.backwards
        rows = queryset.annotate(key=Coalesce("due_at", Value(NO_DATE)) if name == "due_at" else F("registered_at"))
        if place:
            rows = rows.filter(_beyond(place.at, place.pk, descending=descending))
        return rows.order_by(*(("-key", "-id") if descending else ("key", "id")))[: self.size + 1]


class CaseCursor(BasePagination):
    """Pages of cases by `(date, id)`; `ordering` is one of ORDERINGS."""

    def paginate_queryset(self, queryset: Any, request: Request, view: APIView | None = None) -> list[Any]:
        """Return one page; one query. Incomplete when the cursor or the ordering is not ours."""
        reading = self.read(request)
        return self.cut(reading, list(reading.ordered(queryset, reading.place)))

    def read(self, request: Request) -> Reading:
        """Return how the list is asked for; Incomplete when the cursor or the ordering is not ours."""
        self.request = request
        ordering = request.query_params.get("ordering") or ORDERINGS[0]
        if ordering not in ORDERINGS:
            raise Incomplete({"ordering": [f"排序只能是 {'、'.join(ORDERINGS)}。"]})
        return Reading(ordering, page_size_of(request), *self._cursor(request, ordering))

    def cut(self, reading: Reading, found: list[Any]) -> list[Any]:
        """Return the page of what was found (each with `key` and `id`), and remember the links beside it."""
        more, page = len(found) > reading.size, found[: reading.size]
        if reading.backwards:
            page.reverse()
        self.next = self._link(page[-1:], False) if more or reading.backwards else None
        self.previous = self._link(page[:1], True) if (more if reading.backwards else reading.place) else None
        return page

    def get_paginated_response(self, data: Any) -> Response:
        """Answer `{next, previous, results}`."""
        return Response({"next": self.next, "previous": self.previous, "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Publish the shape of a page."""
        return page_schema(schema)

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        """Publish the parameters."""
        return [
            _parameter("cursor", "翻页标记，取自 next 或 previous"),
            _parameter("page_size", f"每页条数，最多 {LARGEST_PAGE}", {"type": "integer", "minimum": 1}),
            _parameter("ordering", "排序", {"type": "string", "enum": list(ORDERINGS)}),
        ]

    def _cursor(self, request: Request, ordering: str) -> tuple[bool, Place | None]:
        text = request.query_params.get("cursor", "")
        if not text:
            return False, None
        try:
            way, kept, at, pk = json.loads(base64.urlsafe_b64decode(text.encode()))
            place = Place(datetime.fromisoformat(at), int(pk))
            # Where the database's own range ends, a moment in another zone would not fit.
            if kept != ordering or place.at.tzinfo is None or not 1900 <= place.at.year <= NO_DATE.year:
                raise ValueError
        except (binascii.Error, ValueError, TypeError, OverflowError, RecursionError) as error:
            raise Incomplete({"cursor": ["翻页标记无效，请从第一页重新查起。"]}) from error
        return way == "p", place

    def _link(self, edge: list[Any], backwards: bool) -> str | None:
        if not edge:
            return None
        ordering = self.request.query_params.get("ordering") or ORDERINGS[0]
        parts = ["p" if backwards else "n", ordering, edge[0].key.isoformat(), edge[0].id]
        cursor = base64.urlsafe_b64encode(json.dumps(parts).encode()).decode()
        return link_to(self.request, cursor=cursor)


def _beyond(at: datetime, pk: int, *, descending: bool) -> Q:
    side = "lt" if descending else "gt"
    return Q(**{f"key__{side}e": at}) & (Q(**{f"key__{side}": at}) | Q(**{f"id__{side}": pk}))


def link_to(request: Request, **changed: str) -> str:
    """Return this very address with some parameters changed."""
    parameters = [(name, value) for name, value in request.query_params.lists() if name not in changed]
    query = urlencode([*((name, each) for name, values in parameters for each in values), *changed.items()])
    return str(request.build_absolute_uri(f"{request.path}?{query}"))


def page_schema(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the published shape of a page of something."""
    link = {"type": ["string", "null"], "format": "uri"}
    return {
        "type": "object",
        "required": ["next", "previous", "results"],
        "properties": {"next": link, "previous": link, "results": schema},
    }


def _parameter(name: str, description: str, schema: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": description, "schema": schema or {"type": "string"}}


class EventCursor(CaseCursor):
    """Pages of a history by its running number, the oldest first."""

    def paginate_queryset(self, queryset: Any, request: Request, view: APIView | None = None) -> list[Any]:
        """Return one page; one query."""
        self.request = request
        text = request.query_params.get("cursor", "")
        if text and not (text.isascii() and text.isdigit() and len(text) < 10):
            raise Incomplete({"cursor": ["翻页标记无效，请从第一页重新查起。"]})
        size, after = page_size_of(request), int(text or 0)
        found = list(queryset.filter(seq__gt=after).order_by("seq")[: size + 1])
        page = found[:size]
        self.next = link_to(request, cursor=str(page[-1].seq)) if len(found) > size else None
        self.previous = link_to(request, cursor=str(max(after - size, 0))) if after else None
        return page

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        """Publish the parameters."""
        return super().get_schema_operation_parameters(view)[:2]
