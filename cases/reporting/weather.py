"""Whether residents' reports come as usual: counted for all and for each address; when not, everybody is asked for a proof.

An address is no person (a whole village may share one), so nobody is refused by it: beyond the usual a proof is asked, and
whoever brings none is held for a human.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from accounts import limits
from cases.reporting.choices import HeldFor
from cases.reporting.proof import FEWEST_BITS, MOST_BITS

#: So many reports in ten minutes are a busy day of a district of 200,000; more is unusual.
USUAL, USUAL_SECONDS = 60, 600
#: Once unusual, for an hour.
ALARM_SECONDS = 3600
#: So many reports an hour of one address need no proof.
EACH_AN_HOUR = 20


@dataclass(frozen=True)
class Weather:
    """What is asked now: `asked` for a proof, why, and how hard (leading zero bits)."""

    asked: bool
    why: str = ""
    bits: int = 0


CALM = Weather(asked=False)


def counted(address: str, now: datetime) -> Weather:
    """Count one report of an address and return what is asked of it. Call it outside a transaction."""
    all_together = limits.hit("reports_all", "", USUAL, USUAL_SECONDS, now)
    if not all_together:
        limits.hit("reports_alarm", "", 1, ALARM_SECONDS, now)
    here = limits.hit("reports_address", address, EACH_AN_HOUR, 3600, now)
    return _weather(all_together.count, not all_together or _alarmed(now), bool(here))


def expected(address: str, now: datetime) -> Weather:
    """Return what would be asked of the next report of an address, without counting one."""
    all_together = limits.peek("reports_all", "", USUAL, now)
    here = limits.peek("reports_address", address, EACH_AN_HOUR, now)
    return _weather(all_together.count + 1, not all_together or _alarmed(now), bool(here))


def _alarmed(now: datetime) -> bool:
    return limits.peek("reports_alarm", "", 1, now).count > 0


def _weather(together: int, alarm: bool, usual_here: bool) -> Weather:
    if not alarm and usual_here:
        return CALM
    # One bit more for each doubling beyond the usual: twice the rate costs a machine four times the work.
    more = max(together // USUAL, 1).bit_length() - 1
    why = HeldFor.UNPROVEN if alarm else HeldFor.FREQUENT
    return Weather(True, str(why.value), min(FEWEST_BITS + more, MOST_BITS))
