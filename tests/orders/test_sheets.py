"""A sheet goes in: looked at first, imported once, its rejects kept, mended, dismissed, downloaded."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import DataError, IntegrityError, OperationalError
from django.test import Client

from accounts.models import AuditEntry
from cases.models import Case
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, NotYours
from hotlines.models import Line, Link, OrderBatch, OrderMapping, OrderRow
from hotlines.orders import mappings, queries, rejects, taking, uploading
from hotlines.orders.trouble import BROKEN
from tests.cases.cast import COMMUNITY, MONDAY, STREET, District
from tests.orders.conftest import HEADER, csv_of, row, xlsx_of

BAD = [row(21, 派单时间="昨天"), row(22, 来电号码="12"), row(23, 所属街道="西街")]


def keep(line: Line, district: District, data: bytes, name: str = "工单.csv") -> OrderBatch:
    return uploading.keep(line, data, name, actor=district.actor("operator"), now=MONDAY)


def mapped(line: Line, district: District, batch: OrderBatch, **categories: str) -> OrderBatch:
    """Save what the page proposes."""
    columns = mappings.propose(batch.header, mappings.in_force(line))
    natures = mappings.propose_natures(mappings.words_in(batch, columns["nature"]), None)
    mappings.save(line, columns, natures, categories, actor=district.actor("operator"), now=MONDAY, batch=batch)
    return queries.batch_of(batch.uid)


def imported(line: Line, district: District, data: bytes) -> OrderBatch:
    batch = keep(line, district, data)
    if batch.mapping is None:
        batch = mapped(line, district, batch)
    uploading.confirm(batch, actor=district.actor("operator"), now=MONDAY)
    assert taking.take(batch.pk, MONDAY) is True
    return queries.batch_of(batch.uid)


def counts(batch: OrderBatch) -> dict[str, int]:
    return {
        name: getattr(batch, name) for name in ("total", "new", "known", "changed", "waiting", "refused", "dismissed")
    }


@pytest.mark.parametrize("data", [csv_of([row(1)]), csv_of([row(1)], encoding="gb18030"), xlsx_of([row(1)])])
def test_xlsx_and_csv_in_utf_8_and_gb18030_read_alike(line: Line, district: District, data: bytes) -> None:
    batch = imported(line, district, data)

    link = Link.objects.get()
    case = Case.objects.get()
    assert counts(batch) == {
        "total": 1, "new": 1, "known": 0, "changed": 0, "waiting": 0, "refused": 0, "dismissed": 0,
    }  # fmt: skip
    assert (link.foreign_number, link.case_id, case.foreign_source) == ("PL20261120000001", case.pk, "sz12345")
    assert (case.kind, case.channel, case.area_code, case.address) == (
        "appeal",
        "hotline",
        STREET,
        "井坪镇胜利社区1号楼",
    )
    assert OrderRow.objects.count() == 0


def test_the_preview_counts_and_writes_nothing(line: Line, district: District) -> None:
    imported(line, district, csv_of([row(1), row(2)]))
    before = Case.objects.count()
    again = keep(line, district, csv_of([row(1), row(2, "还是不热，已有两周。"), row(3), row(3), *BAD]))

    found = uploading.foresee(again, MONDAY)

    assert (found.new, found.known, found.changed, found.refused) == (1, 2, 1, 3)
    assert [(line_no, number) for line_no, number, _said in found.refusals] == [
        (6, "PL20261120000021"),
        (7, "PL20261120000022"),
        (8, "PL20261120000023"),
    ]
    assert dict(found.categories) == {"城乡建设/供热": 4}
    shown = found.rows[0]
    assert (shown.number, shown.who, shown.phone, shown.address) == (
        "PL20261120000003", "张**", "138****0003", "井坪镇胜利社****",
    )  # fmt: skip
    assert (Case.objects.count(), again.rows.count()) == (before, 7)


def test_the_same_sheet_again_changes_nothing_even_after_the_words_are_mapped_otherwise(
    line: Line, district: District
) -> None:
    data = csv_of([row(number) for number in range(1, 6)])
    imported(line, district, data)
    versions = list(Case.objects.order_by("pk").values_list("version", flat=True))
    mappings.save(
        line,
        mappings.in_force(line).columns,  # type: ignore[union-attr]
        {"求助": {"kind": "dispute", "nature": "", "confidential": False}},
        {"城乡建设/供热": "A0102"},
        actor=district.actor("operator"),
        now=MONDAY,
    )

    batch = imported(line, district, data)

    assert (batch.known, batch.new, batch.changed, batch.refused) == (5, 0, 0, 0)  # type: ignore[attr-defined]
    assert list(Case.objects.order_by("pk").values_list("version", flat=True)) == versions
    assert OrderMapping.objects.count() == 2


def test_other_content_under_the_same_number_is_told_in_the_case_and_makes_none(line: Line, district: District) -> None:
    imported(line, district, csv_of([row(1)]))
    batch = imported(line, district, csv_of([row(1, "来电补充：老人发烧，请尽快。")]))

    case = Case.objects.get()
    assert (batch.changed, batch.new) == (1, 0)
    note = case.events.get(kind="note")
    assert note.data["text"].startswith("市 12345 平台更新了来件 PL20261120000001（第 2 版），有变动的是：反映事项")


def test_rejects_wait_and_are_mended_one_by_one(line: Line, district: District) -> None:
    batch = imported(line, district, csv_of([row(1), *BAD, [*row(4), "多出来的"]]))
    operator = district.actor("operator")
    rows = list(queries.rejects())

    assert counts(batch) == {
        "total": 5, "new": 1, "known": 0, "changed": 0, "waiting": 0, "refused": 4, "dismissed": 0,
    }  # fmt: skip
    assert [sorted(one.errors) for one in rows] == [["received_at"], ["phone"], ["street"], [""]]

    with pytest.raises(Incomplete):
        rejects.mend(rows[0], {"派单时间": "前天"}, actor=operator, now=MONDAY)
    assert queries.reject_of(rows[0].uid).cells["派单时间"] == "前天"
    taken = rejects.mend(rows[0], {"派单时间": "2026-11-20 10:30"}, actor=operator, now=MONDAY)
    rejects.dismiss(rows[1], "对方已撤回", actor=operator, now=MONDAY)

    assert (taken.fresh, taken.link.foreign_number) == (True, "PL20261120000021")
    given_up = OrderRow.objects.get(uid=rows[1].uid)
    assert (given_up.cells, given_up.reason, given_up.decided_by) == ({}, "对方已撤回", "小周")
    with pytest.raises(NotYours):
        rejects.mend(rows[0], {}, actor=operator, now=MONDAY)
    after = queries.batch_of(batch.uid)
    assert counts(after) == {
        "total": 5, "new": 2, "known": 0, "changed": 0, "waiting": 0, "refused": 2, "dismissed": 1,
    }  # fmt: skip
    assert set(AuditEntry.objects.values_list("action", flat=True)) >= {
        "orders.uploaded", "orders.mapping", "orders.confirmed", "orders.mended", "orders.dismissed",
    }  # fmt: skip


def test_the_rejects_can_be_downloaded_mended_and_sent_in_again(line: Line, district: District) -> None:
    batch = imported(line, district, csv_of([row(1), BAD[1]]))
    sheet = b"".join(rejects.sheet(batch, actor=district.actor("operator"), now=MONDAY)).decode("utf-8-sig")
    lines = sheet.strip().split("\r\n")

    assert lines[0].startswith('"行","原因","工单编号","派单时间"')
    assert lines[1].startswith('3,"来电号码读不出来') and '"PL20261120000022"' in lines[1]
    mended = sheet.replace('"12"', '"13812340022"').encode()
    again = imported(line, district, mended)
    assert (again.new, again.refused) == (1, 0)  # type: ignore[attr-defined]


def test_one_broken_row_does_not_hold_the_others_up(
    line: Line, district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = taking.take_in

    def breaks(line: Line, arrival: object, now: object) -> object:
        if arrival.foreign_number.endswith("2"):  # type: ignore[attr-defined]
            raise RuntimeError("planted")
        return whole(line, arrival, now)  # type: ignore[arg-type]

    monkeypatch.setattr(taking, "take_in", breaks)
    batch = imported(line, district, csv_of([row(1), row(2), row(3)]))

    assert (batch.new, batch.refused) == (2, 1)  # type: ignore[attr-defined]
    assert queries.rejects().get().errors == {"": [BROKEN]}


@pytest.mark.parametrize(("error", "through"), [(DataError, True), (IntegrityError, True), (OperationalError, False)])
def test_a_row_the_database_will_never_take_is_refused_and_one_it_could_not_take_now_waits(
    line: Line, district: District, monkeypatch: pytest.MonkeyPatch, error: type[Exception], through: bool
) -> None:
    batch = mapped(line, district, keep(line, district, csv_of([row(1), row(2)])))
    uploading.confirm(batch, actor=district.actor("operator"), now=MONDAY)
    whole = taking.take_in

    def breaks(line: Line, arrival: object, now: object) -> object:
        if arrival.foreign_number.endswith("1"):  # type: ignore[attr-defined]
            raise error("planted")
        return whole(line, arrival, now)  # type: ignore[arg-type]

    monkeypatch.setattr(taking, "take_in", breaks)
    assert taking.take_all(MONDAY) == int(through)

    after = queries.batch_of(batch.uid)
    assert (after.new, after.refused, after.waiting) == ((1, 1, 0) if through else (0, 0, 2))  # type: ignore[attr-defined]


def test_a_date_beyond_all_years_is_a_reject_in_the_preview_and_when_it_is_mended(
    line: Line, district: District
) -> None:
    data = csv_of([row(1, 办理时限="9999-12-31"), row(2, 派单时间="0001-01-01 00:00:00")])
    foreseen = uploading.foresee(mapped(line, district, keep(line, district, data)), MONDAY)
    batch = imported(line, district, data)
    one = queries.rejects().filter(batch=batch).first()
    with pytest.raises(Incomplete) as refused:
        rejects.mend(one, {"办理时限": "9999-12-31"}, actor=district.actor("operator"), now=MONDAY)  # type: ignore[arg-type]

    assert (foreseen.refused, foreseen.new) == (2, 0)
    assert refused.value.errors == {"due": ["办理时限“9999-12-31”读不出来；请写成 2026-12-01 或 5个工作日，或者留空。"]}


def test_a_reject_that_breaks_us_keeps_what_was_typed_and_says_so(
    line: Line, district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported(line, district, csv_of([BAD[1]]))
    one = queries.rejects().get()

    def breaks(*_args: object) -> object:
        raise DataError("planted")

    monkeypatch.setattr(taking, "take_in", breaks)
    with pytest.raises(Incomplete) as refused:
        rejects.mend(one, {"来电号码": "13812340022"}, actor=district.actor("operator"), now=MONDAY)

    after = queries.reject_of(one.uid)
    assert (refused.value.errors, after.cells["来电号码"]) == ({"": [BROKEN]}, "13812340022")


def test_a_reject_is_kept_ninety_days_and_then_given_up_by_the_clock(line: Line, district: District) -> None:
    batch = imported(line, district, csv_of([row(1), BAD[0], BAD[1]]))
    draft = keep(line, district, csv_of([row(3), [*row(4), "多出来的"]]))
    kept_until = rejects.brief(queries.rejects()[0])["kept_until"]

    assert kept_until == MONDAY + timedelta(days=90)
    assert rejects.expire(kept_until - timedelta(minutes=1)) == 0
    assert (rejects.expire(kept_until), rejects.expire(kept_until)) == (2, 0)
    rows = OrderRow.objects.filter(batch=batch)
    assert [(one.state, one.cells, one.errors, one.reason, one.decided_by, one.decided_at) for one in rows] == [
        ("dismissed", {}, {}, "90 天内没有修正，到期作废", "系统", kept_until)
    ] * 2
    assert (queries.rejects_waiting(), draft.rows.filter(state="refused").count()) == (0, 1)
    told = AuditEntry.objects.get(action="orders.expired")
    assert (told.target, told.detail) == (f"batch:{batch.uid}", {"rows": 2})


def test_the_pages_say_how_long_a_reject_is_kept(
    line: Line, district: District, client_of: Callable[[str], Client]
) -> None:
    imported(line, district, csv_of([BAD[0]]))
    one = queries.rejects().get()
    client = client_of("operator")

    for address in ("/hotlines/orders/rejects/", f"/hotlines/orders/rejects/{one.uid}/"):
        page = client.get(address).content.decode()
        assert "保留 90 天" in page and "2027-02-21" in page, address
    empty = client.post(f"/hotlines/orders/rejects/{one.uid}/", {"dismiss": "1", "reason": "x\x00"})
    assert empty.status_code == 400


def test_a_worker_that_fell_silent_is_followed_by_another_and_nothing_doubles(
    line: Line, district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = mapped(line, district, keep(line, district, csv_of([row(number) for number in range(1, 8)])))
    uploading.confirm(batch, actor=district.actor("operator"), now=MONDAY)
    whole, done = taking.take_in, []

    def dies(line: Line, arrival: object, now: object) -> object:
        if len(done) == 3:
            raise SystemExit
        done.append(whole(line, arrival, now))  # type: ignore[arg-type]
        return done[-1]

    monkeypatch.setattr(taking, "take_in", dies)
    with pytest.raises(SystemExit):
        taking.take(batch.pk, MONDAY)
    monkeypatch.setattr(taking, "take_in", whole)

    assert (taking.waiting(MONDAY), taking.take(batch.pk, MONDAY)) == ([], False)
    later = MONDAY + timedelta(minutes=3)
    assert (taking.waiting(later), taking.take(batch.pk, later)) == ([batch.pk], True)
    assert (Case.objects.count(), queries.batch_of(batch.uid).new) == (7, 7)


def test_a_sheet_is_confirmed_once_and_one_that_nobody_confirms_goes(line: Line, district: District) -> None:
    operator = district.actor("operator")
    batch = mapped(line, district, keep(line, district, csv_of([row(1)])))
    uploading.confirm(batch, actor=operator, now=MONDAY)
    for refused in (uploading.confirm, uploading.drop):
        with pytest.raises(NotNow):
            refused(batch, actor=operator, now=MONDAY)
    old = keep(line, district, csv_of([row(2)]))

    assert uploading.tidy(MONDAY + timedelta(hours=25)) == 1
    assert (OrderBatch.objects.filter(pk=old.pk).exists(), OrderRow.objects.filter(batch_id=old.pk).exists()) == (
        False,
        False,
    )


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "文件是空的"),
        (b"\xd0\xcf\x11\xe0 old", "旧版 Excel"),
        (csv_of([["1"]]), "没有一行与表头的列数相符"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(
    line: Line, district: District, data: bytes, sentence: str
) -> None:
    with pytest.raises(Incomplete) as refused:
        keep(line, district, data)

    assert sentence in refused.value.errors["file"][0]


def test_a_mapping_names_each_column_once_and_what_has_to_be_there(line: Line, district: District) -> None:
    batch = keep(line, district, csv_of([row(1)]))
    operator = district.actor("operator")
    with pytest.raises(Incomplete) as refused:
        mappings.save(
            line,
            {"number": "工单编号", "title": "工单编号", "address": "没有的列"},
            {"求助": {"kind": "nonsense"}},
            {"供热": "X99"},
            actor=operator,
            now=MONDAY,
            batch=batch,
        )

    assert set(refused.value.errors) == {"col-content", "col-title", "col-address", "nature-求助", "category-供热"}
    with pytest.raises(Incomplete):
        uploading.confirm(batch, actor=operator, now=MONDAY)


def test_only_operators_and_dispatchers_of_the_district_take_orders_in(line: Line, district: District) -> None:
    for name in ("clerk", "handler", "auditor", "grid_worker"):
        with pytest.raises(NotYou):
            uploading.keep(line, csv_of([row(1)]), "x.csv", actor=district.actor(name), now=MONDAY)
    batch = uploading.keep(line, csv_of([row(1)]), "x.csv", actor=district.actor("dispatcher"), now=MONDAY)

    assert (batch.total, list(batch.header)) == (1, list(HEADER))


def test_what_was_uploaded_is_not_readable_in_the_database(line: Line, district: District) -> None:
    batch = keep(line, district, csv_of([row(1)]))
    token = OrderRow.objects.filter(batch=batch).values_list("cells", flat=True)[0]

    assert "张三".encode() not in bytes(token) and COMMUNITY.encode() not in bytes(token)
