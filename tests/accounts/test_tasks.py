"""The clock's work for people."""

from datetime import timedelta

from accounts import audit, limits, tasks
from accounts.models import AuditSeal, RateWindow, User
from tests.accounts.conftest import NOW, person


def test_the_log_is_sealed_once_and_then_there_is_nothing_to_seal(db: None) -> None:
    audit.record(None, "export", "清单", now=NOW)
    roots = [tasks.seal_audit(), tasks.seal_audit()]
    assert roots == [AuditSeal.objects.get().root, ""]


def test_tidying_sweeps_windows_that_are_over_and_disables_dormant_accounts(db: None) -> None:
    limits.hit("lookup", "a", 1, 60, NOW - timedelta(days=3650))
    person("zhangsan", "张三", date_joined=NOW - timedelta(days=3650))
    person("xiaowang", "小王")
    assert (tasks.tidy(), tasks.tidy()) == (1, 0)
    assert RateWindow.objects.count() == 0
    assert list(User.objects.filter(is_active=False).values_list("username", flat=True)) == ["zhangsan"]
