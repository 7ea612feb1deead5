"""The minute's sweep beside its floor: `python -m bench.sweep` (PostgreSQL; `--keep` writes its part of docs/performance.md).

A database of its own with 100,000 open cases, of which 20,000 come due at once, on all four rungs. The floor takes as many
due rows out of a table as large by `UPDATE … FOR UPDATE SKIP LOCKED … RETURNING` in plain psycopg2, in batches as large;
below it the same floor that also writes the rungs and the notices that the sweep writes, in multi-row INSERTs.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from psycopg2.extras import execute_values

from accounts.choices import GroupKind
from accounts.models import Delivery, GroupChannel, Notice, Unit
from accounts.queries import actor_for
from bench import database, people, report
from bench.environment import NAME
from cases import ladder, policies, services
from cases.models import Case, Deadline, Reminder
from cases.services import reminding
from governance_portal.lib.working_days import SHANGHAI

BEGIN, END = "<!-- sweep: what follows is written by `python -m bench.sweep` -->", "<!-- sweep: end -->"
OWN_DATABASE = "bench_sweep"
OPEN, DUE = 100_000, 20_000
#: A Wednesday in an ordinary week.
NOW = datetime(2026, 11, 25, 10, 0, tzinfo=SHANGHAI)
AIM_MS = 0.2


@dataclass
class Measured:
    """One sweep: seconds, statements, resident memory (MB) after each batch, and what it wrote."""

    rows: int
    seconds: float
    statements: int
    notices: int
    messages: int
    memory: list[float] = field(default_factory=list)

    @property
    def per_row(self) -> float:
        """Milliseconds."""
        return self.seconds * 1000 / max(self.rows, 1)


def resident() -> float:
    """This process's resident memory, MB."""
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


# --- the cases --------------------------------------------------------------------------------------------------


def prepare() -> None:
    """Make the district and, by copying one registered case in the database, the open cases with their clocks."""
    database.ensure()
    policies.forget()
    people.build(NOW)
    if Case.objects.count() < OPEN:
        _copies(_template())
    with database.connect() as plain, plain.cursor() as cursor:
        cursor.execute("TRUNCATE cases_reminder, accounts_delivery, accounts_digestentry, accounts_notice CASCADE")
        cursor.execute("DELETE FROM accounts_groupchannel")
    plain = database.connect()
    plain.autocommit = True
    plain.cursor().execute("VACUUM ANALYZE")
    plain.close()


def _template() -> Case:
    clerk = actor_for(people.User.objects.get(username="clerk1"), NOW)
    body = {
        "kind": "appeal",
        "channel": "window",
        "description": "三号楼暖气不热，已有一周，请求尽快维修。",
        "place": {"address": "某小区三号楼"},
        "reporters": [{"name": "某某", "phone": "13800000000"}],
    }
    at = NOW - timedelta(days=14)
    case = services.register(clerk, body, now=at).case
    return services.move(case, "accept", actor=clerk, now=at, given={"category": "A0102", "level": "general"})


def _copies(template: Case) -> None:
    """Open cases in handling: each led by one of the units, with its officer; a met clock and a running one."""
    columns = [field.column for field in Case._meta.concrete_fields if field.column != "id"]
    special = {
        "number": "'8' || lpad(n::text, 13, '0')",
        "client_id": "gen_random_uuid()",
        "status": "'handling'",
        "lead_unit_id": "u.unit_id",
        "handler_id": "u.user_id",
        "desk_area": "u.area",
    }
    chosen = ", ".join(special.get(name, f't."{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    spread = _spread()
    with database.connect() as plain, plain.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            f"""WITH officers AS (
                    SELECT p.unit_id, p.user_id, p.area_code AS area,
                           row_number() OVER (ORDER BY p.id) - 1 AS place, count(*) OVER () AS many
                    FROM accounts_post p WHERE p.role IN ('handler', 'mediator') AND NOT p.lead)
                INSERT INTO cases_case ({names})
                SELECT {chosen} FROM cases_case t, generate_series(1, {OPEN}) n
                JOIN officers u ON u.place = n %% u.many WHERE t.id = %s""",
            [template.pk],
        )
        met = (NOW - timedelta(days=14), NOW - timedelta(days=13), NOW - timedelta(days=13), NOW - timedelta(days=14))
        cursor.execute(
            """INSERT INTO cases_deadline (case_id, clock, period, started_at, nominal_at, due_at, warn_at, tentative,
                                           running, met_at)
               SELECT id, 'accept_by', 1, %s, %s, %s, %s, false, false, %s FROM cases_case WHERE status = 'handling'""",
            [*met, met[0]],
        )
        cursor.execute("SELECT id FROM cases_case WHERE status = 'handling' ORDER BY md5(id::text)")
        rows = []
        for (pk,), (due, warn) in zip(cursor.fetchall(), spread, strict=False):
            rows.append((pk, "resolve_by", 1, NOW - timedelta(days=14), due, due, warn, False, True))
        execute_values(
            cursor,
            """INSERT INTO cases_deadline (case_id, clock, period, started_at, nominal_at, due_at, warn_at, tentative,
               running) VALUES %s""",
            rows,
            page_size=1000,
        )


def _spread() -> Iterator[tuple[datetime, datetime]]:
    """Dates of the running clocks: a quarter of those that come due on each rung, the others later."""
    calendar = policies.calendar()
    late1, late2 = (ladder.reached(NOW, days, calendar) for days in (ladder.LATE1_DAYS, ladder.LATE2_DAYS))
    for number in range(OPEN):
        step = timedelta(minutes=number % 60)
        if number >= DUE:
            due = NOW + timedelta(days=3 + number % 40) + step
            yield due, due - timedelta(days=2)
        else:
            due = (NOW + timedelta(hours=4) + step, NOW - step, late1 - step, late2 - step)[number % 4]
            yield due - timedelta(minutes=1), min(due, NOW) - timedelta(hours=1)


# --- measuring --------------------------------------------------------------------------------------------------


@contextmanager
def _counted() -> Iterator[list[str]]:
    """Count the statements, transaction marks too, and nothing else: no text is kept."""
    seen: list[str] = []

    def count(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        seen.append(sql[:6])
        return execute(sql, *rest)

    with connection.execute_wrapper(count):
        yield seen


def sweep() -> Measured:
    """One sweep over what is due."""
    memory: list[float] = []
    batch = reminding._batch

    def watched(*args: Any, **more: Any) -> Any:
        found = batch(*args, **more)
        memory.append(resident())
        return found

    reminding._batch = watched  # type: ignore[assignment]
    try:
        with _counted() as statements:
            began = time.perf_counter()
            done = reminding.remind(NOW)
            seconds = time.perf_counter() - began
    finally:
        reminding._batch = batch
    return Measured(done.rungs, seconds, len(statements), done.notices, Delivery.objects.count(), memory)


def floor(*, writing: int = 0) -> Measured:
    """The same number of due rows taken and marked in plain psycopg2; with `writing` notices a row written too."""
    plain = database.connect()
    cursor = plain.cursor()
    cursor.execute(
        """DROP TABLE IF EXISTS bench_due;
           CREATE TABLE bench_due AS SELECT id, warn_at, due_at, NULL::timestamptz AS sent_at
           FROM cases_deadline WHERE running;
           ALTER TABLE bench_due ADD PRIMARY KEY (id);
           CREATE INDEX ON bench_due (warn_at) WHERE sent_at IS NULL;
           DROP TABLE IF EXISTS bench_rung, bench_notice;
           CREATE TABLE bench_rung (LIKE cases_reminder INCLUDING ALL);
           CREATE TABLE bench_notice (LIKE accounts_notice INCLUDING ALL)"""
    )
    plain.commit()
    plain.autocommit = True
    cursor.execute("VACUUM ANALYZE bench_due")
    plain.autocommit = False
    rows = statements = notices = 0
    began = time.perf_counter()
    while True:
        cursor.execute(
            """UPDATE bench_due SET sent_at = %s WHERE id IN (
                   SELECT id FROM bench_due WHERE sent_at IS NULL AND warn_at <= %s ORDER BY warn_at LIMIT %s
                   FOR UPDATE SKIP LOCKED) RETURNING id, due_at""",
            [NOW, NOW, reminding.BATCH],
        )
        taken = cursor.fetchall()
        if writing and taken:
            rungs = [(pk, "due", due, NOW, NOW) for pk, due in taken]
            execute_values(
                cursor, "INSERT INTO bench_rung (deadline_id, rung, due_at, created_at, sent_at) VALUES %s", rungs,
                page_size=len(rungs),
            )  # fmt: skip
            told = [
                (user, f"reminder:{pk}", "99999999999999 办结时限已超时", "办结时限到11月25日 10:00。请尽快办理，并说明原因。",
                 "99999999999999", "overdue", NOW)
                for pk, _due in taken for user in range(1, writing + 1)
            ]  # fmt: skip
            execute_values(
                cursor,
                """INSERT INTO bench_notice (user_id, key, title, body, case_number, kind, created_at) VALUES %s
                   ON CONFLICT (user_id, key) DO NOTHING RETURNING id, user_id, key""",
                told,
                page_size=len(told),
                fetch=True,
            )
            notices += len(told)
            statements += 2
        plain.commit()
        rows, statements = rows + len(taken), statements + 3
        if not taken:
            break
    seconds = time.perf_counter() - began
    cursor.execute("DROP TABLE bench_due, bench_rung, bench_notice")
    plain.commit()
    plain.close()
    return Measured(rows, seconds, statements, notices, 0)


def _forget() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE cases_reminder, accounts_delivery, accounts_digestentry, accounts_notice CASCADE")
        cursor.execute("VACUUM ANALYZE cases_reminder, accounts_notice, accounts_delivery")


def _with_channels() -> None:
    """Everybody has a mobile number and every second unit a robot; nothing is sent, only written down."""
    settings.SMS_URL = "https://sms.example.invalid/"
    people.User.objects.update(phone="13900000000")
    for unit in Unit.objects.order_by("pk")[::2]:
        sealed = {"url": "https://oapi.dingtalk.com/robot/send", "secret": ""}
        GroupChannel.objects.create(name=unit.code, kind=GroupKind.DINGTALK, sealed=sealed, unit=unit)


def run() -> str:
    """Measure and return the table."""
    prepare()
    load = os.getloadavg()[0]
    policies.forget()
    settings.SMS_URL = ""
    due = reminding.owed(NOW).count()  # the DUE, and the few of the matter they are copied from
    rows = {"floor: taken and marked": floor()}
    ours = sweep()
    share = max(round(ours.notices / ours.rows), 1)
    rows[f"floor, also writing rung and {share} notices a row"] = floor(writing=share)
    rows["ours"] = ours
    again = sweep()
    _forget()
    _with_channels()
    rows["ours, everybody with SMS, 25 robots"] = sweep()
    told = (Reminder.objects.count(), Notice.objects.count())
    GroupChannel.objects.all().delete()
    for found in rows.values():
        if found.rows != due:
            raise SystemExit(f"{found.rows} rows handled, {due} were due")
    if told[0] != due:
        raise SystemExit(f"{told[0]} rungs written, {due} were due")
    return _written(rows, again, load)


def _written(rows: dict[str, Measured], again: Measured, load: float) -> str:
    base = rows["floor: taken and marked"].per_row
    table = []
    for name, row in rows.items():
        memory = f"{row.memory[0]:.0f} → {row.memory[-1]:.0f} (most {max(row.memory):.0f})" if row.memory else "–"
        aim = f"≤ {AIM_MS}: {'met' if row.per_row <= AIM_MS else 'missed'}" if name.startswith("ours") else "–"
        table.append(
            (
                *(name, f"{row.rows:,}", f"{row.seconds:.2f}", f"{row.rows / row.seconds:,.0f}", f"{row.per_row:.3f}"),
                *(
                    aim,
                    f"{row.per_row / base:.1f} ×",
                    f"{row.statements:,}",
                    f"{row.notices:,}",
                    f"{row.messages:,}",
                    memory,
                ),
            )
        )
    head = (
        "",
        "rows",
        "s",
        "rows/s",
        "ms a row",
        "aim",
        "ratio",
        "SQL",
        "notices",
        "messages",
        "memory MB, first → last batch",
    )
    said = (
        f"{datetime.now(SHANGHAI):%Y-%m-%d %H:%M}, {Deadline.objects.filter(running=True).count():,} running clocks of "
        f"{Case.objects.count():,} open cases, {DUE:,} of them due on four rungs; batches of {reminding.BATCH}; PostgreSQL, one caller; "
        f"system load (1 min) {load:.1f} before, {os.getloadavg()[0]:.1f} after, 2 cores. "
        f"The next sweep, with nothing new owed among them: {again.seconds * 1000:.0f} ms, {again.statements} statements."
    )
    return f"{said}\n\n{report._markdown(head, table)}"


def keep(told: str) -> None:
    """Put the table between its marks."""
    text = report.DOCUMENT.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    report.DOCUMENT.write_text(f"{before.rstrip()}\n\n{BEGIN}\n\n{told}\n\n{END}{after or chr(10)}", encoding="utf-8")


if __name__ == "__main__":
    if NAME != OWN_DATABASE:  # the other measurements' cases are not to be mixed with these
        environment = {**os.environ, "BENCH_DATABASE": OWN_DATABASE}
        os.execve(sys.executable, [sys.executable, "-m", "bench.sweep", *sys.argv[1:]], environment)
    found = run()
    print(found)
    if "--keep" in sys.argv:
        keep(found)
    if "--drop" in sys.argv:
        database.drop()
