"""The log is only added to; what was altered, removed or slipped in is found."""

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from accounts import audit
from accounts.append_only import protect, release
from accounts.models import AuditEntry, AuditSeal
from accounts.models.log import AppendOnly
from accounts.queries import service_actor
from tests.accounts.conftest import LOG_TABLES, NOW

TABLE = AuditEntry._meta.db_table


def write(count: int) -> list[AuditEntry]:
    """So many entries by the clock."""
    clock = service_actor("clock")
    return [
        audit.record(clock, "export", f"清单 {number}", detail={"rows": number}, now=NOW) for number in range(count)
    ]


def tamper(sql: str, *values: object) -> None:
    """What only the owner of the database can do: take the triggers away, change, put them back."""
    with connection.cursor() as cursor:
        for table in LOG_TABLES:
            release(None, _Editor(), table=table)
        cursor.execute(sql, values)
        for table in LOG_TABLES:
            protect(None, _Editor(), table=table)


class _Editor:
    connection = connection


def found(root: str = "") -> list[str]:
    return [finding.sentence for finding in audit.verify(root)]


def test_an_entry_says_who_what_when_from_where_and_why(db: None) -> None:
    clock = service_actor("clock")
    entry = audit.record(
        clock,
        "unmask",
        "26030210000011",
        "回访需要",
        {"fields": ["phone"]},
        address="10.0.0.9",
        agent="Firefox",
        now=NOW,
    )
    kept = AuditEntry.objects.values().get()
    assert kept == {
        "id": entry.pk,
        "at": NOW,
        "user_id": clock.user_id,
        "username": "clock",
        "action": "unmask",
        "target": "26030210000011",
        "ok": True,
        "reason": "回访需要",
        "detail": {"fields": ["phone"]},
        "address": "10.0.0.9",
        "agent": "Firefox",
        "digest": audit.digest_of(entry),
    }


@pytest.mark.parametrize("statement", [f"UPDATE {TABLE} SET target = 'x'", f"DELETE FROM {TABLE}"])
def test_the_database_itself_refuses_to_change_or_delete_an_entry(db: None, statement: str) -> None:
    write(1)
    with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert f"{TABLE} is append-only" in str(refused.value)
    assert list(AuditEntry.objects.values_list("target", flat=True)) == ["清单 0"]


def test_a_seal_is_refused_to_be_changed_as_well(db: None) -> None:
    write(1)
    audit.seal(NOW)
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditSeal.objects.update(root="0" * 64)


def test_an_entry_is_not_saved_twice_nor_deleted_by_the_model(db: None) -> None:
    (entry,) = write(1)
    for attempt in (entry.save, entry.delete):
        with pytest.raises(AppendOnly):
            attempt()


def test_seals_follow_one_another_and_cover_every_entry_once(db: None) -> None:
    _, _, third = write(3)
    one = audit.seal(NOW)
    fourth, fifth = write(2)
    two = audit.seal(NOW)
    assert one is not None
    assert two is not None
    assert (one.first_id, one.last_id, one.entries, one.previous) == (1, third.pk, 3, "0" * 64)
    assert (two.first_id, two.last_id, two.entries, two.previous) == (fourth.pk, fifth.pk, 2, one.root)
    assert (audit.seal(NOW), found(), found(one.root)) == (None, [], [])


def test_an_altered_entry_is_named_before_and_after_it_was_sealed(db: None) -> None:
    _, second, _ = write(3)
    tamper(f"UPDATE {TABLE} SET target = 'x' WHERE id = %s", second.pk)
    before = found()
    audit.seal(NOW)
    assert before == [f"第 {second.pk} 条记录的内容被改动过。"]
    assert found() == before


def test_an_entry_altered_with_its_digest_breaks_the_seal(db: None) -> None:
    entries = write(3)
    sealed = audit.seal(NOW)
    assert sealed is not None
    second = AuditEntry.objects.get(pk=entries[1].pk)
    second.target = "x"
    sql = f"UPDATE {TABLE} SET target = 'x', digest = %s WHERE id = %s"
    tamper(sql, audit.digest_of(second), second.pk)
    assert found() == [f"第 1–{entries[2].pk} 条与封印不符。"]


def test_a_removed_entry_is_missed(db: None) -> None:
    entries = write(3)
    audit.seal(NOW)
    tamper(f"DELETE FROM {TABLE} WHERE id = %s", entries[1].pk)
    assert found() == [f"第 1–{entries[2].pk} 条应有 3 条记录，现有 2 条。"]


def test_a_chain_made_anew_is_found_by_the_seal_kept_elsewhere(db: None) -> None:
    write(2)
    sealed = audit.seal(NOW)
    assert sealed is not None
    tamper(f"UPDATE {TABLE} SET target = 'x' WHERE id = %s", sealed.last_id)
    last = AuditEntry.objects.get(pk=sealed.last_id)
    tamper(f"UPDATE {TABLE} SET digest = %s WHERE id = %s", audit.digest_of(last), last.pk)
    tamper(f"DELETE FROM {AuditSeal._meta.db_table}")
    audit.seal(NOW)
    assert found() == []
    assert found(sealed.root) == ["异地保存的封印不在链上：整条链可能被重做过。"]


def test_the_command_fails_with_the_sentences(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    (entry,) = write(1)
    call_command("seal_audit")
    call_command("verify_audit")
    sealed = AuditSeal.objects.get()
    assert capsys.readouterr().out == (
        f"已封存第 1–{entry.pk} 条，共 1 条。封印：{sealed.root}\n审计记录完整，未发现改动。\n"
    )
    tamper(f"UPDATE {TABLE} SET reason = 'x'")
    with pytest.raises(CommandError) as failed:
        call_command("verify_audit")
    assert str(failed.value) == f"第 {entry.pk} 条记录的内容被改动过。"
