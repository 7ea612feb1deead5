"""What the clock does beside its sweep: each subject's chores, one after another, each by itself.

A chore is `cases/<subject>/chores.py: def name(now: datetime) -> int`: idempotent, bounded to a batch of `BATCH` rows, safe to
run twice at once; it answers how many rows it handled. Its moves are made by `service_actor("clock")`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from cases.assessing.chores import propose_rounds
from cases.bulletins.chores import make_asked_bulletins, make_bulletins
from cases.caring.chores import forget_helps, tell_overdue_visits
from cases.councils.chores import tell_overdue_wishes
from cases.crowds.chores import suggest_repeats
from cases.deciding import chores as deciding
from cases.following_up import chores as following_up
from cases.hazards.chores import keep_looking_again, tell_overdue_checks
from cases.patrols import chores as patrols
from cases.reception.chores import erase_bookings
from cases.reporting.chores import forget_discarded, tell_clerks
from cases.statistics.chores import compact_counts
from cases.supervising import chores as supervising
from cases.whistling.chores import chase_whistles
from governance_portal.lib.alone import alone

log = logging.getLogger(__name__)

#: So many rows a chore handles at most in one run; the next minute goes on.
BATCH = 500

Chore = Callable[[datetime], int]

#: In this order. Add a line per chore; the name in the log is the function's.
CHORES: tuple[Chore, ...] = (
    compact_counts,
    deciding.chase_tasks,
    following_up.plan_follow_ups,
    following_up.close_uncalled_by_policy,
    following_up.approve_by_policy,
    keep_looking_again,
    following_up.tell_looking_back,
    tell_overdue_checks,
    following_up.tell_late_rectifications,
    supervising.lift_urges,
    supervising.urge,
    supervising.draft_late,
    supervising.draft_unhappy,
    chase_whistles,
    patrols.make_patrols,
    patrols.look_who_is_there,
    patrols.hand_over,
    patrols.ask_to_close,
    erase_bookings,
    tell_clerks,
    forget_discarded,
    suggest_repeats,
    propose_rounds,
    tell_overdue_visits,
    forget_helps,
    tell_overdue_wishes,
    make_bulletins,
    make_asked_bulletins,
)


def run(now: datetime) -> dict[str, int]:
    """Run every chore; answers how many rows each handled. One that raises is logged, answers -1 and stops no other.

    Nothing while another worker runs them: a long run would otherwise take every thread of every worker, one beat after
    another, and messages and deadlines would wait behind it (seen with `make faults` on a busy machine).
    """
    with alone("cases.chores") as mine:
        return _each(now) if mine else {}


def _each(now: datetime) -> dict[str, int]:
    done = {}
    for chore in CHORES:
        try:
            done[chore.__name__] = chore(now)
        except Exception:  # the next chore must run, whatever this one met
            log.exception("chore %s failed", chore.__name__)
            done[chore.__name__] = -1
    return done
