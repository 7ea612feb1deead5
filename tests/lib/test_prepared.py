"""Statements put together once answer what the ORM answers, on both databases, whatever the values."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models.signals import post_save
from django.test.utils import CaptureQueriesContext

from accounts.models import AuthToken, RateWindow, Unit, User
from governance_portal.lib.prepared import Insert, Query, Shelf, Update, together
from grids.models import Duty
from tests.cases.cast import GRID, MONDAY, build_district

pytestmark = [pytest.mark.django_db, pytest.mark.both]
BY_CODE = Query(lambda v: Unit.objects.select_related("parent").filter(code=v.code).order_by(), code=str)


def test_rows_are_instances_with_their_joined_rows_for_every_value() -> None:
    district = build_district()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        heating, street = BY_CODE.first(code="heating"), BY_CODE.first(code="street")
        assert (heating, heating.parent, street.parent) == (*(district.units[k] for k in ("heating", "housing")), None)
        assert BY_CODE.rows(code="no such unit") == []
    assert len(asked) == 3
    assert heating._state.db == "default" and not heating._state.adding


def test_dates_moments_and_keys_are_filled_in_where_the_stand_ins_were() -> None:
    district = build_district()
    on = Query(
        lambda v: Duty.objects.on(v.day).filter(user_id=v.user).values_list("grid__code", "starts_on"),
        user=int,
        day=date,
    )
    worker, day = district.people["grid_worker"].pk, MONDAY.date()
    assert on.rows(user=worker, day=day) == [(GRID, date(2026, 1, 1))]
    assert on.rows(user=worker, day=date(2025, 12, 31)) == on.rows(user=worker + 1, day=day) == []


def test_what_can_never_be_is_never_asked() -> None:
    never = Query(lambda v: Unit.objects.filter(pk__in=(), code=v.code), code=str)
    with CaptureQueriesContext(connection) as asked:
        assert never.rows(code="centre") == [] and never.first(code="centre") is None
    assert len(asked) == 0


def _window(key: str, hits: int = 1) -> RateWindow:
    return RateWindow(scope="test", bucket=key, started_ms=1, expires_ms=2, hits=hits)


def test_an_insert_gives_keys_replaces_or_leaves_alone_and_tells_who_listens() -> None:
    heard: list[bool] = []

    def listen(created: bool, **_signal: object) -> None:
        heard.append(created)

    post_save.connect(listen, sender=RateWindow)
    try:
        first, second = _window("a"), _window("b")
        assert Insert(RateWindow).write([first, second]) == 2
        assert {first.pk, second.pk} == set(RateWindow.objects.values_list("pk", flat=True))
        assert heard == [True, True]
    finally:
        post_save.disconnect(listen, sender=RateWindow)
    rule = ("scope", "bucket")
    assert Insert(RateWindow, conflict=rule, replace=("hits",)).write([_window("a", 7), _window("c", 8)]) == 2
    again = _window("b", 9)
    assert Insert(RateWindow, conflict=rule).write([again]) == 0 and again.pk is None
    assert dict(RateWindow.objects.values_list("bucket", "hits")) == {"a": 7, "b": 1, "c": 8}
    assert Insert(RateWindow).write([]) == 0


def test_an_update_stores_the_named_fields_only_and_says_when_the_row_is_gone() -> None:
    row = _window("a")
    row.save()
    row.hits, row.expires_ms = 5, 6
    Update(RateWindow).write(row, ["hits"])
    assert RateWindow.objects.values_list("hits", "expires_ms").get() == (5, 2)
    RateWindow.objects.all().delete()
    with pytest.raises(DatabaseError):
        Update(RateWindow).write(row, ["hits"])


def test_moments_come_back_as_the_orm_gives_them() -> None:
    user = User.objects.create(username="somebody", name="某人")
    token = AuthToken.objects.create(
        digest="d" * 64, user=user, created_at=MONDAY, expires_at=MONDAY + timedelta(days=1)
    )
    kept = Query(lambda v: AuthToken.objects.filter(digest=v.digest), digest=str).first(digest=token.digest)
    plain = AuthToken.objects.get(pk=token.pk)
    assert {f.attname: getattr(kept, f.attname) for f in AuthToken._meta.fields} == {
        f.attname: getattr(plain, f.attname) for f in AuthToken._meta.fields
    }


def test_a_shelf_keeps_few_and_lets_go_of_what_built_them() -> None:
    shelf = Shelf(2)
    made = {key: Query(lambda v: Unit.objects.filter(code=v.code), code=str) for key in "abc"}
    kept = {key: shelf.kept(key, query) for key, query in made.items()}
    assert kept == made
    assert shelf.kept("c", Query(lambda v: Unit.objects.none())) is made["c"]
    other = Query(lambda v: Unit.objects.filter(code=v.code), code=str)
    assert shelf.kept("a", other) is other
    assert made["c"].rows(code="nobody") == []


def test_writes_sent_together_keep_their_order_and_are_one_message_to_postgresql() -> None:
    plain, rule = Insert(RateWindow, keyless=True), ("scope", "bucket")
    with CaptureQueriesContext(connection) as asked, together():
        plain.write([_window("a"), _window("b")])
        plain.write([_window("c")])
        assert Insert(RateWindow, conflict=rule).write([_window("a", 9)]) == 0  # asked: what waits goes with it
    assert len(asked) == (1 if connection.vendor == "postgresql" else 3)
    with CaptureQueriesContext(connection) as asked, together():
        plain.write([_window("d")])
        assert RateWindow.objects.count() == 4  # whoever asks sees what was written before
        plain.write([_window("e")])
    assert len(asked) == 3
    assert sorted(RateWindow.objects.values_list("bucket", flat=True)) == list("abcde")


def test_of_a_block_that_raises_nothing_that_waits_is_sent() -> None:
    with pytest.raises(ValueError), transaction.atomic(), together():
        Insert(RateWindow, keyless=True).write([_window("a")])
        raise ValueError
    Insert(RateWindow, keyless=True).write([_window("b")])  # at once again
    assert list(RateWindow.objects.values_list("bucket", flat=True)) == ["b"]


def test_what_the_database_refuses_is_refused_when_it_is_sent() -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), together():
        Insert(RateWindow, keyless=True).write([_window("a")])
        Insert(RateWindow, keyless=True).write([_window("a")])
    assert not RateWindow.objects.exists()


def test_a_kept_connection_keeps_plans_and_they_answer_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    district = build_district()
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 600)
    query = Query(lambda v: Unit.objects.select_related("parent").filter(code=v.code).order_by("pk"), code=str)
    with CaptureQueriesContext(connection) as asked:
        found = [query.first(code=code) for code in ("heating", "street", "housing", "heating", "nobody")]
    assert found == [*(district.units[code] for code in ("heating", "street", "housing", "heating")), None]
    planned = [row["sql"] for row in asked if row["sql"].startswith(("PREPARE", "EXECUTE"))]
    assert len(planned) == (4 if connection.vendor == "postgresql" else 0)


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_a_connection_whose_server_was_restarted_is_opened_anew_before_its_plans_are_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("只有 PostgreSQL 有执行计划可留")
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 600)
    housing = build_district().units["housing"]
    planned = Query(lambda v: Unit.objects.filter(code=v.code).order_by(), code=str)
    assert [planned.first(code="housing") for _ in range(4)] == [housing] * 4
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [backend])
    other.close()
    # As at the beginning of a request, with CONN_HEALTH_CHECKS.
    connection.health_check_enabled, connection.health_check_done = True, False
    assert planned.first(code="housing") == housing


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_a_connection_that_was_closed_meanwhile_is_opened_before_its_plans_are_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Once a connection has come of age a request begins without one; its second statement met "already exists"."""
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 600)
    query = Query(lambda v: Unit.objects.filter(code=v.code).order_by("pk"), code=str)
    answers = []
    for _ in range(3):
        answers += [query.first(code="nobody") for _ in range(4)]
        connection.close()
    assert answers == [None] * 12
