"""What came in: how much, by which line, of which category, in which area, against which unit, where again and again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Substr

from cases import choices as c
from cases.bulletins.frame import FEWEST, Counting, Figures
from cases.choices import Channel, Nature
from cases.models import Category
from cases.statistics import counting
from cases.statistics.figures import CLOSED, condition
from cases.statistics.windows import Window
from grids.queries import names_of

HOT_ROWS = 10
FLOWS = ("registered", "accepted_in", "closed_in")


def totals(counted: Counting) -> Figures:
    """What came in, was accepted and was closed, who came to the window, and how things stand."""

    def visits(window: Window) -> dict[str, int]:
        told = counted.cases.filter(window.holds("registered_at"), channel=Channel.WINDOW).aggregate(
            visits=Count("pk"),
            visitors=Sum("visitor_count"),
            joint=Count("pk", filter=Q(visitor_count__gte=c.JOINT_VISIT_FROM)),
        )
        return {name: many or 0 for name, many in told.items()}

    standing = counted.counts["ever"]
    return {
        **counted.named(FLOWS),
        **counted.three(visits),
        "open": standing["open"],
        "overdue": standing["overdue"],
    }


def channels(counted: Counting) -> list[Figures]:
    """By the line it came in by."""
    rows = counted.grouped("channel", F("channel"), ("accepted_in", "closed_in"))
    return [{"code": code, "name": str(label), **rows[code]} for code, label in Channel.choices if code in rows]


def categories(counted: Counting) -> list[Figures]:
    """By main category, the largest first."""
    rows = counted.grouped("category", F("category_id"), ("accepted_in", "closed_in"))
    known = {row.code: row for row in Category.objects.select_related("parent").filter(code__in=[x for x in rows if x])}
    merged: dict[str, Figures] = {}
    for code, counts in rows.items():
        category = known.get(code)
        top = (category.parent or category) if category else None
        kept = merged.setdefault(
            top.code if top else "",
            {
                "code": top.code if top else "",
                "name": top.name if top else "尚未归类",
                **{name: [0 if here else None for here in counted.there] for name in counts},
            },
        )
        for name, three in counts.items():
            kept[name] = [
                None if one is None else one + (more or 0) for one, more in zip(kept[name], three, strict=True)
            ]
    return _largest(merged.values())


def areas(counted: Counting) -> list[Figures]:
    """By the areas right below."""
    if len(counted.area) >= counting.COMMUNITY_DIGITS:
        return []
    area, below = counted.area, Substr("area_code", 1, len(counted.area) + 3)
    rows = counted.grouped("area", below, ("accepted_in", "closed_in", "due_closed", "on_time"))
    names, standing = names_of(rows), counted.standing("area", below)
    found = [
        {
            "code": code,
            "name": names.get(code, code) if code != counted.area else "未落到下一级",
            **counts,
            "open": standing.get(code, 0),
        }
        for code, counts in rows.items()
    ]
    # In the order of the codes, since how much came in ranks nobody; what lies in none of them comes last.
    return sorted(found, key=lambda row: (row["code"] == area, row["code"]))


def complained(counted: Counting) -> Figures:
    """Complaints about service and conduct; reports of wrongdoing (检举控告) go another way and are in no table."""
    about = counted.cases.filter(
        condition("accepted_in", counted.span.window, counted.now),
        complained_unit__isnull=False,
        nature__in=(Nature.SERVICE, Nature.CONDUCT),
    )
    rows = list(
        about.values("complained_unit_id", name=F("complained_unit__name")).annotate(
            complaints=Count("pk"), answered=Count("pk", filter=CLOSED)
        )
    )
    many = sorted(
        (row for row in rows if row["complaints"] >= FEWEST), key=lambda row: (-row["complaints"], row["name"])
    )
    few = [row for row in rows if row["complaints"] < FEWEST]
    return {
        "all": sum(row["complaints"] for row in rows),
        "answered": sum(row["answered"] for row in rows),
        "units": [{name: row[name] for name in ("name", "complaints", "answered")} for row in many],
        "few": {"units": len(few), "complaints": sum(row["complaints"] for row in few)},
    }


def hot(counted: Counting) -> list[Figures]:
    """The same category in the same community again and again (≥ 3), the most often first."""

    def pairs(window: Window) -> Counter[tuple[str, str]]:
        rows = (
            counted.cases.filter(window.holds("registered_at"), category__isnull=False)
            .exclude(Q(grid_code="") & Q(area_code__regex=r"^.{0,11}$"))
            .annotate(place=Substr("area_code", 1, counting.COMMUNITY_DIGITS))
            .values_list("place", "category_id")
            .annotate(many=Count("pk"))
        )
        return Counter({(place, category): many for place, category, many in rows})

    now = pairs(counted.windows[0])
    before = pairs(counted.windows[1]) if counted.there[1] else None
    most = [(key, many) for key, many in now.items() if many >= FEWEST]
    most = sorted(most, key=lambda row: (-row[1], row[0]))[:HOT_ROWS]
    places = names_of({place for (place, _category), _many in most})
    names = dict(Category.objects.filter(code__in={cat for (_place, cat), _many in most}).values_list("code", "name"))
    return [
        {
            "place": places.get(place, place),
            "category": names.get(category, category),
            "count": [many, None if before is None else before[place, category]],
        }
        for (place, category), many in most
    ]


def _largest(rows: Iterable[Figures]) -> list[Figures]:
    return sorted(rows, key=lambda row: (-(row["accepted_in"][0] or 0), row["code"]))
