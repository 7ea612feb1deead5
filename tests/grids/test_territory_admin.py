"""The configuration pages of the territory, and what accounts learns from it."""

import json
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Post, Unit, User
from accounts.permissions import permissions_of
from accounts.queries import area_names
from grids.editing.history import of_grid
from grids.models import Area, Duty, Grid
from grids.queries import inside_district
from tests.grids.places import DISTRICT, FIRST, STREET, make_ground, on_duty, person, square
from tests.grids.test_import_areas import BOW_TIE

pytestmark = pytest.mark.django_db


def test_people_below_learn_the_names_of_areas_and_grids() -> None:
    make_ground()
    assert area_names([DISTRICT, FIRST, "999999"]) == {DISTRICT: "平鲁区", FIRST: "安东第一网格", "999999": ""}


def test_the_system_administrator_alone_configures_the_territory_and_nobody_deletes() -> None:
    models = ("area", "grid", "duty")
    wanted = {f"grids.{action}_{model}" for action in ("view", "add", "change") for model in models}
    roles = ("system_admin", "security_admin", "auditor", "clerk")
    granted = {role: {right for right in permissions_of([role]) if right.startswith("grids.")} for role in roles}
    assert granted == {"system_admin": wanted, "security_admin": set(), "auditor": set(), "clerk": set()}


@pytest.fixture
def admin() -> Client:
    """A browser of the system administrator, on the ground of these tests."""
    make_ground()
    centre = Unit.objects.create(code="ZX", name="平鲁区综治中心", kind="centre", area_code=DISTRICT)
    user = User.objects.create_user("sysadmin", "Qinglang-2026", name="系统管理员", password_changed_at=timezone.now())
    Post.objects.create(user=user, role="system_admin", unit=centre, area_code=DISTRICT, starts_on=date(2026, 1, 1))
    client = Client()
    client.force_login(user, "accounts.backends.PostBackend")
    return client


def sentences(answer: Any) -> list[str]:
    """What the form refuses, in its words."""
    return [sentence for errors in answer.context["adminform"].form.errors.values() for sentence in errors]


def test_lists_and_forms_of_the_territory_open_without_english(admin: Client) -> None:
    on_duty(person("liu", "网格员小刘"), FIRST, date(2026, 7, 1))
    rows = {
        "area": Area.objects.get(code=STREET).pk,
        "grid": Grid.objects.get(code=FIRST).pk,
        "duty": Duty.objects.get().pk,
    }
    pages = [page for model, pk in rows.items() for page in (f"{model}/", f"{model}/add/", f"{model}/{pk}/change/")]
    answers = {page: admin.get(f"/admin/grids/{page}") for page in pages}
    assert {page: answer.status_code for page, answer in answers.items()} == dict.fromkeys(pages, 200)
    for word in ("Code", "Boundary", "Datum", "Starts on", "Community"):
        assert not any(f">{word}" in answer.content.decode() for answer in answers.values())
    assert {model: admin.get(f"/admin/grids/{model}/{pk}/delete/").status_code for model, pk in rows.items()} == {
        "area": 403,
        "grid": 403,
        "duty": 403,
    }


def test_a_crossed_boundary_is_refused_on_the_form_and_a_sound_one_counts_at_once(admin: Client) -> None:
    area = Area.objects.get(code=STREET)
    page = f"/admin/grids/area/{area.pk}/change/"
    given = {"name": area.name, "datum": "gcj02", "active": "on"}
    refused = admin.post(page, given | {"boundary": json.dumps(BOW_TIE)})
    assert sentences(refused) == ["边界线自己相交（112.305, 39.505 附近），请改好后重新导入。"]
    taken = admin.post(page, given | {"boundary": json.dumps(square(112.40))})
    assert taken.status_code == 302
    assert inside_district(112.405, 39.505, "gcj02", STREET)


def test_a_grids_line_is_not_drawn_in_the_configuration_and_what_is_changed_there_is_in_its_history(
    admin: Client,
) -> None:
    grid = Grid.objects.get(code=FIRST)
    given = {"name": "安东东网格", "kind": "basic", "work_class": "community", "boundary": json.dumps(square(112.40))}
    assert admin.post(f"/admin/grids/grid/{grid.pk}/change/", given).status_code == 302
    grid.refresh_from_db()
    assert (grid.name, grid.active, grid.boundary) == ("安东东网格", True, square(112.30))
    assert [(row.name, row.change) for row in of_grid(FIRST)] == [
        ("安东东网格", "described"),
        ("安东第一网格", "found"),
    ]


def test_a_second_duty_of_the_same_kind_is_refused_on_the_form(admin: Client) -> None:
    liu = person("liu", "网格员小刘")
    duty = on_duty(liu, FIRST, date(2026, 7, 1))
    given = {"user": liu.pk, "grid": duty.grid_id, "kind": "grid_worker", "starts_on": "2026-08-01"}
    refused = admin.post("/admin/grids/duty/add/", given)
    assert sentences(refused) == ["这个人在这个网格的同一岗位上，起止日期与已有的一段重叠，请先结束原来的一段。"]
    assert Duty.objects.count() == 1
