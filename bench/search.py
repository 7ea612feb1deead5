"""How fast words of two characters are found among 300,000 cases, on PostgreSQL and on SQLite, next to a plain LIKE.

`python -m bench.search` makes two databases of its own where they are missing (`bench_search` on the server of
`BENCH_POSTGRES`, a file under `BENCH_VAR`), fills them with invented cases, indexes them by the portal's own
`rebuild_search`, measures, prints a table and keeps it in docs/performance.md between its own marks.
`python -m bench.search drop` removes both databases; `--quick` measures whatever is loaded and keeps nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from psycopg2 import sql

from accounts.choices import Role, UnitKind
from accounts.models import Post, Unit, User
from accounts.queries import actor_for
from bench import environment
from cases.choices import Channel, Kind, Status
from cases.models import Case, Category
from cases.search import matching
from cases.services import indexing
from governance_portal.lib.numbers import case_number
from governance_portal.lib.working_days import SHANGHAI
from grids.models import Area

NAME, ENGINES = "bench_search", ("postgresql", "sqlite")
FOLDER = environment.BASE_DIR / "var" / "bench" / "search"
FILE = FOLDER / "portal.sqlite3"
DOCUMENT = environment.BASE_DIR / "docs" / "performance.md"
BEGIN, END = "<!-- bench search: what follows is written by `python -m bench.search` -->", "<!-- bench search: end -->"
WANTED, CHUNK = 300_000, 2_000
DISTRICT, STREETS = "140603", [f"140603{number}" for number in range(100, 112)]
#: Word → of how many cases one has it.
SHARES = {"居民": 2, "暖气": 10, "噪声": 33, "井盖": 100, "流浪犬": 400, "蜂窝": 10_000, "麒麟": 100_000}
KINDS = {"common": ("居民", "暖气", "噪声"), "middling": ("井盖", "流浪犬"), "rare": ("蜂窝", "麒麟", "獬豸")}
AIMS = {"common": 60, "rare": 5}
TIMES, LIKE_TIMES = 20, 1


def variables(engine: str) -> dict[str, str]:
    """What tells `bench.environment` which database a process of this bench is for."""
    return {"BENCH_DATABASE": NAME, "BENCH_VAR": str(FOLDER), "BENCH_ENGINE": engine}


# --- one database -----------------------------------------------------------------------------------------------


def one(engine: str, quick: bool) -> dict[str, Any]:
    """Fill and measure the database this process was started on."""

    if engine == "postgresql":
        _make_database()
    call_command("migrate", verbosity=0, interactive=False)
    loaded = Case.objects.count()
    took: dict[str, float] = {}
    if loaded < WANTED and not quick:
        began = time.perf_counter()
        _fill(loaded)
        took["fill"] = time.perf_counter() - began
    began = time.perf_counter()
    if indexed := indexing.heal(WANTED):
        took[f"index {indexed:,}"] = time.perf_counter() - began
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE" if engine == "postgresql" else "ANALYZE")
    told_of = {"at": f"{datetime.now(UTC):%Y-%m-%d %H:%M}", "load": os.getloadavg()[0]}
    found = _measure(quick)
    return {
        "engine": _version(engine),
        "cases": Case.objects.count(),
        "bytes": _bytes(engine),
        "took": took,
        **told_of,
        **found,
    }


def _make_database() -> None:

    server = psycopg2.connect(urlunsplit(urlsplit(environment.SERVER)._replace(scheme="postgresql")))
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME])
        if cursor.fetchone() is None:
            cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))
    server.close()


def _version(engine: str) -> str:

    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version" if engine == "postgresql" else "SELECT sqlite_version()")
        return f"{'PostgreSQL' if engine == 'postgresql' else 'SQLite'} {cursor.fetchone()[0].split()[0]}"


def _bytes(engine: str) -> int:
    """What search adds to the disk, in all."""

    with connection.cursor() as cursor:
        if engine == "postgresql":
            cursor.execute("SELECT pg_total_relation_size('cases_searchtext')")
        else:
            cursor.execute("SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'cases_search%' OR name LIKE 'search_%'")
        return int(cursor.fetchone()[0])


def _fill(loaded: int) -> None:
    """Invented cases; only what a list shows and a search reads. No history: nobody moves them."""

    centre, _ = Unit.objects.get_or_create(code="centre", defaults={"name": "区综治中心", "kind": UnitKind.CENTRE})
    units = [
        Unit.objects.get_or_create(code=f"u{n}", defaults={"name": f"承办单位{n}", "kind": UnitKind.DEPARTMENT})[0]
        for n in range(40)
    ]
    region, _ = Area.objects.get_or_create(code=DISTRICT, defaults={"name": "平鲁区", "level": "district"})
    for code in STREETS:
        Area.objects.get_or_create(
            code=code, defaults={"name": f"街道{code[-3:]}", "level": "street", "parent": region}
        )
    people = {
        "clerk": (Role.CLERK, centre, DISTRICT),
        "street": (Role.DISPATCHER, centre, STREETS[3]),
        "handler": (Role.HANDLER, units[5], DISTRICT),
    }
    for username, (role, unit, area) in people.items():
        user, fresh = User.objects.get_or_create(username=username, defaults={"name": username})
        if fresh:
            Post.objects.create(user=user, role=role, unit=unit, area_code=area, starts_on=datetime(2024, 1, 1).date())  # noqa: DTZ001
    clerk = User.objects.get(username="clerk")
    codes = list(Category.objects.filter(active=True).values_list("code", flat=True))
    for first in range(loaded, WANTED, CHUNK):
        chance, rows = random.Random(first), []
        for serial in range(first, min(first + CHUNK, WANTED)):
            at = datetime(2024, 11, 1, tzinfo=UTC) + timedelta(seconds=serial * 200 + chance.randrange(200))
            title, description, address = _texts(chance)
            rows.append(
                Case(
                    number=case_number(at.astimezone(SHANGHAI).date(), "1", serial),
                    kind=Kind.APPEAL, channel=Channel.WINDOW, title=title, description=description, address=address,
                    registered_by=clerk, status=chance.choice((Status.HANDLING, Status.CLOSED, Status.CLOSED)),
                    category_id=chance.choice(codes), area_code=chance.choice(STREETS) + f"{chance.randrange(1, 9):03d}",
                    desk_area=DISTRICT, lead_unit=chance.choice(units), registered_at=at, version=1,
                )
            )  # fmt: skip
        with transaction.atomic():
            Case.objects.bulk_create(rows, batch_size=400)


_SYLLABLES = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多"
    "定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因"
    "由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解"
    "问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少"
    "图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处理世车"
)


def _texts(chance: random.Random) -> tuple[str, str, str]:
    """A title of some 14 characters, a description of some 110, an address."""
    words = [word for word, share in SHARES.items() if chance.randrange(share) == 0]
    filler = ["".join(chance.choices(_SYLLABLES, k=chance.randrange(4, 14))) for _ in range(11)]
    pieces = words + filler
    chance.shuffle(pieces)
    house = f"{chance.choice('东西南北')}关{chance.randrange(1, 40)}号院{chance.randrange(1, 30)}单元"
    return "".join(pieces[:2])[:40], "，".join(pieces) + "。", house


# --- measuring --------------------------------------------------------------------------------------------------


def _measure(quick: bool) -> dict[str, Any]:

    now = timezone.now()
    rows: list[dict[str, Any]] = []
    for username in ("clerk", "street", "handler"):
        actor = actor_for(User.objects.get(username=username), now)
        visible = Case.objects.visible_to(actor, now).order_by()
        for kind, words in KINDS.items():
            ways: dict[str, list[float]] = {"list": [], "like": [], "count": [], "like_count": []}
            totals, wrong = [], []
            for word in words:
                totals.append(_by_index(visible, word).count())
                by_like = _by_like(visible, word)
                if totals[-1] != by_like.count() or _page(_by_index(visible, word)) != _page(by_like):
                    wrong.append(word)
                times, like_times = (6, 2) if quick else (TIMES, LIKE_TIMES)
                ways["list"] += _timed(lambda word=word, cases=visible: _page(_by_index(cases, word)), times)
                ways["count"] += _timed(
                    lambda word=word, cases=visible: _by_index(cases, word).count(), max(times // 7, 2)
                )
                ways["like"] += _timed(lambda word=word, cases=visible: _page(_by_like(cases, word)), like_times)
                ways["like_count"] += _timed(lambda word=word, cases=visible: _by_like(cases, word).count(), 1)
            figures = {way: (_at(took, 0.5), _at(took, 0.95)) for way, took in ways.items()}
            rows.append({"who": username, "kind": kind, "totals": totals, "wrong": wrong, **figures})
    return {"rows": rows}


def _by_index(visible: Any, word: str) -> Any:

    return matching(visible, word)


def _by_like(visible: Any, word: str) -> Any:

    return visible.filter(
        Q(title__contains=word)
        | Q(description__contains=word)
        | Q(address__contains=word)
        | Q(category__name__contains=word)
    )


def _page(found: Any) -> list[int]:
    """The newest fifty, as a list reads them."""
    rows = found.order_by("-registered_at", "-id").select_related("category", "lead_unit", "handler")[:50]
    return [case.pk for case in rows]


def _timed(call: Callable[[], Any], times: int) -> list[float]:
    call()
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        call()
        taken.append((time.perf_counter() - began) * 1000)
    return taken


def _at(taken: list[float], share: float) -> float:
    return sorted(taken)[min(int(len(taken) * share), len(taken) - 1)]


# --- telling ----------------------------------------------------------------------------------------------------

WHO = {"clerk": "whole district", "street": "one street", "handler": "one unit of 40"}


def told(results: list[dict[str, Any]]) -> str:
    """The tables, in Markdown."""
    lines = [
        "In one process, the page read as a list reads it (newest 50 with category, unit, handler), the question of the"
        " index included; times in ms, p50 / p95. Common words stand in 3 to 50 % of the cases, rare ones in 30, 3 and 0.",
        "",
        "| database | who asks | words | hits | newest 50 | plain LIKE | exact count | LIKE count | aim |",
        "| --- | --- | --- | ---: | ---: | ---: | ---: | ---: | --- |",
    ]
    for result in results:
        for row in result["rows"]:
            lines.append(_line(result["engine"], row))
    wrong = [f"{row['who']} {word}" for result in results for row in result["rows"] for word in row["wrong"]]
    lines += [
        "",
        f"Page and total of every word, for each of the three people, were compared with LIKE's: {len(wrong)} differ"
        + (f" ({', '.join(wrong)})" if wrong else "")
        + ".",
        *(_size(result) for result in results),
    ]
    return "\n".join(lines)


def _line(engine: str, row: dict[str, Any]) -> str:
    hits = "、".join(f"{total:,}" for total in row["totals"])
    aim = AIMS.get(row["kind"])
    met = (
        "–"
        if aim is None
        else f"≤ {aim}: {'met' if row['list'][1] <= aim else 'p50 met' if row['list'][0] <= aim else 'missed'}"
    )
    cells = [f"{row[way][0]:.1f} / {row[way][1]:.1f}" for way in ("list", "like", "count", "like_count")]
    return f"| {engine} | {WHO[row['who']]} | {row['kind']} | {hits} | {' | '.join(cells)} | {met} |"


def _size(result: dict[str, Any]) -> str:
    each = result["bytes"] / result["cases"]
    took = "".join(f", {what} {seconds:.0f} s" for what, seconds in result["took"].items())
    measured = f"measured {result['at']} UTC, {os.cpu_count()} cores, load {result['load']:.1f}{took}"
    return f"* {result['engine']}: {result['cases']:,} cases, search takes {each:.0f} B a case; {measured}."


def keep(text: str) -> None:
    """Put the tables into the document, between their own marks."""
    document = DOCUMENT.read_text(encoding="utf-8")
    if BEGIN not in document:
        document += f"\n## Search\n\n{BEGIN}\n{END}\n"
    before, _, rest = document.partition(BEGIN)
    _, _, after = rest.partition(END)
    DOCUMENT.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")


def drop() -> None:
    """Remove both databases."""

    server = psycopg2.connect(urlunsplit(urlsplit(environment.SERVER)._replace(scheme="postgresql")))
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(NAME)))
    server.close()
    for ending in ("", "-wal", "-shm"):
        Path(f"{FILE}{ending}").unlink(missing_ok=True)


def main() -> None:
    """Measure both, each in a process of its own: settings name one database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="?", choices=("run", "drop", "one"), default="run")
    parser.add_argument("--on", choices=ENGINES, action="append")
    parser.add_argument("--quick", action="store_true")
    asked = parser.parse_args()
    if asked.what == "drop":
        drop()
    elif asked.what == "one":
        print(json.dumps(one(asked.on[0], asked.quick)))
    else:
        for engine in asked.on or ENGINES:
            result = _apart(engine, asked.quick)
            kept = FOLDER / f"{engine}{'-quick' if asked.quick else ''}.json"
            kept.write_text(json.dumps(result), encoding="utf-8")
        text = told([json.loads(kept.read_text(encoding="utf-8")) for kept in _kept(asked.quick)])
        print(text)
        if not asked.quick:
            keep(text)


def _kept(quick: bool) -> list[Path]:
    """What was measured last on each database."""
    files = [FOLDER / f"{engine}{'-quick' if quick else ''}.json" for engine in ENGINES]
    return [file for file in files if file.exists()]


def _apart(engine: str, quick: bool) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.search", "one", "--on", engine, *(["--quick"] if quick else [])]
    environ = {**os.environ, **variables(engine)}
    ran = subprocess.run(command, env=environ, check=True, stdout=subprocess.PIPE, text=True)
    result: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return result


if __name__ == "__main__":
    main()
