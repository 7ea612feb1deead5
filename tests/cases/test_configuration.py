"""The configuration pages of the matter: categories, terms of keeping; calendar and limits are in tests/limits."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from accounts.choices import Role
from accounts.models import AuditEntry
from cases.models import Category
from governance_portal.lib.errors import Incomplete
from tests.cases.cast import District

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(district: District) -> Client:
    """A browser of the system administrator."""
    user = district.person("sysadmin", "系统管理员小武", Role.SYSTEM_ADMIN, "centre")
    client = Client()
    client.force_login(user, "accounts.backends.PostBackend")
    return client


def test_every_page_opens_in_chinese(admin: Client) -> None:
    pages = [
        "category/",
        f"category/{Category.objects.order_by('pk')[0].pk}/change/",
        "retentionrule/",
        "retentionrule/add/",
    ]
    answers = {page: admin.get(f"/admin/cases/{page}") for page in pages}
    assert {page: answer.status_code for page, answer in answers.items()} == dict.fromkeys(pages, 200)
    titles = [re.findall(r"<h1>(.*?)</h1>", answer.content.decode()) for answer in answers.values()]
    assert [title for found in titles for title in found if not re.search("[一-鿿]", title)] == []


def test_a_category_is_taken_out_of_use_and_never_deleted(admin: Client) -> None:
    row = Category.objects.get(code="A0102")
    assert admin.post(f"/admin/cases/category/{row.pk}/delete/", {"post": "yes"}).status_code == 403
    admin.post(f"/admin/cases/category/{row.pk}/change/", {"name": row.name, "kinds": row.kinds, "code": "X"})
    row.refresh_from_db()
    assert (row.code, row.active) == ("A0102", False)


def test_the_administrator_marks_a_category_as_a_matter_of_departments_and_it_goes_to_no_township(
    admin: Client, district: District
) -> None:
    """facts §1.5: what is a department's duty is not pushed down; none is marked until the district says which."""
    row = Category.objects.get(code="A01")
    page = f"/admin/cases/category/{row.pk}/change/"
    assert (row.for_department, "部门职责，不得派给镇街、村（社区）" in admin.get(page).content.decode()) == (
        False,
        True,
    )
    kept = {"name": row.name, "kinds": row.kinds, "pinyin": row.pinyin, "crosswalk": row.crosswalk}
    marked = {**kept, "mediable": "on", "active": "on", "for_department": "on"}
    assert admin.post(page, marked).status_code == 302
    assert row.name in admin.get("/admin/cases/category/?for_department__exact=1").content.decode()
    case = district.move(district.register(), "accept", "clerk", category="A0102", level="general")
    with pytest.raises(Incomplete) as refused:
        district.move(case, "dispatch", "dispatcher", lead_unit="street", mode="forward")
    assert f"“{row.name}”是部门事项" in refused.value.errors["lead_unit"][0]
    admin.post(page, {name: value for name, value in marked.items() if name != "for_department"})
    assert district.move(case, "dispatch", "dispatcher", lead_unit="street", mode="forward").status == "dispatched"
    told = AuditEntry.objects.filter(target=f"category:{row.pk}").order_by("pk").values_list("username", "detail")
    assert [(who, detail["fields"]) for who, detail in told] == [("sysadmin", ["for_department"])] * 2


def test_nobody_else_configures_and_nobody_at_all_finds_cases_there(admin: Client, district: District) -> None:
    case = district.register()
    assert admin.get(f"/admin/cases/case/{case.pk}/change/").status_code in (302, 404)
    other = Client()
    other.force_login(district.people["dispatcher"], "accounts.backends.PostBackend")
    assert other.get("/admin/cases/category/").status_code in (302, 403)
