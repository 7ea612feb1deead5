"""The matrix of facts §8 row 1.10: entered by a sheet, proved whole, a gap and an overlap reported; who may keep it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.choices import Role
from accounts.models import AuditEntry
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, NotYours
from grids.models import Responsibility
from grids.responsibility import queries, services
from tests.responsibility.conftest import FIRST, LAST, PINGCHENG, UNITS, Matrix, noon, sheet

pytestmark = [pytest.mark.django_db, pytest.mark.both]
NOW = noon(date(2026, 5, 20))


def whole(matrix: Matrix) -> None:
    services.import_sheet(sheet(), actor=matrix.district.actor("pc_supervisor", NOW), now=NOW)


def test_eighteen_streets_are_proved_covered_by_four_units(matrix: Matrix) -> None:
    preview = services.read_sheet(sheet(), actor=matrix.district.actor("pc_supervisor", NOW))
    assert (len(preview.wanted), preview.known, preview.problems, Responsibility.objects.count()) == (18, 0, [], 0)
    assert preview.coverage["flood"].whole
    whole(matrix)
    found = queries.coverage("flood", FIRST, LAST, PINGCHENG)
    counts = {name: Responsibility.objects.filter(unit__name=name).count() for name in UNITS}
    assert (found.whole, found.streets, found.sentences) == (True, 18, [])
    assert counts == {"水务局": 4, "应急局": 6, "城管局": 4, "自然资源局": 4}
    assert services.read_sheet(sheet(), actor=matrix.district.actor("pc_supervisor", NOW)).known == 18


def test_a_gap_and_an_overlap_are_each_reported(matrix: Matrix) -> None:
    whole(matrix)
    actor = matrix.district.actor("pc_supervisor", NOW)
    row = Responsibility.objects.get(area_id=matrix.streets["卧虎湾"])
    services.end(row.pk, "2026-07-14", actor=actor, now=NOW)
    again = {
        "unit": "pc1",
        "area": matrix.streets["卧虎湾"],
        "topic": "flood",
        "from": "2026-07-20",
        "to": "2026-09-30",
    }
    services.give(again, actor=actor, now=NOW)
    services.give(
        {**again, "area": matrix.streets["古城"], "from": "2026-08-01", "to": "2026-08-03"}, actor=actor, now=NOW
    )
    found = queries.coverage("flood", FIRST, LAST, PINGCHENG)
    assert found.sentences == ["卧虎湾街道 7月15日至7月19日无人包保", "古城街道 8月1日至8月3日由城管局、应急局同时包保"]
    assert not queries.coverage("gas", FIRST, LAST, PINGCHENG).whole


def test_who_answers_for_a_place_is_who_holds_it_that_day(matrix: Matrix) -> None:
    whole(matrix)
    community = f"{matrix.streets['鹿苑']}001"
    after = LAST + timedelta(days=1)
    answers = [[unit.name for unit in queries.responsible_for(community, "flood", day)] for day in (FIRST, LAST, after)]
    assert answers == [["应急局"], ["应急局"], []]
    assert queries.all_for(community, FIRST) == [("防汛", "应急局")]


def test_half_a_matrix_is_not_imported(matrix: Matrix) -> None:
    actor = matrix.district.actor("pc_supervisor", NOW)
    broken = sheet() + "\n民政局,古城街道,防汛,2026-06-01,\n水务局,古城街道,防汛,2026-13-01,".encode("gb18030")
    preview = services.read_sheet(broken, actor=actor)
    assert preview.problems == [
        "第 20 行：没有这个单位，或者该单位已停用；请从列表中选择。",
        "第 21 行：请按“2026-07-01”的样子填写日期。",
    ]
    with pytest.raises(Incomplete):
        services.import_sheet(broken, actor=actor, now=NOW)
    assert Responsibility.objects.count() == 0
    short = services.read_sheet(sheet(leave_out=("御河",)), actor=actor).coverage["flood"]
    assert short.sentences == ["御河街道 6月1日至9月30日无人包保"]
    for empty in (b"", b"\x00\x01", "单位,街道\n".encode()):
        with pytest.raises(Incomplete):
            services.read_sheet(empty, actor=actor)


def test_only_the_centre_of_the_district_keeps_its_matrix(matrix: Matrix) -> None:
    whole(matrix)
    district = matrix.district
    row = Responsibility.objects.first()
    assert row is not None
    given = {"unit": "pc0", "area": matrix.streets["古城"], "topic": "gas", "from": "2026-06-01"}
    district.person("pc_unit_supervisor", "水务局督办员", Role.SUPERVISOR, "pc0", PINGCHENG)
    for who in ("pc_handler", "pc_unit_supervisor", "street_handler", "auditor", "clerk"):
        with pytest.raises(NotYou):
            services.give(given, actor=district.actor(who, NOW), now=NOW)
    with pytest.raises(Incomplete) as refused:  # another district's centre: neither unit nor street is its own
        services.give(given, actor=district.actor("supervisor", NOW), now=NOW)
    assert set(refused.value.errors) == {"unit", "area"}
    with pytest.raises(NotYours):
        services.end(row.pk, "2026-07-01", actor=district.actor("supervisor", NOW), now=NOW)


def test_the_same_unit_twice_on_a_day_is_refused_and_dates_have_to_fit(matrix: Matrix) -> None:
    whole(matrix)
    actor = matrix.district.actor("pc_supervisor", NOW)
    given = {"unit": "pc0", "area": matrix.streets["御河"], "topic": "flood", "from": "2026-09-30", "to": ""}
    with pytest.raises(NotNow, match="在这段日期里已经包保"):
        services.give(given, actor=actor, now=NOW)
    for name, wrong in (
        ("from", "明天"),
        ("from", "9999-01-01"),
        ("to", "2026-01-01"),
        ("topic", "x"),
        ("unit", "\x00"),
    ):
        with pytest.raises(Incomplete) as refused:
            services.give({**given, "from": "2026-10-01", name: wrong}, actor=actor, now=NOW)
        assert list(refused.value.errors) == [name]
    with pytest.raises(IntegrityError), transaction.atomic():
        Responsibility.objects.update(ends_on=date(2020, 1, 1))
    row = Responsibility.objects.get(area_id=matrix.streets["御河"])
    for last in ("", "2026-05-01", "2026-12-31"):
        with pytest.raises(Incomplete):
            services.end(row.pk, last, actor=actor, now=NOW)


def test_the_page_says_whether_it_is_whole_and_costs_the_same_for_one_row_and_for_eighteen(
    matrix: Matrix, client_of: Callable[[str], Client]
) -> None:
    client, address = client_of("pc_supervisor"), "/responsibility/?topic=flood&first=2026-06-01&last=2026-09-30"

    def cost() -> tuple[int, str]:
        client.get(address)
        with CaptureQueriesContext(connection) as told:
            answer = client.get(address)
        assert answer.status_code == 200
        return len(told), answer.content.decode()

    services.give(
        {"unit": "pc0", "area": matrix.streets["御河"], "topic": "flood", "from": "2026-06-01", "to": "2026-09-30"},
        actor=matrix.district.actor("pc_supervisor", NOW),
        now=NOW,
    )
    one, page = cost()
    assert "防汛没有排满：空缺 17 处，重复 0 处" in page and "古城街道 6月1日至9月30日无人包保" in page
    whole(matrix)
    many, page = cost()
    assert (one, "18 个街道（乡镇）每天都有且只有一个单位包保" in page) == (many, True)
    assert '应急局 <b class="tnum">6</b> 个' in page
    for query in ("topic=%00", "first=x&last=y", "first=2000-01-01&last=2199-12-31"):
        assert client.get(f"/responsibility/?{query}").status_code == 200


def test_a_sheet_is_previewed_before_it_is_written_and_what_was_previewed_is_what_is_written(
    matrix: Matrix, client_of: Callable[[str], Client]
) -> None:
    client = client_of("pc_supervisor")
    answer = client.post("/responsibility/sheet/", {"sheet": SimpleUploadedFile("包保.csv", sheet())})
    page = answer.content.decode()
    assert (answer.status_code, "导入 18 行" in page, Responsibility.objects.count()) == (200, True, 0)
    kept = page.split('name="kept" value="')[1].split('"')[0]
    assert client.post("/responsibility/sheet/", {"kept": kept + "x"}).status_code == 400
    assert client.post("/responsibility/sheet/", {"kept": kept}).status_code == 302
    assert client.post("/responsibility/sheet/", {"kept": kept}).status_code == 302  # pressed twice
    assert Responsibility.objects.count() == 18
    assert AuditEntry.objects.filter(action="responsibility_imported").count() == 2
    assert client.post("/responsibility/sheet/", {}).status_code == 400


def test_a_line_with_another_end_or_across_one_that_stands_is_told_before_anything_is_written(matrix: Matrix) -> None:
    whole(matrix)
    actor = matrix.district.actor("pc_supervisor", NOW)
    lines = (
        "水务局,御河街道,防汛,2026-06-01,2026-10-31",
        "水务局,御河街道,防汛,2026-09-30,",
        "水务局,御河街道,防汛,2026-06-01,2026-09-30",
        "水务局,御河街道,防汛,2026-10-01,",
        "水务局,御河街道,防汛,2027-01-01,",
    )
    told = services.read_sheet("\n".join(["单位,街道,事项,起,止", *lines]).encode(), actor=actor)
    sentence = "行：这个单位在这段日期里已经包保这个街道（乡镇）；要改起止，请先结束原来的一段。"
    assert told.problems == [f"第 {line} {sentence}" for line in (2, 3, 6)]
    assert (told.known, [(one.first, one.last) for one in told.wanted]) == (1, [(date(2026, 10, 1), None)])


def test_pages_and_api_are_for_who_works_in_a_unit(matrix: Matrix, client_of: Callable[[str], Client]) -> None:
    whole(matrix)
    people = ("pc_supervisor", "pc_handler", "grid_worker", "auditor")
    assert {who: client_of(who).get("/responsibility/").status_code for who in people} == {
        "pc_supervisor": 200,
        "pc_handler": 200,
        "grid_worker": 200,
        "auditor": 403,
    }
    assert client_of("pc_handler").get("/responsibility/sheet/").status_code == 403
    assert client_of("pc_handler").post("/responsibility/", {"topic": "flood"}).status_code == 403
    told = client_of("pc_handler").get("/api/v1/responsibility/?topic=flood&first=2026-06-01&last=2026-09-30").json()
    assert (told["whole"], told["streets"], len(told["rows"]), told["gaps"]) == (True, 18, 18, [])
    wrong = client_of("pc_supervisor").post(
        "/responsibility/", {"topic": "flood", "unit": "nowhere", "from": "2026-06-01"}
    )
    assert (wrong.status_code, "没有这个单位" in wrong.content.decode()) == (400, True)
