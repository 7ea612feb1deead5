"""排查 for phones: today's tasks, and a report on one; idempotent by `client_id` (design/api.md)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from django.db.models import Q
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.queries import Actor
from cases.api.door import CaseCall, refusals, sent
from cases.models import Case, PatrolCheck, PatrolFinding, PatrolPoint, PatrolTask
from cases.patrols import doing, queries
from cases.patrols.reported import body_of, is_form
from cases.serializers.patrols import REPORT_BODY, PatrolTaskSerializer
from governance_portal.lib.errors import Incomplete, NotYou, NotYours


def told(tasks: list[PatrolTask], actor: Actor, now: Any) -> list[dict[str, Any]]:
    """Return tasks (plan and grid joined) as `PatrolTaskSerializer`; four statements whatever their number."""
    ids = [task.pk for task in tasks]
    points: dict[int, list[PatrolPoint]] = defaultdict(list)
    here = Q(grid__isnull=True) | Q(grid_id__in={task.grid_id for task in tasks})  # a campaign has thousands elsewhere
    for point in PatrolPoint.objects.filter(here, plan_id__in={task.plan_id for task in tasks}).order_by("position"):
        points[point.plan_id].append(point)
    checks = {(one.task_id, one.point_id): one for one in PatrolCheck.objects.filter(task_id__in=ids)}
    visible = Case.objects.visible_to(actor, now).values("pk")
    cases: dict[int, list[str]] = defaultdict(list)
    found = PatrolFinding.objects.filter(task_id__in=ids, case_id__in=visible).order_by("pk")
    for task_id, number in found.values_list("task_id", "case__number"):
        cases[task_id].append(number)
    return [_one(task, points[task.plan_id], checks, cases[task.pk]) for task in tasks]


def _one(
    task: PatrolTask, points: list[PatrolPoint], checks: dict[tuple[int, int], PatrolCheck], cases: list[str]
) -> dict[str, Any]:
    here = [point for point in points if point.grid_id in (None, task.grid_id)]
    return {
        "id": task.pk,
        "kind": task.plan.kind,
        "name": task.plan.name,
        "look_for": task.plan.look_for,
        "grid": {"code": task.grid.code, "name": task.grid.name},
        "opens_on": task.opens_on,
        "day": task.day,
        "state": task.state,
        "reason": task.reason,
        "words": task.words,
        "points": [
            {
                "point": point.pk,
                "name": point.name,
                "place": point.place,
                "state": check.state if check else "",
                "words": check.words if check else "",
            }
            for point in here
            for check in [checks.get((task.pk, point.pk))]
        ],
        "cases": cases,
    }


class PatrolsView(CaseCall):
    """`GET patrols/`."""

    @extend_schema(
        operation_id="patrols",
        summary="排查任务",
        description="本人那一天在岗的网格的排查任务；不写 day 就是今天。没有时刻，没有位置。",
        parameters=[OpenApiParameter("day", date)],
        responses={200: PatrolTaskSerializer(many=True), **refusals(400, 401, 403)},
        tags=["patrols"],
    )
    def get(self, request: Request) -> Response:
        """Answer one's own tasks of a day."""
        if not queries.may_enter(self.actor):
            raise NotYou(queries.NOT_HERE)
        day, today = _day(request.query_params.get("day", ""), queries.today_of(self.now)), queries.today_of(self.now)
        if abs((day - today).days) > 31:
            raise Incomplete({"day": ["只能看前后一个月之内的日子。"]})
        ids = [row.id for row in queries.tasks_for(self.actor, day)]
        tasks = {task.pk: task for task in PatrolTask.objects.filter(pk__in=ids).select_related("plan", "grid")}
        return Response(told([tasks[pk] for pk in ids], self.actor, self.now))


def _day(text: str, today: date) -> date:
    try:
        return date.fromisoformat(text) if text else today
    except ValueError as error:
        raise Incomplete({"day": ["日期请按“2026-11-21”的样子写。"]}) from error


class PatrolReportView(CaseCall):
    """`POST patrols/{id}/report/`."""

    @extend_schema(
        operation_id="patrol_report",
        summary="填报排查",
        description="逐点正常或异常，完成或未完成和原因；异常和发现的问题各登记为一件事项。同一 client_id 再交一次，答复同样的结果。",
        request=REPORT_BODY,
        responses={200: PatrolTaskSerializer, **refusals(400, 401, 403, 404, 409, 415)},
        tags=["patrols"],
    )
    def post(self, request: Request, pk: str) -> Response:
        """Report, and answer the task as it stands."""
        if not (pk.isascii() and pk.isdigit() and len(pk) < 16):
            raise NotYours()
        queries.find_task(self.actor, int(pk))
        body = sent(request)
        # The phone's queue sends the page's form as it is; its key names the finding there.
        given = body_of({**body.given, "client_id": body.client_id}) if is_form(body.given) else body.given
        done = doing.report(self.actor, int(pk), given, now=self.now, client_id=body.client_id or "")
        return Response(told([queries.find_task(self.actor, done.task.pk)], self.actor, self.now)[0])
