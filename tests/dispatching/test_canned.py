"""Texts that are often written: the fitting ones, at the fitting field; the shipped ones fit where they are offered."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.choices import Role, UnitKind
from accounts.models import Unit
from cases.dispatching.canned import canned_for, load_shipped, places, problem_of
from cases.dispatching.samples import make_catalogue
from cases.models import CannedAnswer, Category, DispatchLine
from governance_portal.demo.offices import offices
from grids.models import Area
from tests.cases.cast import MONDAY, District

pytestmark = pytest.mark.django_db


def canned(title: str, category: str = "", field: str = "reply", **more: object) -> CannedAnswer:
    return CannedAnswer.objects.create(
        title=title, move="resolve", field=field, category_code=category, text=f"{title}。", **more
    )


def test_texts_of_the_deepest_category_come_first_and_others_are_not_offered(district: District) -> None:
    canned("一般", position=1)
    canned("供热", "A0102")
    canned("水热气电", "A01")
    canned("物业", "A02")
    canned("停用", "A0102", active=False)
    canned("经过", field="result")
    case = district.move(district.register(), "accept", "clerk", category="A0102", level="general")
    unsorted = district.register()
    assert [row.title for row in canned_for(case, "resolve")] == ["供热", "水热气电", "一般", "经过"]
    assert [row.title for row in canned_for(unsorted, "resolve")] == ["一般", "经过"]
    assert canned_for(case, "dispatch") == []


def test_every_shipped_text_fits_the_field_it_is_offered_at_and_comes_once() -> None:
    first, again = load_shipped(), load_shipped()
    codes = set(Category.objects.values_list("code", flat=True)) | {""}
    wrong = {
        row.title: problem_of(row.move, row.field, row.text) or row.category_code
        for row in CannedAnswer.objects.all()
        if problem_of(row.move, row.field, row.text) or row.category_code not in codes
    }
    assert (first >= 40, again, wrong) == (True, 0, {})


def test_an_edited_text_is_not_written_over() -> None:
    load_shipped()
    row = CannedAnswer.objects.get(title="调解成功")
    row.text = "本中心的写法"
    row.save()
    load_shipped()
    row.refresh_from_db()
    assert row.text == "本中心的写法"


def test_the_demonstrations_catalogue_fits_its_offices_and_comes_once() -> None:
    for office in offices():
        Unit.objects.create(code=office.code, name=office.name, kind=office.kind, area_code=office.area)
    region = Area.objects.create(code="140603", name="平鲁区", level="district")
    for code in ("140603100", "140603101"):
        Area.objects.create(code=code, name=code, level="street", parent=region)
    first = make_catalogue(MONDAY)
    lines = DispatchLine.objects.count()
    again = make_catalogue(MONDAY)
    assert (first, again, lines, DispatchLine.objects.count()) == ([], [], 41, 41)


def test_the_page_keeps_a_text_and_refuses_a_place_that_takes_none(
    district: District, client_of: Callable[[str], Client]
) -> None:
    district.person("sysadmin", "高磊", Role.SYSTEM_ADMIN, "centre")
    client = client_of("sysadmin")
    form = {
        "place": "resolve.reply",
        "category_code": "A0102",
        "title": "已恢复",
        "text": "已恢复供热。",
        "active": "on",
        "position": "10",
    }
    made = client.post("/admin/cases/cannedanswer/add/", form)
    twice = client.post("/admin/cases/cannedanswer/add/", form)
    long = client.post("/admin/cases/cannedanswer/add/", {**form, "title": "长", "text": "长" * 2001})
    place = client.post("/admin/cases/cannedanswer/add/", {**form, "title": "别处", "place": "sign.handler"})
    rows = list(CannedAnswer.objects.values_list("move", "field", "category_code", "title", "text"))
    assert (made.status_code, rows) == (302, [("resolve", "reply", "A0102", "已恢复", "已恢复供热。")])
    assert "已有同名的常用答复" in twice.content.decode()
    assert (long.status_code, place.status_code) == (200, 200)
    assert UnitKind.CENTRE in UnitKind.values and ("resolve.reply", "办结上报 · 给居民的答复（居民可见）") in places()
