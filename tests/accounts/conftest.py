"""The cast, in two streets of one district, on Monday 2 March 2026, nine in the morning."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from accounts.append_only import protect, release
from accounts.choices import Role, UnitKind
from accounts.models import AuditEntry, AuditSeal, Post, Unit, User
from accounts.queries import Actor, actor_for

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = date(2026, 3, 2)
PASSWORD = "Qinglang-2026"
LOG_TABLES = (AuditSeal._meta.db_table, AuditEntry._meta.db_table)

Appointed = Callable[..., Post]


@pytest.fixture
def now() -> datetime:
    """The moment."""
    return NOW


@pytest.fixture
def centre(db: None) -> Unit:
    """The district's centre."""
    return Unit.objects.create(code="ZX", name="平鲁区综治中心", kind=UnitKind.CENTRE, area_code="140603")


@pytest.fixture
def street(centre: Unit) -> Unit:
    """A street below it."""
    return Unit.objects.create(
        code="JP", name="井坪镇人民政府", kind=UnitKind.STREET, area_code="140603100", parent=centre
    )


@pytest.fixture
def office(street: Unit) -> Unit:
    """An office of the street."""
    return Unit.objects.create(
        code="JP-SF", name="井坪司法所", kind=UnitKind.DEPARTMENT, area_code="140603100", parent=street
    )


def person(username: str, name: str, **fields: object) -> User:
    """Somebody who has had a password for a while."""
    return User.objects.create_user(username, PASSWORD, name=name, password_changed_at=NOW, **fields)


@pytest.fixture
def appointed(office: Unit) -> Appointed:
    """Somebody in a post: appointed("xiaowang", "小王", Role.CLERK)."""

    def make(
        username: str, name: str, role: str, unit: Unit = office, area_code: str = "140603100", **fields: object
    ) -> Post:
        user = User.objects.filter(username=username).first() or person(username, name)
        span = {"starts_on": date(2020, 1, 1), **fields}
        return Post.objects.create(user=user, role=role, unit=unit, area_code=area_code, **span)

    return make


@pytest.fixture
def security(appointed: Appointed, centre: Unit) -> Actor:
    """The security administrator, acting now."""
    post = appointed("zhouan", "老周", Role.SECURITY_ADMIN, centre, "140603")
    return actor_for(post.user, NOW)


@pytest.fixture
def emptied_log(transactional_db: None) -> Iterator[None]:
    """For tests with real commits: the log refuses to be emptied, and Django's runner would try."""
    yield
    with connection.schema_editor() as editor:
        for table in LOG_TABLES:
            release(None, editor, table=table)
            editor.execute(f"DELETE FROM {table}")
            protect(None, editor, table=table)


def logged(action: str = "") -> list[tuple[str, str, str, bool]]:
    """The log in order: action, who, what, went well."""
    rows = AuditEntry.objects.order_by("id").values_list("action", "username", "target", "ok")
    return [row for row in rows if not action or row[0] == action]
