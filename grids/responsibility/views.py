"""The matrix of guarantee as pages: who answers for which street, what is not covered, one row entered or ended, a sheet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.signing import BadSignature, dumps, loads
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Unit
from accounts.queries import Actor
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, Refusal
from governance_portal.lib.working_days import SHANGHAI
from grids.models import Responsibility
from grids.responsibility import queries, services
from grids.responsibility.coverage import Coverage, Finding
from grids.responsibility.models import Topic

View = Callable[..., HttpResponseBase]
Errors = Mapping[str, list[str]]
PAGES = {403: "403.html", 404: "404.html", 409: "409.html"}
NOT_HERE = "包保责任由区、街道和部门的工作人员查看，您没有这些岗位。"
#: What is shown unless somebody asks for other days.
AHEAD, MOST_DAYS = timedelta(days=30), timedelta(days=3660)
LARGEST = 2 * 1024 * 1024
SALT = "responsibility.sheet"


def workers(view: View) -> View:
    """Let in people who work in a unit; answer refusals as sentences."""

    @login_required
    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            if not queries.may_read(request.actor):  # type: ignore[attr-defined]
                raise NotYou(NOT_HERE)
            return view(request, *args, **kwargs)
        except Refusal as refusal:
            ways = [{"url": reverse("responsibility:matrix"), "label": "回到包保责任", "primary": True}]
            if not queries.may_read(request.actor):  # type: ignore[attr-defined]
                ways = [{"url": "/", "label": "回到首页", "primary": True}]
            page = PAGES.get(refusal.status, "403.html")
            return render(request, page, {"detail": refusal.detail, "ways": ways}, status=refusal.status)

    return guarded


def period_of(asked: Mapping[str, Any], today: date) -> tuple[date, date]:
    """Return the days that are asked for, a month from today without any; never more than ten years."""
    first = services.day_of(asked.get("first", "")) or today
    last = services.day_of(asked.get("last", "")) or max(first, today) + AHEAD
    first, last = min(first, last), max(first, last)
    return first, min(last, first + MOST_DAYS)


@workers
@require_http_methods(["GET", "HEAD", "POST"])
def matrix(request: HttpRequest) -> HttpResponse:
    """The matrix of a topic and a period with what is not covered; POST gives a street to a unit."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    errors: Errors = {}
    refusal, status = "", 200
    if request.method == "POST":
        given = request.POST.dict()
        try:
            made = services.give(given, actor=actor, now=now)
        except Incomplete as refused:
            errors, status = refused.errors, 400
        except NotNow as refused:
            refusal, status = refused.detail, refused.status
        else:
            messages.success(request, f"已登记：{made.unit}包保{made.area.name}。")
            return HttpResponseRedirect(_address(made.topic, request.POST))
    return _page(request, actor, now, errors=errors, refusal=refusal, status=status)


def _address(topic: str, asked: Mapping[str, Any]) -> str:
    days = "".join(f"&{name}={asked[name]}" for name in ("first", "last") if services.day_of(asked.get(name, "")))
    return f"{reverse('responsibility:matrix')}?topic={topic}{days}"


def _page(
    request: HttpRequest,
    actor: Actor,
    now: datetime,
    *,
    errors: Errors | None = None,
    refusal: str = "",
    wrong: int = 0,
    status: int = 200,
) -> HttpResponse:
    asked = request.POST if request.method == "POST" else request.GET
    topic = str(asked.get("topic", ""))
    topic = topic if topic in Topic.values else str(Topic.FLOOD.value)
    first, last = period_of(asked, now.astimezone(SHANGHAI).date())
    keeps = queries.kept_area(actor)
    district = keeps or queries.district_of(actor)
    streets = queries.streets_of(district)
    rows = list(queries.rows_of(district, topic, first, last))
    found = queries.checked(streets, rows, first, last)
    context = {
        "title": "包保责任",
        "topic": topic,
        "topic_label": Topic(topic).label,
        "topics": [(code, label, code == topic) for code, label in Topic.choices],
        "first": first,
        "last": last,
        "lines": _lines(streets, rows, found),
        "coverage": found,
        "sums": _sums(rows),
        "keeps": bool(keeps),
        "fields": _fields(keeps, streets, topic) if keeps else [],
        "given": request.POST.dict()
        if (errors and not wrong) or refusal
        else {"topic": topic, "from": first.isoformat()},
        "errors": errors or {},
        "refusal": refusal,
        "open": bool(errors or refusal) and not wrong,
        "wrong": wrong,
        "now": now,
    }
    return render(request, "grids/responsibility/matrix.html", context, status=status)


def _lines(streets: Mapping[str, str], rows: list[Responsibility], found: Coverage) -> list[dict[str, Any]]:
    wrong: dict[str, list[Finding]] = {}
    for one in (*found.gaps, *found.overlaps):
        wrong.setdefault(one.area, []).append(one)
    return [
        {"name": name, "rows": [row for row in rows if row.area_id == code], "wrong": wrong.get(code, [])}
        for code, name in streets.items()
    ]


def _sums(rows: list[Responsibility]) -> list[tuple[str, int]]:
    """「水务局 4 个」: how many streets each unit has in this period."""
    streets: dict[str, set[str]] = {}
    for row in rows:
        streets.setdefault(row.unit.name, set()).add(row.area_id)
    return sorted(((name, len(codes)) for name, codes in streets.items()), key=lambda one: (-one[1], one[0]))


def _fields(district: str, streets: Mapping[str, str], topic: str) -> list[dict[str, Any]]:
    units = (
        Unit.objects.filter(active=True, area_code__startswith=district).order_by("name").values_list("code", "name")
    )

    def field(name: str, label: str, kind: str, rows: Any = (), **more: Any) -> dict[str, Any]:
        choices = [{"value": value, "label": word} for value, word in rows]
        return {"name": name, "label": label, "type": kind, "required": True, "choices": choices, **more}

    return [
        field("unit", "包保单位", "choice", units),
        field("area", "街道、乡镇", "choice", streets.items()),
        field("topic", "事项", "choice", Topic.choices),
        field("from", "起", "date"),
        field("to", "止", "date", required=False, help="最后一天；长期的不填。"),
    ]


@workers
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a row on its last day."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        row = services.end(pk, request.POST.get("last_day", ""), actor=actor, now=now)
    except Incomplete as refused:
        errors = {"last_day": [text for texts in refused.errors.values() for text in texts]}
        return _page(request, actor, now, errors=errors, wrong=pk, status=400)
    messages.success(request, f"{row.unit}对{row.area.name}的包保到 {row.ends_on:%Y-%m-%d} 为止。")
    return HttpResponseRedirect(_address(row.topic, request.POST))


@workers
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest) -> HttpResponse:
    """Read a sheet and show what it would do; the second POST writes it whole."""
    now = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    services.need_keeper(actor)
    context: dict[str, Any] = {"title": "从表格导入包保责任", "now": now, "errors": []}
    if request.method != "POST":
        return render(request, "grids/responsibility/sheet.html", context)
    try:
        content = _content(request)
        if request.POST.get("kept"):
            done = services.import_sheet(content, actor=actor, now=now)
            messages.success(request, f"已导入 {len(done.wanted)} 行。")
            topics = [one.topic for one in done.wanted]
            return HttpResponseRedirect(_address(topics[0] if topics else Topic.FLOOD.value, {}))
        context["preview"] = services.read_sheet(content, actor=actor)
        context["coverages"] = [(Topic(code).label, one) for code, one in context["preview"].coverage.items()]
        context["kept"] = dumps(content.decode("latin-1"), salt=SALT, compress=True)
    except Incomplete as refused:
        context["errors"] = [text for texts in refused.errors.values() for text in texts]
        return render(request, "grids/responsibility/sheet.html", context, status=400)
    return render(request, "grids/responsibility/sheet.html", context)


def _content(request: HttpRequest) -> bytes:
    """The sheet that was sent, or the one that was previewed, which went along signed."""
    if kept := request.POST.get("kept"):
        try:
            return str(loads(kept, salt=SALT, max_age=3600)).encode("latin-1")
        except BadSignature as wrong:
            raise Incomplete({"sheet": ["预览已过一小时，请重新选择表格。"]}) from wrong
    upload = request.FILES.get("sheet")
    if upload is None:
        raise Incomplete({"sheet": ["请选择填好的表格。"]})
    if (upload.size or 0) > LARGEST:
        raise Incomplete({"sheet": ["表格超过 2 MB，请只留这几列。"]})
    return upload.read()
