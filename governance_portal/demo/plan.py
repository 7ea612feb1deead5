"""The year behind the first 60 stories: about 1,940 invented matters, the same ones for the same seed and day.

A matter is a sort (skeletons), a place, a line it came in by, people, and a way through the table (ways). Most are
closed by now; `shares.STANDING` says how many stand where on the day of opening, so that every desk has work waiting, due
soon, late and come back. What the board must show of it is computed by outline.py, from the steps alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from governance_portal.demo import phrases, shares, ways
from governance_portal.demo.course import Course
from governance_portal.demo.ground import Ground, Spot, Staff
from governance_portal.demo.hours import earlier, later
from governance_portal.demo.limits import limit_of
from governance_portal.demo.neighbours import Neighbour, Neighbours
from governance_portal.demo.offices import seats
from governance_portal.demo.script import Number, Step, Story
from governance_portal.demo.seasons import SEASONS, Year, hour_of
from governance_portal.demo.skeletons import CONDUCT, SKELETONS, Skeleton
from governance_portal.demo.telling import Telling
from governance_portal.lib.working_days import SHANGHAI, Calendar, LimitUnit

SEED = 1345
#: So many tries for a story that fits; after so many, one that resembles a neighbour will do.
_TRIES, _PICKY = 400, 30
#: So many working days has one of a limit's unit.
_WORKING_DAYS = {LimitUnit.WORKING_DAY: 1.0, LimitUnit.NATURAL_DAY: 5 / 7, LimitUnit.HOUR: 1 / 24}


@dataclass(frozen=True)
class _Coming:
    """Who comes with what, by which line, to whom."""

    skeleton: Skeleton
    spot: Spot | None
    channel: str
    who: str
    home: str


class Plan:
    """Writes the stories; `own` maps grids that somebody is on duty in to the log-in."""

    def __init__(
        self, until: datetime, calendar: Calendar, ground: Ground, own: Mapping[str, str], seed: int = SEED
    ) -> None:
        self._now, self._calendar, self._ground, self._own = until.astimezone(SHANGHAI), calendar, ground, own
        self._chance = Random(seed)  # noqa: S311  repeatable on purpose
        self._staff = Staff()
        self._people = Neighbours(self._chance, [seat.name for seat in seats()])
        self._by_month = [
            [SEASONS[skeleton.season][month] for skeleton in (*SKELETONS, *CONDUCT)] for month in range(12)
        ]
        volume = tuple(float(sum(weights)) for weights in self._by_month)
        self._year = Year(self._now, calendar, volume)
        self._count = 0
        self._told: set[tuple[str, int]] = set()
        self._open: set[str] = set()

    def stories(self, count: int) -> list[Story]:
        """So many stories, the ones that stand open and the latest first: desks fill before the archive does."""
        standing = [
            self._standing(status, least, most, number)
            for status, least, most, share in shares.STANDING
            for number in range(max(1, round(share * count / 1000)) if count >= len(shares.STANDING) else 0)
        ]
        finished: list[Story] = []
        missing = count - len(standing) - sum(map(_inside, standing))
        while missing > 0:
            story = self._finished()
            if 1 + _inside(story) > missing:
                story = replace(story, steps=tuple(step for step in story.steps if step.what != "enter"))
            finished.append(story)
            missing -= 1 + _inside(story)
        finished.sort(key=lambda story: str(story.came[0]), reverse=True)
        return [*standing, *finished]

    def arrival(self, key: str, now: datetime, chance: Random) -> Story:
        """Something that comes in at this moment and is only registered."""
        self._chance, self._now = chance, now
        coming = self._coming(now.month, not self._calendar.is_workday(now.date()))
        course = self._course(coming, now)
        return replace(self._story(coming, course), key=key)

    def unit_at(self, wanted: str, area: str) -> str:
        """The unit that a sort names, for a case of this area."""
        return self._staff.unit_of(wanted, self._ground.offices_of(area))

    # --- one that is over ---

    def _finished(self) -> Story:
        for _ in range(_TRIES):
            day = self._year.day(self._chance)
            coming = self._coming(day.month, self._year.is_off(day))
            came = hour_of(coming.channel, day, self._year.is_off(day), self._chance)
            course = self._course(coming, came)
            self._way(course)(course)
            if course.at < self._now and self._is_news(coming.skeleton, came):
                return self._story(coming, course)
        raise AssertionError("no way fits into the year")

    def _way(self, course: Course) -> ways.Way:
        kind, lot = course.skeleton.kind, self._chance.random()
        if course.skeleton in CONDUCT:
            return ways.about_conduct
        if course.channel == "grid" and lot < 0.9:
            return ways.settled_on_spot if lot < 0.82 or kind == "hazard" else ways.escalated
        if kind == "consultation" and lot < 0.8:
            return ways.settled_on_spot
        if kind == "suggestion" and lot < 0.3:
            return ways.settled_on_spot
        if kind == "hazard":
            return ways.transferred if lot > 0.96 else ways.handled
        if kind == "appeal" and course.channel in ("window", "hotline") and lot < 0.12:
            return ways.settled_on_spot
        table = shares.MEDIATED if kind == "dispute" else shares.WAYS
        if course.procedure == "petition" or kind != "appeal" or course.channel == "police":
            table = tuple(row for row in table if row[0] not in (ways.suspended, ways.extended))
        if kind != "dispute" and course.procedure != "ordinary":
            table = tuple(row for row in table if row[0] is not ways.ended)
        return self._chance.choices([row[0] for row in table], [row[1] for row in table])[0]

    # --- one that stands open today ---

    def _standing(self, status: str, least: float, most: float, number: int) -> Story:
        for tries in range(_TRIES):
            share = least + (most - least) * self._chance.random()
            coming = self._coming(self._now.month, not self._calendar.is_workday(self._now.date()), status, number)
            if status == "incomplete" and coming.channel == "grid":
                continue
            if status == "suspended" and coming.channel == "petition":  # a petition's limit is extended, never paused
                continue
            course = self._course(coming, self._came_for(coming, status, share))
            ways.standing_at(course, status, share)
            fits = course.at < self._now and course.came < self._now
            fresh = coming.skeleton.story not in self._open and self._is_news(coming.skeleton, course.came)
            if fits and (fresh or tries > _PICKY):
                self._open.add(coming.skeleton.story)
                return self._story(coming, course)
        raise AssertionError(f"no story stands at {status}")

    def _came_for(self, coming: _Coming, status: str, share: float) -> datetime:
        """A coming that leaves the case where it is to stand: hours ago, or so much of its limit."""
        if status == "registered" and coming.channel not in ("hotline", "web"):
            return earlier(self._now, self._chance.uniform(0.3, 3), self._calendar)
        if status == "registered":
            back = timedelta(minutes=self._chance.randint(8, 16 * 60))
            return max(self._now - back, earlier(self._now, 8, self._calendar))
        if status in shares.WITHIN:
            return earlier(self._now, self._chance.uniform(*shares.WITHIN[status]), self._calendar)
        limit = limit_of(*self._facts(coming, "general"))
        days = limit.amount * _WORKING_DAYS[limit.unit]
        return earlier(self._now, (days * share * 7) + self._chance.uniform(2, 9), self._calendar)

    # --- parts of both ---

    def _is_news(self, skeleton: Skeleton, came: datetime) -> bool:
        """Whether nobody has come with this sort the day before, that day or the day after: lists read as life does."""
        key, day = skeleton.story, came.toordinal()
        if any((key, day + off) in self._told for off in (-1, 0, 1)):
            return False
        self._told.add((key, day))
        return True

    def _coming(self, month: int, off: bool, status: str = "", number: int = 0) -> _Coming:
        chance = self._chance
        skeleton = chance.choices((*SKELETONS, *CONDUCT), self._by_month[month - 1])[0]
        where = skeleton.where
        if status and number % 5 in (0, 2, 3):  # the desks that people of the demonstration open first
            wanted = "committee" if number % 5 == 2 else "housing"
            own = [s for s in SKELETONS if s.unit == wanted and s.where != "village" and SEASONS[s.season][month - 1]]
            skeleton, where = chance.choice(own), "urban"
        channels = shares.CHANNELS[skeleton.kind]
        channel = chance.choices(list(channels), list(channels.values()))[0]
        if skeleton.grid and chance.random() < 0.45:
            channel = "grid"
        if channel == "grid" and (not skeleton.grid or skeleton in CONDUCT):
            channel = "hotline"
        if off and channel not in ("hotline", "grid", "web") and chance.random() < 0.75:
            channel = "hotline"
        if status == "registered" and number % 5 == 0:  # the grid worker of the demonstration has just seen it
            skeleton = chance.choice(
                [s for s in SKELETONS if s.grid and s.where == "urban" and SEASONS[s.season][month - 1]]
            )
            grids = {grid: who for grid, who in self._own.items() if who == "grid_worker"}
            spot = self._ground.patrolled("urban", skeleton.indoors, grids, chance)
            return _Coming(skeleton, spot, "grid", "grid_worker", spot.community)
        found = self._place(skeleton, where, channel)
        return _Coming(skeleton, found, channel, self._receiver(channel, found), found.community if found else "")

    def _place(self, skeleton: Skeleton, where: str, channel: str) -> Spot | None:
        if channel == "grid":
            return self._ground.patrolled(where, skeleton.indoors, self._own, self._chance)
        return self._ground.spot(where, skeleton.indoors, self._chance)

    def _receiver(self, channel: str, spot: Spot | None) -> str:
        if channel == "grid" and spot:
            return self._own[spot.grid]
        if channel in ("hotline", "web"):
            return {"hotline": "operator", "web": "resident"}[channel]
        if channel == "window" and spot and spot.town_unit == "jingping" and self._chance.random() < 0.3:
            return "jingping_clerk"
        return self._chance.choice(("clerk", "clerk2"))

    def _facts(self, coming: _Coming, level: str) -> tuple[str, str, str, str]:
        """Kind, procedure, level, channel."""
        kind = coming.skeleton.kind
        procedure = "petition" if coming.channel == "petition" else "mediation" if kind == "dispute" else "ordinary"
        return kind, procedure, level, coming.channel

    def _course(self, coming: _Coming, came: datetime) -> Course:
        chance = self._chance
        level = "general" if coming.skeleton.kind in ("consultation", "suggestion") else self._level()
        _kind, procedure, level, channel = self._facts(coming, level)
        anonymous = coming.skeleton.kind == "hazard" and channel in ("web", "hotline") and chance.random() < 0.2
        nobody = anonymous or (channel == "grid" and chance.random() < 0.35) or channel == "other"
        spot = coming.spot
        return Course(
            skeleton=coming.skeleton,
            spot=spot,
            channel=channel,
            procedure=procedure,
            level=level,
            came=came,
            who=coming.who,
            words=Telling(coming.skeleton, spot, channel, chance),
            staff=self._staff,
            calendar=self._calendar,
            chance=chance,
            unit_wanted=self._staff.unit_of(coming.skeleton.unit, spot) if spot else coming.skeleton.unit,
            anonymous=anonymous,
            nobody_to_ask=nobody,
        )

    def _level(self) -> str:
        return self._chance.choices(("general", "major"), (92, 8))[0]

    # --- the story of a course ---

    def _story(self, coming: _Coming, course: Course) -> Story:
        self._count += 1
        key = f"year{self._count:04d}"
        people, given = self._who_came(coming, course)
        again = self._chance.random() < 0.04 and coming.skeleton.kind == "appeal"
        steps = list(course.steps)
        course.steps = []
        if steps and steps[-1].what in _LAST:
            course.archive(self._now)
        twin = self._twin(coming, course, key, people, steps)
        return Story(
            key=key,
            came=(course.came, "", coming.who),
            kind=coming.skeleton.kind,
            channel=coming.channel,
            title=course.words.title(),
            text=course.words.story(*((course.words.one(phrases.AGAIN),) if again else ())),
            place=coming.spot.place() if coming.spot else {},
            people=people,
            steps=(*_inserted(steps, twin), *course.steps),
            given=given,
        )

    def _who_came(self, coming: _Coming, course: Course) -> tuple[tuple[Mapping[str, str], ...], dict[str, Any]]:
        chance, given = self._chance, dict[str, Any]()
        if coming.skeleton in CONDUCT:
            given |= {"complained_unit": chance.choice(shares.COMPLAINED), "complaint_nature": "conduct"}
        if coming.skeleton.kind == "dispute":
            other = self._people.one(coming.home, again=0)
            given |= {"willing_to_mediate": True, "other_party": (other.row(),)}
        if course.anonymous:
            return (), {**given, "anonymous": True}
        if course.nobody_to_ask:
            return (), given
        if coming.skeleton.joint and chance.random() < 0.22:
            count = chance.choice((2, 2, 3, 4, 5))
            rows = [person.row("representative") for person in self._people.several(coming.home, count)]
            return tuple(rows), {**given, "visitor_count": count + chance.choice((3, 4, 5, 7, 9, 14))}
        if chance.random() < 0.03:
            given["confidential"] = True
        return self._family(coming, self._people.one(coming.home)), given

    def _family(self, coming: _Coming, person: Neighbour) -> tuple[Mapping[str, str], ...]:
        """One person, now and then a couple or somebody who comes for another."""
        lot = self._chance.random()
        address = coming.spot.address if coming.spot and lot < 0.3 else ""
        if lot > 0.95:
            return (person.row("agent"), self._people.one(coming.home, again=0).row("principal"))
        if lot > 0.89:
            return (person.row(address=address), self._people.one(coming.home, again=0).row())
        return (person.row(address=address),)

    # --- the same matter told twice ---

    def _twin(
        self, coming: _Coming, course: Course, key: str, people: Any, steps: list[Step]
    ) -> tuple[int, Step] | None:
        """Now and then a second person (or the same) brings the same matter while the first is in hand: 并案."""
        place = next((index for index, step in enumerate(steps) if step.what == "contact"), None)
        if place is None or coming.channel == "grid" or not people or self._chance.random() > 0.05:
            return None
        if coming.skeleton in CONDUCT:  # each goes to a unit above the one complained about, by itself
            return None
        told = steps[place].day
        assert isinstance(told, datetime)
        came = told + timedelta(minutes=self._chance.randint(20, 90))
        merged = later(came, self._chance.uniform(0.2, 1.5), self._calendar)
        after = steps[place + 1].day if place + 1 < len(steps) else self._now
        assert isinstance(after, datetime)
        if merged >= min(after, self._now):
            return None
        same = self._chance.random() < 0.4
        people = people[:1] if same else (self._people.one(coming.home, again=0).row(),)
        channel = "hotline" if coming.channel in ("window", "hotline") else coming.channel
        who = "operator" if channel == "hotline" else coming.who
        twin = replace(course, came=came, who=who, steps=[])
        twin.at = merged
        twin.do("dispatcher", "merge", master=Number(key), note="同一事项，并入先登记的一件办理。").archive(self._now)
        words = Telling(coming.skeleton, coming.spot, channel, self._chance)
        title = course.words.title()
        text = words.story(words.one(phrases.TOO))
        place_row = coming.spot.place() if coming.spot else {}
        kind = coming.skeleton.kind
        story = Story(
            f"{key}b", (came, "", who), kind, channel, title, text, place_row, tuple(people), tuple(twin.steps)
        )
        return place + 1, Step(came, "", "dispatcher", "enter", {"story": story})


#: After these a case rests until it is archived.
_LAST = (
    "confirm",
    "rate",
    "close_unreached",
    "close_uncalled",
    "close_verified",
    "decline",
    "transfer",
    "withdraw",
    "terminate",
)


def _inserted(steps: list[Step], twin: tuple[int, Step] | None) -> Iterator[Step]:
    for index, step in enumerate(steps):
        if twin and twin[0] == index:
            yield twin[1]
        yield step
    if twin and twin[0] >= len(steps):
        yield twin[1]


def _inside(story: Story) -> int:
    return sum(1 for step in story.steps if step.what == "enter")
