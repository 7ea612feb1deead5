"""The configuration pages of the matter: calendar, limits, categories, terms of keeping; every change in the log."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from accounts.choices import Role
from accounts.models import AuditEntry
from cases.models import Case, Category, Holiday, LimitPolicy, Recount
from cases.services import recounting
from tests.cases.cast import District, at

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
        "holiday/",
        f"holiday/{Holiday.objects.order_by('pk')[0].pk}/change/",
        "limitpolicy/",
        f"limitpolicy/{LimitPolicy.objects.filter(statutory=False)[0].pk}/change/",
        "category/",
        f"category/{Category.objects.order_by('pk')[0].pk}/change/",
        "retentionrule/",
        "retentionrule/add/",
    ]
    answers = {page: admin.get(f"/admin/cases/{page}") for page in pages}
    assert {page: answer.status_code for page, answer in answers.items()} == dict.fromkeys(pages, 200)
    titles = [re.findall(r"<h1>(.*?)</h1>", answer.content.decode()) for answer in answers.values()]
    assert [title for found in titles for title in found if not re.search("[一-鿿]", title)] == []


def test_a_day_changed_in_the_calendar_moves_the_dates_that_it_touches_and_is_logged(
    admin: Client, district: District
) -> None:
    case = district.register(now=at(27, 9))  # A Friday: to be dealt with the same day.
    district.move(case, "accept", "clerk", at(27, 9), category="A0102", level="general")
    before = Case.objects.get(pk=case.pk).due_at
    given = {"date": "2026-12-01", "name": "临时放假", "source": "区政府通知"}
    row = Holiday.objects.get(date="2026-12-01")
    answer = admin.post(f"/admin/cases/holiday/{row.pk}/change/", given, follow=True)
    entry = AuditEntry.objects.get(action="holiday.changed")
    assert ("重新计算 2026年12月01日 以后的全部时限" in answer.content.decode(), entry.reason) == (
        True,
        "2026-12-01 休",
    )
    assert (recounting.recount_asked(at(27, 10)), recounting.recount_asked(at(27, 10))) == (1, 0)
    after = Case.objects.get(pk=case.pk).due_at
    wish = Recount.objects.get()
    assert before is not None and after is not None
    assert ((after - before).days, wish.done_at, wish.changed) == (1, at(27, 10), 1)


def test_what_the_law_sets_is_looked_at_and_not_changed(admin: Client) -> None:
    law = LimitPolicy.objects.filter(statutory=True)[0]
    own = LimitPolicy.objects.filter(statutory=False, amount__isnull=False)[0]
    kept = law.amount
    for policy in (law, own):
        row = {
            name: getattr(policy, name) if getattr(policy, name) is not None else ""
            for name in [field.name for field in LimitPolicy._meta.fields]
        }
        admin.post(f"/admin/cases/limitpolicy/{policy.pk}/change/", {**row, "amount": 77})
        policy.refresh_from_db()
    assert (law.amount, own.amount) == (kept, 77)
    assert AuditEntry.objects.filter(action="limitpolicy.changed").count() == 1


def test_a_category_is_taken_out_of_use_and_never_deleted(admin: Client) -> None:
    row = Category.objects.get(code="A0102")
    assert admin.post(f"/admin/cases/category/{row.pk}/delete/", {"post": "yes"}).status_code == 403
    admin.post(f"/admin/cases/category/{row.pk}/change/", {"name": row.name, "kinds": row.kinds, "code": "X"})
    row.refresh_from_db()
    assert (row.code, row.active) == ("A0102", False)


def test_nobody_else_configures_and_nobody_at_all_finds_cases_there(admin: Client, district: District) -> None:
    case = district.register()
    assert admin.get(f"/admin/cases/case/{case.pk}/change/").status_code in (302, 404)
    other = Client()
    other.force_login(district.people["dispatcher"], "accounts.backends.PostBackend")
    assert other.get("/admin/cases/holiday/").status_code in (302, 403)
