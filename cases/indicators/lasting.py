"""办理时长 once: how long what was closed in the days had taken, without the pauses, as board, bulletins and tables tell it.

What is counted and in which words is that of `cases.statistics` (`durations`, `spans`); the names, the formula and the
rule people read are those of the registry.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from cases.indicators.registry import INDICATORS
from cases.statistics import spans
from cases.statistics.durations import Durations
from cases.statistics.scope import Scope
from cases.statistics.windows import Window

#: How a duration is told by what of them: the mean, the middle one, what nine of ten did not exceed.
NAMES: Mapping[str, str] = {which: INDICATORS[f"{which}_hours"].label for which in ("mean", "median", "p90")}
#: The formula of each, and the rule for all of them.
FORMULAS: Mapping[str, str] = {which: INDICATORS[f"{which}_hours"].formula for which in NAMES}
BASIS = INDICATORS["mean_hours"].basis
SOURCE = INDICATORS["mean_hours"].source


def lasted(scope: Scope, window: Window, now: datetime) -> Durations:
    """How long it took, as finely as it is told (`cells.time_words`); one statement."""
    return spans.handled(scope, window, now)


def seconds(length: timedelta | None) -> int | None:
    """Whole seconds, None of nothing."""
    return None if length is None else round(length.total_seconds())
