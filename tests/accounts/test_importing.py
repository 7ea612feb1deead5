"""Opening a real centre from two sheets; the second run changes nothing, bad rows stay out and are named."""

import csv
import stat
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook
from pytest_django import DjangoAssertNumQueries

from accounts.choices import Role, UnitKind
from accounts.importing import PEOPLE_HEADINGS, UNIT_HEADINGS, Reject, Report, import_people, import_units
from accounts.models import AuditEntry, Post, Unit, User
from governance_portal.lib.sheets import BadRow
from tests.accounts.conftest import NOW, TODAY, person

UNITS = """单位代码,名称,简称,类别,上级单位代码,区划代码,电话,地址,办公时间
JP-SF,井坪司法所,,职能部门,JP,140603100,,,
JP,井坪镇人民政府,井坪镇,乡镇、街道,ZX,140603100,0349-6070001,井坪镇,工作日 8:30–12:00
ZX,平鲁区社会治安综合治理中心,区综治中心,centre,,140603,,,
"""
PEOPLE = """登录名,姓名,工作电话,角色,单位代码,负责区划,单位负责人,任职开始,任职结束,备注
xiaowang,小王,,窗口受理员,ZX,140603,,2026-01-01,,
laoli,老李,0349-6070001,handler,JP-SF,140603100,是,2026/1/5,,
laoli,老李,,调解员,JP-SF,140603100,否,,,
"""


def rows_of(text: str) -> list[tuple[int, dict[str, str]]]:
    """As the sheet reader yields them."""
    return list(enumerate(csv.DictReader(text.splitlines()), start=2))


def organisation() -> list[tuple[str, str, str, str]]:
    """Code, name, kind, parent's code."""
    return list(Unit.objects.order_by("code").values_list("code", "name", "kind", "parent__code"))


def posts() -> list[tuple[str, str, str, str, bool, date, date | None]]:
    """Every post."""
    fields = ("user__username", "role", "unit__code", "area_code", "lead", "starts_on", "ends_on")
    return list(Post.objects.order_by("pk").values_list(*fields))


def test_units_go_in_whatever_their_order_in_the_sheet(db: None) -> None:
    report = import_units(rows_of(UNITS), now=NOW)
    assert report == Report(created=3)
    assert organisation() == [
        ("JP", "井坪镇人民政府", "street", "ZX"),
        ("JP-SF", "井坪司法所", "department", "JP"),
        ("ZX", "平鲁区社会治安综合治理中心", "centre", None),
    ]
    assert Unit.objects.get(code="JP-SF").is_within(Unit.objects.get(code="ZX"))


def test_the_same_units_twice_change_nothing(db: None) -> None:
    import_units(rows_of(UNITS), now=NOW)
    entries = AuditEntry.objects.count()
    assert import_units(rows_of(UNITS), now=NOW) == Report(unchanged=3)
    assert AuditEntry.objects.count() == entries


def test_a_changed_row_changes_its_unit_only(db: None) -> None:
    import_units(rows_of(UNITS), now=NOW)
    assert import_units(rows_of(UNITS.replace("井坪司法所", "井坪镇司法所")), now=NOW) == Report(changed=1, unchanged=2)
    assert Unit.objects.get(code="JP-SF").name == "井坪镇司法所"


def test_a_dry_run_reports_the_same_and_writes_nothing(db: None) -> None:
    assert import_units(rows_of(UNITS), now=NOW, dry_run=True) == Report(created=3)
    assert (organisation(), AuditEntry.objects.count()) == ([], 0)


def test_bad_rows_of_units_stay_out_with_line_and_reason_good_ones_go_in(db: None) -> None:
    bad = """A,甲,,某种机构,,,,,
,乙,,court,,,,,
C,丙,,court,NONE,,,,
D,丁,,court,,1406,,,
E,戊,,court,F,,,,
F,己,,court,E,,,,
"""
    rows = [*rows_of(UNITS + bad), (99, BadRow(99, ("x",), "列数与表头不符。"))]
    report = import_units(rows, now=NOW)
    assert [unit[0] for unit in organisation()] == ["JP", "JP-SF", "ZX"]
    kinds = "、".join(UnitKind.labels)
    assert report == Report(
        created=3,
        rejects=[
            Reject(5, f"类别“某种机构”不认识，可填：{kinds}。"),
            Reject(6, "缺少单位代码。"),
            Reject(7, "上级单位代码“NONE”不存在，请先导入该单位。"),
            Reject(8, "区划代码应为 6、9、12 或 15 位数字（区、街道、社区、网格）。"),
            Reject(9, "上级单位互相循环，或上级单位未能导入。"),
            Reject(10, "上级单位互相循环，或上级单位未能导入。"),
            Reject(99, "列数与表头不符。"),
        ],
    )


def test_people_get_their_posts_and_a_first_password_each(db: None) -> None:
    import_units(rows_of(UNITS), now=NOW)
    report = import_people(rows_of(PEOPLE), now=NOW)
    given = [(username, name) for username, name, _ in report.first_passwords]
    assert (report.created, report.rejects, given) == (3, [], [("xiaowang", "小王"), ("laoli", "老李")])
    assert posts() == [
        ("xiaowang", "clerk", "ZX", "140603", False, date(2026, 1, 1), None),
        ("laoli", "handler", "JP-SF", "140603100", True, date(2026, 1, 5), None),
        ("laoli", "mediator", "JP-SF", "140603100", False, TODAY, None),
    ]
    for username, _, text in report.first_passwords:
        user = User.objects.get(username=username)
        assert (user.check_password(text), user.must_change_password) == (True, True)


def test_the_same_people_twice_change_nothing_not_even_a_password(db: None) -> None:
    import_units(rows_of(UNITS), now=NOW)
    import_people(rows_of(PEOPLE), now=NOW)
    before = (posts(), list(User.objects.order_by("pk").values()), AuditEntry.objects.count())
    assert import_people(rows_of(PEOPLE), now=NOW.replace(day=9)) == Report(unchanged=3)
    assert (posts(), list(User.objects.order_by("pk").values()), AuditEntry.objects.count()) == before


def test_a_dry_run_of_people_writes_nothing_and_makes_no_passwords(db: None) -> None:
    import_units(rows_of(UNITS), now=NOW)
    assert import_people(rows_of(PEOPLE), now=NOW, dry_run=True) == Report(created=3)
    assert (posts(), User.objects.filter(is_service=False).count()) == ([], 0)


def test_a_post_ends_by_the_sheet(db: None) -> None:
    import_units(rows_of(UNITS), now=NOW)
    import_people(rows_of(PEOPLE), now=NOW)
    ended = PEOPLE.replace("2026-01-01,,", "2026-01-01,2026-03-31,")
    assert import_people(rows_of(ended), now=NOW) == Report(changed=1, unchanged=2)
    assert posts()[0] == ("xiaowang", "clerk", "ZX", "140603", False, date(2026, 1, 1), date(2026, 3, 31))


def test_bad_rows_of_people_leave_nothing_behind(db: None) -> None:
    import_units(rows_of(UNITS), now=NOW)
    person("zhouan", "老周")
    bad = """zhangsan,张三,,大管家,ZX,140603,,,,
lisi,李四,,clerk,NONE,140603,,,,
wangwu,王五,,clerk,ZX,1406,,,,
小王,小王,,clerk,ZX,140603,,,,
clock,时钟,,clerk,ZX,140603,,,,
zhaoliu,赵六,,clerk,ZX,140603,也许,,,
qianqi,钱七,,clerk,ZX,140603,,三月一日,,
sunba,孙八,,clerk,ZX,140603,,2026-03-01,2026-02-01,
laoli,老李,,审计员,ZX,140603,,,,
"""
    report = import_people(rows_of(PEOPLE + bad), now=NOW)
    roles = "、".join(Role.labels)
    assert report.rejects == [
        Reject(5, f"角色“大管家”不认识，可填：{roles}。"),
        Reject(6, "单位代码“NONE”不存在，请先导入该单位。"),
        Reject(7, "区划代码应为 6、9、12 或 15 位数字（区、街道、社区、网格）。"),
        Reject(8, "登录名只能用字母、数字和 _ . @ -。"),
        Reject(9, "登录名“clock”是服务账号，不能导入。"),
        Reject(10, "单位负责人一栏请填“是”或“否”，现为“也许”。"),
        Reject(11, "任职开始“三月一日”不是日期，请写成 2026-01-31。"),
        Reject(12, "结束日期不能早于开始日期。"),
        Reject(13, "审计员不能与承办人由同一人同时担任，请先结束其中一个岗位。"),
    ]
    people = User.objects.filter(is_service=False).order_by("pk").values_list("username", flat=True)
    assert (report.created, list(people), len(posts())) == (3, ["zhouan", "xiaowang", "laoli"], 3)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_commands_take_a_sheet_in_any_usual_encoding(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str], encoding: str
) -> None:
    units, people = tmp_path / "units.csv", tmp_path / "people.csv"
    units.write_text(UNITS, encoding=encoding)
    people.write_text(PEOPLE, encoding=encoding)
    call_command("import_units", units)
    call_command("import_people", people, "--dry-run")
    call_command("import_people", people)
    call_command("import_people", people)
    kept = tmp_path / "people.initial-passwords.csv"
    assert capsys.readouterr().out.splitlines() == [
        "新增 3，更新 0，不变 0，未导入 0。",
        "试运行，未写入。",
        "新增 3，更新 0，不变 0，未导入 0。",
        "新增 3，更新 0，不变 0，未导入 0。",
        f"初始密码已存入 {kept}，只有您能读取；请逐人发放后删除该文件。",
        "新增 0，更新 0，不变 3，未导入 0。",
    ]
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    rows = list(csv.DictReader(kept.read_text(encoding="utf-8-sig").splitlines()))
    assert [(row["登录名"], row["姓名"]) for row in rows] == [("xiaowang", "小王"), ("laoli", "老李")]
    assert User.objects.get(username="laoli").check_password(rows[1]["初始密码"])


def test_the_commands_take_a_workbook(db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "units.xlsx"
    book = Workbook()
    book.active.append(list(UNIT_HEADINGS))
    book.active.append(["ZX", "综治中心", None, "综治中心", None, 140603, None, None, None])
    book.save(file)
    call_command("import_units", file)
    assert capsys.readouterr().out == "新增 1，更新 0，不变 0，未导入 0。\n"
    assert list(Unit.objects.values_list("code", "area_code")) == [("ZX", "140603")]


def test_passwords_already_kept_are_not_overwritten(db: None, tmp_path: Path) -> None:
    import_units(rows_of(UNITS), now=NOW)
    people, kept = tmp_path / "people.csv", tmp_path / "kept.csv"
    people.write_text(PEOPLE, encoding="utf-8")
    kept.write_text("别人的", encoding="utf-8")
    with pytest.raises(CommandError) as refused:
        call_command("import_people", people, "--passwords-out", str(kept))
    assert str(refused.value) == f"{kept} 已存在，请另选一个文件名，以免覆盖之前的初始密码。"
    assert (kept.read_text(encoding="utf-8"), User.objects.filter(is_service=False).count()) == ("别人的", 0)


def test_a_file_that_is_no_sheet_is_refused_with_a_sentence(db: None, tmp_path: Path) -> None:
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")
    with pytest.raises(CommandError) as refused:
        call_command("import_units", empty)
    assert str(refused.value) == "文件是空的。请选择填好的表格。"


def test_a_second_run_of_thirty_people_asks_the_same_per_row(
    db: None, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    import_units(rows_of(UNITS), now=NOW)
    head = ",".join(PEOPLE_HEADINGS)
    text = "\n".join([head, *(f"p{number},网格员,,grid_worker,JP,140603100,,,," for number in range(30))])
    import_people(rows_of(text), now=NOW)
    with django_assert_max_num_queries(30 * 5 + 2):
        assert import_people(rows_of(text), now=NOW) == Report(unchanged=30)
