"""What happens to a whistle after it was laid: arrived, at work, finished, rated by both sides, recalled.

Each takes the id of one department's part, judges it under a lock and raises, in this order, NotYours, NotNow, NotYou and
Incomplete. Source: 北京市接诉即办工作条例 §§16, 33 (both sides are assessed); facts §1.10, D28.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.models import Unit
from accounts.notices import notify
from accounts.queries import Actor
from cases.choices import WhistleStage as Stage
from cases.models import Case, Whistle, WhistleCall
from cases.needs import is_storable
from cases.services.door import record
from cases.services.finding import find_units
from cases.services.people import officers_of
from cases.whistling.calling import Call, lay, street_post
from cases.whistling.queries import acts_for, visible_to
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, NotYours
from governance_portal.lib.masking import mask_text
from governance_portal.lib.numbers import parse_number
from governance_portal.lib.spoken import full_words

WORDS_LIMIT, RESULT_LIMIT = 500, 5000
WORST_WITHOUT_WORDS = 2


def whistle(actor: Actor, given: Mapping[str, Any], *, now: datetime, client_id: str = "") -> tuple[Whistle, bool]:
    """Whistle for a case (`number`) or a place; answers the whistle and whether it is new.

    given: `kind, scale, place, what, units` (codes), `number?`. On a case it goes through the case's door, which holds
    rule 4 and keeps it in the history. The same `client_id` from the same person answers the first again; with another
    content NotNow.
    """
    if client_id and (before := _answered(actor, given, client_id)):
        return before, False
    try:
        with transaction.atomic():
            made = _whistle(actor, given, now)
            if client_id:
                made.client_id = client_id
                made.save(update_fields=["client_id"])
    except IntegrityError:
        if client_id and (before := _answered(actor, given, client_id)):
            return before, False
        raise
    return made, True


def _answered(actor: Actor, given: Mapping[str, Any], client_id: str) -> Whistle | None:
    before = Whistle.objects.filter(called_by_id=actor.user_id or 0, client_id=client_id).first()
    if before is None:
        return None
    told = (given.get("kind"), given.get("scale"), mask_text(_text(given, "place")), mask_text(_text(given, "what")))
    if told != (before.kind, before.scale, before.place, before.what):
        raise NotNow("同一个提交号已经用于另一次吹哨；请重新提交。")
    return before


def _whistle(actor: Actor, given: Mapping[str, Any], now: datetime) -> Whistle:
    number = _text(given, "number")
    if number:
        case = Case.objects.visible_to(actor, now).filter(number=parse_number(number) or "-").first()
        if case is None:
            raise Incomplete({"number": ["没有找到这个受理编号，或者不在您的管辖范围内。"]})
        wanted = {name: given[name] for name in ("kind", "scale", "place", "what", "units") if given.get(name)}
        event = record(case, "whistle", actor=actor, now=now, given=wanted)
        return Whistle.objects.get(pk=event.data["whistle"])
    post = street_post(actor)
    codes = given.get("units") or []
    units: list[Unit] = find_units("units", list(codes) if isinstance(codes, list | tuple) else [str(codes)])
    call = Call(_text(given, "kind"), _text(given, "scale"), _text(given, "place"), _text(given, "what"), tuple(units))
    return lay(actor, call, area_code=post.area_code if post else "", now=now)


def _text(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name) or ""
    if not isinstance(value, str):
        raise Incomplete({name: ["应为文字。"]})
    return value.strip()


# --- one department's part ----------------------------------------------------------------------------------------


def _open(actor: Actor, call_id: int, now: datetime) -> WhistleCall:
    """Lock one part of a whistle that this person may see; NotYours otherwise."""
    call = (
        WhistleCall.objects.select_for_update(of=("self",))
        .select_related("whistle", "whistle__unit", "unit")
        .filter(pk=call_id)
        .first()
    )
    if call is None or not visible_to(actor, now).filter(pk=call.whistle_id).exists():
        raise NotYours()
    return call


def _stands(call: WhistleCall, *stages: str) -> None:
    if call.stage not in stages:
        raise NotNow(
            f"{call.unit.name}的这一步现在是“{call.get_stage_display()}”，您的操作未生效；请看过最新情况后再办。"
        )


def _is_street(actor: Actor, call: WhistleCall) -> None:
    if not acts_for(actor, call.whistle.unit_id):
        raise NotYou(f"这一步由吹哨的{call.whistle.unit.name}办理。")


def _is_called(actor: Actor, call: WhistleCall) -> None:
    if not acts_for(actor, call.unit_id):
        raise NotYou(f"这一步由被呼叫的{call.unit.name}办理。")


def arrive(actor: Actor, call_id: int, given: Mapping[str, Any], *, now: datetime) -> WhistleCall:
    """Say that the department has come; the street says it, nobody clocks in. given: `who` (office or name, optional)."""
    with transaction.atomic():
        call = _open(actor, call_id, now)
        _stands(call, Stage.CALLED)
        _is_street(actor, call)
        who = _checked(given, "who", 60)
        call.stage, call.arrived_at, call.arrived_who = Stage.ARRIVED, now, who
        call.save(update_fields=["stage", "arrived_at", "arrived_who"])
        audit.record(actor, "whistle_arrived", f"whistle:{call.whistle.number}", "", {"unit": call.unit.code}, now=now)
    return call


def start(actor: Actor, call_id: int, *, now: datetime) -> WhistleCall:
    """The department is at work on it."""
    with transaction.atomic():
        call = _open(actor, call_id, now)
        _stands(call, Stage.ARRIVED)
        _is_called(actor, call)
        call.stage, call.started_at = Stage.HANDLING, now
        call.save(update_fields=["stage", "started_at"])
    return call


def finish(actor: Actor, call_id: int, given: Mapping[str, Any], *, now: datetime) -> WhistleCall:
    """The department says what came of it (`result`); the street is told and asked to rate."""
    with transaction.atomic():
        call = _open(actor, call_id, now)
        _stands(call, Stage.ARRIVED, Stage.HANDLING)
        _is_called(actor, call)
        result = _checked(given, "result", RESULT_LIMIT, "请写明处置结果：查了什么、怎么办的、还有什么要跟进。")
        call.stage, call.finished_at, call.result = Stage.FINISHED, now, mask_text(result)
        call.started_at = call.started_at or now
        call.save(update_fields=["stage", "started_at", "finished_at", "result"])
        title = f"{call.whistle.number} {call.unit}已办结"
        body = "请看处置结果，并给这次配合打分。"
        people = [call.whistle.called_by_id]
        notify(people, f"whistle:{call.pk}:finished", title, body, kind="whistle", now=now)
    return call


def rate(actor: Actor, call_id: int, given: Mapping[str, Any], *, now: datetime) -> WhistleCall:
    """Rate the other side, 1 to 5 (5 best), once; who rates 1 or 2 says why. Both rated: 已双评."""
    with transaction.atomic():
        call = _open(actor, call_id, now)
        _stands(call, Stage.FINISHED, Stage.RATED)
        street, called = acts_for(actor, call.whistle.unit_id), acts_for(actor, call.unit_id)
        if not street and not called:
            raise NotYou("评价由吹哨的街道和被呼叫的部门互相作出。")
        side = "street" if street else "unit"
        if getattr(call, f"{side}_score") is not None:
            raise NotNow("您这一方已经评价过了，不能再改。")
        score, words = _score(given), _checked(given, "words", WORDS_LIMIT)
        if score <= WORST_WITHOUT_WORDS and not words:
            raise Incomplete({"words": ["评 1 分、2 分的，请写明哪里没有做好。"]})
        setattr(call, f"{side}_score", score)
        setattr(call, f"{side}_words", mask_text(words))
        if call.street_score is not None and call.unit_score is not None:
            call.stage = Stage.RATED
        call.save(update_fields=["stage", f"{side}_score", f"{side}_words"])
    return call


def recall(actor: Actor, call_id: int, given: Mapping[str, Any], *, now: datetime) -> WhistleCall:
    """Take back a call that nobody has answered yet, for a reason; the department is told."""
    with transaction.atomic():
        call = _open(actor, call_id, now)
        _stands(call, Stage.CALLED)
        _is_street(actor, call)
        reason = _checked(given, "reason", 200, "请写明撤回的原因。")
        call.stage, call.recalled_at, call.recall_reason = Stage.RECALLED, now, reason
        call.save(update_fields=["stage", "recalled_at", "recall_reason"])
        people = [user.pk for user in officers_of(call.unit_id, now)]
        title = f"{call.whistle.number} 已撤回"
        body = f"{call.whistle.unit.name}已于 {full_words(now)} 撤回，不用报到。"
        notify(people, f"whistle:{call.pk}:recalled", title, body, kind="whistle", now=now)
        audit.record(actor, "whistle_recalled", f"whistle:{call.whistle.number}", reason, now=now)
    return call


def _checked(given: Mapping[str, Any], name: str, most: int, required: str = "") -> str:
    text = _text(given, name)
    if not text and required:
        raise Incomplete({name: [required]})
    if len(text) > most or not is_storable(text):
        raise Incomplete({name: [f"最多 {most} 字，现在有 {len(text)} 字。"]})
    return text


def _score(given: Mapping[str, Any]) -> int:
    value = given.get("score")
    whole = str(value) if not isinstance(value, bool) else ""
    if whole not in {"1", "2", "3", "4", "5"}:
        raise Incomplete({"score": ["请选 1 到 5 分，5 分最好。"]})
    return int(whole)
