"""Two at the same moment: neither rule nor log is lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from time import monotonic, sleep

import pytest
from django.db import connection, transaction

from accounts import audit, notices, services
from accounts.choices import Role
from accounts.models import AuditEntry, Notice, Post, Unit, User
from governance_portal.lib.errors import Incomplete
from tests.accounts.conftest import NOW, TODAY, person

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


def at_once(jobs: list[Callable[[], str]]) -> list[str]:
    """Run them together, each with a connection of its own."""
    together = Barrier(len(jobs))

    def run(job: Callable[[], str]) -> str:
        together.wait()
        try:
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as threads:
        return list(threads.map(run, jobs))


def test_two_posts_that_exclude_one_another_given_at_once_become_one(emptied_log: None, centre: Unit) -> None:
    zhangsan = person("zhangsan", "张三")

    def appoint(role: str) -> Callable[[], str]:
        def job() -> str:
            span = {"area_code": "140603", "starts_on": TODAY, "now": NOW}
            try:
                services.appoint(None, user=zhangsan, role=role, unit=centre, **span)
            except Incomplete:
                return "refused"
            return "appointed"

        return job

    roles = [Role.AUDITOR, Role.CLERK, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN]
    assert sorted(at_once([appoint(role) for role in roles])) == ["appointed", "refused", "refused", "refused"]
    assert Post.objects.filter(user=zhangsan).count() == 1
    assert AuditEntry.objects.filter(action="post.appoint").count() == 1


def test_sixteen_workers_telling_the_same_thing_leave_one_notice_each(emptied_log: None) -> None:
    people = [person(f"p{number}", f"第{number}人").pk for number in range(3)]
    at_once([lambda: str(notices.notify(people, "case:1:due", "即将超时", now=NOW))] * 16)
    assert sorted(Notice.objects.values_list("user_id", flat=True)) == sorted(people)


def test_log_ins_do_not_queue_behind_one_another_and_every_entry_is_sealed(emptied_log: None) -> None:
    xiaowang = person("xiaowang", "小王")
    at_once([lambda: str(audit.record(xiaowang, "login", "xiaowang", now=NOW).pk)] * 16)
    sealed = audit.seal(NOW)
    assert sealed is not None
    assert (sealed.entries, audit.verify()) == (16, [])


def test_a_seal_waits_for_a_lower_number_that_is_not_committed_yet(emptied_log: None, postgres: None) -> None:
    user = User.objects.get(username="clock")
    written, may_commit = Event(), Event()

    def slow() -> None:
        with transaction.atomic():
            audit.record(user, "slow", "慢", now=NOW)
            written.set()
            may_commit.wait(5)
        connection.close()

    with ThreadPoolExecutor(2) as threads:
        waiting = threads.submit(slow)
        written.wait(5)
        audit.record(user, "fast", "快", now=NOW)
        sealing = threads.submit(_sealed_entries)
        _until(lambda: sealing.done() or _somebody_waits_for_the_table())
        may_commit.set()
        waiting.result()
    assert sealing.result() == 2
    assert audit.verify() == []


def _until(happened: Callable[[], bool]) -> None:
    end = monotonic() + 3
    while not happened() and monotonic() < end:
        sleep(0.01)


def _somebody_waits_for_the_table() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND mode = 'ShareLock' AND relation IS NOT NULL"
        )
        return bool(cursor.fetchone()[0])


def _sealed_entries() -> int:
    try:
        sealed = audit.seal(NOW)
        return sealed.entries if sealed else 0
    finally:
        connection.close()
