"""The page of the board: which tables stand in which part, for whom; all of them by name, for their sheets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cases.statistics import kept, outcomes, ranking, sections
from cases.statistics.board import COHORT, PARTS, SMALL, STANDING, Board
from cases.statistics.counting import COMMUNITY_DIGITS
from cases.statistics.figures import RATES
from cases.statistics.scope import Scope
from cases.statistics.windows import EVER, before, today_of

Build = Callable[[Board], dict[str, Any]]

#: Each table by its name, with the part it stands in, in the order of the page.
TABLES: Mapping[str, tuple[str, Build]] = {
    "stock": ("now", sections.stock_of),
    "trend": ("now", sections.trend),
    "channels": ("matters", sections.channels),
    "categories": ("matters", sections.categories),
    "levels": ("matters", sections.levels),
    "areas": ("places", sections.areas),
    "heat": ("places", outcomes.heat),
    "settled": ("places", outcomes.settled),
    "durations": ("quality", outcomes.lengths),
    "satisfaction": ("quality", outcomes.satisfaction),
    "follow-up": ("quality", outcomes.follow_up),
    "units": ("units", ranking.units),
}


def has(board: Board, name: str) -> bool:
    """Whether a table is of this board: a grid has no areas below, a unit no units."""
    if name in ("areas", "heat"):
        return len(board.area) <= COMMUNITY_DIGITS
    return name in TABLES and not (name == "units" and board.unit)


def table(board: Board, name: str) -> dict[str, Any]:
    """One table; KeyError for a name that none has."""
    return TABLES[name][1](board)


def parts(board: Board) -> list[dict[str, Any]]:
    """The parts of the page as links, the current one marked."""
    return [
        {"code": code, "label": label, "url": board.here(part="" if code == "now" else code)}
        | {"current": code == board.part}
        for code, label in PARTS.items()
        if code != "units" or not board.unit
    ]


def whole(board: Board) -> dict[str, Any]:
    """Everything the chosen part shows; `all` is every part, for printing."""
    _get_ready(board)
    wanted = [name for name, (part, _build) in TABLES.items() if board.part in (part, "all") and has(board, name)]
    drawn = [table(board, name) for name in wanted]
    strips = _strips(board) if board.part in ("now", "all") else {}
    return {
        "parts": parts(board),
        "part": board.part,
        "sections": drawn,
        "small": any(found.get("small") for found in drawn),
        "small_below": SMALL,
        **strips,
    }


def _get_ready(board: Board) -> None:
    """Read the totals that the strips and the waterfall tell with one statement, where they are kept."""
    cases = board.cases
    if board.part in ("now", "all") and isinstance(cases, Scope) and cases.is_kept():
        period = board.period
        windows = [period.window, period.year_ago, EVER, *([period.before] if period.is_compared_twice else ())]
        bare = [today_of(board.now), *([before(period.window)] if period.window.first else ())]
        kept.get_ready(cases, windows, board.now, bare)


def _strips(board: Board) -> dict[str, Any]:
    return {
        "standing": board.standing(),
        "cohort": board.cohort(),
        "rates": board.rates(),
        "how_now": sections.how(*STANDING),
        "how_period": sections.how(*COHORT, *RATES),
        "compared": [words for _kind, words, _counts in board.compared],
        "hot": [] if board.unit else outcomes.subjects(board),
        "orders": outcomes.orders(board),
    }
