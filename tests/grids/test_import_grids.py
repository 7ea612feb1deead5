"""Files of grids: below communities that are there, by code, twice without change."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from openpyxl import Workbook

from grids.models import Area, Grid
from grids.queries import locate
from grids.reports import ImportReport, Remark
from grids.services import import_grids
from tests.grids.places import ANDONG, ANXI, DISTRICT, FIRST, SECOND, THIRD, make_areas, make_ground, square
from tests.grids.test_import_areas import collection, feature, table

pytestmark = pytest.mark.django_db

TABLE = f"""网格编码,网格名称,所属社区,网格类型,工作类别,区域范围,人口,监督电话
{FIRST},安东第一网格,{ANDONG},基础网格,社区网格,"东至平安路，南至北坪街",300,0349-0001345
{ANDONG}900,第一中学,,,,,,
{THIRD},安西第一网格,,,村网格,,,
"""


def test_grids_come_in_below_their_communities_and_the_second_time_nothing_changes(tmp_path: Path) -> None:
    make_areas()
    Area.objects.filter(code=ANXI).update(name="安西村委会")
    file = table(tmp_path, TABLE)
    codes = [FIRST, f"{ANDONG}900", THIRD]
    assert import_grids(file, dry_run=True) == ImportReport("网格", new=codes)
    assert Grid.objects.count() == 0
    assert import_grids(file) == ImportReport("网格", new=codes)
    assert import_grids(file) == ImportReport("网格", unchanged=codes)
    rows = Grid.objects.order_by("code").values_list("code", "community_id", "kind", "work_class", "population")
    assert list(rows) == [
        (FIRST, ANDONG, "basic", "community", 300),
        (f"{ANDONG}900", ANDONG, "dedicated", "dedicated", None),
        (THIRD, ANXI, "basic", "village", None),
    ]


def test_a_change_is_told_in_the_words_of_the_form(tmp_path: Path) -> None:
    make_ground()
    file = table(tmp_path, f"code,name,work_class,supervising_phone\n{FIRST},安东第一网格,village,0349-0001345\n")
    report = import_grids(file)
    assert report.changed == {FIRST: ["工作类别 社区网格 → 村网格", "监督电话 空 → 0349-0001345"]}
    assert import_grids(file).unchanged == [FIRST]


def test_bad_grids_are_left_out_one_by_one_and_listed(tmp_path: Path) -> None:
    make_areas()
    text = f"""code,name,community,kind
{FIRST},安东第一网格,{ANDONG},
14060310000201,少一位,,
{SECOND},社区不对,{ANXI},
140603100009001,社区不存在,,
{ANDONG}003,,,
{ANDONG}004,类型不对,,大网格
{ANDONG}901,号码不对,,基础网格
,没有编码,,
{FIRST},重复,,
{ANDONG}005,{"长" * 65},,
140603100001,这是社区,,
"""
    report = import_grids(table(tmp_path, text))
    pattern = "网格编码不符合本区规则：一般是社区（村）12 位代码加 3 位网格顺序码。"
    assert report.new == [FIRST]
    assert sorted(report.rejected) == [
        Remark(3, "14060310000201", pattern),
        Remark(4, SECOND, f"所属社区写的是 {ANXI}，按编码应为 {ANDONG}。"),
        Remark(5, "140603100009001", "社区（村）140603100009 不存在，请先导入区域。"),
        Remark(6, f"{ANDONG}003", "没有名称。"),
        Remark(7, f"{ANDONG}004", "「大网格」不是可用的类型，请填：基础网格、专属网格。"),
        Remark(8, f"{ANDONG}901", "专属网格的顺序码用 900 至 999，基础网格用 001 至 899。"),
        Remark(9, "", "没有网格编码。"),
        Remark(10, FIRST, f"代码 {FIRST} 与第 2 行重复。"),
        Remark(11, f"{ANDONG}005", "名称太长或有乱码，最多 64 个字。"),
        Remark(12, "140603100001", pattern),
    ]


def test_boundaries_of_grids_are_located_at_once_and_what_overlaps_or_sticks_out_is_reported(tmp_path: Path) -> None:
    make_areas()
    file = collection(
        tmp_path,
        feature(square(112.30), code=FIRST, name="安东第一网格"),
        feature(square(112.309), code=SECOND, name="安东第二网格"),
        feature(square(112.36), code=THIRD, name="安西第一网格"),
        feature(square(112.304, 39.504, 0.002), code=f"{ANDONG}900", name="第一中学"),
    )
    report = import_grids(file)
    assert report == ImportReport(
        "网格",
        "第 {} 个要素",
        new=[FIRST, SECOND, f"{ANDONG}900", THIRD],
        warnings=[
            Remark(3, THIRD, "约 100.0% 的面积在平鲁区之外，请核对边界和坐标系。"),
            Remark(2, SECOND, f"与网格“安东第一网格”（{FIRST}）的边界重叠，请核对。"),
        ],
    )
    again = import_grids(file)
    assert (again.unchanged, again.changed, again.warnings) == (report.new, {}, report.warnings)
    found = locate(112.305, 39.505, "gcj02")
    assert found is not None
    assert found.name == "第一中学"


def test_a_dry_run_of_boundaries_leaves_the_map_as_it_was(tmp_path: Path) -> None:
    make_ground()
    file = collection(tmp_path, feature(square(112.40), code=FIRST))
    assert import_grids(file, dry_run=True).changed == {FIRST: ["边界"]}
    found = locate(112.305, 39.505, "gcj02")
    assert found is not None
    assert found.code == FIRST


def test_a_workbook_is_read_like_a_table_and_the_command_says_what_it_did(tmp_path: Path) -> None:
    make_areas()
    book = Workbook()
    for row in (["网格编码", "网格名称"], [FIRST, "安东第一网格"], [SECOND, None]):
        book.active.append(row)
    book.save(tmp_path / "grids.xlsx")
    said = StringIO()
    call_command("import_grids", str(tmp_path / "grids.xlsx"), f"--district={DISTRICT}", stdout=said)
    assert said.getvalue().splitlines() == [
        "网格：新增 1，变更 0，不变 0，拒收 1。",
        f"拒收 第 3 行（{SECOND}）：没有名称。",
        "已写入。",
    ]


def test_what_the_api_hands_out_can_be_brought_in_again_without_change(tmp_path: Path) -> None:
    make_ground()
    rows = Grid.objects.order_by("code")
    features = [feature(grid.boundary, code=grid.code, name=grid.name, community=grid.community_id) for grid in rows]
    file = tmp_path / "again.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    assert import_grids(file) == ImportReport("网格", "第 {} 个要素", unchanged=[FIRST, SECOND, THIRD])
