"""Pages by keyset: no OFFSET, no count, and a case that comes in meanwhile moves no other off its page."""

from __future__ import annotations

import base64
import binascii
import json
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
ORDERINGS = ("-registered_at", "registered_at", "due_at", "-due_at")


def page_size_of(request: Request) -> int:
    """Return how many rows were asked for, between 1 and 100; 50 when nothing sensible was said."""
    text = request.query_params.get("page_size", "")
    return min(max(int(text), 1), LARGEST_PAGE) if text.isascii() and text.isdigit() and len(text) < 10 else PAGE_SIZE


class CaseCursor(BasePagination):
    """Pages of cases by `(date, id)`; `ordering` is one of ORDERINGS."""

    def paginate_queryset(self, queryset: Any, request: Request, view: APIView | None = None) -> list[Any]:
        """Return one page; one query. Incomplete when the cursor or the ordering is not ours."""
        self.request = request
        ordering = request.query_params.get("ordering") or ORDERINGS[0]
        if ordering not in ORDERINGS:
            raise Incomplete({"ordering": [f"排序只能是 {'、'.join(ORDERINGS)}。"]})
        size = page_size_of(request)
        backwards, key = self._cursor(request, ordering)
        name, descending = ordering.lstrip("-"), ordering.startswith("-") != backwards
        rows = queryset.annotate(key=Coalesce("due_at", Value(NO_DATE)) if name == "due_at" else F("registered_at"))
        if key:
            rows = rows.filter(_beyond(*key, descending=descending))
        order = ("-key", "-id") if descending else ("key", "id")
        found = list(rows.order_by(*order)[: size + 1])
        more, page = len(found) > size, found[:size]
        if backwards:
            page.reverse()
        self.next = self._link(page[-1:], False) if more or backwards else None
        self.previous = self._link(page[:1], True) if (more if backwards else key is not None) else None
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

    def _cursor(self, request: Request, ordering: str) -> tuple[bool, tuple[datetime, int] | None]:
        text = request.query_params.get("cursor", "")
        if not text:
            return False, None
        try:
            way, kept, at, pk = json.loads(base64.urlsafe_b64decode(text.encode()))
            key = (datetime.fromisoformat(at), int(pk))
            # Where the database's own range ends, a moment in another zone would not fit.
            if kept != ordering or key[0].tzinfo is None or not 1900 <= key[0].year <= NO_DATE.year:
                raise ValueError
        except (binascii.Error, ValueError, TypeError, OverflowError, RecursionError) as error:
            raise Incomplete({"cursor": ["翻页标记无效，请从第一页重新查起。"]}) from error
        return way == "p", key

    def _link(self, edge: list[Any], backwards: bool) -> str | None:
        if not edge:
            return None
        ordering = self.request.query_params.get("ordering") or ORDERINGS[0]
        parts = ["p" if backwards else "n", ordering, edge[0].key.isoformat(), edge[0].pk]
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
