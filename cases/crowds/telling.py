"""What the resident of a merged matter reads of the one it went into: each public step; of a joint matter words and answer too.

Texts to the first resident are his own. From the moment a matter is declared a joint one (`Crowd.since`) what is written
publicly is written for all of its residents, and each of them reads it on the page of their own number (facts §8 row 3.16);
what one of them wrote or was asked for stays that one's (`WRITTEN_FOR_ALL`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from cases.choices import Status
from cases.models import Case, Crowd, Event, SubItem

#: Steps whose words are a unit's or an authority's name, never a text to somebody.
NAMES_ONLY = ("dispatch", "conclude", "reassign", "transfer")
#: Steps whose words are written for all residents of a joint matter; what is not here is told without its words (white list).
WRITTEN_FOR_ALL = (*NAMES_ONLY, "note", "decide", "decline", "terminate")
ANSWERED = (Status.FOLLOW_UP, Status.CLOSED, Status.ARCHIVED)
#: Of the master's own ending the resident is told in a line of its own.
ENDINGS = ("close_verified", "confirm", "close_unreached", "close_uncalled", "close_explained", "import_result")
ANSWER_LABEL = "合并办理的事项已答复"
NEXT_WORDS = "这是许多居民共同的诉求，一起办理；每一步、进展和答复都会显示在这里。"
Words = Callable[[Event], tuple[str, str] | None]


@dataclass(frozen=True)
class FromMaster:
    """What comes from the master: lines of the history, the answer ("" while there is none for all)."""

    events: tuple[dict[str, Any], ...]
    reply: str


def from_master(case: Case, own: Sequence[Event], words: Words) -> FromMaster:
    """Return what a merged matter's resident reads of its master since the merge; two queries."""
    master = case.master
    if master is None:
        return FromMaster((), "")
    since = next((event.at for event in reversed(own) if event.kind == "merge"), None)
    if since is None:
        return FromMaster((), "")
    crowd = Crowd.objects.filter(case=master, ended_at__isnull=True).first()
    shown, reply = [], ""
    for event in Event.objects.filter(case=master).order_by("seq"):
        for_all = crowd is not None and event.at >= crowd.since
        if event.kind in ("resolve", "resolve_on_spot") and for_all:
            reply = str(event.data.get("reply", ""))
        if event.at >= since and (line := _line(event, words, for_all)):
            shown.append(line)
    return FromMaster(tuple(shown), reply if master.status in ANSWERED else "")


def _line(event: Event, words: Words, for_all: bool) -> dict[str, Any] | None:
    told = words(event)
    if told is None or event.kind in ENDINGS:
        return None
    label = ANSWER_LABEL if event.kind in ("approve", "resolve_on_spot") else told[0]
    text = told[1] if event.kind in (WRITTEN_FOR_ALL if for_all else NAMES_ONLY) else ""
    return None if event.kind == "note" and not text else {"at": event.at, "label": label, "text": text}


def crowd_shown(case: Case) -> dict[str, Any] | None:
    """`{name, measure, done, total, since}` of the joint matter a resident's matter belongs to, or None; two queries at most."""
    wanted = [pk for pk in (case.pk, case.master_id) if pk]
    crowd = Crowd.objects.filter(case_id__in=wanted, ended_at__isnull=True).first()
    if crowd is None:
        return None
    items = SubItem.objects.filter(case_id=crowd.case_id, dropped_at__isnull=True)
    counted = items.aggregate(total=Count("pk"), done=Count("pk", filter=Q(done_at__isnull=False)))
    since: datetime = crowd.since
    return {"name": crowd.name, "measure": crowd.measure, "since": since, **counted}
