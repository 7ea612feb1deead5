"""Plans in versions: the next one begins with a coming quarter and never changes the past (as limits do)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from accounts import audit
from accounts.queries import Actor
from cases.assessing.access import ONLY_THE_LEAD, check_decider, leads_plans
from cases.assessing.choices import Indicator
from cases.assessing.computing import Result, compute
from cases.assessing.counting import count
from cases.assessing.quarters import Quarter, quarter_of, read_quarter
from cases.models import AssessmentPlan
from cases.needs import is_storable
from governance_portal.lib.errors import Incomplete, NotNow, NotYou
from grids.choices import WorkClass

FEWEST, MOST = 3, 100
REASON_LIMIT = 200
BEFORE_YOU = "已有同一季度或更晚开始的新办法，您的这一版没有发布；请看过后再改。"


def plan_for(work_class: str, quarter: Quarter) -> AssessmentPlan | None:
    """Return the version that holds in a quarter; one statement."""
    begun = AssessmentPlan.objects.filter(work_class=work_class, since__lte=quarter.code)
    return begun.filter(Q(until="") | Q(until__gte=quarter.code)).order_by("-since").first()


def versions(work_class: str) -> list[AssessmentPlan]:
    """Every version of a class, the newest first; one statement."""
    return list(AssessmentPlan.objects.filter(work_class=work_class).order_by("-since"))


def draft_of(given: Mapping[str, str], work_class: str, now: datetime) -> tuple[AssessmentPlan, dict[str, list[str]]]:
    """Read what was typed: the version it would be, and the sentences beside the fields."""
    errors: dict[str, list[str]] = {}
    plan = AssessmentPlan(work_class=work_class)
    for code, label in Indicator.choices:
        setattr(plan, code, _whole(given, code, 0, 100, errors, f"{label}的权重填 0 到 100 的整数，0 为不看这一项。"))
    if not errors and (total := sum(getattr(plan, code) for code in Indicator.values)) != 100:
        errors["on_time"] = [f"各项权重之和应为 100，现在是 {total}。"]
    hint = f"最少件数填 {FEWEST} 到 {MOST} 的整数：件数太少，一件就能左右结果，也看得出是谁的评价。"
    plan.min_base = _whole(given, "min_base", FEWEST, MOST, errors, hint)
    plan.reason = given.get("reason", "").strip()
    if not plan.reason or len(plan.reason) > REASON_LIMIT or not is_storable(plan.reason):
        errors["reason"] = [f"请写明为什么改（{REASON_LIMIT} 字以内），如“区委政法委2027年1号文”。"]
    earliest = quarter_of(now).next
    since = read_quarter(given.get("since", "").strip())
    plan.since = (since or earliest).code
    if since is None or not earliest <= since <= Quarter(earliest.year + 1, earliest.number):
        errors["since"] = [f"从{earliest.label}起的一年里选：已开始的季度按原办法考核。"]
    return plan, errors


def _whole(
    given: Mapping[str, str], name: str, least: int, most: int, errors: dict[str, list[str]], sentence: str
) -> int:
    typed = given.get(name, "").strip()
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 3 and least <= int(typed) <= most):
        errors[name] = [sentence]
        return least
    return int(typed)


def publish(given: Mapping[str, str], work_class: str, actor: Actor, now: datetime, **meta: Any) -> AssessmentPlan:
    """Publish the next version of a class; the newest one ends with the quarter before.

    NotYou for who is not the centre's lead, Incomplete with sentences by field, NotNow when a version begins later already.
    """
    if not leads_plans(actor):
        raise NotYou(ONLY_THE_LEAD)
    check_decider(actor, now)
    if work_class not in WorkClass.values:
        raise Incomplete({"work_class": ["请选择工作类别。"]})
    try:
        return _publish(given, work_class, actor, now, meta)
    except IntegrityError as raced:  # on PostgreSQL whoever waited for the lock finds no open version any more
        raise NotNow(BEFORE_YOU) from raced


def _publish(given: Mapping[str, str], work_class: str, actor: Actor, now: datetime, meta: Any) -> AssessmentPlan:
    with transaction.atomic():
        before = AssessmentPlan.objects.select_for_update().filter(work_class=work_class, until="").first()
        plan, errors = draft_of(given, work_class, now)
        if errors:
            raise Incomplete(errors)
        if before is not None and before.since >= plan.since:
            raise NotNow(BEFORE_YOU)
        plan.author_name, plan.made_at = actor.name or actor.username, now
        since = read_quarter(plan.since)
        if before is not None and since is not None:
            before.until = since.before.code
            before.save(update_fields=["until"])
        plan.save(force_insert=True)
        detail = {"since": plan.since, "weights": plan.weights, "min_base": plan.min_base}
        audit.record(actor, "assessment.plan", f"assessment:{plan.pk}", plan.reason, detail, now=now, **meta)
    return plan


def preview(plan: AssessmentPlan, grid_code: str, quarter: Quarter, now: datetime) -> Result:
    """What this plan would say of one grid in a quarter; saves nothing."""
    counted = count([grid_code], quarter.window, now, plan.weights)
    return compute(plan.weights, plan.min_base, counted.get(grid_code, {}))
