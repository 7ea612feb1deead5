"""包案、案组 and 吹哨 on a case's page: who has taken it, who solves it, whom the street has called."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.queries import Actor
from cases.caring.helping import opening_posts
from cases.dossier import Dossier
from cases.models import Case, Whistle
from cases.reception import queries as reception
from cases.reception.queries import today_of
from cases.views.forms import address_of
from cases.whistling import queries as whistling
from cases.whistling.calling import street_post

#: In this order; the first is the one that begins it.
TOGETHER = ("sponsor", "sponsor_progress", "sponsor_end", "team", "team_done", "team_leave")
OF_A_LEAD, OF_A_MEMBER = ("sponsor_progress", "sponsor_end"), ("team_done", "team_leave")


def together_shown(whole: Dossier, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return what the page's card of 包案和案组 and the list of whistles need; at most four statements."""
    case = whole.case
    offered = {offer.name: offer for offer in whole.records}
    together = reception.together_of(case)
    names = [name for name in TOGETHER if name in offered]
    if together.standing is None:
        names = [name for name in names if name not in OF_A_LEAD]
    if not any(member.left_at is None for member in together.team):
        names = [name for name in names if name not in OF_A_MEMBER]
    buttons = [
        {"name": name, "label": _label(name, together, offered[name].label), "slot": name, "url": url}
        for name in names
        for url in [address_of(case, offered[name].action)]
    ]
    return {
        "together": together,
        "together_buttons": buttons,
        "together_here": bool(together or buttons),
        "today": today_of(now),
        "whistles": _whistles(case, actor, now),
        "may_whistle": "whistle" in offered and street_post(actor, case.area_code) is not None,
        "may_refer": bool(opening_posts(actor)) and case.is_open,
    }


def _whistles(case: Case, actor: Actor, now: datetime) -> list[Whistle]:
    if not getattr(case, "has_whistles", True):
        return []
    return list(whistling.whole(whistling.visible_to(actor, now)).filter(case_id=case.pk))


def _label(name: str, together: reception.Together, label: str) -> str:
    return "更换包案领导" if name == "sponsor" and together.standing else label
