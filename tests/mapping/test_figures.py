"""The map's figures, what they open, and what a public screen must not tell."""

from collections.abc import Callable
from datetime import timedelta
from itertools import product
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.filters import CaseFilter
from cases.mapping.figures import Tally, breaks, legend, opens, per_thousand, step_of
from cases.mapping.for_everybody import public_figures
from cases.mapping.suppressing import published
from cases.models import Case
from cases.statistics.counting import by_area
from cases.statistics.windows import EVER
from grids.editing import services
from grids.models import Grid
from tests.cases.cast import COMMUNITY, DISTRICT, GRID, STREET, District
from tests.mapping.conftest import FOURTH, NOW, SECOND, THIRD, box, matter

LINE = {"type": "LineString", "coordinates": [[112.305, 39.4], [112.305, 39.6]]}
FIFTH, SIXTH = f"{COMMUNITY}005", f"{COMMUNITY}006"


def listed(d: District, who: str, url: str) -> list[str]:
    """The matters that a figure's list shows to somebody."""
    asked = dict(parse_qsl(urlsplit(url).query))
    asked.pop("tab", None)
    request = type("Request", (), {"actor": d.actor(who, timezone.now())})()
    cases = Case.objects.visible_to(request.actor, timezone.now())
    found = CaseFilter(asked, queryset=cases, request=request)
    assert found.is_valid(), found.errors
    return sorted(found.qs.values_list("number", flat=True))


def sums(d: District, who: str = "dispatcher") -> dict[str, dict[str, int]]:
    """What the map says of every code, each held against the list it opens."""
    now = timezone.now()
    tally = Tally(Case.objects.visible_to(d.actor(who, now), now), now)
    found = {code: tally.of(code) for code in tally.codes()}
    for code, counts in found.items():
        for name, number in counts.items():
            assert (code, name, len(listed(d, who, opens(name, code, now)))) == (code, name, number)
    return found


def test_every_figure_is_one_statement_and_opens_exactly_its_cases(ground: District) -> None:
    for number, code in enumerate((GRID, GRID, SECOND)):
        matter(ground, code, number)
    ground.register(description="没有写明在哪个网格的事项。", place={"area": COMMUNITY, "address": "门口"})
    now = timezone.now()
    tally = Tally(Case.objects.visible_to(ground.actor("dispatcher", now), now), now)
    with CaptureQueriesContext(connection) as asked:
        counts = [tally.of(code)["open"] for code in (DISTRICT, STREET, COMMUNITY, GRID, SECOND, THIRD)]
    assert (counts, len([one for one in asked if "cases_case" in one["sql"]])) == ([3, 3, 3, 2, 1, 0], 1)
    assert {code: row["open"] for code, row in sums(ground).items()} == {
        DISTRICT: 3, STREET: 3, COMMUNITY: 3, GRID: 2, SECOND: 1,
    }  # fmt: skip


def merged(d: District, codes: list[str], code: str) -> None:
    """Somebody who may makes one grid of several."""
    lead = d.actor("centre_lead", NOW)
    services.merge(codes, code, name="胜利社区新网格", actor=lead, reason="合并", now=NOW)


@pytest.mark.both
def test_a_merged_grid_has_the_matters_of_both_and_a_split_one_gives_each_to_where_its_point_lies(
    ground: District,
) -> None:
    west = matter(ground, GRID, 1, lng=112.302, lat=39.505, datum="gcj02")
    east = matter(ground, GRID, 2, lng=112.308, lat=39.505, datum="gcj02")
    nowhere = matter(ground, GRID, 3)
    other = matter(ground, SECOND, 4)
    heirs = [{"code": FIFTH, "name": "西网格"}, {"code": SIXTH, "name": "东网格"}]
    lead = ground.actor("centre_lead", NOW)
    services.split(GRID, LINE, heirs, actor=lead, reason="人太多", now=NOW, datum="gcj02")
    assert {code: row["open"] for code, row in sums(ground).items() if len(code) == 15} == {
        GRID: 1, FIFTH: 1, SIXTH: 1, SECOND: 1,
    }  # fmt: skip
    new = f"{COMMUNITY}007"
    merged(ground, [SIXTH, SECOND], new)
    assert {code: row["open"] for code, row in sums(ground).items() if len(code) == 15} == {
        GRID: 1, FIFTH: 1, new: 2,
    }  # fmt: skip
    now = timezone.now()
    lists = {code: listed(ground, "dispatcher", opens("open", code, now)) for code in (GRID, FIFTH, SIXTH, SECOND, new)}
    assert lists == {
        GRID: [nowhere.number],
        FIFTH: [west.number],
        SIXTH: [east.number],  # asked by its old code it is still found
        SECOND: [other.number],
        new: sorted([east.number, other.number]),
    }
    # The board counts them the same.
    cases = Case.objects.visible_to(ground.actor("dispatcher", now), now).within(COMMUNITY).order_by()
    assert {code: row["open"] for code, row in by_area(cases, COMMUNITY, EVER, now).items()} == {
        GRID: 1, FIFTH: 1, new: 2,
    }  # fmt: skip


def test_a_matter_that_a_split_gave_away_and_that_was_amended_to_another_place_lies_there_alone(
    ground: District,
) -> None:
    matters = [matter(ground, GRID, number, lng=112.302, lat=39.505, datum="gcj02") for number in range(3)]
    lead = ground.actor("centre_lead", NOW)
    inside = {f"{COMMUNITY}901": box(112.3015, 112.3025)}  # a school around the three points takes none of them
    services.redraw(inside, actor=lead, reason="学校", now=NOW, datum="gcj02")
    heirs = [{"code": FIFTH, "name": "西网格"}, {"code": SIXTH, "name": "东网格"}]
    services.split(GRID, LINE, heirs, actor=lead, reason="人太多", now=NOW, datum="gcj02")
    ground.record(matters[0], "amend", "clerk", now=NOW, reason="地点登记错了", grid=THIRD)
    ground.record(matters[1], "amend", "clerk", now=NOW, reason="只知道社区", area=COMMUNITY)
    assert {code: row["open"] for code, row in sums(ground).items() if len(code) == 15} == {FIFTH: 1, THIRD: 1}
    cut = {"type": "LineString", "coordinates": [[112.325, 39.4], [112.325, 39.6]]}
    more = [{"code": f"{COMMUNITY}00{number}", "name": "新网格"} for number in (7, 8)]
    services.split(THIRD, cut, more, actor=lead, reason="人太多", now=NOW, datum="gcj02")
    # Its point lies in neither part: it stays under the code it was amended to.
    assert {code: row["open"] for code, row in sums(ground).items() if len(code) == 15} == {FIFTH: 1, THIRD: 1}


def test_whoever_serves_the_new_grid_sees_and_handles_what_the_old_ones_left(ground: District) -> None:
    mine = ground.register("grid_worker", channel="grid", place={"grid": GRID, "address": "一号楼"}, now=NOW)
    new = f"{COMMUNITY}007"
    merged(ground, [GRID, SECOND], new)
    worker = ground.actor("grid_worker", NOW)
    unseen = Case.objects.visible_to(worker, NOW).filter(pk=mine.pk).exclude(registered_by_id=worker.user_id)
    assert not unseen.exists()
    Grid.objects.get(code=new).duties.create(user=ground.people["grid_worker"], starts_on=NOW.date())
    assert Case.objects.visible_to(worker, NOW).filter(pk=mine.pk).exists()
    assert ground.move(mine, "accept", "grid_worker", now=NOW, category="A0102", level="general").status == "accepted"


def test_a_page_asks_as_much_with_thirty_matters_and_after_a_merge_as_with_one(
    ground: District, client_of: Callable[[str], Client]
) -> None:
    client = client_of("dispatcher")
    matter(ground, GRID, 1)
    pages = ("/map/", f"/map/?area={COMMUNITY}&by=overdue", f"/map/?area={GRID}", f"/cases/?tab=all&grid={GRID}")

    def asked() -> list[int]:
        found = []
        for page in pages:
            client.get(page)
            with CaptureQueriesContext(connection) as told:
                assert client.get(page).status_code == 200
            found.append(len(told))
        return found

    few = asked()
    for number in range(2, 30):
        matter(ground, (GRID, SECOND, THIRD)[number % 3], number)
    assert asked() == few
    merged(ground, [THIRD, FOURTH], f"{COMMUNITY}007")
    assert asked() == few
    old = client.get(f"/map/?area={THIRD}").context["card"]
    assert (old["tiles"], [heir["name"] for heir in old["heirs"]]) == ([], ["胜利社区新网格"])


def test_a_grid_workers_map_is_the_own_grid_among_its_neighbours_and_a_handler_has_none(
    ground: District, client_of: Callable[[str], Client]
) -> None:
    matter(ground, GRID, 1)
    matter(ground, SECOND, 2)
    page = client_of("grid_worker").get("/map/")
    rows = {row["code"]: [cell["words"] for cell in row["cells"]] for row in page.context["rows"]}
    assert rows == {GRID: ["1", "0", "0", "1"], **dict.fromkeys((SECOND, THIRD, FOURTH), ["—"] * 4)}
    refused = {
        (who, area): client_of(who).get(f"/map/?area={area}").status_code
        for who, area in (
            ("grid_worker", SECOND), ("grid_worker", STREET), ("handler", ""), ("auditor", ""), ("dispatcher", "140604"),
            ("dispatcher", "x" * 15), ("dispatcher", GRID), ("grid_worker", GRID),
        )
    }  # fmt: skip
    assert refused == {
        ("grid_worker", SECOND): 404, ("grid_worker", STREET): 404, ("handler", ""): 403, ("auditor", ""): 403,
        ("dispatcher", "140604"): 404, ("dispatcher", "x" * 15): 404, ("dispatcher", GRID): 200, ("grid_worker", GRID): 200,
    }  # fmt: skip


def test_points_are_for_those_who_see_the_case_and_never_of_mediation_or_confidence(
    ground: District, client_of: Callable[[str], Client]
) -> None:
    spot = {"lng": 112.302, "lat": 39.505, "datum": "gcj02"}
    seen = matter(ground, GRID, 1, **spot)
    matter(ground, SECOND, 2, lng=112.315, lat=39.505, datum="gcj02")
    place = {"grid": GRID, "address": "二号楼", **spot}
    ground.register(
        description="两家为楼道堆物吵了半年，希望调解。", kind="dispute", willing_to_mediate=True, place=place
    )
    ground.register(description="邻居家夜里装修，请不要说是我反映的。", confidential=True, place=place)
    around = "112.29,39.49,112.30,39.51"

    def dots(who: str, area: str, bounds: str = around) -> Any:
        answer = client_of(who).get(f"/map/points/?area={area}&bbox={bounds}")
        return answer.status_code if answer.status_code != 200 else [row[2:4] for row in answer.json()["points"]]

    assert dots("dispatcher", COMMUNITY) == [["open", seen.number]]
    assert dots("grid_worker", COMMUNITY) == [["open", seen.number]]
    assert [dots("dispatcher", STREET), dots("handler_other", COMMUNITY), dots("auditor", COMMUNITY)] == [404, 403, 403]
    assert [dots("dispatcher", COMMUNITY, wrong) for wrong in ("", "1,2,3", "a,b,c,d", "nan,1,2,3", "3,1,2,2")] == [
        400
    ] * 5


def test_the_shapes_are_one_small_file_that_is_kept_until_a_line_changes(ground: District, client: Client) -> None:
    page = client.get("/map/public/")
    url = page.context["shapes_url"]
    whole, small = client.get(url), client.get(url, headers={"Accept-Encoding": "gzip"})
    told = whole.json()
    assert told["grids"][0][:3] == [GRID, "胜利社区第一网格", 0]
    assert [len(row[3][0][0]) for row in told["grids"]] == [8, 8, 8, 8]
    assert (small["Content-Encoding"], small["Cache-Control"]) == ("gzip", "public, max-age=31536000, immutable")
    assert client.get(url, headers={"If-None-Match": whole["ETag"]}).status_code == 304
    lead = ground.actor("centre_lead", NOW)
    services.recode(GRID, FIFTH, actor=lead, reason="改码", now=NOW)
    assert client.get("/map/public/").context["shapes_url"] != url
    assert client.get(url)["Cache-Control"] == "no-cache"


def test_the_public_map_tells_nothing_below_five(ground: District, client: Client) -> None:
    old = NOW - timedelta(days=70)
    for number in range(14):
        code = (GRID,) * 6 + (SECOND,) * 5 + (THIRD,) * 3
        case = ground.register(
            description=f"第{number}件路灯不亮。", place={"grid": code[number], "address": f"{number} 号"}, now=old
        )
        ground.move(case, "accept", "clerk", now=old, category="A0102", level="general")
    rows = client.get(f"/map/public/?area={COMMUNITY}").context["rows"]
    hidden = "不足 5 或不单列"
    # 6, 5, 3, 0 of 14: with the 3 goes another, drawn by its code; the 0 is nobody.
    words = [row["words"] for row in rows]
    assert (words[2:], sorted(words[:2]) in (["5", hidden], ["6", hidden])) == ([hidden, "0"], True)
    page = client.get("/map/public/")
    assert (page.status_code, page.context["total"]) == (200, "14")
    assert client.get("/map/public/?area=140604").status_code == 404
    assert b"points" not in page.content.replace(b"&quot;points&quot;: &quot;&quot;", b"")


def test_the_public_figure_is_of_twelve_whole_months_whatever_day_of_the_month_it_is(ground: District) -> None:
    for number in range(6):
        matter(ground, GRID, number)
    late_in_the_month = NOW.replace(year=NOW.year + 1, day=28)
    assert public_figures(DISTRICT, late_in_the_month)[GRID] == 6


@given(st.lists(st.integers(0, 9), min_size=1, max_size=5), st.integers(0, 6))
@settings(max_examples=200, deadline=None)
def test_no_small_figure_follows_from_the_sum_and_those_in_sight(numbers: list[int], nowhere: int) -> None:
    parts = {str(place): number for place, number in enumerate(numbers)}
    values = {"top": sum(numbers) + nowhere, **parts}
    told = published("top", values.__getitem__, lambda code: list(parts) if code == "top" else [])
    assert not [code for code, shown in told.items() if shown is not None and 0 < shown < 5]
    unknown = [code for code in parts if told[code] is None]
    total = told["top"]
    if total is None or not unknown:
        return
    left = total - sum(shown or 0 for code, shown in told.items() if code != "top")
    # What lies nowhere is one more that nobody sees; every way to make up what is left is a possible truth.
    spread = len(unknown) + (1 if nowhere else 0)
    ways = [way for way in product(range(1, left + 1), repeat=spread) if sum(way) == left]
    assert all(len({way[place] for way in ways}) > 1 for place in range(spread))


def test_what_lies_in_a_hidden_area_is_hidden_as_a_whole_and_nothing_is_shown_as_nothing() -> None:
    values = {"d": 20, "d1": 4, "d2": 16, "d3": 0, "d11": 4, "d21": 16}
    tree = {"d": ["d1", "d2", "d3"], "d1": ["d11"], "d2": ["d21"]}
    assert published("d", values.__getitem__, lambda code: tree.get(code, [])) == {
        "d": 20, "d1": None, "d11": None, "d2": None, "d21": None, "d3": 0,
    }  # fmt: skip


def test_a_sum_that_would_tell_its_parts_is_hidden_itself() -> None:
    values = {"d": 12, "d1": 5, "d2": 7, **{f"d1{place}": 1 for place in range(5)}}
    tree = {"d": ["d1", "d2"], "d1": [f"d1{place}" for place in range(5)]}
    told = published("d", values.__getitem__, lambda code: tree.get(code, []))
    assert {code for code, shown in told.items() if shown is not None} == {"d"}


def test_steps_are_told_in_words() -> None:
    ends = breaks([0, None, 1, 1, 2, 3, 5, 8, 13])
    assert ends == [1, 3, 5, 13]
    assert [step_of(value, ends) for value in (None, 0, 1, 2, 3, 4, 8, 13)] == [-1, 0, 1, 2, 2, 3, 4, 4]
    assert [row["words"] for row in legend(ends, True)] == ["0", "1", "2–3", "4–5", "6–13"]
    assert (breaks([0, 0]), per_thousand(1, 280), per_thousand(1, None)) == ([], 3.6, None)
