"""Files of areas as offices deliver them: real tables and lines, and damaged ones."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from governance_portal.lib.errors import BadFile
from governance_portal.lib.geo import gcj02_to_wgs84
from grids.models import Area
from grids.queries import chain_of, inside_district
from grids.reports import ImportReport, Remark
from grids.services import import_areas
from tests.grids.places import ANDONG, ANXI, DISTRICT, STREET, make_areas, square

pytestmark = pytest.mark.django_db

DISTRICTS = {
    "坪山区": "440310",
    "安源区": "360302",
    "小店区": "140105",
    "平城区": "140213",
    "平鲁区": "140603",
    "盐湖区": "140802",
}


def figures(report: ImportReport) -> tuple[int, int, int, int, int, int]:
    """New, changed, unchanged, skipped, rejected, warnings."""
    lists = (report.new, report.changed, report.unchanged)
    return (*map(len, lists), report.skipped, len(report.rejected), len(report.warnings))  # type: ignore[return-value]


def table(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    """A CSV file."""
    file = folder / "areas.csv"
    file.write_bytes(text.encode(encoding))
    return file


def collection(folder: Path, *features: dict[str, Any]) -> Path:
    """A GeoJSON file."""
    file = folder / "areas.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}), encoding="utf-8")
    return file


def feature(boundary: Any, **properties: Any) -> dict[str, Any]:
    """One feature."""
    return {"type": "Feature", "properties": properties, "geometry": boundary}


def test_six_real_districts_come_in_whole_and_the_second_time_nothing_changes(shared_data: Path) -> None:
    file = shared_data / "divisions/six_districts_villages.csv"
    assert figures(import_areas(file, dry_run=True)) == (6 + 82 + 1061, 0, 0, 0, 0, 0)
    assert Area.objects.count() == 0
    assert figures(import_areas(file)) == (1149, 0, 0, 0, 0, 0)
    before = list(Area.objects.order_by("code").values_list())
    assert figures(import_areas(file)) == (0, 0, 1149, 0, 0, 0)
    assert list(Area.objects.order_by("code").values_list()) == before
    levels = {
        code: Area.objects.filter(level="community", code__startswith=code).count() for code in DISTRICTS.values()
    }
    assert levels == {"440310": 25, "360302": 138, "140105": 152, "140213": 202, "140603": 234, "140802": 310}
    assert chain_of("140603100002") == [
        ("140603", "平鲁区"),
        ("140603100", "井坪镇"),
        ("140603100002", "安东社区居委会"),
    ]


def test_one_district_of_the_table_can_be_picked(shared_data: Path) -> None:
    report = import_areas(shared_data / "divisions/six_districts_villages.csv", district="140603")
    assert figures(report) == (1 + 12 + 234, 0, 0, 1061 - 234, 0, 0)
    assert set(Area.objects.values_list("code", flat=True)) == set(report.new)
    assert all(code.startswith("140603") for code in report.new)


@pytest.mark.parametrize("name", sorted(DISTRICTS))
def test_the_real_line_of_a_district_is_taken_once(shared_data: Path, name: str) -> None:
    code = DISTRICTS[name]
    Area.objects.create(code=code, name=name, level="district")
    file = shared_data / f"geo/{name}.geojson"
    first, second = import_areas(file), import_areas(file)
    assert (first.changed, figures(first)) == ({code: ["边界"]}, (0, 1, 0, 0, 0, 0))
    assert figures(second) == (0, 0, 1, 0, 0, 0)
    properties = json.loads(file.read_text(encoding="utf-8"))["features"][0]["properties"]
    lng, lat = properties["centroid"]
    assert inside_district(lng, lat, "gcj02", code)
    assert inside_district(*gcj02_to_wgs84(lng, lat), "wgs84", code)
    assert not inside_district(lng + 5, lat, "gcj02", code)


def test_the_general_table_may_name_children_before_parents_in_gb18030_with_padded_codes(tmp_path: Path) -> None:
    lines = (
        "区划代码,名称,上级,人口",
        "140603100002,安东社区居委会,140603100000,3100",
        "140603100000,井坪镇,140603000000,",
        "１４０６０３,平鲁区,,200000",
    )
    text = "\n".join(lines)
    file = table(tmp_path, text, "gb18030")
    assert import_areas(file) == ImportReport(new=[DISTRICT, STREET, ANDONG])
    assert import_areas(file) == ImportReport(unchanged=[DISTRICT, STREET, ANDONG])
    rows = Area.objects.order_by("code").values_list("code", "name", "level", "parent_id", "population")
    assert list(rows) == [
        (DISTRICT, "平鲁区", "district", None, 200000),
        (STREET, "井坪镇", "street", DISTRICT, None),
        (ANDONG, "安东社区居委会", "community", STREET, 3100),
    ]


def test_a_change_is_told_with_before_and_after(tmp_path: Path) -> None:
    make_areas()
    report = import_areas(table(tmp_path, f"code,name,population\n{ANDONG},安东社区,3100\n{ANXI},安西社区居委会,\n"))
    assert report == ImportReport(
        changed={ANDONG: ["名称 安东社区居委会 → 安东社区", "人口 空 → 3100"]}, unchanged=[ANXI]
    )
    assert list(report.lines()) == [
        "区域：新增 0，变更 1，不变 1，拒收 0。",
        f"变更 {ANDONG}：名称 安东社区居委会 → 安东社区；人口 空 → 3100",
    ]
    assert Area.objects.get(code=ANDONG).population == 3100


DAMAGED = """code,name,parent,population
140603101,凤凰城镇,140603,
,没有代码,140603,
1406031,位数不对,140603,
1.40603E+11,变成了数,140603,
140603102,,140603,
140604100,上级不存在,140604,
140603103,上级写错,140602,
140603101,凤凰城镇,140603,
140603104,人口不对,140603,很多
140603105,少一列,140603
14O603106,字母O,140603,
140603101002,凤凰城村委会,140603101,
"""


def test_damaged_rows_are_left_out_one_by_one_and_listed(tmp_path: Path) -> None:
    make_areas()
    file = table(tmp_path, DAMAGED)
    report = import_areas(file)
    assert report.new == ["140603101", "140603101002"]
    assert sorted(report.rejected) == [
        Remark(3, "", "没有代码。"),
        Remark(4, "1406031", "代码「1406031」是 7 位，应为 6、9、12 位。"),
        Remark(5, "1.40603E+11", "代码「1.40603E+11」被表格软件改成了科学计数法，请把这一列设为文本后重新导出。"),
        Remark(6, "140603102", "没有名称。"),
        Remark(7, "140604100", "上级区域 140604 不存在，请先导入上级。"),
        Remark(8, "140603103", "上级写的是 140602，按代码应为 140603。"),
        Remark(9, "140603101", "代码 140603101 与第 2 行重复。"),
        Remark(10, "140603104", "人口、户数要填整数，这里是「很多」。"),
        Remark(11, "", "这一行有 3 列，表头有 4 列。请检查是否多了或少了分隔符。"),
        Remark(12, "14O603106", "代码「14O603106」里有数字以外的字符。"),
    ]
    again = import_areas(file)
    assert (again.new, again.unchanged, again.rejected) == ([], report.new, report.rejected)


WIDE = """areaCode,area,streetCode,street,code,name
140603,平鲁区,140603100,井坪镇,140603100002,安东社区居委会
140603,平鲁区,140603100,井坪乡,140603100003,安西社区居委会
140603,平鲁区,140602101,凤凰城镇,140603101001,凤凰城村委会
140603,平鲁区,140603101,凤凰城镇,14060310100,凤凰城村委会
140603,平鲁区,140603101,,140603101001,
140603,平鲁区,140603100,井坪镇,140603100002,安东社区居委会
140603,平鲁区,140603100,井坪镇,140603100004,安南社区居委会
"""


def test_a_line_of_the_national_table_that_contradicts_itself_or_another_is_refused(tmp_path: Path) -> None:
    report = import_areas(table(tmp_path, WIDE))
    assert report.new == [DISTRICT, STREET, ANDONG, "140603100004"]
    assert sorted(report.rejected) == [
        Remark(3, STREET, "代码 140603100 在第 2 行叫“井坪镇”，这里叫“井坪乡”。"),
        Remark(4, "140603101001", "社区、街道、区县三级代码对不上：下级代码要以上级代码开头。"),
        Remark(5, "14060310100", "社区代码：代码「14060310100」是 11 位，应为 12 位。"),
        Remark(6, "140603101001", "没有街道、社区名称。"),
        Remark(7, ANDONG, "代码 140603100002 与第 2 行重复。"),
    ]


BOW_TIE = {
    "type": "Polygon",
    "coordinates": [[[112.3, 39.5], [112.31, 39.51], [112.31, 39.5], [112.3, 39.51], [112.3, 39.5]]],
}
OPEN = {"type": "Polygon", "coordinates": [[[112.3, 39.5], [112.31, 39.5], [112.31, 39.51], [112.3, 39.51]]]}
SWAPPED = {"type": "Polygon", "coordinates": [[[39.5, 112.3], [39.5, 112.31], [39.51, 112.31], [39.5, 112.3]]]}


def test_boundaries_that_are_no_polygons_are_refused_with_the_place(tmp_path: Path) -> None:
    make_areas()
    file = collection(
        tmp_path,
        feature(BOW_TIE, code=ANDONG),
        feature(OPEN, code=ANXI),
        feature(SWAPPED, adcode=int(DISTRICT)),
        feature({"type": "Point", "coordinates": [112.3, 39.5]}, code=STREET),
        feature({"type": "Polygon", "coordinates": [[[112.3, "x"]] * 4]}, name="井坪镇"),
        feature({"type": "Polygon", "coordinates": []}, name="井坪镇"),
        {"type": "Feature"},
    )
    assert import_areas(file).rejected == [
        Remark(1, ANDONG, "边界线自己相交（112.305, 39.505 附近），请改好后重新导入。"),
        Remark(2, ANXI, "边界第 1 环没有闭合：首尾两点要相同。"),
        Remark(3, DISTRICT, "边界第 1 环有超出经纬度范围的点（39.5, 112.3），应为“经度, 纬度”。"),
        Remark(4, STREET, "边界要是 GeoJSON 的 Polygon 或 MultiPolygon。"),
        Remark(5, STREET, "边界第 1 环有不是坐标的内容。"),
        Remark(6, STREET, "边界里没有坐标。"),
        Remark(7, "", "要素没有属性，不知道是哪个区域。"),
    ]
    assert Area.objects.filter(boundary__isnull=False).count() == 1


def test_a_boundary_that_sticks_out_of_the_district_is_taken_and_reported(tmp_path: Path) -> None:
    make_areas()
    inside, within_tolerance = square(112.30), square(112.2495, 39.50)
    half_out = square(112.24, 39.50, 0.02)
    file = collection(
        tmp_path, feature(inside, code=ANDONG), feature(within_tolerance, code=ANXI), feature(half_out, name="井坪镇")
    )
    report = import_areas(file)
    assert report == ImportReport(
        line_word="第 {} 个要素",
        changed={STREET: ["边界"], ANDONG: ["边界"], ANXI: ["边界"]},
        warnings=[
            Remark(1, ANDONG, "约 100.0% 的面积在井坪镇之外，请核对边界和坐标系。"),
            Remark(3, STREET, "约 45.0% 的面积在平鲁区之外，请核对边界和坐标系。"),
        ],
    )
    assert Area.objects.get(code=STREET).boundary == half_out


def test_the_datum_of_a_file_is_kept_and_delivering_it_in_the_other_is_a_change(tmp_path: Path) -> None:
    make_areas()
    file = collection(tmp_path, feature(square(112.30), code=ANDONG))
    assert import_areas(file, datum="wgs84").changed == {ANDONG: ["边界"]}
    assert Area.objects.get(code=ANDONG).datum == "wgs84"
    assert import_areas(file, datum="wgs84").unchanged == [ANDONG]
    assert import_areas(file).changed == {ANDONG: ["边界"]}


def test_a_name_alone_finds_its_area_only_when_it_is_the_only_one(tmp_path: Path) -> None:
    make_areas()
    Area.objects.create(code="140603101", name="井坪镇", level="street", parent_id=DISTRICT)
    file = collection(
        tmp_path,
        feature(square(112.30), name="井坪镇"),
        feature(square(112.30), name="乌有镇"),
        feature(square(112.30), color="red"),
        feature(square(112.30), name="安东社区居委会"),
    )
    report = import_areas(file)
    assert report.changed == {ANDONG: ["边界"]}
    assert report.rejected == [
        Remark(1, "", "有 2 个区域叫“井坪镇”，请在属性里写明代码。"),
        Remark(2, "", "没有叫“乌有镇”的区域，请在属性里写明代码，或先导入区划表。"),
        Remark(3, "", "没有代码，也没有名称，不知道是哪个区域。"),
    ]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.csv", b"", "文件是空的。请选择填好的表格。"),
        ("a.csv", b"code,name\n", "文件里没有数据行。"),
        (
            "a.csv",
            "编号,备注\n1,2\n".encode(),
            "看不懂表头：需要 code,name（可加 parent），或 areaCode,area,streetCode,street,code,name。",
        ),
        ("a.geojson", b"{", "读不懂这个文件：需要 UTF-8 编码的 GeoJSON。"),
        ("a.geojson", b"[]", "文件里没有要素：需要 GeoJSON 的 FeatureCollection。"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_as_a_whole(
    tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(BadFile) as refused:
        import_areas(file)
    assert refused.value.detail == sentence
    with pytest.raises(CommandError, match=sentence[:6]):
        call_command("import_areas", str(file), stdout=StringIO())


def test_the_command_reports_first_and_writes_only_without_dry_run(tmp_path: Path) -> None:
    file = table(tmp_path, "code,name\n140603,平鲁区\n140603x,坏行\n")
    said = StringIO()
    call_command("import_areas", str(file), "--dry-run", stdout=said)
    assert said.getvalue().splitlines() == [
        "区域：新增 1，变更 0，不变 0，拒收 1。",
        "拒收 第 3 行（140603x）：代码「140603x」里有数字以外的字符。",
        "试运行：没有写入。",
    ]
    assert Area.objects.count() == 0
    call_command("import_areas", str(file), stdout=StringIO())
    assert list(Area.objects.values_list("code", "name")) == [(DISTRICT, "平鲁区")]
