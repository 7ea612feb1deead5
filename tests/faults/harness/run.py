"""One run from the empty folder to the judgement; what it started is ended, whatever happens."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import subprocess
import sys
import time
from datetime import datetime

from django.db import connection

from tests.faults.harness import owed
from tests.faults.harness.broker import Proxy, Redis
from tests.faults.harness.filling import fill
from tests.faults.harness.pages import Readers
from tests.faults.harness.people import Desks
from tests.faults.harness.place import ROOT, Place, python
from tests.faults.harness.plan import PLANS
from tests.faults.harness.postgres import Cluster
from tests.faults.harness.processes import Portal
from tests.faults.harness.report import Result
from tests.faults.harness.schedule import Faults
from tests.gateway.server import Gateway

#: After all is told, so many seconds nothing more may come.
STILL = 10.0


def say(words: str) -> None:
    """Tell whoever waits at the terminal what happens now."""
    print(f"[{time.strftime('%H:%M:%S')}] {words}", file=sys.stderr, flush=True)


def run(name: str, place: Place, seed: int) -> Result:
    """Do a whole run, "short" or "long"; `FAULTS_KEEP=1` leaves its folder (logs, database) for who wants to look."""
    began, plan = time.monotonic(), PLANS[name]
    with contextlib.ExitStack() as cleaning:
        if os.environ.get("FAULTS_KEEP") != "1":
            cleaning.callback(shutil.rmtree, place.folder, ignore_errors=True)
        say(f"seed {seed}, folder {place.folder}")
        cluster = Cluster(place)
        cleaning.callback(cluster.stop)
        cluster.make()
        redis = Redis(place.ports["redis"], place.folder)
        cleaning.callback(redis.stop)
        proxy = Proxy(place.ports["proxy"], place.ports["redis"])
        cleaning.callback(proxy.stop)
        gateway = Gateway(place.folder / "gateway.sqlite3", place.ports["gateway"]).start()
        cleaning.callback(gateway.stop)
        migrate = [python(), "manage.py", "migrate", "-v0"]
        subprocess.run(migrate, cwd=ROOT, env=place.surroundings(), check=True, timeout=300)
        say(f"about {plan.seconds:.0f} s of faults; filling")
        filled = fill(plan)
        portal = Portal(place)
        cleaning.callback(portal.stop)
        portal.start()
        since = _database_time()
        desks, readers = Desks(place.ports["web"], filled), Readers(place.ports["web"], filled)
        desks.open()
        happened = Faults(place, portal, cluster, redis, proxy, readers, gateway, say, random.Random(seed)).run(plan)
        desks.close()
        say("the desks are closed; settling")
        settled, due = _settled(place, since, plan.patience)
        inbox, there = owed.in_the_inbox(), owed.at_the_gateway(place.gateway_url)
        later = owed.owed(since, _database_time())
        return Result(
            name=name,
            seconds=time.monotonic() - began,
            cases=owed.Case.objects.count(),
            events=owed.Event.objects.count(),
            happened=happened,
            answered=desks.answered,
            accepted=len(readers.accepted),
            lost=owed.lost_steps([*desks.answered.steps, *readers.accepted]).total(),
            owed=due,
            inbox=owed.judge(due.inbox, inbox, later.inbox + later.unsure),
            gateway=there,
            sent=owed.judge(due.outside, there.arrived, later.outside + later.unsure),
            settled=settled,
            deaths=portal.deaths,
            broken=owed.broken(),
        )


def _settled(place: Place, since: datetime, patience: float) -> tuple[float, owed.Owed]:
    """Wait until nothing is missing, also after what comes twice had its time, or nothing has come for so long.

    Returns the seconds it took, and what was owed by then. Dates go on falling due while one waits, so that all may be
    told now and something be owed again ten seconds later.
    """
    began = last = time.monotonic()
    known, taken = 0, 0.0
    while True:
        due = owed.owed(since, _database_time())
        inbox, outside = owed.in_the_inbox(), owed.at_the_gateway(place.gateway_url).arrived
        complete = not due.inbox - inbox and not due.outside - outside
        if complete and taken:
            return taken, due
        taken = time.monotonic() - began if complete else 0.0
        if inbox.total() + outside.total() > known:
            known, last = inbox.total() + outside.total(), time.monotonic()
        if time.monotonic() - last >= patience:
            return time.monotonic() - began, due
        time.sleep(STILL if complete else 2)


def _database_time() -> datetime:
    connection.close()  # PostgreSQL may have been restarted since
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now
