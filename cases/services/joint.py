"""Work of several units under one lead: opinions taken into one answer (一个口径), joint tasks (联办任务).

Sources: 北京条例 §14 (首接单位牵头，其他单位把结果报首接单位); facts §1.4, §1.5; the issue: 网格+警务+调解+巡防+电力.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from accounts.models import Unit
from cases import choices as c
from cases.models import Case, JointTask, Review
from cases.services.finding import check_unit, find_attachments, find_unit, not_past
from cases.services.series import next_in_series
from cases.standing import Standing
from governance_portal.lib.errors import Incomplete, NotYou

if TYPE_CHECKING:
    from cases.services.door import Turn


@dataclass(frozen=True)
class Heard:
    """What an assisting unit gave: its last opinion of this round, "" when none, and whether its tasks are all done."""

    unit: Unit
    opinion: str
    tasks: int
    undone: int

    @property
    def has_answered(self) -> bool:
        """An opinion was given, or every task it had is done."""
        return bool(self.opinion) or (self.tasks > 0 and not self.undone)


def heard_of(case: Case, unit_ids: Any, events: Any) -> list[Heard]:
    """Return what each assisting unit gave since the case was last dispatched; two queries."""
    ids = list(unit_ids)
    if not ids:
        return []
    opinions: dict[str, str] = {}
    given: list[int] = []
    for event in events:
        if event.kind in ("dispatch", "conclude"):
            opinions, given = {}, []
        elif event.kind == "assist":
            opinions[str(event.data.get("unit_id") or event.actor_unit)] = event.data["opinion"]
        elif event.kind == "task":
            given.append(event.data["task"])
    tasks: dict[int, list[JointTask]] = {}
    for task in case.tasks.filter(pk__in=given, dropped_at__isnull=True):
        tasks.setdefault(task.unit_id, []).append(task)
    units = Unit.objects.in_bulk(ids)
    return [
        Heard(
            units[pk],
            opinions.get(str(pk)) or opinions.get(units[pk].name, ""),
            len(tasks.get(pk, [])),
            sum(task.is_undone for task in tasks.get(pk, [])),
        )
        for pk in ids
        if pk in units
    ]


def _assist(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    post = turn.posts[Standing.ASSISTANT]
    return {**cleaned, "unit_id": post.unit_id, "unit_name": post.unit_name} if post else cleaned


def _resolve(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    """Merge what the assisting units said: each opinion is taken in, or it is said why not (一个口径)."""
    find_attachments("photos_after", turn.case, cleaned.get("photos_after", []))
    if turn.state.procedure in c.REVIEWS:
        _number_opinion(turn)
    heard = heard_of(turn.case, turn.state.assisting, turn.events)
    if not heard:
        return cleaned
    taken = set(cleaned.get("taken_in", []))
    if unknown := taken - {one.unit.code for one in heard if one.opinion}:
        raise Incomplete({"taken_in": [f"没有代码为 {'、'.join(sorted(unknown))} 的协办意见，请重新勾选。"]})
    left = [one for one in heard if not one.has_answered or (one.opinion and one.unit.code not in taken) or one.undone]
    if left and not cleaned.get("waived"):
        raise Incomplete({"waived": [_what_is_left(left, taken)]})
    return {**cleaned, "taken_in_names": [one.unit.name for one in heard if one.unit.code in taken]}


def _number_opinion(turn: Turn) -> None:
    """Give a 复查 or 复核 its 意见书 number, once however often it is answered."""
    row = Review.objects.select_for_update().filter(case=turn.case).first()
    if row is not None and not row.number:
        name = "综治复查" if turn.state.procedure == c.Procedure.REVIEW else "综治复核"
        row.number = next_in_series(name, turn.now)
        row.save(update_fields=["number"])


def _what_is_left(left: list[Heard], taken: set[str]) -> str:
    parts = []
    for one in left:
        if one.undone:
            parts.append(f"“{one.unit.name}”还有 {one.undone} 项联办任务没有完成")
        elif not one.has_answered:
            parts.append(f"“{one.unit.name}”还没有答复")
        elif one.unit.code not in taken:
            parts.append(f"“{one.unit.name}”的意见没有勾选采纳")
    return f"{'；'.join(parts)}。请等答复、勾选采纳，或者在这里写明为什么不再等、不采纳。"


# --- joint tasks --------------------------------------------------------------------------------------------------


def _task(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    unit = find_unit("unit", cleaned["unit"])
    if unit.pk == turn.state.lead_unit_id:
        raise Incomplete({"unit": ["联办任务是交给其他单位的；本单位的请指派承办人。"]})
    check_unit("unit", turn.case, unit, turn.now)
    not_past(turn, "due_on", cleaned["due_on"])
    made = JointTask.objects.create(
        case=turn.case, unit=unit, what=cleaned["what"], due_on=cleaned["due_on"], given_at=turn.now
    )
    return {**cleaned, "task": made.pk, "unit_id": unit.pk, "unit_name": unit.name}


def _find_task(turn: Turn, pk: int) -> JointTask:
    rows = turn.case.tasks.select_for_update(of=("self",)).select_related("unit")
    found = rows.filter(pk=pk, done_at__isnull=True, dropped_at__isnull=True).first()
    if found is None:
        raise Incomplete({"task": ["没有这项未完成的联办任务，可能已经完成或者取消。"]})
    return found


def _task_done(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    task = _find_task(turn, cleaned["task"])
    post = turn.posts.get(Standing.ASSISTANT)
    if post is None or post.unit_id != task.unit_id:
        raise NotYou(f"这项任务由“{task.unit.name}”完成和登记。")
    task.done_at, task.done_by_id, task.result = turn.now, turn.actor.user_id, cleaned["result"]
    task.save()
    return {**cleaned, "unit_id": task.unit_id, "unit_name": task.unit.name}


def _task_dropped(turn: Turn, cleaned: dict[str, Any]) -> dict[str, Any]:
    """Take a task back; a unit that was here for it alone is asked for nothing any more and leaves the case."""
    task = _find_task(turn, cleaned["task"])
    task.dropped_at = turn.now
    task.save(update_fields=["dropped_at"])
    alone = task.unit_id in turn.state.tasked and not _has_part(turn, task.unit)
    gone = {"gone_id": task.unit_id} if alone else {}
    return {**cleaned, **gone, "unit_id": task.unit_id, "unit_name": task.unit.name}


def _has_part(turn: Turn, unit: Unit) -> bool:
    """Tell whether a unit has said or done something since the case was dispatched, has a task still or joined the team."""
    (heard,) = heard_of(turn.case, [unit.pk], turn.events)
    return bool(heard.opinion or heard.tasks) or turn.case.team.filter(unit=unit, left_at__isnull=True).exists()


def end_tasks(turn: Turn, unit_id: int | None = None) -> dict[str, Any]:
    """End the open tasks (of one unit) with a move that takes their units from the case; returns what its event keeps.

    `{ended_tasks: ids, ended_task_unit_ids, ended_task_units: names}`, nothing when there is none.
    """
    wanted = [pk for pk, unit in turn.state.tasks.items() if unit_id in (None, unit)]
    if not wanted:
        return {}
    turn.case.tasks.filter(pk__in=wanted).update(dropped_at=turn.now)
    units = Unit.objects.filter(pk__in=[turn.state.tasks[pk] for pk in wanted]).order_by("pk")
    return {
        "ended_tasks": wanted,
        "ended_task_unit_ids": [unit.pk for unit in units],
        "ended_task_units": [unit.name for unit in units],
    }


JOINT: Mapping[str, Callable[[Turn, dict[str, Any]], dict[str, Any] | None]] = {
    "assist": _assist,
    "resolve": _resolve,
    "task": _task,
    "task_done": _task_done,
    "task_drop": _task_dropped,
}
