"""Many at once, and killed at any point: the counts that are kept are those of the rows, at every moment."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator

import pytest
from django.db import connection, connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cases import services
from cases.models import Case, TallyCount, TallyDelta
from cases.statistics.compacting import compact
from cases.statistics.verifying import verify
from cases.statistics.windows import EVER, Window
from governance_portal.lib.errors import Refusal
from tests.cases.cast import COMMUNITY, DISTRICT, GRID, MONDAY, OTHER_STREET, STREET, District
from tests.cases.matrix import GIVEN
from tests.cases.test_together import cast
from tests.statistics.against import differences

__all__ = ["cast"]

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

#: The next step of a matter, and who makes it.
NEXT = {
    "registered": ("accept", "clerk"),
    "accepted": ("dispatch", "dispatcher"),
    "dispatched": ("sign", "handler"),
    "handling": ("resolve", "housing_lead"),
    "supervision": ("approve", "supervisor"),
    "follow_up": ("confirm", "follow_up"),
    "closed": ("reopen", "supervisor"),
    "merged": ("unmerge", "dispatcher"),
}
PLACES = ((COMMUNITY, ""), (COMMUNITY, GRID), (STREET, ""), (OTHER_STREET, ""))


class Town:
    """Six matters and whatever may be done to them; what is refused is no news."""

    def __init__(self, cast: District) -> None:
        names = sorted({who for _move, who in NEXT.values()})
        self.actors = {name: cast.actor(name) for name in names}
        places = [{"area": COMMUNITY}, {"grid": GRID}, {"area": OTHER_STREET, "address": "路口"}] * 2
        kinds = ["appeal", "dispute"] * 3
        self.keys = [cast.register(kind=kinds[i], place=places[i]).pk for i in range(6)]

    def step(self, which: int) -> None:
        case = Case.objects.get(pk=self.keys[which])
        move, who = NEXT.get(case.status, ("withdraw", "clerk"))
        told = {} if move == "sign" else GIVEN[move]
        if (move, case.kind) == ("accept", "dispute"):
            told = {**told, "category": "0101"}
        services.move(case, move, actor=self.actors[who], now=MONDAY, given=told)

    def withdraw(self, which: int) -> None:
        case = Case.objects.get(pk=self.keys[which])
        services.move(case, "withdraw", actor=self.actors["clerk"], now=MONDAY, given=GIVEN["withdraw"])

    def merge(self, which: int) -> None:
        case, master = (Case.objects.get(pk=self.keys[place % 6]) for place in (which, which + 1))
        services.move(case, "merge", actor=self.actors["dispatcher"], now=MONDAY, given={"master": master.number})

    def place(self, which: int) -> None:
        area, grid = PLACES[which % 4]
        Case.objects.filter(pk=self.keys[which]).update(area_code=area, grid_code=grid)

    def category(self, which: int) -> None:
        Case.objects.filter(pk=self.keys[which]).update(category=("A0102", "0101", None)[which % 3])

    def rate(self, which: int) -> None:
        Case.objects.filter(pk=self.keys[which]).update(satisfaction=which % 5 + 1, resolved=which % 2 == 0)

    def compact(self, which: int) -> None:
        compact(which + 1)

    def verify(self, _which: int) -> None:
        found = verify()
        assert found.number == 0, found.first

    def do(self, work: list[tuple[str, int]]) -> None:
        """One after another."""
        for name, which in work:
            try:
                getattr(self, name)(which)
            except Refusal:
                pass


WORK = ("step", "step", "step", "step", "step", "withdraw", "merge", "place", "category", "rate", "compact", "verify")
SCRIPT = st.lists(st.tuples(st.sampled_from(WORK), st.integers(0, 5)), min_size=3, max_size=7)


def at_once(works: list[Callable[[], None]]) -> list[BaseException]:
    """Let threads begin together; what broke."""
    gate, broken = threading.Barrier(len(works)), []

    def run(work: Callable[[], None]) -> None:
        gate.wait()
        try:
            work()
        except BaseException as crash:
            broken.append(crash)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return broken


def test_whatever_four_people_do_at_once_every_count_is_right_all_the_time(cast: District, long_run: bool) -> None:
    town = Town(cast)

    @settings(
        max_examples=300 if long_run else 5,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(scripts=st.lists(SCRIPT, min_size=4, max_size=4))
    def whatever(scripts: list[list[tuple[str, int]]]) -> None:
        broken = at_once([lambda script=script: town.do(script) for script in scripts])  # type: ignore[misc]
        assert not broken, broken
        assert verify().first == ()

    whatever()
    windows = (EVER, Window(MONDAY.date(), MONDAY.date()))
    areas = (DISTRICT, STREET, OTHER_STREET, COMMUNITY)
    assert differences(cast.actor("centre_lead"), areas, windows, MONDAY) == []
    while compact():
        pass
    assert (TallyDelta.objects.count(), verify().first) == (0, ())
    assert differences(cast.actor("centre_lead"), areas, windows, MONDAY) == []


def _all_day(town: Town) -> Iterator[None]:
    """Moves and the clock's work without end."""
    turn = 0
    while True:
        turn += 1
        town.do([(WORK[turn * 7 % 11], turn % 6), ("compact", turn % 3)])
        yield


def _until_killed(town: Town, told: int) -> None:
    """In a process of its own: work, and tell after each piece."""
    status = 1
    try:
        for _done in _all_day(town):
            os.write(told, b".")
    finally:
        os._exit(status)


@pytest.mark.parametrize("kills", [5])
def test_killed_at_any_point_the_counts_are_those_of_the_rows(cast: District, kills: int) -> None:
    town = Town(cast)
    for pieces in range(1, kills + 1):
        heard, told = os.pipe()
        connections.close_all()  # each of the two opens its own
        child = os.fork()
        if child == 0:
            _until_killed(town, told)
        os.close(told)
        for _piece in range(pieces):
            assert os.read(heard, 1) == b"."
        os.kill(child, signal.SIGKILL)
        assert os.waitpid(child, 0)[1] == signal.SIGKILL
        os.close(heard)
        assert verify().first == ()
    assert TallyCount.objects.exists()
