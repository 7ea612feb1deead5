"""The clock's part: who has not come, or not finished, is chased; nothing is moved (workflow.md rule 7)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts.choices import Role
from accounts.notices import notify
from accounts.queries import actor_for, people_holding
from cases.choices import WhistleStage as Stage
from cases.models import WhistleCall
from cases.services.people import officers_of
from cases.whistling.queries import UNDER_WAY, visible_to
from governance_portal.lib.spoken import until_words

BATCH = 500
ARRIVE, FINISH = "arrive", "finish"


def chase_whistles(now: datetime) -> int:
    """Tell the department, the street and the supervisors of every part that ran late, once for each date.

    Idempotent and bounded: a part is marked in the transaction of its notices. Answers how many were chased.
    """
    late = Q(stage=Stage.CALLED, whistle__arrive_by__lt=now, chased="") | Q(
        Q(stage__in=UNDER_WAY, whistle__finish_by__lt=now) & ~Q(chased=FINISH)
    )
    ids = list(WhistleCall.objects.filter(late).order_by("pk").values_list("pk", flat=True)[:BATCH])
    return sum(_chase(pk, now) for pk in ids)


def _chase(pk: int, now: datetime) -> bool:
    with transaction.atomic():
        call = (
            WhistleCall.objects.select_for_update(of=("self",))
            .select_related("whistle", "whistle__unit", "unit")
            .get(pk=pk)
        )
        whistle = call.whistle
        if call.stage == Stage.CALLED and whistle.arrive_by < now and not call.chased:
            what, by = ARRIVE, whistle.arrive_by
        elif call.stage in UNDER_WAY and whistle.finish_by < now and call.chased != FINISH:
            what, by = FINISH, whistle.finish_by
        else:
            return False
        call.chased = what
        call.save(update_fields=["chased"])
        people = {user.pk for user in officers_of(call.unit_id, now)} | {whistle.called_by_id}
        people |= _overseers(call, now)
        words = "还没有报到" if what == ARRIVE else "还没有办结"
        title = f"{whistle.number} {call.unit}{words}"
        body = f"{whistle.unit.name}的哨，{until_words(by)}到期，{call.unit.name}{words}，请抓紧办理。"
        notify(people, f"whistle:{call.pk}:late:{what}", title, body, kind="whistle", now=now)
    return True


def _overseers(call: WhistleCall, now: datetime) -> set[int]:
    """The supervisors of the place who may read this whistle (rule 4)."""
    people = people_holding(Role.SUPERVISOR, now, area_code=call.whistle.area_code)
    return {user.pk for user in people if visible_to(actor_for(user, now), now).filter(pk=call.whistle_id).exists()}
