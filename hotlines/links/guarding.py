"""A change that accuses a unit here, or newly asks for confidence, is not quoted where that unit reads (rule 4).

The case keeps the nature it was registered with, so its history is open to who handles it. Such content stays in the
sealed link; the dispatchers hear that there is some, and read it on the link's page. The mark in `Link.papers` stays:
what comes after may speak of the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from accounts.choices import Role
from accounts.models import Unit
from accounts.notices import notify
from accounts.queries import Actor, actor_for, people_holding
from cases.choices import Nature
from hotlines.links.papers import named
from hotlines.models import Link

GUARDED = (Nature.CONDUCT.value, Nature.REPORT.value)
#: Under this name in `Link.papers`: the codes of the units accused, an empty list where confidence was asked for.
MARK = "guarded"
ELSEWHERE = "来件改成了需要回避或者保密的内容，这份材料没有收下；请与综治中心分流员联系后另行送交。"


def mark_of(link: Link, given: Mapping[str, Any]) -> list[str] | None:
    """Return the mark of a link once this content came: units accused so far, None where nothing needs guarding."""
    known = (link.papers or {}).get(MARK)
    if not _needs(link.case, given):
        return known  # type: ignore[no-any-return]
    accused = [str(given["complained_unit"])] if given.get("complained_unit") else []
    return sorted({*(known or ()), *accused})


def _needs(case: Any, given: Mapping[str, Any]) -> bool:
    """Whether this content asks for a protection that the case does not have."""
    if given.get("confidential") and not case.confidential:
        return True
    if given.get("complaint_nature") not in GUARDED:
        return False
    own = case.complained_unit.code if case.complained_unit else ""
    return case.nature not in GUARDED or own != given.get("complained_unit")


def is_guarded(link: Link) -> bool:
    """Tell whether something of this link may not be quoted in the case's history."""
    return (link.papers or {}).get(MARK) is not None


def may_read(link: Link, actor: Actor) -> bool:
    """Tell whether an actor may read what the other side wrote: nobody of a unit accused, nor below it."""
    codes = (link.papers or {}).get(MARK)
    if not codes:
        return True
    accused = Unit.objects.filter(code__in=codes).values_list("pk", flat=True)
    return not any(f"/{pk}/" in post.unit_path for pk in accused for post in actor.posts)


def tell_dispatchers(link: Link, key: str, now: datetime) -> None:
    """Tell those who may read it that there is something to read; the leaders where no dispatcher may."""
    told: list[int] = []
    for role in (Role.DISPATCHER, Role.LEADER):
        people = people_holding(role, now, area_code=link.case.area_code)
        told = told or [person.pk for person in people if may_read(link, actor_for(person, now))]
    notify(
        told,
        f"link-changed:{link.pk}:{key}",
        "来件有更新，需要回避或者保密",
        f"{link.line.name}更新了 {link.case.number}，内容没有写进办理经过，请在对接页面查看后另行交办。",
        case_number=link.case.number,
        now=now,
    )


def not_taken(link: Link, papers: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of papers that do not become files of the case (links.papers): the other side is told why."""
    return [
        {
            "key": named(paper),
            "name": str(paper.get("name") or "材料")[:120],
            "why": ELSEWHERE,
            "version": link.version,
        }
        for paper in papers
    ]
