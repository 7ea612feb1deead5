"""One database of `python -m bench size`, measured in this process; prints what it found as one line of JSON."""

from __future__ import annotations

import itertools
import json
import os
import platform
import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.management import call_command, get_commands
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts import tokens
from accounts.choices import Role
from accounts.models import Post, Unit, User
from accounts.queries import actor_for
from bench import calls, database, people, server, size_floor
from bench.calls import ACCEPT, Caller, Keys
from bench.generating import whole
from bench.inside import statements
from bench.measuring import Figures, Opening, measure, yardstick
from bench.vocabulary import COMMON_2, COMMON_4, RARE_2, RARE_4
from cases.models import Case
from cases.queries import case_for
from cases.services import move
from governance_portal.lib.numbers import query_code
from governance_portal.lib.working_days import SHANGHAI
from grids.models import Area

CLIENTS = (1, 8)
SECONDS, QUICK_SECONDS = 3.0, 0.8
SEARCHED_UP_TO = 1_000_000
ROUNDS, MOVES = 12, 25
SEARCHES = {"common_2": COMMON_2, "rare_2": RARE_2, "common_4": COMMON_4, "rare_4": RARE_4}
PAGES = {"board_page", "list_page"}


def say(text: str) -> None:
    """Tell how far it is, beside the answer."""
    print(f"  {text}", file=sys.stderr, flush=True)


class Run:
    """Everything one database is asked."""

    def __init__(self, cases: int, seconds: float) -> None:
        self.cases, self.seconds = cases, seconds
        self.ours: dict[str, tuple[float, float, float, int]] = {}
        self.floor: dict[str, tuple[float, float, float, int]] = {}
        self.newest: date = (
            Case.objects.order_by("-registered_at")
            .values_list("registered_at", flat=True)[0]
            .astimezone(SHANGHAI)
            .date()
        )
        self.keys = _keys(cases)
        self.unit = Unit.objects.get(code=self.keys.officer.removeprefix("officer-"))
        self.community = Post.objects.get(user__username="community1").area_code
        month, year = self.newest - timedelta(days=29), self.newest - timedelta(days=364)
        self.month, self.year = f"from={month}&to={self.newest}", f"from={year}&to={self.newest}"
        self.windows = {"month": (month, self.newest), "year": (year, self.newest)}

    def asked(self) -> dict[str, tuple[str, Callable[[], str]]]:
        """Return who asks for which address, by the name of the row."""
        district, units = self.keys.dispatcher, itertools.cycle(self.keys.units)
        numbers = itertools.cycle(number for number, _code in self.keys.numbers)
        api = "/api/v1"
        found: dict[str, tuple[str, Callable[[], str]]] = {
            "board_month": (district, lambda: f"{api}/stats/overview/?{self.month}"),
            "board_year": (district, lambda: f"{api}/stats/overview/?{self.year}"),
            "streets_month": (district, lambda: f"{api}/stats/by-area/?{self.month}"),
            "board_page": (district, lambda: f"/board/?{self.month}"),
            "drill": (district, lambda: f"{api}/cases/?figure=closed&{self.month}"),
            "list": (district, lambda: f"{api}/cases/"),
            "community": ("community1", lambda: f"{api}/cases/"),
            "unit": (self.keys.officer, lambda: f"{api}/cases/"),
            "filtered": (district, lambda: f"{api}/cases/?status=closed&unit={next(units)}"),
            "rare": (district, lambda: f"{api}/cases/?channel=police&level=serious"),
            "list_page": (district, lambda: "/cases/?tab=all"),
            "count": (district, lambda: f"{api}/cases/count/"),
            "count_filtered": (district, lambda: f"{api}/cases/count/?status=closed&unit={self.unit.code}"),
            "detail": (district, lambda: f"{api}/cases/{next(numbers)}/"),
        }
        if self.cases <= SEARCHED_UP_TO:
            for name, words in SEARCHES.items():
                turn = itertools.cycle(words)
                found[name] = (district, lambda turn=turn: f"{api}/cases/?q={quote(next(turn))}")  # type: ignore[misc]
        return found

    def floors(self) -> dict[str, Opening]:
        """Return the floor of the rows that have one."""
        unit = [self.unit.pk]
        closed = "counted = 'closed' AND registered_at >= %s AND registered_at < %s"
        first, last = self.windows["month"]
        days = [f"{first} 00:00+08", f"{last + timedelta(days=1)} 00:00+08"]
        ids = random.Random(2).sample(whole(self.cases), 3000)
        found = {
            "board_month": size_floor.board(*self.windows["month"]),
            "board_year": size_floor.board(*self.windows["year"]),
            "streets_month": size_floor.parts(*self.windows["month"]),
            "drill": size_floor.listed(closed, lambda: days),
            "list": size_floor.listed(),
            "community": size_floor.listed("substr(area, 1, 12) = %s", lambda: [self.community]),
            "unit": size_floor.listed("unit_id = %s", lambda: unit),
            "filtered": size_floor.listed("unit_id = %s AND status = 'closed'", lambda: unit),
            "rare": size_floor.listed("channel = 'police' AND level = 'serious'"),
            "count": size_floor.counted(),
            "count_filtered": size_floor.counted("unit_id = %s AND status = 'closed'", lambda: unit),
            "detail": size_floor.detail(ids),
            "register": size_floor.registering(),
        }
        if self.cases <= SEARCHED_UP_TO:
            found |= {name: size_floor.found(list(words)) for name, words in SEARCHES.items()}
        return found

    def statements(self) -> dict[str, int]:
        """Return how many statements each address costs on a warm process."""
        found = {}
        for name, (who, path) in self.asked().items():
            client = Client(SERVER_NAME="127.0.0.1")
            if name in PAGES:
                client.cookies[settings.SESSION_COOKIE_NAME] = self.keys.session
            else:
                client.defaults["HTTP_AUTHORIZATION"] = f"Token {self.keys.tokens[who]}"
            client.get(path())
            with statements() as sent:
                answer = client.get(path())
            if answer.status_code != 200:
                raise SystemExit(f"{name}: {answer.status_code} {answer.content[:300]!r}")
            found[name] = len(sent)
        return found

    def over_http(self, port: int) -> None:
        """Measure every row, floor and ours in turn."""
        floors, asked = self.floors(), self.asked()
        connection.close()
        for clients in CLIENTS:
            for name, (who, path) in asked.items():
                self._row(name, clients, floors.get(name), self._asking(port, name, who, path))
            self._row("register", clients, floors["register"], calls.openings(port, self.keys)["register"])
            self._row("move", clients, size_floor.moving(clients), calls.mover(port, self.keys, clients))

    def _row(self, name: str, clients: int, floor: Opening | None, ours: Opening) -> None:
        say(f"{self.cases:,}: {name}, {clients}")
        if floor:
            self.floor[f"{name} {clients}"] = _kept(measure(floor, clients, self.seconds / 2))
        self.ours[f"{name} {clients}"] = _kept(measure(ours, clients, self.seconds))

    def _asking(self, port: int, name: str, who: str, path: Callable[[], str]) -> Opening:
        page = name in PAGES
        headers = (
            {"Cookie": f"{settings.SESSION_COOKIE_NAME}={self.keys.session}", "Accept": "text/html"}
            if page
            else {"Authorization": f"Token {self.keys.tokens[who]}"}
        )

        def open_(_number: int) -> Callable[[], None]:
            client = Caller(port, headers)

            def call() -> None:
                client.ask("GET", path())

            return call

        return open_


def _kept(figures: Figures) -> tuple[float, float, float, int]:
    return (figures.p50, figures.p95, figures.rate, figures.calls)


def _keys(cases: int) -> Keys:
    now = timezone.now()
    cast = people.cast(now)
    departments = [post.unit_code for post in cast.units.values() if post.unit_code.startswith("dept")]
    areas = list(Area.objects.filter(level="community").order_by("code").values_list("code", flat=True))
    officer = f"officer-{departments[0]}"
    _somebody("community1", areas[len(areas) // 2])
    names = ("clerk1", "dispatcher1", officer, "community1")
    users = {user.username: user for user in User.objects.filter(username__in=names)}
    made = {name: tokens.issue(user, "bench", now)[0] for name, user in users.items()}
    client = Client()
    client.force_login(users["dispatcher1"], backend=settings.AUTHENTICATION_BACKENDS[1])
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    chosen = random.Random(1).sample(whole(cases), 3000)
    found = Case.objects.filter(pk__in=chosen).values_list("number", "query_issue")
    numbers = [(number, query_code(number, issue)) for number, issue in found]
    return Keys(made, session, "clerk1", "dispatcher1", officer, departments, numbers, areas)


def _somebody(username: str, area: str) -> None:
    """A dispatcher of one community."""
    user, fresh = User.objects.get_or_create(username=username, defaults={"name": username})
    if fresh:
        unit = Unit.objects.get(code=f"street{area[:9]}")
        Post.objects.create(user=user, role=Role.DISPATCHER, unit=unit, area_code=area, starts_on=people.SINCE)


def moves() -> dict[str, Any] | None:
    """Accept cases with and without the triggers of the kept counts, in turn; medians in ms. None where there are none.

    What is moved without them is not counted; the counts are put right afterwards.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal AND tgname ~ 'tally'"
        )
        triggers = cursor.fetchall()
    if not triggers:
        return None
    clerk = actor_for(User.objects.get(username="clerk1"), timezone.now())
    rows, taken = calls.waiting()[::-1], {"ENABLE": [], "DISABLE": []}  # type: ignore[var-annotated]
    each = min(MOVES, len(rows) // (2 * ROUNDS))
    try:
        for turn in range(ROUNDS * 2):
            how = "DISABLE" if turn % 2 else "ENABLE"
            _switch(triggers, how)
            for number, _version in rows[turn * each : (turn + 1) * each]:
                taken[how].append(_accepted(clerk, number))
    finally:
        _switch(triggers, "ENABLE")
        call_command("verify_statistics", "--repair", stdout=sys.stderr)
    if not each:
        return None
    medians = {how: statistics.median(times) for how, times in taken.items()}
    return {"rounds": f"{ROUNDS} × {each}", "with": medians["ENABLE"], "without": medians["DISABLE"]}


def _switch(triggers: list[tuple[str, str]], how: str) -> None:
    with connection.cursor() as cursor:
        for table, name in triggers:
            cursor.execute(f"ALTER TABLE {table} {how} TRIGGER {name}")


def _accepted(clerk: Any, number: str) -> float:
    """Accept a case; the milliseconds of the door alone."""
    at = timezone.now()
    case = case_for(clerk, number, at)
    began = time.perf_counter()
    move(case, "accept", actor=clerk, now=at, given={key: ACCEPT[key] for key in ACCEPT if key != "move"})
    return (time.perf_counter() - began) * 1000


def _is_counted() -> str:
    """Say whether the kept counts are there; count first where they are empty."""
    if "verify_statistics" not in get_commands():
        return "none"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cases_tallycount")
        if not cursor.fetchone()[0]:
            say("counting what was loaded …")
            call_command("verify_statistics", "--repair", stdout=sys.stderr)
        cursor.execute("SELECT count(*) FROM cases_tallycount")
        return f"{cursor.fetchone()[0]:,} rows"


def run(cases: int, quick: bool) -> dict[str, Any]:
    """Measure the database this process was started on."""
    database.ensure()
    load = os.getloadavg()[0]
    kept = _is_counted()
    say("the ideal table …")
    size_floor.build()
    server.collect()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cases_event")
        events = cursor.fetchone()[0]
        cursor.execute(
            "SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relkind = 'r' AND n.nspname = 'public' AND c.relname LIKE 'cases\\_%'"
        )
        size = float(cursor.fetchone()[0])
        cursor.execute("SHOW server_version")
        version = cursor.fetchone()[0].split()[0]
    asking = Run(cases, QUICK_SECONDS if quick else SECONDS)
    with server.broker():
        told = asking.statements()
        connection.close()
        with server.portal() as port:
            asking.over_http(port)
        more = None if cases > SEARCHED_UP_TO or kept == "none" else moves()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "machine": f"{os.cpu_count()} cores, {memory:.0f} GB, Python {platform.python_version()}, PostgreSQL {version}",
        "open": Case.objects.filter(counted="open").count(),
        "events": events,
        "bytes": size,
        "kept": kept,
        "load": (load, os.getloadavg()[0]),
        "yardstick": yardstick(),
        "statements": told,
        "ours": asking.ours,
        "floor": asking.floor,
        "moves": more,
        "at": f"{datetime.now(SHANGHAI):%Y-%m-%d %H:%M}",
    }


if __name__ == "__main__":
    print(json.dumps(run(int(sys.argv[1]), "--quick" in sys.argv)))
