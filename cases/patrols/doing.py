"""A task is done by whoever is on duty: points, done or not and why, findings that become cases; all of it by days.

Raises, in this order, NotYours, NotNow, NotYou, Incomplete. Nothing here is audited: an hour beside each report would be a
clock-in by the back door (国办函〔2026〕12号; facts §6.1). What a patrol finds is a case, and that has its own history.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from accounts.notices import notify
from accounts.queries import Actor
from cases import choices as c
from cases.models import PatrolCheck, PatrolFinding, PatrolHandOver, PatrolPoint, PatrolRemark, PatrolReport, PatrolTask
from cases.patrols.choices import PatrolState, PointState
from cases.patrols.queries import find_task, is_on_duty, may_change, today_of
from cases.patrols.reported import Finding, Reported, checked, text_of
from cases.services.registering import register
from cases.services.submitting import digest_of
from governance_portal.lib.crypto import blind_index
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, NotYours
from governance_portal.lib.masking import mask_text
from governance_portal.lib.spoken import date_words

#: A report from a phone without network may come so many days after its day; later it stays unreported.
LATE = timedelta(days=3)
NOT_ON_DUTY = "这项任务由当天在这个网格在岗的人填报，您不在岗；要换人，请联系网格长或街道。"


@dataclass(frozen=True)
class Answer:
    """What a report made: the task as it stands, whether it was new, and the numbers of the cases it opened."""

    task: PatrolTask
    fresh: bool
    opened: tuple[str, ...] = ()


def report(actor: Actor, pk: int, given: Mapping[str, Any], *, now: datetime, client_id: str = "") -> Answer:
    """Report on a task: `points: [{point, state, words?}], done?: bool, reason?, words?, findings?: [{…}]`.

    Each abnormal point opens a case, with a finding that names the point or from its own words. `done` left out keeps the
    task open (a campaign is gone on with another day). The same `client_id` from the same person is answered with what
    stands and does nothing; with another body NotNow. Until the day is over whoever wrote a result may correct it.
    """
    digest = blind_index("submission", digest_of(dict(given))) if client_id else ""
    try:
        with transaction.atomic():
            find_task(actor, pk)
            task = PatrolTask.objects.select_for_update(of=("self",)).select_related("plan", "grid").get(pk=pk)
            if client_id and (before := _answered(actor, client_id, digest, task)):
                return before
            return _report(actor, task, given, now, client_id, digest)
    except IntegrityError:
        if client_id and (before := _answered(actor, client_id, digest, find_task(actor, pk))):
            return before
        raise


def _answered(actor: Actor, client_id: str, digest: str, task: PatrolTask) -> Answer | None:
    prior = PatrolReport.objects.filter(by_id=actor.user_id or 0, client_id=client_id).first()
    if prior is None:
        return None
    if prior.digest != digest or prior.task_id != task.pk:
        raise NotNow("同一个提交号已经用于另一次填报；请重新提交。")
    return Answer(task, fresh=False)


def _report(
    actor: Actor, task: PatrolTask, given: Mapping[str, Any], now: datetime, client_id: str, digest: str
) -> Answer:
    today = today_of(now)
    may_report(actor, task, today)
    if not is_on_duty(actor, task, today):
        raise NotYou(NOT_ON_DUTY)
    points = {point.pk: point for point in points_of(task)}
    told = checked(given, points, campaign=task.plan.is_campaign)
    known = {check.point_id: check for check in task.checks.all()}
    _check_seen(task, told, known, points)
    _check_standing(actor, task, known, told, today)
    for point_id, (state, words) in told.points.items():
        row = known.get(point_id) or PatrolCheck(task=task, point_id=point_id)
        if row.pk and (row.state, row.words) == (state, words):
            continue
        row.state, row.words, row.by_id, row.on = state, words, actor.user_id or 0, today
        row.save()
    seen = set(known) | set(told.points)
    task.points_seen = min(len(seen), task.points_due)
    if told.done is not None:
        task.state = PatrolState.DONE if told.done else PatrolState.UNDONE
        task.reason, task.words = told.reason, told.words
        task.done_by_id, task.reported_on = actor.user_id, today
    task.save(update_fields=["state", "reason", "words", "done_by", "reported_on", "points_seen"])
    opened = _open_cases(actor, task, told, points, now, client_id)
    if client_id:
        PatrolReport.objects.create(task=task, by_id=actor.user_id or 0, client_id=client_id, digest=digest)
    return Answer(task, fresh=True, opened=opened)


def may_report(actor: Actor, task: PatrolTask, today: date) -> None:
    """Refuse (NotNow) a task whose time has not come, is over, or whose result stands."""
    if hasattr(task.plan, "closing"):
        raise NotNow("这次专项已经结清，不能再填报；要补充的，请写补充说明。")
    if today < task.opens_on:
        raise NotNow(f"还没有到日子：这项排查从{date_words(task.opens_on)}开始，当天再填。")
    if not task.plan.is_campaign and today > task.day + LATE and task.state == PatrolState.OPEN:
        raise NotNow(f"已经过了补报的时间（当天之后 {LATE.days} 天）；有要说明的，请写补充说明。")
    if task.state == PatrolState.OPEN or (task.plan.is_campaign and task.state == PatrolState.UNDONE):
        return
    if task.reported_on != today:
        raise NotNow("这项任务当天已经填报，结果不再改；要补充的，请写补充说明。")
    if task.done_by_id != actor.user_id:
        raise NotNow("这项任务今天已经由别人填报；结果不对的，请填报的人更正，或者写补充说明。")


def points_of(task: PatrolTask) -> list[PatrolPoint]:
    """Return the points of the plan that are looked at in the task's grid, in their order; one statement."""
    here = Q(grid__isnull=True) | Q(grid_id=task.grid_id)
    return list(PatrolPoint.objects.filter(here, plan_id=task.plan_id).order_by("position"))


def _check_seen(
    task: PatrolTask, told: Reported, known: Mapping[int, PatrolCheck], points: Mapping[int, PatrolPoint]
) -> None:
    left = [point.name for pk, point in points.items() if pk not in known and pk not in told.points]
    if told.done and left:
        names = "、".join(left[:3]) + ("等" if len(left) > 3 else "")
        raise Incomplete({"done": [f"还有 {len(left)} 个点位没有查（{names}）；查不了的，请选“未完成”并选原因。"]})


def _check_standing(
    actor: Actor, task: PatrolTask, known: Mapping[int, PatrolCheck], told: Reported, today: date
) -> None:
    """What somebody else wrote, or what was written on another day, stands."""
    for point_id, said in told.points.items():
        row = known.get(point_id)
        if row is None or said == (row.state, row.words):
            continue
        if row.on != today or row.by_id != actor.user_id:
            raise NotNow("有的点位已经由别人填过，或者不是今天填的，不能再改；要补充的，请写补充说明。")


def _open_cases(
    actor: Actor,
    task: PatrolTask,
    told: Reported,
    points: Mapping[int, PatrolPoint],
    now: datetime,
    client_id: str,
) -> tuple[str, ...]:
    named = {finding.point for finding in told.findings if finding.point}
    known = set(task.findings.values_list("point_id", flat=True))
    findings = list(told.findings)
    findings += [
        Finding(f"p{point_id}", words, point=point_id, category=told.categories.get(point_id, ""))
        for point_id, (state, words) in told.points.items()
        if state == PointState.ABNORMAL and point_id not in named and point_id not in known
    ]
    opened = []
    for finding in findings:
        point = points.get(finding.point) if finding.point else None
        key = f"patrol:{task.pk}:{finding.client_id}"
        case = register(actor, _intake(task, finding, point), now=now, client_id=key[:64]).case
        _row, made = PatrolFinding.objects.get_or_create(case=case, defaults={"task": task, "point": point})
        if made:
            opened.append(case.number)
    return tuple(opened)


def _intake(task: PatrolTask, finding: Finding, point: PatrolPoint | None) -> dict[str, Any]:
    """Return the registration of a finding: by the grid's channel, in the grid; nobody complains, so nobody is named."""
    where = finding.address or " ".join(part for part in (point and point.place, point and point.name) if part)
    what = f"{point.name}：{finding.description}" if point else finding.description
    given: dict[str, Any] = {
        "kind": finding.kind,
        "channel": c.Channel.GRID.value,
        "description": f"{what}（{task.plan.get_kind_display()}“{task.plan.name}”发现）",
        "place": {"grid": task.grid.code, "address": where or task.grid.name},
        "reporters": [],
    }
    for name, value in (("category", finding.category), ("level", finding.level)):
        if value:
            given[name] = value
    if finding.attachments:
        given["attachments"] = list(finding.attachments)
    return given


# --- afterwards -------------------------------------------------------------------------------------------------


def remark(actor: Actor, pk: int, text: Any, *, now: datetime) -> PatrolRemark:
    """Add words to a task that is reported or over: whoever may see it on the ground, or plans there."""
    task = find_task(actor, pk)
    today = today_of(now)
    if not may_remark(actor, task, today):
        raise NotYou("补充说明由在岗的人、填报的人和安排排查的人写。")
    words = mask_text(text_of(text, "text", required="请写补充说明。"))
    row, _made = PatrolRemark.objects.get_or_create(task=task, by_id=actor.user_id or 0, on=today, text=words)
    return row


def may_remark(actor: Actor, task: PatrolTask, today: date) -> bool:
    """Tell whether somebody adds words to this task: on duty there, who reported it, who plans there."""
    return is_on_duty(actor, task, today) or task.done_by_id == actor.user_id or may_change(actor, task.plan)


def hand_over_words(actor: Actor, pk: int, text: Any, *, now: datetime) -> PatrolHandOver:
    """Write what the new one must know; who hands over writes it, and the new one is told. NotYours for others."""
    with transaction.atomic():
        rows = PatrolHandOver.objects.select_for_update(of=("self",)).select_related("grid", "from_user")
        found = rows.filter(pk=pk, from_user_id=actor.user_id or 0).first()
        if found is None:
            raise NotYours()
        words = mask_text(text_of(text, "words", required="请写明要交接什么。"))
        if words != found.words:
            found.words, found.written_by_id = words, actor.user_id
            found.save(update_fields=["words", "written_by"])
            body = f"{actor.name}：{words}"
            key = f"patrol:hand_over:{found.pk}:{blind_index('submission', words)[:12]}"
            notify([found.to_user_id], key, f"{found.grid.name}的排查交接", body, kind="patrol", now=now)
    return found
