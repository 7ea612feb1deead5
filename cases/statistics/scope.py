"""What one person may see of an area at a moment: what the figures of a board are counted over."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from accounts.queries import Actor
from cases.mapping.lying import lying_in
from cases.models import Case
from cases.querysets import CaseQuerySet
from cases.statistics import kept
from cases.statistics.windows import Window
from grids import territory

GRID_DIGITS = 15


@dataclass(frozen=True)
class Scope:
    """What one person may see of an area at a moment: what the figures of a board are counted over."""

    actor: Actor
    area: str
    now: datetime
    #: Totals that were read beforehand (`kept.get_ready`), by window and moment.
    ready: dict[tuple[Window, datetime], dict[str, int]] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def rows(self) -> CaseQuerySet:
        """The cases themselves."""
        cases = Case.objects.visible_to(self.actor, self.now).order_by()
        return cases.filter(lying_in(self.area)) if len(self.area) == GRID_DIGITS else cases.within(self.area)

    def is_kept(self, key: str = "all") -> bool:
        """Whether the figures by this key are kept; where a grid was split, its matters lie where their points lie."""
        if key == "grid":
            lineage = territory.current().lineage
            if any(lineage.splits_of(code) for code in lineage.closed):
                return False
        return kept.is_kept(self.actor, self.area, key)
