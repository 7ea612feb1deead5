"""The catalogue in versions: published is published; the import and the configuration page only add."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import Error, transaction
from django.test import Client
from django.utils import timezone

from accounts.choices import Role
from accounts.models import AuditEntry
from cases.dispatching import catalogue
from cases.dispatching.catalogue import Draft, problems, publish
from cases.dispatching.importing import import_catalogue
from cases.models import DispatchLine
from governance_portal.lib.errors import BadFile, Incomplete
from tests.cases.cast import DISTRICT, MONDAY, STREET, District

Line = Callable[..., DispatchLine]
HEAD = "类别代码,区划代码,主办单位代码,依据,生效日,说明,撤销"


def lines() -> list[tuple[str, str, int, str, bool]]:
    rows = DispatchLine.objects.order_by("category_code", "area_code", "version")
    return list(rows.values_list("category_code", "area_code", "version", "unit_code", "withdrawn"))


def test_a_change_is_the_next_version_and_the_former_stays(district: District, line: Line) -> None:
    first = line("A01", "housing")
    second = line("A01", "heating", since=date(2026, 6, 1), note="机构改革")
    planned = line("A01", "housing", since=date(2027, 1, 1))
    assert [(one.version, one.unit_name, one.author_name) for one in catalogue.history(first)] == [
        (3, "区住房和城乡建设局", "老周"),
        (2, "区供热服务站", "老周"),
        (1, "区住房和城乡建设局", "老周"),
    ]
    states = [catalogue.state_of(one, [first, second, planned], MONDAY) for one in (first, second, planned)]
    assert states == ["已被取代", "现行", "未生效"]
    assert list(catalogue.in_force(date(2026, 11, 23))) == [second]
    entry = AuditEntry.objects.filter(action="dispatch.published").order_by("-id").first()
    assert entry and (entry.username, entry.target, entry.detail["version"]) == (
        "dispatcher",
        f"dispatch:A01:{DISTRICT}",
        3,
    )


@pytest.mark.both
@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_refuses_to_change_or_delete_a_published_line(line: Line, change: str) -> None:
    line("A01", "housing")
    with pytest.raises(Error), transaction.atomic():
        if change == "update":
            DispatchLine.objects.update(unit_code="heating")
        else:
            DispatchLine.objects.all().delete()
    assert lines() == [("A01", DISTRICT, 1, "housing", False)]


def test_a_draft_is_judged_field_by_field(district: District) -> None:
    district.units["heating"].active = False
    district.units["heating"].save()
    wrong = Draft("Z99", "999999", "heating", " ", date(2026, 1, 1), note="长" * 201)
    assert problems(wrong) == {
        "category_code": ["没有代码为“Z99”的类别，请从类别表中选择。"],
        "area_code": ["没有代码为“999999”的区划，请从区划表中选择。"],
        "unit_code": ["没有代码为“heating”的在用单位，请核对单位表。"],
        "source": ["请写明依据：文件名称或文号。"],
        "note": ["说明最多 200 字，不能含有乱码。"],
    }
    with pytest.raises(Incomplete):
        publish(wrong, author=None, now=MONDAY)
    ends = Draft("A01", DISTRICT, "", "文件", date(2026, 1, 1), withdrawn=True)
    assert problems(ends) == {"withdrawn": ["目录里没有这一行，不能撤销；请核对类别和区划。"]}
    assert lines() == []


def test_two_who_publish_the_same_version_do_not_both_succeed(
    line: Line, district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    line("A01", "housing")
    monkeypatch.setattr(catalogue, "latest", lambda *_key: None)  # read before the other one had committed
    with pytest.raises(Incomplete) as refused:
        publish(Draft("A01", DISTRICT, "heating", "文件", date(2026, 1, 1)), author=None, now=MONDAY)
    assert refused.value.errors == {"category_code": [catalogue.AT_ONCE]}
    assert lines() == [("A01", DISTRICT, 1, "housing", False)]


def test_an_import_is_tried_first_then_published_and_the_same_file_changes_nothing(
    district: District, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "catalogue.csv"
    file.write_text(
        f"{HEAD}\n"
        f"A01,{DISTRICT},housing,目录第一版,2026-01-01,,\n"
        f"A0102,{STREET},heating,目录第一版,2026-01-01,供热,否\n"
        f"Z99,{DISTRICT},housing,目录第一版,2026-01-01,,\n"
        f"A02,{DISTRICT},nobody,目录第一版,一月一日,,\n"
        f"A03,{DISTRICT},nobody,目录第一版,2026-01-01,,\n"
        f"A01,{DISTRICT},heating,目录第一版,2026-01-01,,\n"
        f"A04,{DISTRICT},housing,目录第一版\n",
        encoding="utf-8",
    )
    call_command("import_dispatch_catalogue", str(file))
    tried, empty = capsys.readouterr().out.splitlines(), lines()
    call_command("import_dispatch_catalogue", str(file), "--publish", "--author", "dispatcher")
    published, made = capsys.readouterr().out.splitlines(), lines()
    call_command("import_dispatch_catalogue", str(file), "--publish", "--author", "dispatcher")
    again = capsys.readouterr().out.splitlines()
    refused = [
        f"拒收 第 4 行（Z99 {DISTRICT}）：没有代码为“Z99”的类别，请从类别表中选择。",
        "拒收 第 5 行（A02）：生效日“一月一日”读不出来，请写成 2026-01-01 的样子。",
        f"拒收 第 6 行（A03 {DISTRICT}）：没有代码为“nobody”的在用单位，请核对单位表。",
        f"拒收 第 7 行（A01 {DISTRICT}）：与第 2 行是同一类别、同一区划，请只留一行。",
        "拒收 第 8 行（无代码）：这一行有 4 列，表头有 7 列。请检查是否多了或少了分隔符。",
    ]
    figures = "派单目录：新增 2，变更 0，不变 0，拒收 5。"
    assert tried == [figures, *refused, "试运行：没有写入；确认无误后加 --publish 发布。"]
    assert published == [figures, *refused, "已发布。"]
    assert again == ["派单目录：新增 0，变更 0，不变 2，拒收 5。", *refused, "已发布。"]
    assert (empty, made, lines()) == ([], made, made)
    assert made == [("A01", DISTRICT, 1, "housing", False), ("A0102", STREET, 1, "heating", False)]
    assert set(DispatchLine.objects.values_list("author__username", "author_name")) == {("dispatcher", "老周")}


def test_an_amendment_is_the_next_version_and_its_original_comes_in_once(district: District, tmp_path: Path) -> None:
    first, second = tmp_path / "1.csv", tmp_path / "2.csv"
    first.write_text(
        f"{HEAD}\nA01,{DISTRICT},housing,第一版,2026-01-01,,\nA02,{DISTRICT},housing,第一版,2026-01-01,,\n"
    )
    second.write_text(
        f"{HEAD}\nA01,{DISTRICT},heating,第二版,2026-06-01,划转,\nA02,{DISTRICT},,第二版,2026-06-01,,是\n"
    )
    told = []
    for file in (first, second, first, second):
        report = import_catalogue(file, author=None, now=MONDAY, dry_run=False)
        told.append((len(report.new), report.changed, len(report.unchanged), report.rejected))
    moved = {
        f"A01 {DISTRICT}": [
            "第 1 版 → 第 2 版",
            "主办单位 housing → heating",
            "依据 第一版 → 第二版",
            "生效日 2026-01-01 → 2026-06-01",
            "说明 空 → 划转",
        ],
        f"A02 {DISTRICT}": [
            "第 1 版 → 第 2 版",
            "主办单位 housing → 撤销",
            "依据 第一版 → 第二版",
            "生效日 2026-01-01 → 2026-06-01",
        ],
    }
    assert told == [(2, {}, 0, []), (0, moved, 0, []), (0, {}, 2, []), (0, {}, 2, [])]
    assert lines() == [
        ("A01", DISTRICT, 1, "housing", False),
        ("A01", DISTRICT, 2, "heating", False),
        ("A02", DISTRICT, 1, "housing", False),
        ("A02", DISTRICT, 2, "", True),
    ]


def test_a_file_without_its_columns_or_with_an_unknown_author_is_refused(district: District, tmp_path: Path) -> None:
    file = tmp_path / "catalogue.csv"
    file.write_text("类别代码,主办单位代码\nA01,housing\n")
    with pytest.raises(BadFile, match="表头缺少“区划代码”“依据”“生效日”列"):
        import_catalogue(file, author=None, now=MONDAY, dry_run=True)
    with pytest.raises(CommandError, match="没有登录名为 nobody 的在用人员"):
        call_command("import_dispatch_catalogue", str(file), "--author", "nobody")
    with pytest.raises(CommandError, match="没有找到文件"):
        call_command("import_dispatch_catalogue", str(tmp_path / "none.csv"))


@pytest.fixture
def administrator(district: District, client_of: Callable[[str], Client]) -> Client:
    """The system administrator in the configuration pages."""
    district.person("sysadmin", "高磊", Role.SYSTEM_ADMIN, "centre")
    return client_of("sysadmin")


def test_the_page_publishes_the_next_version_and_shows_the_history(
    district: District, line: Line, administrator: Client
) -> None:
    first = line("A01", "housing")
    form = {
        "category_code": "A01",
        "area_code": DISTRICT,
        "unit_code": "heating",
        "source": "调整清单第 1 号",
        "effective_on": str(timezone.localdate()),
        "note": "划转",
    }
    kept = administrator.get(f"/admin/cases/dispatchline/add/?category_code=A01&area_code={DISTRICT}&unit_code=housing")
    refused = administrator.post("/admin/cases/dispatchline/add/", {**form, "unit_code": ""})
    done = administrator.post("/admin/cases/dispatchline/add/", form)
    listed = administrator.get("/admin/cases/dispatchline/?edition=now").content.decode()
    shown = administrator.get(f"/admin/cases/dispatchline/{first.pk}/change/").content.decode()
    changed = administrator.post(f"/admin/cases/dispatchline/{first.pk}/change/", form).status_code
    deleted = administrator.post(f"/admin/cases/dispatchline/{first.pk}/delete/", {"post": "yes"}).status_code
    assert '<option value="housing" selected>' in kept.content.decode()
    assert (refused.status_code, "请写明主办单位" in refused.content.decode()) == (200, True)
    assert (done.status_code, lines()) == (
        302,
        [("A01", DISTRICT, 1, "housing", False), ("A01", DISTRICT, 2, "heating", False)],
    )
    assert "区供热服务站" in listed and "区住房和城乡建设局" not in listed and "发布新版本" in listed
    assert "第 2 版（现行）：区供热服务站" in shown and "第 1 版（已被取代）：区住房和城乡建设局" in shown
    assert (changed, deleted) == (403, 403)


def test_nobody_else_enters_the_page(district: District, client_of: Callable[[str], Client]) -> None:
    assert client_of("dispatcher").get("/admin/cases/dispatchline/").status_code in (302, 403)
