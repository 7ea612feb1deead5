"""What the page of one area shows: where we are, what lies below with its figures, the colours; of a grid its card."""

from __future__ import annotations

import json
from datetime import date, datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from accounts.queries import Actor
from cases.mapping import figures
from cases.mapping.figures import MEASURES, Tally, breaks, legend, opens, step_of
from cases.mapping.reach import COMMUNITY_DIGITS, GRID_DIGITS, Reach
from cases.models import Case
from cases.querysets import CaseQuerySet
from governance_portal.lib.errors import NotYours
from governance_portal.lib.working_days import SHANGHAI
from grids import territory
from grids.models import Area, Grid
from grids.queries import beside, chain_of, crew_of, name_of, names_of
from grids.responsibility.queries import all_for

COLUMNS = (
    ("open", "在办"),
    ("due_soon", "即将超时"),
    ("overdue", "超时"),
    ("accepted", "近一年受理"),
)
LEVELS = {6: "街道（乡镇）", 9: "社区（村）", 12: "网格"}


class Opened:
    """One area of the map as somebody sees it."""

    def __init__(self, actor: Actor, reach: Reach, area: str, by: str, now: datetime) -> None:
        self.actor, self.reach, self.area, self.by, self.now = actor, reach, area, by, now
        self.measure = MEASURES[by]

    def here(self, **changes: str) -> str:
        """This page with some names changed."""
        return f"{reverse('mapping:show')}?{urlencode({'area': self.area, 'by': self.by, **changes})}"

    @cached_property
    def cases(self) -> CaseQuerySet:
        """What is counted. Of a grid, its whole community is: the neighbours are coloured, too."""
        return Case.objects.visible_to(self.actor, self.now).within(self.area[:COMMUNITY_DIGITS])

    @cached_property
    def tally(self) -> Tally:
        """The counts."""
        return Tally(self.cases, self.now)

    @cached_property
    def grids(self) -> list[tuple[str, str, int | None]]:
        """The grids on the map: (code, name, residents)."""
        found = Grid.objects.active().within(self.area[:COMMUNITY_DIGITS]).order_by("code")
        return list(found.values_list("code", "name", "population"))

    @cached_property
    def children(self) -> list[tuple[str, str, int | None]]:
        """What lies right below: (code, name, residents)."""
        if len(self.area) >= COMMUNITY_DIGITS:
            return self.grids
        found = Area.objects.active().filter(parent__code=self.area).order_by("code")
        return list(found.values_list("code", "name", "population"))

    def whole(self) -> dict[str, Any]:
        """The template's names."""
        told = self.told()
        return {
            "area": self.area,
            "area_name": name_of(self.area),
            "way": self.way(),
            "measures": self.measures(),
            "by": self.by,
            "measure": self.measure,
            "legend": told.pop("legend"),
            "columns": COLUMNS,
            "level": LEVELS.get(len(self.area), ""),
            "rows": [] if len(self.area) == GRID_DIGITS else self.rows(),
            "card": self.card() if len(self.area) == GRID_DIGITS else None,
            "told": json.dumps(told, ensure_ascii=False),
        }

    def way(self) -> list[dict[str, Any]]:
        """From the widest area in sight down to here."""
        chain = [(code, name) for code, name in chain_of(self.area) if self._may_open(code)]
        return [{"name": name, "url": self.here(area=code), "current": code == self.area} for code, name in chain]

    def _may_open(self, code: str) -> bool:
        return self.reach.knows(code) or (len(code) == COMMUNITY_DIGITS and code == self.area[:COMMUNITY_DIGITS])

    def measures(self) -> list[dict[str, Any]]:
        """By what the map may be coloured."""
        return [
            {"code": one.code, "label": one.label, "url": self.here(by=one.code), "current": one.code == self.by}
            for one in MEASURES.values()
        ]

    # -- the table ---------------------------------------------------------------------------------------------

    def rows(self) -> list[dict[str, Any]]:
        """A row for each area or grid right below; then closed ones that cases still name, then what lies in none."""
        rows = self.places()
        if not self.reach.knows(self.area):
            return rows
        here = {code for code, _name, _people in self.children}
        digits = {6: 9, 9: COMMUNITY_DIGITS}.get(len(self.area), GRID_DIGITS)
        closed = sorted(
            code for code in self.tally.codes() - here if len(code) == digits and code.startswith(self.area)
        )
        names = names_of(closed)
        around = [name for _code, name in chain_of(self.area)]
        rows += [self._row(code, f"原{beside(names.get(code, code), *around)}", None, "") for code in closed]
        rest = self.tally.elsewhere(self.area, [*here, *closed])
        return [*rows, self._rest(rest)] if any(rest.values()) else rows

    def places(self) -> list[dict[str, Any]]:
        """The rows of the areas or grids right below, called as one calls them here."""
        around = [name for _code, name in chain_of(self.area[:COMMUNITY_DIGITS])]
        return [
            self._row(code, beside(name, *around), people, self.here(area=code)) for code, name, people in self.children
        ]

    def _row(self, code: str, name: str, people: int | None, url: str) -> dict[str, Any]:
        known = self.reach.knows(code)
        counts = self.tally.of(code)
        cells = [
            {
                "name": column,
                "words": str(counts[column]) if known else "—",
                "url": opens(column, code, self.now) if known and counts[column] else "",
            }
            for column, _label in COLUMNS
        ]
        rate = figures.per_thousand(counts["accepted"], people) if known else None
        value = self.measure.value(counts, people) if known else None
        return {
            "code": code,
            "name": name,
            "url": url,
            "cells": cells,
            "rate": "—" if rate is None else f"{rate:.1f}",
            "words": "—" if value is None else figures.words_of(value),
        }

    def _rest(self, counts: dict[str, int]) -> dict[str, Any]:
        cells = [
            {
                "name": column,
                "words": str(counts[column]),
                "url": f"{opens(column, self.area, self.now)}&below=none" if counts[column] else "",
            }
            for column, _label in COLUMNS
        ]
        return {"code": "", "name": "未落到下一级", "url": "", "cells": cells, "rate": "—", "words": ""}

    # -- the drawing -------------------------------------------------------------------------------------------

    def told(self) -> dict[str, Any]:
        """What the script draws by: each grid's value and step, the names and values of what lies right below."""
        values = {
            code: self.measure.value(self.tally.of(code), people) if self.reach.knows(code) else None
            for code, _name, people in self.grids
        }
        ends = breaks(values.values())
        return {
            "area": self.area,
            "by": self.by,
            "label": self.measure.label,
            "cells": {code: [value, step_of(value, ends)] for code, value in values.items()},
            "legend": legend(ends, self.by != "rate"),
            "children": [[row["code"], row["name"], row["words"], row["url"]] for row in self.places()],
            "digits": {6: 9, 9: 12}.get(len(self.area), GRID_DIGITS),
            "points": f"{reverse('mapping:dots')}?{urlencode({'area': self.area, 'by': self.by})}"
            if len(self.area) >= COMMUNITY_DIGITS and self.points_known()
            else "",
        }

    def points_known(self) -> bool:
        """Whether any ground on the screen is theirs."""
        return any(self.reach.knows(code) for code, _name, _people in self.grids) or self.reach.knows(self.area)

    # -- a grid's card -----------------------------------------------------------------------------------------

    def card(self) -> dict[str, Any]:
        """What the card of a grid says; its figures open their lists."""
        grid = Grid.objects.filter(code=self.area).select_related("community").first()
        if grid is None:
            raise NotYours()
        today: date = self.now.astimezone(SHANGHAI).date()
        counts = self.tally.of(self.area)
        rate = figures.per_thousand(counts["accepted"], grid.population)
        lineage = territory.current().lineage
        names = names_of([*lineage.before(grid.code), *lineage.heirs(grid.code)])
        return {
            "grid": grid,
            "crew": crew_of(grid.code, today),
            # What went into another grid whole is counted there, and nowhere twice.
            "tiles": self._tiles(grid.code, counts) if lineage.now(grid.code) == grid.code else [],
            "rate": rate if grid.active else None,
            "responsible": [f"{topic}：{unit}" for topic, unit in all_for(grid.code, today)],
            "before": [names.get(code, code) for code in lineage.before(grid.code)[1:]],
            "heirs": [
                {"name": names.get(code, code), "url": self.here(area=code)} for code in lineage.heirs(grid.code)
            ],
        }

    def _tiles(self, code: str, counts: dict[str, int]) -> list[dict[str, Any]]:
        tones = {"overdue": "overdue", "due_soon": "soon"}
        return [
            {
                "label": label,
                "value": counts[name],
                "url": opens(name, code, self.now),
                "tone": tones.get(name, "") if counts[name] else "",
            }
            for name, label in COLUMNS
        ]
