"""Appeals: words of those concerned, an answer with reasons by somebody who did not compute, confirmed by a third.

Nobody decides an appeal alone and nobody their own. An appeal that is right leaves cases out, named singly; the
corrected row is computed from the frozen cases without them and stands beside the first, which stays.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.notices import notify
from accounts.queries import Actor
from cases.assessing.access import check_decider, may_appeal, overseers
from cases.assessing.choices import AppealStage, Stage, Step
from cases.assessing.computing import compute
from cases.assessing.services import figures_of, locked, quarter_in
from cases.models import Appeal, AppealStep, AssessmentRound, GridAssessment, GridFigure
from cases.needs import is_storable
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, NotYours
from governance_portal.lib.masking import mask_text

WORDS_LIMIT = 2000
#: `(indicator, case id)`: left out of one indicator.
Removed = tuple[str, int]


def words_of(given: Mapping[str, str], name: str, required: str) -> str:
    """Return what was written, with phones and ID numbers masked; Incomplete beside the field."""
    words = given.get(name, "").strip()
    if not words:
        raise Incomplete({name: [required]})
    if len(words) > WORDS_LIMIT or not is_storable(words):
        raise Incomplete({name: [f"最多 {WORDS_LIMIT} 字，现在有 {len(words)} 字。"]})
    return mask_text(words)


def _step(appeal: Appeal, kind: str, words: str, actor: Actor, now: datetime) -> None:
    AppealStep.objects.create(appeal=appeal, kind=kind, words=words, by_id=actor.user_id or 0, at=now)


def make(
    actor: Actor, round_pk: int, grid_code: str, given: Mapping[str, str], *, now: datetime, **meta: Any
) -> tuple[Appeal, bool]:
    """Appeal against the newest row of a grid; answers the appeal and whether it is new (sent twice, it is one).

    NotYours for who neither served the grid in the quarter nor leads its community, NotNow outside of 公示.
    """
    with transaction.atomic():
        row = AssessmentRound.objects.select_for_update(of=("self",)).filter(pk=round_pk).first()
        quarter = quarter_in(row) if row else None
        if row is None or quarter is None or not actor.user_id or not may_appeal(actor, grid_code, quarter):
            raise NotYours()
        newest = row.assessments.filter(grid_code=grid_code, corrected__isnull=True).first()
        if newest is None or row.stage in (Stage.PROPOSED, Stage.DRAFT):
            raise NotYours()
        if row.stage != Stage.SHOWN or row.appeal_until is None or now >= row.appeal_until:
            raise NotNow("申诉期已过。对评定还有意见的，请向区综治中心负责人反映。")
        words = words_of(given, "words", "请写明哪一项、哪一件不对，为什么。")
        appeal, made = Appeal.objects.get_or_create(
            assessment=newest, made_by_id=actor.user_id, defaults={"words": words, "made_at": now}
        )
        if made:
            _step(appeal, Step.MADE, words, actor, now)
            title = f"{quarter.label}网格考核有一件申诉"
            body = f"{newest.grid_name}对计算结果提出申诉，请没有计算本季度的同事答复。"
            people = overseers(now) - {row.computed_by_id or 0}
            notify(people, f"appeal:{appeal.pk}:made", title, body, kind="other", now=now)
            audit.record(actor, "assessment.appealed", f"assessment:{row.pk}", "", {"grid": grid_code}, now=now, **meta)
    return appeal, made


def _open(actor: Actor, pk: int, now: datetime) -> Appeal:
    """Lock an appeal for somebody who may judge it."""
    check_decider(actor, now)
    appeal = (
        Appeal.objects.select_for_update(of=("self",)).select_related("assessment__round__plan").filter(pk=pk).first()
    )
    if appeal is None:
        raise NotYours()
    if appeal.made_by_id == actor.user_id:
        raise NotYou("自己提出的申诉由别人办理。")
    if appeal.assessment.round.computed_by_id == actor.user_id:
        raise NotYou("计算这一季度的人不办理申诉，请由其他督办员或中心负责人办理。")
    return appeal


def answer(
    actor: Actor,
    pk: int,
    given: Mapping[str, str],
    removed: Collection[Removed],
    *,
    now: datetime,
    **meta: Any,
) -> Appeal:
    """Draft the answer: `upheld` "yes" or "no", reasons (`answer`), which cases are left out. Somebody else confirms it."""
    with transaction.atomic():
        appeal = _open(actor, pk, now)
        if appeal.stage != AppealStage.OPEN:
            raise NotNow(f"这件申诉现在是“{appeal.get_stage_display()}”，您的答复没有生效。")
        words = words_of(given, "answer", "请写明查了什么、依据什么，成立或不成立的理由。")
        chosen = given.get("upheld", "")
        counted = {(one.indicator, pk) for one in appeal.assessment.figures.all() for pk, _good in one.cases}
        if chosen not in ("yes", "no"):
            raise Incomplete({"upheld": ["请选择申诉成立还是不成立。"]})
        if chosen == "yes" and not removed:
            raise Incomplete({"removed": ["申诉成立的，请选出哪几件不计入。"]})
        if chosen == "no" and removed:
            raise Incomplete({"removed": ["申诉不成立的，不要选不计入的事项。"]})
        if set(removed) - counted:
            raise Incomplete({"removed": ["选的事项不在这个网格的计算里，请重新选择。"]})
        appeal.stage, appeal.answer, appeal.upheld = AppealStage.ANSWERED, words, chosen == "yes"
        appeal.removed = [[indicator, case] for indicator, case in sorted(removed)]
        appeal.answered_by_id, appeal.answered_at = actor.user_id, now
        appeal.save(update_fields=["stage", "answer", "upheld", "removed", "answered_by", "answered_at"])
        _step(appeal, Step.ANSWERED, words, actor, now)
        detail = {"appeal": appeal.pk, "upheld": appeal.upheld, "removed": appeal.removed}
        target = f"assessment:{appeal.assessment.round_id}"
        audit.record(actor, "assessment.answered", target, "", detail, now=now, **meta)
    return appeal


def confirm(actor: Actor, pk: int, *, now: datetime, **meta: Any) -> Appeal:
    """Confirm somebody else's answer; what is right is corrected, those who appealed are told."""
    with transaction.atomic():
        appeal = _to_confirm(actor, pk, now)
        appeal.stage, appeal.confirmed_by_id, appeal.confirmed_at = AppealStage.SETTLED, actor.user_id, now
        if appeal.upheld:
            appeal.correction = _correct(appeal, now)
        appeal.save(update_fields=["stage", "confirmed_by", "confirmed_at", "correction"])
        _step(appeal, Step.CONFIRMED, "", actor, now)
        title = f"申诉{'成立' if appeal.upheld else '不成立'}：{appeal.assessment.grid_name}"
        key = f"appeal:{appeal.pk}:settled"
        notify([appeal.made_by_id], key, title, "答复和理由请看“本网格考核”。", kind="other", now=now)
        detail = {"appeal": appeal.pk, "upheld": appeal.upheld}
        target = f"assessment:{appeal.assessment.round_id}"
        audit.record(actor, "assessment.confirmed", target, "", detail, now=now, **meta)
    return appeal


def send_back(actor: Actor, pk: int, given: Mapping[str, str], *, now: datetime, **meta: Any) -> Appeal:
    """Do not confirm: the appeal waits for another answer; what was drafted stays on record as a step."""
    with transaction.atomic():
        appeal = _to_confirm(actor, pk, now)
        words = words_of(given, "back", "请写明为什么不同意这份答复。")
        appeal.stage, appeal.answer, appeal.upheld, appeal.removed = AppealStage.OPEN, "", None, []
        appeal.answered_by_id, appeal.answered_at = None, None
        appeal.save(update_fields=["stage", "answer", "upheld", "removed", "answered_by", "answered_at"])
        _step(appeal, Step.SENT_BACK, words, actor, now)
        target = f"assessment:{appeal.assessment.round_id}"
        audit.record(actor, "assessment.sent_back", target, "", {"appeal": appeal.pk}, now=now, **meta)
    return appeal


def _to_confirm(actor: Actor, pk: int, now: datetime) -> Appeal:
    appeal = _open(actor, pk, now)
    if appeal.stage != AppealStage.ANSWERED:
        raise NotNow(f"这件申诉现在是“{appeal.get_stage_display()}”，您的操作没有生效。")
    if appeal.answered_by_id == actor.user_id:
        raise NotYou("申诉不由一个人定：请由另一位督办员或中心负责人会签。")
    return appeal


def _correct(appeal: Appeal, now: datetime) -> GridAssessment:
    """Compute the newest row of the grid anew without the cases that are left out."""
    # Two appeals of one grid, confirmed at once, are corrected one after the other.
    round_ = locked(appeal.assessment.round_id)
    newest = round_.assessments.get(grid_code=appeal.assessment.grid_code, corrected__isnull=True)
    out = {(indicator, pk) for indicator, pk in appeal.removed}
    cases = {
        figure.indicator: [(pk, good) for pk, good in figure.cases if (figure.indicator, pk) not in out]
        for figure in newest.figures.all()
    }
    plan = round_.plan
    if plan is None:  # the database keeps no computed round without one
        raise NotNow("这一季度没有考核办法。")
    result = compute(plan.weights, plan.min_base, cases)
    made = GridAssessment.objects.create(
        round=round_,
        grid_code=newest.grid_code,
        grid_name=newest.grid_name,
        version=newest.version + 1,
        corrects=newest,
        reason=f"申诉成立，{len(out)} 处不计入：{appeal.answer}"[:500],
        total=result.total,
        sentence=result.sentence,
        made_at=now,
    )
    GridFigure.objects.bulk_create(figures_of(made, result))
    return made
