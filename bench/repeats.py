"""How likely repeats are found among real messages, and what it costs per new report, at 4,326 and at 100,000 existing ones.

`python -m bench.repeats` makes a database of its own (`bench_repeats` on the server of `BENCH_POSTGRES`), registers the
messages of `../shared/data/texts/hot_messages.csv` as web reports by the portal's own door, lets the worker's chore compare
each with those before it, prints what was found and the times, then fills up to `--cases` with invented reports mixed from
sentences of the same file, and measures new ones again. The texts stay in that database. `--pairs FILE` writes a sample of
suggested pairs to be judged by hand, outside the repository only; `drop` removes the database.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from accounts.queries import service_actor
from bench import database, environment
from cases.choices import Channel, Kind, Status
from cases.crowds import traces
from cases.crowds.chores import suggest_repeats
from cases.crowds.finding import suggest
from cases.crowds.groups import joined
from cases.models import Case, MayRepeat
from cases.services import register
from governance_portal.lib.numbers import case_number
from governance_portal.lib.working_days import SHANGHAI
from grids.models import Area

NAME = "bench_repeats"
FORMATS = ("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M")
DISTRICT = settings.PORTAL_DISTRICT
MEASURED, CHUNK, SAMPLE, BIGGEST = 300, 2_000, 100, 10


def messages() -> list[dict[str, Any]]:
    """Read the messages, the oldest first: `{at, title, story}`."""
    path = Path(settings.SHARED_DATA) / "texts" / "hot_messages.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [
            {"at": _moment(row["received_at"]), "title": row["subject"], "story": row["body"]}
            for row in csv.DictReader(file)
        ]
    return sorted(rows, key=lambda row: row["at"])


def _moment(text: str) -> datetime:
    for form in FORMATS:
        try:
            return datetime.strptime(text, form).replace(tzinfo=SHANGHAI)
        except ValueError:
            continue
    raise ValueError(text)


def report(title: str, story: str, at: datetime) -> Case:
    """Register one message as a web report, quietly: its moment is long past."""
    given = {"channel": "web", "kind": "appeal", "title": title[:120], "description": story[:5000], "reporters": []}
    given |= {"anonymous": True, "place": {"address": "见反映的事项"}}
    return register(service_actor("resident"), given, now=at, quiet=True).case


def take_in(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Register every message and let the worker look at each; answers the times and the last moment."""
    began = time.perf_counter()
    for row in rows:
        report(row["title"], row["story"], row["at"])
    registered = time.perf_counter() - began
    took, began = [], time.perf_counter()
    while looked := suggest_repeats(rows[-1]["at"]):
        took.append(looked)
    return {"register": registered, "compare": time.perf_counter() - began, "looked": sum(took)}


# --- what was found ---------------------------------------------------------------------------------------------


def exact_missing() -> tuple[int, int, int]:
    """`(groups of exact repeats, reports after the first, of these without a suggestion)`, by the plain story itself."""
    groups: dict[str, list[int]] = defaultdict(list)
    for pk, story in Case.objects.order_by("pk").values_list("pk", "description"):
        if key := traces.exact_of(story):
            groups[key].append(pk)
    again = [group for group in groups.values() if len(group) > 1]
    told = set(MayRepeat.objects.filter(exact=True).values_list("case_id", flat=True))
    later = [pk for group in again for pk in group[1:]]
    return len(again), len(later), sum(pk not in told for pk in later)


def biggest() -> list[tuple[int, list[Case]]]:
    """The ten biggest groups of suggested pairs, each with some of its cases."""
    pairs = list(MayRepeat.objects.values_list("case_id", "other_id"))
    groups = sorted(joined(pairs), key=len, reverse=True)[:BIGGEST]
    return [(len(group), list(Case.objects.filter(pk__in=group).order_by("pk"))) for group in groups]


def words_of(cases: Iterable[Case]) -> str:
    """What most titles of a group have in common, for whoever reads the list: its commonest run of four."""
    runs: Counter[str] = Counter()
    for case in cases:
        title = re.sub(r"\W", "", case.title)
        runs.update({title[at : at + 4] for at in range(len(title) - 3)})
    return "、".join(run for run, _count in runs.most_common(3))


def sample(path: Path) -> None:
    """Write a hundred suggested pairs, drawn evenly at random, to be read and judged; never inside the repository."""
    if environment.BASE_DIR in path.resolve().parents:
        raise SystemExit("the texts must stay outside the repository: choose another folder")
    keys = sorted(MayRepeat.objects.values_list("pk", flat=True))
    chosen = sorted(random.Random(20261123).sample(keys, min(SAMPLE, len(keys))))
    pairs = MayRepeat.objects.filter(pk__in=chosen).select_related("case", "other").order_by("pk")
    told = [
        f"#{number} {pair.evidence} {'、'.join(pair.reasons)}\n  A {pair.other.title}\n    {pair.other.description[:260]}\n"
        f"  B {pair.case.title}\n    {pair.case.description[:260]}\n"
        for number, pair in enumerate(pairs, 1)
    ]
    path.write_text("\n".join(told), encoding="utf-8")


# --- a new report among many ------------------------------------------------------------------------------------


def fill(wanted: int, rows: Sequence[dict[str, Any]]) -> None:
    """Invented reports up to so many: titles and stories mixed from sentences of the messages; no history, nobody moves them."""
    pieces = sorted({one for row in rows for one in re.split(r"[。！？!?；;\n]", row["story"]) if 6 <= len(one) <= 120})
    heads = [row["title"] for row in rows]
    clerk, start = service_actor("resident").user_id or 0, rows[-1]["at"]
    loaded = Case.objects.count()
    for first in range(loaded, wanted, CHUNK):
        chance, made = random.Random(first), []
        for serial in range(first, min(first + CHUNK, wanted)):
            at = start + timedelta(seconds=serial * 30)
            one, two = chance.choice(heads), chance.choice(heads)
            made.append(
                Case(
                    number=case_number(at.date(), "1", 900_000 + serial), kind=Kind.APPEAL, channel=Channel.WEB,
                    title=(one[: len(one) // 2] + two[len(two) // 2 :])[:120],
                    description="。".join(chance.sample(pieces, 5)), registered_by_id=clerk, status=Status.REGISTERED,
                    area_code=DISTRICT, desk_area=DISTRICT, registered_at=at, version=1,
                )
            )  # fmt: skip
        with transaction.atomic():
            Case.objects.bulk_create(made, batch_size=400)
    while traces.heal():
        pass
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def measured(rows: Sequence[dict[str, Any]], salt: str) -> dict[str, float]:
    """Time what a new report costs the worker: compared, suggestions written, its trace kept; each is taken back again."""
    at = Case.objects.order_by("-registered_at").values_list("registered_at", flat=True)[0]
    chance, looks, keeps = random.Random(salt), [], []
    for row in chance.sample(list(rows), MEASURED):
        half = len(row["story"]) // 2
        story = row["story"][half:] + row["story"][:half]
        with transaction.atomic():
            case = report(row["title"], story or row["title"], at)
            began = time.perf_counter()
            suggest(case, at)
            between = time.perf_counter()
            traces.keep([case])
            looks.append(1000 * (between - began))
            keeps.append(1000 * (time.perf_counter() - between))
            transaction.set_rollback(True)
    whole = [look + keep for look, keep in zip(looks, keeps, strict=True)]
    return {"p50": _at(whole, 0.5), "p95": _at(whole, 0.95), "look50": _at(looks, 0.5), "keep50": _at(keeps, 0.5)}


def _at(taken: list[float], share: float) -> float:
    return sorted(taken)[min(int(len(taken) * share), len(taken) - 1)]


def _told(what: str, found: dict[str, float]) -> str:
    size = _size()
    return (
        f"{what}: p50 {found['p50']:.1f} ms, p95 {found['p95']:.1f} ms a new report (compared {found['look50']:.1f}, "
        f"trace kept {found['keep50']:.1f}); traces take {size / Case.objects.count() / 1024:.1f} KB a case; "
        f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    )


def _size() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_total_relation_size('cases_tracekey') + pg_total_relation_size('cases_texttrace')")
        return int(cursor.fetchone()[0])


def main() -> None:
    """Do what the command line asks."""
    parser = argparse.ArgumentParser(prog="python -m bench.repeats", description=__doc__)
    parser.add_argument("what", nargs="?", choices=("run", "drop"), default="run")
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--pairs", type=Path)
    asked = parser.parse_args()
    if environment.NAME != NAME:  # the package has read its settings already: begin again on the database of our own
        os.execve(
            sys.executable,
            [sys.executable, "-m", "bench.repeats", *sys.argv[1:]],
            {**os.environ, "BENCH_DATABASE": NAME},
        )
    if asked.what == "drop":
        database.drop()
        return
    rows = messages()
    database.drop()
    database.ensure()
    Area.objects.get_or_create(code=DISTRICT, defaults={"name": "区", "level": "district"})
    took = take_in(rows)
    print(f"{len(rows):,} registered in {took['register']:.0f} s, compared in {took['compare']:.0f} s", flush=True)
    groups, later, missing = exact_missing()
    print(f"exact repeats: {groups} groups, {later} reports after the first; {missing} of them not suggested")
    pairs, cases = MayRepeat.objects.count(), MayRepeat.objects.values("case_id").distinct().count()
    print(f"suggested: {pairs:,} pairs for {cases:,} reports")
    for size, members in biggest():
        print(f"  group of {size}: {words_of(members)}")
    if asked.pairs:
        sample(asked.pairs)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    print(_told(f"{Case.objects.count():,} existing", measured(rows, "first")), flush=True)
    if asked.cases > len(rows):
        fill(asked.cases, rows)
        print(_told(f"{Case.objects.count():,} existing", measured(rows, "second")), flush=True)


if __name__ == "__main__":
    main()
