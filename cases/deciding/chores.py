"""What the clock does between units: late joint tasks are chased."""

from __future__ import annotations

from datetime import datetime

from accounts.channels.planning import Message
from cases.choices import OPEN
from cases.models import JointTask
from cases.services.recipients import Recipients
from cases.services.telling_once import tell_once
from governance_portal.lib.working_days import SHANGHAI

BATCH = 500


def chase_tasks(now: datetime) -> int:
    """Tell once, the day after, that a joint task is undone: its unit, and the person in charge; returns how many."""
    today = now.astimezone(SHANGHAI).date()
    late = JointTask.objects.filter(
        due_on__lt=today, done_at__isnull=True, dropped_at__isnull=True, chased_at__isnull=True, case__status__in=OPEN
    ).select_related("case__complained_unit", "unit")
    return tell_once(late.order_by("due_on", "pk"), "chased_at", _undone, now, BATCH)


def _undone(task: JointTask, recipients: Recipients) -> Message:
    case, when = task.case, f"{task.due_on.month}月{task.due_on.day}日"
    leading = frozenset({case.handler_id}) if case.handler_id else recipients.officers(case.lead_unit_id)
    return Message(
        recipients.allowed(case, recipients.officers(task.unit_id) | leading),
        key=f"task:{task.pk}:late",
        title=f"{case.number} 联办任务没有按时完成",
        body=f"{task.unit.name}的联办任务应于 {when} 前完成。请{task.unit.name}登记完成情况，主办单位跟进。",
        case_number=case.number,
        kind="overdue",
    )
