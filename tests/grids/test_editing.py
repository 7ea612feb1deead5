"""Drawing grids: what is refused and shown, what is kept, what becomes of a grid that merges or splits."""

from datetime import date, datetime
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from accounts.choices import Role, UnitKind
from accounts.models import AuditEntry, Post, Unit, User
from accounts.queries import Actor, actor_for
from governance_portal.lib.errors import Incomplete, NotYou, Refusal, Stale
from governance_portal.lib.working_days import SHANGHAI
from grids import services as duties
from grids import territory
from grids.editing import history, services
from grids.editing.services import ShapesRefused
from grids.models import Area, Grid, GridSuccession, GridVersion
from grids.queries import locate
from tests.grids.places import ANDONG, DISTRICT, FIRST, SECOND, THIRD, make_ground, on_duty, person, square

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)
BOTH = {
    "type": "Polygon",
    "coordinates": [[[112.3, 39.5], [112.32, 39.5], [112.32, 39.51], [112.3, 39.51], [112.3, 39.5]]],
}


def box(west: float, east: float, south: float = 39.50, north: float = 39.51) -> dict[str, Any]:
    """A rectangle as GeoJSON."""
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


@pytest.fixture
def keeper(db: None) -> Actor:
    """The system administrator of a district with two grids in one community that has a boundary, and one beside."""
    make_ground()
    Area.objects.filter(code=ANDONG).update(boundary=BOTH)
    unit = Unit.objects.create(code="zfw", name="区委政法委", kind=UnitKind.LEADERSHIP, area_code=DISTRICT)
    admin = person("admin", "管理员小何")
    Post.objects.create(user=admin, unit=unit, role=Role.SYSTEM_ADMIN, area_code=DISTRICT, starts_on=date(2026, 1, 1))
    return actor_for(admin, NOW)


def drawn(keeper: Actor, shapes: dict[str, Any], **more: Any) -> Any:
    """One edit, in the datum the grids are stored in."""
    said = {"reason": "区委政法委 2026 年第 4 次会议", "now": NOW, "datum": "gcj02"}
    return services.redraw(shapes, actor=keeper, **{**said, **more})


def refused(keeper: Actor, shapes: dict[str, Any], **more: Any) -> ShapesRefused:
    """The refusal of an edit."""
    with pytest.raises(ShapesRefused) as found:
        drawn(keeper, shapes, **more)
    return found.value


@pytest.mark.both
def test_drawn_into_its_neighbour_a_grid_is_refused_with_the_overlap_and_nothing_is_written(keeper: Actor) -> None:
    told = refused(keeper, {FIRST: box(112.30, 112.311)})
    (finding,) = told.findings
    assert (finding.what, finding.code, finding.other) == ("overlap", FIRST, SECOND)
    # 0.001° × 0.01° at 39.505° N: 85.8 m × 1,112 m
    assert finding.area == pytest.approx(95_400, rel=0.01)
    assert (
        told.detail
        == f"没有保存：“安东第一网格”与“安东第二网格”（{SECOND}）重叠 {finding.area / 10_000:.2f} 万平方米，请把界线退回来。"
    )
    (piece,) = told.extra()["findings"][0]["pieces"]
    assert {tuple(point) for point in piece["coordinates"][0]} == {
        (112.31, 39.5), (112.311, 39.5), (112.311, 39.51), (112.31, 39.51),
    }  # fmt: skip
    assert Grid.objects.get(code=FIRST).boundary == square(112.30)
    assert not GridVersion.objects.exists()


def test_a_gap_ground_outside_and_a_crossed_line_are_each_said(keeper: Actor) -> None:
    assert [(one.what, one.code) for one in refused(keeper, {FIRST: box(112.30, 112.309)}).findings] == [("gap", "")]
    outside = refused(keeper, {FIRST: box(112.299, 112.31)}).findings
    assert [(one.what, one.code, one.sentence.endswith("在安东社区居委会之外。")) for one in outside] == [
        ("outside", FIRST, True)
    ]
    bow = {
        "type": "Polygon",
        "coordinates": [[[112.3, 39.5], [112.31, 39.51], [112.31, 39.5], [112.3, 39.51], [112.3, 39.5]]],
    }
    with pytest.raises(Incomplete) as told:
        drawn(keeper, {FIRST: bow})
    assert told.value.errors["shapes"][0].startswith("边界线自己相交")


def test_an_old_line_that_crosses_itself_is_a_sentence_and_no_error(keeper: Actor) -> None:
    bow = [[112.3, 39.5], [112.32, 39.51], [112.32, 39.5], [112.3, 39.51], [112.3, 39.5]]
    Area.objects.filter(code=ANDONG).update(boundary={"type": "Polygon", "coordinates": [bow]})
    with pytest.raises(Incomplete) as told:
        drawn(keeper, {FIRST: box(112.30, 112.309)})
    assert told.value.errors == {"shapes": [services.CANNOT_COMPUTE]}


def test_both_sides_of_a_border_move_together_and_hairlines_are_nothing(keeper: Actor) -> None:
    done = drawn(keeper, {FIRST: box(112.30, 112.3120001), SECOND: box(112.312, 112.32)})
    assert [grid.code for grid in done.grids] == [FIRST, SECOND]
    assert [locate(112.3115, 39.505, "gcj02").code, locate(112.3125, 39.505, "gcj02").code] == [FIRST, SECOND]  # type: ignore[union-attr]


def test_neighbours_give_way_and_take_what_is_left_when_asked(keeper: Actor) -> None:
    assert drawn(keeper, {FIRST: box(112.30, 112.312)}, neighbours=True).gave_way == (SECOND,)
    assert locate(112.3115, 39.505, "gcj02").code == FIRST  # type: ignore[union-attr]
    drawn(keeper, {FIRST: box(112.30, 112.308)}, neighbours=True)
    assert locate(112.3115, 39.505, "gcj02").code == SECOND  # type: ignore[union-attr]
    # The neighbour in the other community does not give way.
    assert [
        one.other for one in refused(keeper, {SECOND: box(112.308, 112.321)}, neighbours=True).findings if one.other
    ] == [THIRD]


def test_a_dedicated_grid_lies_inside_a_basic_one_and_not_on_another(keeper: Actor) -> None:
    school, hospital = f"{ANDONG}901", f"{ANDONG}902"
    drawn(keeper, {school: box(112.302, 112.304, 39.502, 39.504)})
    assert locate(112.303, 39.503, "gcj02").code == school  # type: ignore[union-attr]
    told = refused(keeper, {hospital: box(112.303, 112.305, 39.502, 39.504)})
    assert [(one.what, one.other) for one in told.findings] == [("overlap", school)]
    assert [(row.change, row.kind) for row in history.of_grid(school)] == [("opened", "dedicated")]


def test_an_old_flaw_is_not_held_against_an_edit_elsewhere(keeper: Actor) -> None:
    Grid.objects.filter(code=SECOND).update(boundary=box(112.309, 112.32))
    drawn(keeper, {FIRST: box(112.30, 112.3099)})  # the overlap gets smaller: taken
    assert [one.what for one in refused(keeper, {FIRST: box(112.30, 112.311)}).findings] == ["overlap"]


def test_only_administrator_and_centre_lead_draw_with_a_reason_and_on_the_newest_map(keeper: Actor) -> None:
    stranger = actor_for(person("worker", "网格员小刘"), NOW)
    with pytest.raises(NotYou):
        drawn(stranger, {FIRST: square(112.30)})
    with pytest.raises(Incomplete) as told:
        drawn(keeper, {FIRST: square(112.30)}, reason=" ")
    assert list(told.value.errors) == ["reason"]
    drawn(keeper, {FIRST: box(112.30, 112.312)}, neighbours=True)
    with pytest.raises(Stale):
        drawn(keeper, {FIRST: square(112.30)}, neighbours=True, seen=0)
    assert AuditEntry.objects.get(action="grid.redraw").detail == {"grids": [FIRST, SECOND]}


@pytest.mark.both
def test_what_a_grid_was_is_kept_for_ever_and_seen_for_a_day(keeper: Actor) -> None:
    drawn(keeper, {FIRST: box(112.30, 112.312)}, neighbours=True)
    services.describe(
        FIRST,
        name="安东东网格",
        extent="东至平安路。",
        population=300,
        actor=keeper,
        reason="更名",
        now=NOW.replace(day=25),
    )
    told = [(row.change, row.name, row.reason) for row in history.of_grid(FIRST)]
    assert told == [
        ("described", "安东东网格", "更名"),
        ("drawn", "安东第一网格", "区委政法委 2026 年第 4 次会议"),
        ("found", "安东第一网格", "启用网格沿革以前的边界"),
    ]
    names = {day: [row.name for row in history.on_day(ANDONG, date(2026, 11, day))] for day in (23, 25)}
    assert names == {23: ["安东第一网格", "安东第二网格"], 25: ["安东东网格", "安东第二网格"]}
    for spoil in (lambda: GridVersion.objects.update(name="x"), lambda: GridVersion.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            spoil()


@pytest.mark.both
def test_two_grids_become_one_duties_end_and_the_old_codes_are_closed(keeper: Actor) -> None:
    worker: User = person("worker", "网格员小刘")
    on_duty(worker, FIRST, date(2026, 1, 1))
    new = f"{ANDONG}003"
    done = services.merge([SECOND, FIRST], new, name="安东网格", actor=keeper, reason="合并", now=NOW)
    assert done.duties == (("网格员小刘", "网格员"),)
    assert locate(112.305, 39.505, "gcj02").code == locate(112.315, 39.505, "gcj02").code == new  # type: ignore[union-attr]
    assert list(Grid.objects.order_by("code").values_list("code", "active")) == [
        (FIRST, False), (SECOND, False), (new, True), (THIRD, True),
    ]  # fmt: skip
    lineage = territory.current().lineage
    assert (lineage.before(new), lineage.now(FIRST)) == ((new, FIRST, SECOND), new)
    duties.give_duty(worker, Grid.objects.get(code=new), starts_on=date(2026, 11, 23))
    assert [row.code for row in history.on_day(ANDONG, date(2026, 11, 22))] == [FIRST, SECOND]
    with pytest.raises(Refusal):
        services.merge([FIRST, SECOND], f"{ANDONG}004", name="又一个", actor=keeper, reason="合并", now=NOW)


def test_a_grid_is_cut_along_a_line_into_new_codes_from_west_to_east(keeper: Actor) -> None:
    line = {"type": "LineString", "coordinates": [[112.305, 39.49], [112.305, 39.52]]}
    west, east = f"{ANDONG}003", f"{ANDONG}004"
    heirs = [{"code": west, "name": "西网格"}, {"code": east, "name": "东网格"}]
    short = {"type": "LineString", "coordinates": [[112.305, 39.505], [112.305, 39.52]]}
    for wrong in (short, {"type": "LineString", "coordinates": [[1]]}, "{", {"type": "Point"}):
        with pytest.raises(Incomplete) as told:
            services.split(FIRST, wrong, heirs, actor=keeper, reason="拆分", now=NOW, datum="gcj02")
        assert list(told.value.errors) == ["line"]
    services.split(FIRST, line, heirs, actor=keeper, reason="拆分", now=NOW, datum="gcj02")
    assert [locate(112.302, 39.505, "gcj02").code, locate(112.308, 39.505, "gcj02").code] == [west, east]  # type: ignore[union-attr]
    assert list(GridSuccession.objects.values_list("old_code", "new_code", "kind")) == [
        (FIRST, west, "split"), (FIRST, east, "split"),
    ]  # fmt: skip
    taken = [{"code": SECOND, "name": "占用"}, {"code": f"{ANDONG}005", "name": "东"}]
    with pytest.raises(Incomplete) as told:
        services.split(
            west,
            {"type": "LineString", "coordinates": [[112.302, 39.4], [112.302, 39.6]]},
            taken,
            actor=keeper,
            reason="x",
            now=NOW,
            datum="gcj02",
        )
    assert list(told.value.errors) == ["code"]


def test_a_new_code_takes_the_ground_with_it(keeper: Actor) -> None:
    services.recode(FIRST, f"{ANDONG}009", actor=keeper, reason="按自西向东重新编码", now=NOW)
    assert locate(112.305, 39.505, "gcj02").code == f"{ANDONG}009"  # type: ignore[union-attr]
    assert territory.current().lineage.before(f"{ANDONG}009") == (f"{ANDONG}009", FIRST)
