"""What happens to a request: asked, granted or refused, a granted one taken back; each kept as a step that nobody changes.

Refusals are raised in this order: NotYours, NotYou, NotNow, Incomplete. A refused request may be made once more, with other
words, within ten days of the refusal: a unit that brings what was missing is heard, one that only insists is not. What was
taken back is over: the same people have looked at it twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.notices import notify
from accounts.queries import Actor
from cases import dossier
from cases.models import Case, ExclusionStep, RankingExclusion
from cases.needs import is_storable
from cases.ranking import access
from cases.ranking.choices import ExclusionAct, ExclusionStage, Ground, Ranked
from cases.services.recipients import Recipients
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, NotYours
from governance_portal.lib.masking import mask_text

WORDS_LIMIT = 1000
GRANTED = {"yes": True, "no": False, True: True, False: False}


def words_of(given: Mapping[str, Any], name: str, required: str) -> str:
    """Return what was written, with phones and ID numbers masked; Incomplete beside the field."""
    value = given.get(name) or ""
    if not isinstance(value, str):
        raise Incomplete({name: ["应为文字。"]})
    words = value.strip()
    if not words:
        raise Incomplete({name: [required]})
    if not is_storable(words):
        raise Incomplete({name: ["含有不能保存的字符，请重新输入。"]})
    if len(words) > WORDS_LIMIT:
        raise Incomplete({name: [f"最多 {WORDS_LIMIT} 字，现在有 {len(words)} 字。"]})
    return mask_text(words)


# --- asking -------------------------------------------------------------------------------------------------------


def ask(
    actor: Actor, number: str, given: Mapping[str, Any], *, now: datetime, **meta: Any
) -> tuple[RankingExclusion, bool]:
    """Ask that a matter be left out: `figure`, `ground`, `words`; answers the request and whether it is new.

    The same words of the same person sent again while nobody has decided are the same request.
    """
    with transaction.atomic():
        case = dossier.is_visible(actor, number, now)
        case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)  # one request at a time asks for one matter
        if not actor.user_id or not access.asks(case, actor, now):
            raise NotYou(access.ONLY_THE_UNIT)
        before = access.before(case)
        if same := _same(before, actor, given):
            return same, False
        if reason := access.why_nothing(case, before, now):
            raise NotNow(reason)
        figure, ground, words = _checked(given)
        if reason := access.why_not_ask(case, figure, before, now):
            raise NotNow(reason)
        earlier, moment = access.of_figure(case, figure, before), access.judged_at(case, figure, now)
        if earlier and words == earlier[-1].words:
            raise Incomplete({"words": ["上一次的理由没有被采纳，请补充新的情况再申请。"]})
        if case.lead_unit is None or moment is None:  # neither is without the other: `why_not_ask` has said so
            raise NotNow(access.NOTHING)
        made = RankingExclusion.objects.create(
            case=case,
            unit=case.lead_unit,
            figure=figure,
            round=access.round_of(case, figure),
            attempt=len(earlier) + 1,
            ground=ground,
            words=words,
            counted_at=moment,
            asked_by_id=actor.user_id,
            asked_at=now,
        )
        _step(made, ExclusionAct.ASKED, words, actor, now)
        _tell_deciders(made, case, now)
        _on_record(actor, "exclusion.asked", made, now, meta)
    return made, True


def _same(before: list[RankingExclusion], actor: Actor, given: Mapping[str, Any]) -> RankingExclusion | None:
    """What this person has asked with the very same words and nobody has decided yet."""
    words = given.get("words")
    if not isinstance(words, str):
        return None
    wanted = (actor.user_id, given.get("figure"), given.get("ground"), mask_text(words.strip()))
    found = (row for row in before if row.stage == ExclusionStage.OPEN)
    return next((row for row in found if (row.asked_by_id, row.figure, row.ground, row.words) == wanted), None)


def _checked(given: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return figure, ground and words; Incomplete with every field that is wrong."""
    wrong = {}
    for name, values, required in (
        ("figure", Ranked.values, "请选择从哪个指标剔除。"),
        ("ground", Ground.values, "请选择剔除的事由。"),
    ):
        if given.get(name) not in values:
            wrong[name] = [required]
    words = ""
    try:
        words = words_of(given, "words", "请写明经过：发生了什么，为什么不应当计入本单位。")
    except Incomplete as refused:
        wrong |= refused.errors
    if wrong:
        raise Incomplete(wrong)
    return str(given["figure"]), str(given["ground"]), words


def _step(row: RankingExclusion, kind: str, words: str, actor: Actor, now: datetime) -> None:
    ExclusionStep.objects.create(exclusion=row, kind=kind, words=words, by_id=actor.user_id or 0, at=now)


def _on_record(actor: Actor, action: str, row: RankingExclusion, now: datetime, meta: Mapping[str, Any]) -> None:
    detail = {"figure": row.figure, "unit": row.unit.code, "stage": row.stage}
    audit.record(actor, action, f"exclusion:{row.pk}", "", detail, now=now, **meta)


def _tell_deciders(row: RankingExclusion, case: Case, now: datetime) -> None:
    known, kind = Recipients(now), row.unit.kind
    people: frozenset[int] = frozenset()
    for role in access.deciding_roles(kind):
        people |= known.role(role, access.district())
    if people and kind != "centre":
        people |= known.centre_leads(access.district())
    people = known.allowed(case, people) - known.officers(row.unit_id) - {row.asked_by_id}
    title = f"{row.unit}申请把一件事项剔除出{row.get_figure_display()}"
    body = "请没有经办、审核过这件事项的同事看过理由后决定。"
    notify(people, f"exclusion:{row.pk}:asked", title, body, case_number=case.number, kind="other", now=now)


# --- deciding -----------------------------------------------------------------------------------------------------


def _locked(actor: Actor, pk: int, now: datetime) -> RankingExclusion:
    """Lock a request that this person may read and decide on."""
    access.find(actor, pk, now)
    row = (
        RankingExclusion.objects.select_for_update(of=("self",))
        .select_related("case__complained_unit", "unit")
        .filter(pk=pk)
        .first()
    )
    if row is None:
        raise NotYours()
    access.check_decider(actor, row, now)
    return row


def decide(actor: Actor, pk: int, given: Mapping[str, Any], *, now: datetime, **meta: Any) -> RankingExclusion:
    """Grant or refuse a request: `granted` ("yes", "no" or a boolean), `answer`; its unit is told."""
    with transaction.atomic():
        row = _locked(actor, pk, now)
        if row.stage != ExclusionStage.OPEN:
            raise NotNow(f"这份申请现在是“{row.get_stage_display()}”，您的决定没有生效。")
        chosen = given.get("granted")
        if not isinstance(chosen, str | bool) or chosen not in GRANTED:
            raise Incomplete({"granted": ["请选择同意剔除还是不同意。"]})
        answer = words_of(given, "answer", "请写明查了什么、依据什么。申请单位看得到。")
        granted = GRANTED[chosen]
        row.stage = ExclusionStage.GRANTED if granted else ExclusionStage.REFUSED
        row.decided_by_id, row.decided_at, row.answer = actor.user_id, now, answer
        row.save(update_fields=["stage", "decided_by", "decided_at", "answer"])
        _step(row, ExclusionAct.GRANTED if granted else ExclusionAct.REFUSED, answer, actor, now)
        _tell_unit(row, "decided", now)
        _on_record(actor, "exclusion.decided", row, now, meta)
    return row


def take_back(actor: Actor, pk: int, given: Mapping[str, Any], *, now: datetime, **meta: Any) -> RankingExclusion:
    """Count a matter again that was left out: `why`; its unit is told. Who granted it may do it, and any other decider."""
    with transaction.atomic():
        row = _locked(actor, pk, now)
        if row.stage != ExclusionStage.GRANTED:
            raise NotNow(f"这份申请现在是“{row.get_stage_display()}”，没有可以恢复计入的。")
        why = words_of(given, "why", "请写明为什么恢复计入。申请单位看得到。")
        row.stage, row.revoked_by_id, row.revoked_at, row.revoked_why = ExclusionStage.REVOKED, actor.user_id, now, why
        row.save(update_fields=["stage", "revoked_by", "revoked_at", "revoked_why"])
        _step(row, ExclusionAct.REVOKED, why, actor, now)
        _tell_unit(row, "revoked", now)
        _on_record(actor, "exclusion.revoked", row, now, meta)
    return row


def _tell_unit(row: RankingExclusion, what: str, now: datetime) -> None:
    """Its leads and who asked, while they are of the unit and may hear of the matter (rule 4)."""
    known = Recipients(now)
    people = known.leads(row.unit_id) | (frozenset({row.asked_by_id}) & known.officers(row.unit_id))
    title = f"{row.get_stage_display()}：一件事项的{row.get_figure_display()}"
    body = "理由请看“剔除申请”。"
    notify(
        known.allowed(row.case, people),
        f"exclusion:{row.pk}:{what}",
        title,
        body,
        case_number=row.case.number,
        kind="other",
        now=now,
    )
