"""Is it alive, is it ready, how busy is it: for load balancers and monitoring, outside ``/api/v1/``."""

import hmac
import os
import time
from collections.abc import Callable
from pathlib import Path

import redis
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from governance_portal import half_way

LOOPBACK = {"127.0.0.1", "::1"}


class NotReady(Exception):
    """One thing the portal needs is not there; the text says what, without addresses or passwords."""


@require_safe
@never_cache
def alive(request: HttpRequest) -> JsonResponse:
    """Answer 200 as long as the process can answer at all; asks nothing of anyone."""
    return JsonResponse({"status": "alive"})


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """Answer 200, or 503 with what is wrong: ``{"status", "checks": {"database": "ok" | sentence, …}}``."""
    found = {name: outcome(check) for name, check in CHECKS.items()}
    well = all(outcome == "ok" for outcome in found.values())
    return JsonResponse({"status": "ready" if well else "not ready", "checks": found}, status=200 if well else 503)


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer Prometheus' text format to this machine itself or to the bearer of METRICS_TOKEN; 404 to others."""
    if not _may_measure(request):
        return HttpResponse(status=404)
    lines = []
    for name, (explanation, measure) in GAUGES.items():
        lines += [f"# HELP {name} {explanation}", f"# TYPE {name} gauge", f"{name} {measure():g}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4; charset=utf-8")


def outcome(check: Callable[[], None]) -> str:
    """ "ok", or the sentence that says what is missing."""
    try:
        check()
    except NotReady as wrong:
        return str(wrong)
    return "ok"


def _database_answers() -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        raise NotReady("数据库没有应答") from None


def _schema_is_current() -> None:
    try:
        executor = MigrationExecutor(connection)
        missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        stands_half_way = half_way.sentence()
    except DatabaseError:
        raise NotReady("数据库没有应答") from None
    if stands_half_way:
        raise NotReady(stands_half_way)
    if missing:
        raise NotReady(f"有 {missing} 个数据库变更尚未执行（manage.py migrate）")


def _broker_takes_work() -> None:
    if settings.REDIS_URL:
        try:
            with _redis() as client:
                client.ping()
        except redis.RedisError:
            raise NotReady("Redis 没有应答") from None
    elif not os.access(_queue_folder(), os.W_OK):
        raise NotReady("任务队列的文件夹不可写")


CHECKS: dict[str, Callable[[], None]] = {
    "database": _database_answers,
    "migrations": _schema_is_current,
    "broker": _broker_takes_work,
}
#: The same for people (the system administrator's desk).
LABELS = {"database": "数据库", "migrations": "数据库结构", "broker": "消息队列"}


def _redis() -> "redis.Redis":
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=settings.REDIS_TIMEOUT, socket_connect_timeout=settings.REDIS_TIMEOUT
    )


def _queue_folder() -> Path:
    return Path(settings.CELERY_BROKER_TRANSPORT_OPTIONS["data_folder_in"])


def _is_ready() -> float:
    return float(all(outcome(check) == "ok" for check in CHECKS.values()))


def _database_seconds() -> float:
    began = time.perf_counter()
    return time.perf_counter() - began if outcome(_database_answers) == "ok" else -1


def _queued() -> float:
    if not settings.REDIS_URL:
        return len(list(_queue_folder().glob("*.msg")))
    try:
        with _redis() as client:
            return float(client.llen(settings.CELERY_TASK_DEFAULT_QUEUE))  # type: ignore[arg-type]  # the sync client
    except redis.RedisError:
        return -1


def _live_sessions() -> float:
    try:
        return Session.objects.filter(expire_date__gt=timezone.now()).count()
    except DatabaseError:
        return -1


GAUGES: dict[str, tuple[str, Callable[[], float]]] = {
    "portal_ready": ("1 when database, migrations and broker are as they should be", _is_ready),
    "portal_database_seconds": ("time of one empty query; -1 when it fails", _database_seconds),
    "portal_tasks_queued": ("background tasks waiting; -1 when unknown", _queued),
    "portal_sessions": ("log-ins that have not expired; -1 when unknown", _live_sessions),
}


def _may_measure(request: HttpRequest) -> bool:
    offered = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if settings.METRICS_TOKEN and hmac.compare_digest(offered.encode(), settings.METRICS_TOKEN.encode()):
        return True
    # A proxy on this machine speaks from loopback too: what it forwards has the header and is not "this machine".
    return request.META.get("REMOTE_ADDR") in LOOPBACK and bool(request.META.get("portal.direct"))
