"""Who was here before, and for the same? Recognised by keyed hashes; shown without anybody's data (facts §1.8).

重信重访 = 同人 + 同事. 同人: at least one person identical, by phone or ID number (on behalf: the principal counts);
an anonymous complaint is compared by the unit complained about. 同事: category, place, unit and the words of the story.
A likely duplicate is a proposal with its reasons; a human decides, and nothing is ever refused a number because of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from accounts.choices import Role
from accounts.queries import Actor
from cases.choices import REVIEWS, PartyRole, PartySide, Relation
from cases.models import Case, Party
from governance_portal.lib.bigrams import bigrams, plain
from governance_portal.lib.crypto import blind_index_candidates

#: Other matters of the same person are for these only (workflow.md "Who sees what").
MAY_RECOGNISE = (Role.CLERK, Role.OPERATOR)
MOST_LOOKED_AT, MOST_SHOWN = 30, 4
#: How much has to speak for the same matter before it is proposed.
LEAST_EVIDENCE = 3
ALIKE, RATHER_ALIKE, A_LITTLE_ALIKE = 0.5, 0.3, 0.18
#: How far back an anonymous complaint about the same unit is compared.
ANONYMOUS_BACK = timedelta(days=180)


@dataclass(frozen=True)
class Familiar:
    """What may be said of somebody who was here before: how often, when last, about what. No name, no number."""

    times: int
    last_at: datetime
    last_about: str
    open: int


@dataclass(frozen=True)
class Likely:
    """An earlier matter that may be the same, with every reason."""

    case: Case
    reasons: tuple[str, ...]
    evidence: int


@dataclass(frozen=True)
class Recognised:
    """All that the helper knows of who stands there."""

    familiar: Familiar | None = None
    likely: tuple[Likely, ...] = ()


@dataclass(frozen=True)
class Asked:
    """The matter at hand, as far as it is typed."""

    people: Sequence[Mapping[str, str]]
    story: str = ""
    category: str = ""
    grid: str = ""
    area: str = ""
    address: str = ""
    unit: str = ""
    anonymous: bool = False


def recognise(actor: Actor, asked: Asked, now: datetime) -> Recognised:
    """Return who came before and which earlier matters may be the same; at most two queries, none without a trace."""
    if not actor.has(*MAY_RECOGNISE):
        return Recognised()
    earlier = _earlier(actor, asked, now)
    if not earlier:
        return Recognised()
    same_matter = [(case, same) for case, same in earlier if case.procedure not in REVIEWS]
    likely = [found for case, same in same_matter if (found := compared(case, same, asked)) is not None]
    likely.sort(key=lambda found: (-found.evidence, -found.case.registered_at.timestamp()))
    return Recognised(_familiar(earlier) if asked.people else None, tuple(likely[:MOST_SHOWN]))


def _earlier(actor: Actor, asked: Asked, now: datetime) -> list[tuple[Case, str]]:
    """Earlier matters with what makes them those of the same people, newest first."""
    seen = Case.objects.visible_to(actor, now).select_related("category", "category__parent", "complained_unit")
    if asked.anonymous:
        if not asked.unit:
            return []
        about = seen.filter(complained_unit__code=asked.unit, registered_at__gte=now - ANONYMOUS_BACK)
        return [(case, "反映的是同一单位") for case in about.order_by("-registered_at")[:MOST_LOOKED_AT]]
    how = _same_people(asked.people)
    if not how:
        return []
    newest = seen.filter(pk__in=how).order_by("-registered_at")[:MOST_LOOKED_AT]
    return [(case, how[case.pk]) for case in newest]


def _same_people(people: Sequence[Mapping[str, str]]) -> dict[int, str]:
    """`{case id: 同一电话 | 同一证件号}` for everybody who came; somebody acting for another does not count himself."""
    principals = [row for row in people if row.get("role") != PartyRole.AGENT] or list(people)
    phones = [index for row in principals for index in blind_index_candidates("phone", row.get("phone", ""))]
    papers = [index for row in principals for index in blind_index_candidates("id_number", row.get("id_number", ""))]
    if not phones and not papers:
        return {}
    either = Q(phone_index__in=phones) if phones else Q()
    either |= Q(id_index__in=papers) if papers else Q()
    rows = Party.objects.filter(either, side=PartySide.REPORTER).order_by("pk").values_list("case_id", "id_index")
    found: dict[int, str] = {}
    for case_id, paper in rows:
        if paper and paper in papers:
            found[case_id] = "同一证件号"
        found.setdefault(case_id, "同一电话")
    return found


def _familiar(earlier: Sequence[tuple[Case, str]]) -> Familiar:
    last = earlier[0][0]
    about = last.category.name if last.category else str(last.get_kind_display())
    return Familiar(len(earlier), last.registered_at, about, sum(case.is_open for case, _same in earlier))


def compared(case: Case, same: str, asked: Asked) -> Likely | None:
    """Weigh what speaks for the same matter; None when it is too little to trouble anybody with."""
    reasons: list[tuple[int, str]] = []
    if asked.category and case.category_code:
        if asked.category == case.category_code:
            reasons.append((2, f"类别相同（{case.category}）"))
        elif asked.category[:-2] == case.category_code[:-2] and len(asked.category) > 2:
            reasons.append((1, "类别相近"))
    reasons += _same_ground(case, asked)
    if asked.unit and case.complained_unit is not None and case.complained_unit.code == asked.unit:
        reasons.append((2, f"反映的都是{case.complained_unit}"))
    reasons += _same_words(case, asked)
    evidence = sum(weight for weight, _reason in reasons)
    if evidence < LEAST_EVIDENCE:
        return None
    return Likely(case, tuple(dict.fromkeys((same, *(reason for _weight, reason in reasons)))), evidence)


def _same_ground(case: Case, asked: Asked) -> list[tuple[int, str]]:
    if asked.grid and asked.grid == case.grid_code:
        return [(2, "同一网格")]
    area = asked.grid[:12] or asked.area
    if len(area) >= 12 and case.area_code.startswith(area[:12]):
        return [(1, "同一社区")]
    if asked.address and case.address and similarity(asked.address, case.address) >= ALIKE:
        return [(1, "地点相近")]
    return []


def _same_words(case: Case, asked: Asked) -> list[tuple[int, str]]:
    alike = similarity(asked.story, f"{case.title} {case.description}")
    if alike < A_LITTLE_ALIKE:
        return []
    weight = 3 if alike >= ALIKE else 2 if alike >= RATHER_ALIKE else 1
    return [(weight, f"说的内容{'很' if weight == 3 else '较' if weight == 2 else '有些'}相近")]


def similarity(one: str, other: str) -> float:
    """Return the share of the shorter text's bigrams that stand in the longer one, 0 to 1."""
    first, second = set(bigrams(plain(one))), set(bigrams(plain(other)))
    shorter = min(len(first), len(second))
    return len(first & second) / shorter if shorter >= 3 else 0.0


# --- what the register event remembers ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Proposed:
    """What the window decided of an earlier matter: for the dispatcher a proposal to merge, never more."""

    case: Case
    relation: str
    label: str
    mergeable: bool


def decided_at_window(events: Sequence[Any], actor: Actor, now: datetime) -> list[Proposed]:
    """Return the relations that the register event keeps, as far as this person sees the other matter; one query.

    `mergeable`: a duplicate (or the same group) whose earlier matter is still open and no 复查 or 复核, so 并案 may be the next step.
    """
    rows: list[dict[str, Any]] = next(
        (event.data.get("related", []) for event in events if event.kind == "register"), []
    )
    if not rows:
        return []
    relation_of = {row["number"]: Relation(row["relation"]) for row in rows}
    seen = Case.objects.visible_to(actor, now).filter(number__in=relation_of).order_by("registered_at")
    return [
        Proposed(
            case,
            str(relation_of[case.number].value),
            str(relation_of[case.number].label),
            case.is_open and case.procedure not in REVIEWS and relation_of[case.number] != Relation.NEW_FACTS,
        )
        for case in seen
    ]
