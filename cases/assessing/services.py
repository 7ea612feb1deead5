"""The course of a quarter's assessment: computed once, shown, graded by people, decided, archived. Each step is on record.

Every function locks the round, then raises NotYou (who), NotNow (when) or Incomplete (what), in this order.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.notices import notify
from accounts.queries import Actor
from cases import policies
from cases.assessing.access import check_decider, concerned
from cases.assessing.choices import AppealStage, Grade, Stage
from cases.assessing.computing import Result, compute
from cases.assessing.counting import count
from cases.assessing.plans import plan_for
from cases.assessing.quarters import Quarter, read_quarter
from cases.models import Appeal, AssessmentRound, GridAssessment, GridFigure, GridGrade
from cases.needs import is_storable
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, NotYours
from governance_portal.lib.spoken import full_words
from governance_portal.lib.working_days import Limit, LimitUnit, due
from grids.choices import WorkClass
from grids.models import Grid

#: 公示 lasts so many days (natural; a last day on a holiday moves on).
SHOWN_FOR = Limit(7, LimitUnit.NATURAL_DAY)
WORDS_LIMIT = 300
AT_ONCE = 500


def quarter_in(row: AssessmentRound) -> Quarter:
    """The quarter of a round."""
    found = read_quarter(row.quarter)
    if found is None:  # the database keeps none that is no quarter
        raise NotYours()
    return found


def locked(pk: int) -> AssessmentRound:
    """Lock a round; NotYours when there is none."""
    row = AssessmentRound.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None:
        raise NotYours()
    return row


def _stands(row: AssessmentRound, *stages: str) -> None:
    if row.stage not in stages:
        raise NotNow(f"这一季度的考核现在是“{row.get_stage_display()}”，您的操作未生效；请看过最新情况后再办。")


def _log(actor: Actor, action: str, row: AssessmentRound, detail: dict[str, Any], now: datetime, meta: Any) -> None:
    told = {"quarter": row.quarter, "work_class": row.work_class, **detail}
    audit.record(actor, action, f"assessment:{row.pk}", "", told, now=now, **meta)


# --- computing ----------------------------------------------------------------------------------------------------


def begin(actor: Actor, quarter: str, work_class: str, *, now: datetime, **meta: Any) -> AssessmentRound:
    """Compute a quarter of a class, proposed by the clock or not; once. Answers the round as a draft."""
    check_decider(actor, now)
    asked = read_quarter(quarter)
    errors: dict[str, list[str]] = {}
    if asked is None:
        errors["quarter"] = ["请选择季度。"]
    elif not asked.is_over(now):
        errors["quarter"] = [f"{asked.label}还没有结束，结束后再计算。"]
    if work_class not in WorkClass.values:
        errors["work_class"] = ["请选择工作类别。"]
    if errors or asked is None:
        raise Incomplete(errors)
    with transaction.atomic():
        row, _made = AssessmentRound.objects.get_or_create(
            quarter=asked.code, work_class=work_class, defaults={"proposed_at": now}
        )
        return _compute(actor, locked(row.pk), asked, now, meta)


def _compute(actor: Actor, row: AssessmentRound, quarter: Quarter, now: datetime, meta: Any) -> AssessmentRound:
    _stands(row, Stage.PROPOSED)
    plan = plan_for(row.work_class, quarter)
    if plan is None:
        raise NotNow("这一季度没有考核办法，请先由中心负责人发布。")
    grids = list(Grid.objects.active().filter(work_class=row.work_class).order_by("code").values_list("code", "name"))
    if not grids:
        raise NotNow("这一类没有在用的网格，不用考核。")
    counted = count([code for code, _name in grids], quarter.window, now, plan.weights)
    row.plan, row.stage, row.computed_at, row.computed_by_id = plan, Stage.DRAFT, now, actor.user_id
    row.save(update_fields=["plan", "stage", "computed_at", "computed_by"])
    results = [compute(plan.weights, plan.min_base, counted.get(code, {})) for code, _name in grids]
    made = GridAssessment.objects.bulk_create(
        [
            GridAssessment(
                round=row,
                grid_code=code,
                grid_name=name,
                total=result.total,
                sentence=result.sentence,
                made_at=now,
            )
            for (code, name), result in zip(grids, results, strict=True)
        ],
        batch_size=AT_ONCE,
    )
    GridFigure.objects.bulk_create(
        [figure for one, result in zip(made, results, strict=True) for figure in figures_of(one, result)],
        batch_size=AT_ONCE,
    )
    _log(actor, "assessment.computed", row, {"grids": len(made), "plan": plan.pk}, now, meta)
    return row


def figures_of(assessment: GridAssessment, result: Result) -> list[GridFigure]:
    """Return the rows of what was computed, unsaved."""
    return [
        GridFigure(
            assessment=assessment,
            indicator=figure.indicator,
            numerator=figure.numerator,
            denominator=figure.denominator,
            value=figure.value,
            weight=figure.weight,
            sentence=figure.sentence,
            cases=[[pk, good] for pk, good in figure.cases],
        )
        for figure in result.figures
    ]


# --- 公示 ---------------------------------------------------------------------------------------------------------


def show(actor: Actor, pk: int, *, now: datetime, **meta: Any) -> AssessmentRound:
    """Show the figures to those concerned for seven days and tell them that they may appeal; the notice has no figure."""
    check_decider(actor, now)
    with transaction.atomic():
        row = locked(pk)
        _stands(row, Stage.DRAFT)
        quarter = quarter_in(row)
        row.stage, row.shown_at, row.shown_by_id = Stage.SHOWN, now, actor.user_id
        row.appeal_until = due(now, SHOWN_FOR, policies.calendar()).due
        row.save(update_fields=["stage", "shown_at", "shown_by", "appeal_until"])
        grids = list(row.assessments.values_list("grid_code", flat=True))
        title = f"{quarter.label}{row.get_work_class_display()}考核公示"
        body = f"可在“本网格考核”里看算式和事项；有不同意见的，请在 {full_words(row.appeal_until)} 前提出申诉。"
        people = concerned(grids, quarter, now)
        notify(people, f"assessment:{row.pk}:shown", title, body, kind="other", now=now)
        _log(actor, "assessment.shown", row, {"people": len(people)}, now, meta)
    return row


# --- grades, by people --------------------------------------------------------------------------------------------


def grade(actor: Actor, pk: int, given: Mapping[int, tuple[str, str]], *, now: datetime, **meta: Any) -> int:
    """Keep what somebody concluded: `{id of the newest row: (grade, words)}`; answers how many changed.

    Only after the time for appeals, of grids without an open appeal. Errors are told as `grade-<id>`, `words-<id>`.
    """
    check_decider(actor, now)
    with transaction.atomic():
        row = locked(pk)
        _stands(row, Stage.SHOWN)
        _appeals_are_over(row, now)
        rows = row.assessments.filter(pk__in=given, corrected__isnull=True).order_by("pk")
        found = {one.pk: one for one in rows.select_related("grade")}
        if set(given) - set(found):
            raise NotNow("有网格的结果在申诉后更正过，您的评定没有生效；请看过更正后的结果再评定。")
        disputed = set(_unsettled(row).values_list("assessment__grid_code", flat=True))
        errors: dict[str, list[str]] = {}
        for key, (chosen, words) in given.items():
            errors |= _wrong(found[key], chosen, words, found[key].grid_code in disputed)
        if errors:
            raise Incomplete(errors)
        changed = sum(_keep(found[key], chosen, words, actor, now) for key, (chosen, words) in given.items())
        if changed:
            detail = {found[key].grid_code: chosen for key, (chosen, _words) in given.items()}
            _log(actor, "assessment.graded", row, {"grades": detail}, now, meta)
    return changed


def _appeals_are_over(row: AssessmentRound, now: datetime) -> None:
    if row.appeal_until is None or now < row.appeal_until:
        until = full_words(row.appeal_until) if row.appeal_until else "公示期满"
        raise NotNow(f"公示期还没有满，{until}后再评定：先听意见，后下结论。")


def _unsettled(row: AssessmentRound) -> Any:
    return Appeal.objects.filter(assessment__round=row).exclude(stage=AppealStage.SETTLED)


def _wrong(one: GridAssessment, chosen: str, words: str, disputed: bool) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    if chosen not in Grade.values:
        errors[f"grade-{one.pk}"] = ["请选择评定。"]
    elif disputed:
        errors[f"grade-{one.pk}"] = ["申诉还没有办结，办结后再评定。"]
    elif one.total is None and chosen not in (Grade.TOO_FEW, Grade.PASSED):
        errors[f"grade-{one.pk}"] = ["各项样本不足，只能选“样本不足，不评定”或“合格”。"]
    elif one.total is not None and chosen == Grade.TOO_FEW:
        errors[f"grade-{one.pk}"] = ["有计算值的，请选优秀、合格或需改进。"]
    elif chosen == Grade.IMPROVE and not words:
        errors[f"words-{one.pk}"] = ["评为需改进的，请写明哪里要改进。"]
    if len(words) > WORDS_LIMIT or not is_storable(words):
        errors[f"words-{one.pk}"] = [f"评语最多 {WORDS_LIMIT} 字，现在有 {len(words)} 字。"]
    return errors


def _keep(one: GridAssessment, chosen: str, words: str, actor: Actor, now: datetime) -> bool:
    before = getattr(one, "grade", None)
    if before is not None and (before.grade, before.words) == (chosen, words):
        return False
    GridGrade.objects.update_or_create(
        assessment=one,
        defaults={
            "grade": chosen,
            "words": words,
            "valued": one.total is not None,
            "graded_by_id": actor.user_id or 0,
            "graded_at": now,
        },
    )
    return True


def decide(actor: Actor, pk: int, *, now: datetime, **meta: Any) -> AssessmentRound:
    """Fix the grades: every grid has one, no appeal is open, and who computed is not who decides."""
    check_decider(actor, now)
    with transaction.atomic():
        row = locked(pk)
        _stands(row, Stage.SHOWN)
        _appeals_are_over(row, now)
        if row.computed_by_id == actor.user_id:
            raise NotYou("计算这一季度的人不能自己评定，请由另一位督办员或中心负责人评定。")
        if waiting := _unsettled(row).count():
            raise NotNow(f"还有 {waiting} 件申诉没有办结，办结后再评定。")
        if left := row.assessments.filter(corrected__isnull=True, grade__isnull=True).count():
            raise NotNow(f"还有 {left} 个网格没有评定，评定完再定案。")
        row.stage, row.decided_at, row.decided_by_id = Stage.DECIDED, now, actor.user_id
        row.save(update_fields=["stage", "decided_at", "decided_by"])
        _log(actor, "assessment.decided", row, {}, now, meta)
    return row


def archive(actor: Actor, pk: int, *, now: datetime, **meta: Any) -> AssessmentRound:
    """Put a decided round away."""
    check_decider(actor, now)
    with transaction.atomic():
        row = locked(pk)
        _stands(row, Stage.DECIDED)
        row.stage, row.archived_at, row.archived_by_id = Stage.ARCHIVED, now, actor.user_id
        row.save(update_fields=["stage", "archived_at", "archived_by"])
        _log(actor, "assessment.archived", row, {}, now, meta)
    return row
