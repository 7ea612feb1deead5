"""议事 through its doors: a topic, what is said of it, a meeting, its decisions, signed; each decision at most one case.

Source: facts row 2.7 (居民议事、网格议事、会议定事、联动办事). Signed, nothing of a meeting changes; the database holds it (0029).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.queries import Actor
from cases.caring.posts import leads_in, working, works_in
from cases.councils.choices import DISCUSSED
from cases.councils.queries import NO_POST, NOTHING, find_decision, find_meeting, find_topic, find_wish, units_for
from cases.councils.wishes import NOT_WORKING, area_need, case_of, dates_between
from cases.models import CouncilDecision, CouncilMeeting, CouncilTopic, TopicWord
from cases.needs import Need, clean
from governance_portal.lib.errors import Incomplete, NotNow, NotYou
from governance_portal.lib.masking import mask_text
from governance_portal.lib.working_days import day_of

TITLE_LIMIT, TEXT_LIMIT, MINUTES_LIMIT, DECISION_LIMIT = 100, 1000, 5000, 300
MOST_PEOPLE, MOST_DECISIONS = 5000, 30
NO_NAMES = "写意见，不写谁说的。"
SIGNED = "纪要已经签发，不能再改；有新的决定，请另开一次会。"


def _for(actor: Actor, area_code: str) -> None:
    if not works_in(actor, area_code):
        raise NotYou(NOT_WORKING)


# --- a topic ------------------------------------------------------------------------------------------------------


def topic_needs(actor: Actor) -> tuple[Need, ...]:
    """What a topic asks for."""
    return (
        area_need(actor),
        Need("title", "议什么事", "text", maximum=TITLE_LIMIT),
        Need("what", "说明", "longtext", required=False, maximum=TEXT_LIMIT, help="不写姓名、电话。"),
    )


def raise_topic(
    actor: Actor, given: Mapping[str, Any], *, now: datetime, wish_pk: int | None = None, client_id: str = ""
) -> tuple[CouncilTopic, bool]:
    """Raise a topic, perhaps of a wish; answers it and whether it is new."""
    if not working(actor):
        raise NotYou(NO_POST)
    if client_id and (before := _sent(CouncilTopic, actor, client_id)):
        return before, False
    cleaned, errors = clean(topic_needs(actor), given)
    wish = find_wish(actor, wish_pk) if wish_pk else None
    if wish is not None and cleaned.get("area") and cleaned["area"] != wish.area_code:
        errors["area"] = ["心愿是别的社区的，请在那个社区议。"]
    if errors:
        raise Incomplete(errors)
    made, fresh = _once(
        CouncilTopic,
        actor,
        client_id,
        area_code=cleaned["area"],
        title=mask_text(cleaned["title"]),
        what=mask_text(cleaned.get("what", "")),
        raised_on=day_of(now),
        wish=wish,
    )
    return made, fresh


def _sent(model: Any, actor: Actor, client_id: str) -> Any:
    return model.objects.filter(made_by_id=actor.user_id or 0, client_id=client_id).first()


def _once(model: Any, actor: Actor, client_id: str, **values: Any) -> tuple[Any, bool]:
    try:
        with transaction.atomic():
            return model.objects.create(made_by_id=actor.user_id or 0, client_id=client_id, **values), True
    except IntegrityError:
        if client_id and (before := _sent(model, actor, client_id)):
            return before, False
        raise


WORD_NEEDS: tuple[Need, ...] = (
    Need("stage", "在哪里议的", "choice", choices=DISCUSSED),
    Need("day", "哪天", "date"),
    Need("people", "几个人", "integer", required=False, minimum=1, maximum=MOST_PEOPLE),
    Need("text", "大家的意见", "longtext", maximum=TEXT_LIMIT, help=NO_NAMES),
)


def say(actor: Actor, topic_pk: int, given: Mapping[str, Any], *, now: datetime) -> TopicWord:
    """Write down what was said; it is never changed, so the same words pressed twice are one. NotNow once the meeting was signed."""
    topic = find_topic(actor, topic_pk)
    _for(actor, topic.area_code)
    cleaned, errors = clean(WORD_NEEDS, given)
    for name, sentences in dates_between(cleaned, day_of(now), "day", "-").items():
        errors.setdefault(name, sentences)
    with transaction.atomic():  # the meeting first, as whoever makes its agenda
        meeting = CouncilMeeting.objects.select_for_update().filter(pk=topic.meeting_id or 0).first()
        CouncilTopic.objects.select_for_update().get(pk=topic.pk)
        if topic.decided or (meeting is not None and meeting.signed_on is not None):
            raise NotNow("这个议题会上已经定了，不能再补意见。")
        if errors:
            raise Incomplete(errors)
        word, _new = TopicWord.objects.get_or_create(
            topic_id=topic.pk,
            stage=cleaned["stage"],
            day=cleaned["day"],
            people=cleaned.get("people"),
            text=mask_text(cleaned["text"]),
            made_by_id=actor.user_id or 0,
        )
    return word


# --- a meeting ----------------------------------------------------------------------------------------------------


def meeting_needs(actor: Actor) -> tuple[Need, ...]:
    """What calling a meeting asks for."""
    return (
        area_need(actor),
        Need("title", "会议名称", "text", maximum=TITLE_LIMIT),
        Need("day", "哪天开", "date"),
        Need("place", "在哪里开", "text", maximum=120),
    )


def call_meeting(
    actor: Actor, given: Mapping[str, Any], *, now: datetime, client_id: str = ""
) -> tuple[CouncilMeeting, bool]:
    """Call a meeting, held or to come; answers it and whether it is new."""
    if not working(actor):
        raise NotYou(NO_POST)
    if client_id and (before := _sent(CouncilMeeting, actor, client_id)):
        return before, False
    cleaned, errors = clean(meeting_needs(actor), given)
    today = day_of(now)
    if (day := cleaned.get("day")) and abs((day - today).days) > 366:
        errors["day"] = ["日期应在前后一年之内。"]
    if errors:
        raise Incomplete(errors)
    return _once(
        CouncilMeeting,
        actor,
        client_id,
        area_code=cleaned["area"],
        title=mask_text(cleaned["title"]),
        day=cleaned["day"],
        place=cleaned["place"],
    )


def _unsigned(actor: Actor, pk: int) -> CouncilMeeting:
    """Lock a meeting that is not signed; NotYours, NotNow, NotYou."""
    found = find_meeting(actor, pk)
    row: CouncilMeeting = CouncilMeeting.objects.select_for_update().get(pk=found.pk)
    if row.signed_on is not None:
        raise NotNow(SIGNED)
    _for(actor, row.area_code)
    return row


def put_on_agenda(actor: Actor, pk: int, topic_pk: int, *, on: bool, now: datetime) -> CouncilMeeting:
    """Put a topic of the community on the agenda, or take it off while nothing was decided of it."""
    with transaction.atomic():
        meeting = _unsigned(actor, pk)
        topic = CouncilTopic.objects.select_for_update().get(pk=find_topic(actor, topic_pk).pk)
        if topic.area_code != meeting.area_code:
            raise NotNow("这个议题是别的社区的。")
        if on and topic.meeting_id not in (None, meeting.pk):
            raise NotNow("这个议题已经列入另一次会。")
        if not on and (topic.meeting_id != meeting.pk or meeting.decisions.filter(topic_id=topic.pk).exists()):
            raise NotNow("会上已经就这个议题记了决定，不能撤下。")
        CouncilTopic.objects.filter(pk=topic.pk).update(meeting=meeting if on else None)
    return meeting


MINUTES_NEEDS: tuple[Need, ...] = (
    Need("attendance", "到会人数", "integer", minimum=1, maximum=MOST_PEOPLE, help="只记人数，不记居民姓名。"),
    Need("minutes", "纪要", "longtext", maximum=MINUTES_LIMIT, help="议了什么、有哪些意见、怎么定的；不写居民姓名。"),
)


def write_minutes(actor: Actor, pk: int, given: Mapping[str, Any], *, now: datetime) -> CouncilMeeting:
    """Write how many came and what was said; as often as needed until signed."""
    cleaned, errors = clean(MINUTES_NEEDS, given)
    with transaction.atomic():
        meeting = _unsigned(actor, pk)
        if errors:
            raise Incomplete(errors)
        meeting.attendance, meeting.minutes = cleaned["attendance"], mask_text(cleaned["minutes"])
        meeting.save(update_fields=["attendance", "minutes"])
    return meeting


def decision_needs(meeting: CouncilMeeting) -> tuple[Need, ...]:
    """What a decision asks for."""
    topics = tuple((str(pk), title) for pk, title in meeting.topics.values_list("pk", "title"))
    units = tuple((unit.code, unit.name) for unit in units_for(meeting.area_code)) or NOTHING
    about = (Need("topic", "哪个议题", "choice", required=False, choices=topics),) if topics else ()
    return (
        *about,
        Need("what", "定了什么", "text", maximum=DECISION_LIMIT, help="谁来做什么；不写居民姓名。"),
        Need("unit", "责任单位", "choice", choices=units, help="要部门办的，先由社区负责，签发后点“登记为事项”。"),
        Need("due_on", "期限", "date"),
    )


def decide(actor: Actor, pk: int, given: Mapping[str, Any], *, now: datetime) -> CouncilDecision:
    """Add a decision to a meeting that is not signed."""
    with transaction.atomic():
        meeting = _unsigned(actor, pk)
        cleaned, errors = clean(decision_needs(meeting), given)
        for name, sentences in dates_between(cleaned, day_of(now), "-", "due_on").items():
            errors.setdefault(name, sentences)
        if errors:
            raise Incomplete(errors)
        unit = next(one for one in units_for(meeting.area_code) if one.code == cleaned["unit"])
        decided: dict[str, Any] = {
            "topic_id": int(cleaned["topic"]) if cleaned.get("topic") else None,
            "what": mask_text(cleaned["what"]),
            "unit": unit,
            "due_on": cleaned["due_on"],
        }
        if before := meeting.decisions.filter(**decided).first():  # pressed twice
            return before
        if meeting.decisions.count() >= MOST_DECISIONS:
            raise NotNow(f"一次会最多记 {MOST_DECISIONS} 条决定。")
        return CouncilDecision.objects.create(meeting=meeting, **decided)


def strike(actor: Actor, decision_pk: int, *, now: datetime) -> CouncilMeeting:
    """Take a decision off while the meeting is not signed."""
    with transaction.atomic():
        found = find_decision(actor, decision_pk)
        meeting = _unsigned(actor, found.meeting_id)
        CouncilDecision.objects.filter(pk=found.pk).delete()
    return meeting


def sign(actor: Actor, pk: int, *, now: datetime) -> CouncilMeeting:
    """The community's or street's lead signs the minutes; from then on nothing of it changes."""
    with transaction.atomic():
        meeting = _unsigned(actor, pk)
        if not leads_in(actor, meeting.area_code):
            raise NotYou("纪要由社区或街道的负责人签发。")
        if meeting.day > day_of(now):
            raise NotNow("会还没有开，开过以后再签发。")
        if not meeting.minutes or meeting.attendance is None:
            raise NotNow("请先写好到会人数和纪要，再签发。")
        meeting.signed_on, meeting.signed_by_id = day_of(now), actor.user_id
        meeting.save(update_fields=["signed_on", "signed_by"])
        audit.record(actor, "council_signed", f"council:{meeting.pk}", now=now)
    return meeting


# --- what becomes of a decision -----------------------------------------------------------------------------------


def _to_do(actor: Actor, pk: int) -> CouncilDecision:
    """Lock a decision of a signed meeting that is not done; NotYours, NotNow, NotYou."""
    found = find_decision(actor, pk)
    row: CouncilDecision = CouncilDecision.objects.select_for_update(of=("self",)).get(pk=found.pk)
    if found.meeting.signed_on is None:
        raise NotNow("纪要还没有签发，签发后再办。")
    if row.done_on is not None:
        raise NotNow("这条决定已经办成了。")
    _for(actor, found.meeting.area_code)
    return row


def become_case(actor: Actor, pk: int, kind: str, *, now: datetime) -> tuple[CouncilDecision, bool]:
    """Register a matter of a decision through the door; answers it and whether this call made it: exactly one, however many press."""
    with transaction.atomic():
        row = _to_do(actor, pk)
        if row.case_id is not None:
            return row, False
        meeting = row.meeting
        words = f"{meeting.title}（{meeting.day.year}年{meeting.day.month}月{meeting.day.day}日）议定：{row.what}"
        row.case = case_of(actor, kind, words, meeting.area_code, f"decision:{row.uid}", now)
        row.save(update_fields=["case"])
        audit.record(actor, "council_case", f"council:{meeting.pk}", now=now)
    return row, True


RESULT_NEEDS: tuple[Need, ...] = (Need("result", "怎么办成的", "longtext", maximum=500),)


def done(actor: Actor, pk: int, given: Mapping[str, Any], *, now: datetime) -> CouncilDecision:
    """The community did it itself; one that is a case is done when the case is."""
    cleaned, errors = clean(RESULT_NEEDS, given)
    with transaction.atomic():
        row = _to_do(actor, pk)
        if row.case is not None and row.case.is_open:
            raise NotNow("这条决定已登记为事项，还没有办结；办结以后再记办成。")
        if errors:
            raise Incomplete(errors)
        row.done_on, row.result = day_of(now), mask_text(cleaned["result"])
        row.save(update_fields=["done_on", "result"])
    return row
