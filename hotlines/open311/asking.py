"""Which reports an app asks for: by number, or by service, status and dates; ninety days or a thousand, whichever is less."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from django.db.models import Max, QuerySet
from django.http import QueryDict
from django.utils.dateparse import parse_datetime

from governance_portal.lib.errors import Incomplete
from governance_portal.lib.numbers import is_valid_number, parse_number
from grids.models import Area
from hotlines.models import Open311Client, Open311Post
from hotlines.open311.telling import ENDED, request_of

SPAN, MOST = timedelta(days=90), 1000
STATUSES = ("open", "closed")
W3C = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})", re.ASCII)
YEARS = (2000, 2199)


def asked(query: QueryDict, caller: Open311Client | None, now: datetime) -> list[dict[str, object]]:
    """Answer GET requests. Incomplete names what cannot be read; unknown numbers and services simply find nothing.

    With `service_request_id` (several by comma) the dates and filters do not count (GeoReport v2, GET requests).
    """
    posts = Open311Post.objects.filter(case__confidential=False)
    if numbers := _listed(query, "service_request_id"):
        wanted = [_number(text) for text in numbers[:MOST]]
        return shown(posts.filter(case__number__in=[number for number in wanted if number]), caller)
    begin, end = _window(query, now)
    posts = posts.filter(posted_at__gte=begin, posted_at__lte=end)
    if codes := _listed(query, "service_code"):
        posts = posts.filter(service__in=codes)
    if statuses := set(_listed(query, "status")):
        if unknown := statuses - set(STATUSES):
            raise Incomplete({"status": [f"status 只能是 open 或 closed，没有“{sorted(unknown)[0][:20]}”。"]})
        if statuses == {"open"}:
            posts = posts.exclude(case__status__in=ENDED)
        elif statuses == {"closed"}:
            posts = posts.filter(case__status__in=ENDED)
    return shown(posts, caller)


def one(text: str, caller: Open311Client | None) -> list[dict[str, object]]:
    """Answer GET request: the one row, or none."""
    number = _number(text)
    return shown(Open311Post.objects.filter(case__number=number or "-", case__confidential=False), caller)


def shown(posts: QuerySet[Open311Post], caller: Open311Client | None) -> list[dict[str, object]]:
    """Return the rows, newest first, a thousand at most; two queries whatever they are."""
    rows = list(
        posts.select_related("case", "case__lead_unit", "case__master", "service__category")
        .annotate(updated_at=Max("case__events__at"))
        .order_by("-posted_at", "-id")[:MOST]
    )
    streets = {post.case.area_code[:9] for post in rows}
    names = dict(Area.objects.filter(code__in=streets).values_list("code", "name"))
    return [request_of(post, caller is not None and post.client_id == caller.pk, names) for post in rows]


def _listed(query: QueryDict, name: str) -> list[str]:
    """The values of a parameter that may be given several times, and several by comma."""
    return [text.strip() for value in query.getlist(name) for text in value.split(",") if text.strip()]


def _number(text: str) -> str:
    text = text.strip()
    return parse_number(text) if is_valid_number(text) else ""


def _window(query: QueryDict, now: datetime) -> tuple[datetime, datetime]:
    """The span asked for. One end alone means ninety days from it; a longer span is refused, never cut unsaid."""
    begin, end = _moment(query, "start_date"), _moment(query, "end_date")
    if begin is None:
        end = end or now
        return end - SPAN, end
    if end is None:
        return begin, begin + SPAN
    if end < begin:
        raise Incomplete({"end_date": ["end_date 早于 start_date，请核对。"]})
    if end - begin > SPAN:
        raise Incomplete({"end_date": ["一次最多查询 90 天，请分几次查询。"]})
    return begin, end


def _moment(query: QueryDict, name: str) -> datetime | None:
    """A date and time as the W3C note has it, with its offset; of a year that this century can have."""
    text = query.get(name, "").strip()
    if not text:
        return None
    text = text.replace(" ", "+")  # a plus that nobody escaped
    try:
        found = parse_datetime(text) if W3C.fullmatch(text) else None
    except ValueError:
        found = None
    if found is None or not YEARS[0] <= found.year <= YEARS[1]:
        raise Incomplete({name: [f"{name} 请写成 2026-01-31T08:00:00+08:00 的样子，带时区。"]})
    return found
