"""Which earlier matters a new one may be the same as: by its words (同事), by its people and what it is about (同人+同事).

A proposal with reasons, never more: a human decides (facts §1.8). An anonymous or confidential matter is compared by what
it is about only; a conduct complaint, a report of wrongdoing (rule 4), a 复查 and a 复核 with nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from cases.choices import REVIEWS, PartyRole, PartySide
from cases.crowds import traces
from cases.crowds.rules import rules
from cases.intake import title_of
from cases.matching import Asked, compared, similarity
from cases.models import Case, Event, MayRepeat, Party
from cases.querysets import CaseQuerySet
from cases.standing import UNWELCOME_TO_ITS_UNIT

#: So many are looked at, so many proposed.
LOOKED_AT, PROPOSED = 24, 6
#: From so much shared rarity on two texts are one matter; below it, how like titles and stories must be besides. Read off
#: real messages, a sample of which was judged by hand: docs/repeats.md.
SURE = 100.0
LIKELY, PERHAPS = 60.0, 40.0
LIKENESSES: tuple[tuple[float, float, float], ...] = (
    (LIKELY, 0.6, 0.0),
    (LIKELY, 0.4, 0.2),
    (LIKELY, 0.3, 0.25),
    (LIKELY, 0.0, 0.75),
    (PERHAPS, 0.5, 0.25),
)
#: What place and subject add, or take away when two places are known and are not the same.
SAME_GRID, SAME_COMMUNITY, SAME_CATEGORY, SAME_UNIT, ELSEWHERE = 25.0, 12.0, 12.0, 25.0, -40.0
COMMUNITY_DIGITS = 12
EXACT_EVIDENCE = 10_000
NEARLY, VERY_LIKE = 0.8, 0.5


@dataclass(frozen=True)
class Words:
    """A matter as far as it is compared."""

    title: str
    story: str
    category: str = ""
    grid: str = ""
    area: str = ""
    unit_id: int | None = None

    @classmethod
    def of(cls, case: Case) -> Words:
        """Return what is compared of a registered case."""
        return cls(
            case.title,
            case.description,
            case.category_code,
            case.grid_code,
            case.area_code,
            case.complained_unit_id,
        )

    @classmethod
    def told(cls, story: str, category: str, grid: str, area: str) -> Words:
        """Return what is compared of a matter that is still being typed; its title is the beginning of the story."""
        return cls(title_of({"description": story}), story, category, grid, area)


@dataclass(frozen=True)
class Found:
    """An earlier matter that may be the same, with every reason in words."""

    other: Case
    reasons: tuple[str, ...]
    evidence: int
    exact: bool = False
    same_people: bool = False


def comparable(cases: CaseQuerySet) -> CaseQuerySet:
    """Leave out what is compared with nothing: conduct complaints, reports of wrongdoing, 复查 and 复核."""
    return cases.exclude(nature__in=UNWELCOME_TO_ITS_UNIT).exclude(procedure__in=REVIEWS)


def by_words(words: Words, among: CaseQuerySet, now: datetime, without: int = 0) -> list[Found]:
    """Return the matters of `among` whose words are the same or alike, the likeliest first; three queries."""
    same = [case_id for case_id in traces.same(words.story) if case_id != without]
    near = traces.near(traces.keys_of(words.title, words.story), LOOKED_AT, without)
    weight = {one.case_id: one.weight for one in near}
    if not same and not any(one >= PERHAPS + ELSEWHERE for one in weight.values()):
        return []
    recent = Q(registered_at__gte=now - timedelta(days=rules().repeat_days)) | Q(pk__in=same)
    cases = comparable(among).filter(recent, pk__in=[*same, *weight]).select_related("category", "complained_unit")
    found = [judged(words, other, weight.get(other.pk, 0.0), other.pk in same) for other in cases.order_by()]
    return best(one for one in found if one is not None)


def best(found: Iterable[Found]) -> list[Found]:
    """Return the likeliest, the newest first among equals."""
    return sorted(found, key=lambda one: (-one.evidence, -one.other.pk))[:PROPOSED]


def judged(words: Words, other: Case, weight: float, exact: bool) -> Found | None:
    """Say whether two texts are likely one matter, and why; None when it is too little to trouble anybody with."""
    where, strength = _ground(words, other)
    strength += weight
    text = similarity(words.story, other.description)
    title = similarity(words.title, other.title)
    enough = strength >= SURE or any(
        strength >= rarity and title >= of_title and text >= of_text for rarity, of_title, of_text in LIKENESSES
    )
    if exact:
        return Found(other, ("一字不差", *where), EXACT_EVIDENCE, exact=True)
    if not enough or weight <= 0:
        return None
    like = "几乎一样" if text >= NEARLY else "很相近" if text >= VERY_LIKE else "相近"
    return Found(other, (f"说的内容{like}", *where), min(int(strength), EXACT_EVIDENCE - 1))


def _ground(words: Words, other: Case) -> tuple[list[str], float]:
    """What place, category and unit say."""
    reasons, strength = [], 0.0
    if words.grid and words.grid == other.grid_code:
        reasons.append("同一网格")
        strength += SAME_GRID
    elif len(words.area) >= COMMUNITY_DIGITS and len(other.area_code) >= COMMUNITY_DIGITS:
        together = words.area[:COMMUNITY_DIGITS] == other.area_code[:COMMUNITY_DIGITS]
        strength += SAME_COMMUNITY if together else ELSEWHERE
        reasons += ["同一社区"] if together else []
    if words.category and words.category == other.category_code:
        reasons.append(f"类别相同（{other.category}）")
        strength += SAME_CATEGORY
    if words.unit_id and words.unit_id == other.complained_unit_id:
        reasons.append(f"反映的都是{other.complained_unit}")
        strength += SAME_UNIT
    return reasons, strength


# --- a registered case ------------------------------------------------------------------------------------------


def suggest(case: Case, now: datetime) -> int:
    """Write down which earlier matters a new case may be the same as; answers how many pairs are new.

    Idempotent: a pair stands once whatever was decided of it. Nothing for a case that has ended or is compared with nothing.
    """
    if not case.is_open or case.nature in UNWELCOME_TO_ITS_UNIT or case.procedure in REVIEWS:
        return 0
    pairs = {one.other.pk: one for one in by_words(Words.of(case), Case.objects.all(), now, without=case.pk)}
    for one in by_people(case, now):
        told = pairs.get(one.other.pk)
        pairs[one.other.pk] = _both(told, one) if told else one
    decided = _decided_at_intake(case) if pairs else frozenset()
    rows = [_pair(case, one, now) for one in best(pairs.values()) if one.other.number not in decided]
    return _written(rows)


def _both(words: Found, people: Found) -> Found:
    reasons = tuple(dict.fromkeys((people.reasons[0], *words.reasons, *people.reasons[1:])))
    return Found(words.other, reasons, words.evidence + people.evidence, words.exact, same_people=True)


def _pair(case: Case, one: Found, now: datetime) -> MayRepeat:
    older, newer = sorted((case, one.other), key=lambda each: each.pk)
    return MayRepeat(
        case=newer,
        other=older,
        reasons=list(one.reasons),
        evidence=one.evidence,
        exact=one.exact,
        same_people=one.same_people,
        made_at=now,
    )


def _written(rows: list[MayRepeat]) -> int:
    if not rows:
        return 0
    with transaction.atomic():
        wanted = Q(pk__in=())
        for row in rows:
            wanted |= Q(case_id=row.case_id, other_id=row.other_id)
        known = set(MayRepeat.objects.filter(wanted).values_list("case_id", "other_id"))
        fresh = [row for row in rows if (row.case_id, row.other_id) not in known]
        MayRepeat.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def by_people(case: Case, now: datetime) -> list[Found]:
    """Return earlier matters of the same people about the same thing; by keyed hash, of nobody who asked for secrecy."""
    if case.anonymous or case.confidential:
        return []
    came = list(Party.objects.filter(case=case, side=PartySide.REPORTER))
    own = [party for party in came if party.role != PartyRole.AGENT] or came
    phones = {party.phone_index for party in own} - {""}
    papers = {party.id_index for party in own} - {""}
    if not phones and not papers:
        return []
    theirs = Party.objects.filter(Q(phone_index__in=phones) | Q(id_index__in=papers), side=PartySide.REPORTER)
    same: dict[int, str] = {}
    for case_id, paper in theirs.exclude(case=case).order_by("-case_id").values_list("case_id", "id_index")[:LOOKED_AT]:
        same[case_id] = "同一证件号" if paper in papers and paper else same.get(case_id, "同一电话")
    return _about_the_same(case, same, now)


def _about_the_same(case: Case, same: Mapping[int, str], now: datetime) -> list[Found]:
    since = now - timedelta(days=rules().repeat_days)
    others = comparable(Case.objects.filter(pk__in=same, confidential=False, registered_at__gte=since))
    asked = Asked(
        people=(),
        story=f"{case.title} {case.description}",
        category=case.category_code,
        grid=case.grid_code,
        area=case.area_code,
        address=case.address,
        unit=case.complained_unit.code if case.complained_unit else "",
    )
    found = []
    for other in others.select_related("category", "category__parent", "complained_unit").order_by("-pk"):
        likely = compared(other, same[other.pk], asked)
        if likely is not None:
            found.append(Found(other, likely.reasons, 20 * likely.evidence, same_people=True))
    return found


def _decided_at_intake(case: Case) -> frozenset[str]:
    """The numbers that the window has spoken about already."""
    first = Event.objects.filter(case=case, kind="register").values_list("data", flat=True).first() or {}
    return frozenset(row["number"] for row in first.get("related", []))
