"""Who serves a grid, from when to when."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from grids.models import Duty, Grid
from grids.queries import CrewMember, crew_of, grid_codes_of
from grids.services import end_duty, give_duty
from tests.grids.places import FIRST, SECOND, THIRD, make_ground, on_duty, person

pytestmark = pytest.mark.django_db

JULY_1, JULY_10, JULY_20 = date(2026, 7, 1), date(2026, 7, 10), date(2026, 7, 20)


def test_a_worker_serves_the_grids_of_the_duties_in_force_that_day() -> None:
    make_ground()
    liu = person("liu", "网格员小刘")
    on_duty(liu, SECOND, JULY_1)
    on_duty(liu, FIRST, JULY_1, JULY_10)
    on_duty(liu, THIRD, JULY_20)
    on_duty(liu, SECOND, JULY_1, kind="red_armband")
    with CaptureQueriesContext(connection) as asked:
        assert grid_codes_of(liu.pk, JULY_1) == [FIRST, SECOND]
    assert len(asked) == 1
    assert grid_codes_of(liu.pk, date(2026, 7, 9)) == [FIRST, SECOND]
    assert grid_codes_of(liu.pk, JULY_10) == [SECOND]
    assert grid_codes_of(liu.pk, JULY_20) == [SECOND, THIRD]
    assert grid_codes_of(liu.pk, date(2026, 6, 30)) == []


def test_a_worker_off_duty_no_longer_serves_the_grid_from_that_very_day() -> None:
    make_ground()
    liu = person("liu", "网格员小刘")
    duty = give_duty(liu, Grid.objects.get(code=FIRST), starts_on=JULY_1)
    assert grid_codes_of(liu.pk, JULY_10) == [FIRST]
    end_duty(duty, JULY_10)
    assert grid_codes_of(liu.pk, JULY_10) == []
    assert grid_codes_of(liu.pk, date(2026, 7, 9)) == [FIRST]
    end_duty(duty, JULY_20)
    assert Duty.objects.get().ends_on == JULY_10


def test_a_duty_ended_on_its_first_day_never_was_and_hinders_no_other() -> None:
    make_ground()
    liu = person("liu", "网格员小刘")
    end_duty(give_duty(liu, Grid.objects.get(code=FIRST), starts_on=JULY_10), JULY_10)
    assert grid_codes_of(liu.pk, JULY_10) == []
    give_duty(liu, Grid.objects.get(code=FIRST), starts_on=JULY_1)
    assert grid_codes_of(liu.pk, JULY_10) == [FIRST]


def test_a_grid_out_of_use_is_served_by_nobody() -> None:
    make_ground()
    liu = person("liu", "网格员小刘")
    on_duty(liu, FIRST, JULY_1)
    Grid.objects.filter(code=FIRST).update(active=False)
    assert grid_codes_of(liu.pk, JULY_10) == []


OVERLAPS = [
    (JULY_1, None, JULY_10, None),
    (JULY_10, None, JULY_1, None),
    (JULY_1, JULY_20, JULY_10, None),
    (JULY_1, None, date(2026, 6, 1), date(2026, 7, 2)),
    (JULY_1, JULY_10, date(2026, 7, 9), JULY_20),
]


@pytest.mark.parametrize(("starts", "ends", "again", "again_ends"), OVERLAPS)
def test_the_same_person_grid_and_kind_never_overlap(
    starts: date, ends: date | None, again: date, again_ends: date | None
) -> None:
    make_ground()
    liu = person("liu", "网格员小刘")
    on_duty(liu, FIRST, starts, ends)
    with pytest.raises(ValidationError) as refused:
        give_duty(liu, Grid.objects.get(code=FIRST), starts_on=again, ends_on=again_ends)
    assert refused.value.messages == ["这个人在这个网格的同一岗位上，起止日期与已有的一段重叠，请先结束原来的一段。"]
    with pytest.raises(IntegrityError), transaction.atomic():
        on_duty(liu, FIRST, again, again_ends)
    assert Duty.objects.count() == 1


def test_the_database_refuses_to_stretch_one_duty_over_another() -> None:
    make_ground()
    liu = person("liu", "网格员小刘")
    on_duty(liu, FIRST, JULY_10)
    earlier = on_duty(liu, FIRST, JULY_1, JULY_10)
    with pytest.raises(IntegrityError), transaction.atomic():
        Duty.objects.filter(pk=earlier.pk).update(ends_on=date(2026, 7, 11))
    with pytest.raises(IntegrityError), transaction.atomic():
        Duty.objects.filter(pk=earlier.pk).update(ends_on=date(2026, 6, 1))
    Duty.objects.filter(pk=earlier.pk).update(starts_on=date(2026, 6, 1))
    assert list(Duty.objects.order_by("starts_on").values_list("starts_on", "ends_on")) == [
        (date(2026, 6, 1), JULY_10),
        (JULY_10, None),
    ]


def test_another_person_another_grid_and_another_kind_may_run_beside_it() -> None:
    make_ground()
    liu, zhang = person("liu", "网格员小刘"), person("zhang", "外人张三")
    on_duty(liu, FIRST, JULY_1)
    on_duty(zhang, FIRST, JULY_1)
    on_duty(liu, SECOND, JULY_1)
    on_duty(liu, FIRST, JULY_1, kind="building_head")
    assert Duty.objects.count() == 4


def test_the_card_of_a_grid_names_the_crew_of_the_day_in_one_query() -> None:
    make_ground()
    liu, zhang, chen = person("liu", "网格员小刘"), person("zhang", "外人张三"), person("chen", "回访员小陈")
    liu.phone = "0349-0000001"
    liu.save()
    on_duty(liu, FIRST, JULY_1)
    on_duty(chen, FIRST, JULY_1, JULY_10)
    Duty.objects.filter(pk=on_duty(zhang, FIRST, JULY_1, kind="building_head").pk).update(phone="0349-0000002")
    with CaptureQueriesContext(connection) as asked:
        assert crew_of(FIRST, JULY_10) == [
            CrewMember(zhang.pk, "外人张三", "building_head", "楼栋长", "0349-0000002"),
            CrewMember(liu.pk, "网格员小刘", "grid_worker", "网格员", "0349-0000001"),
        ]
    assert len(asked) == 1
    assert crew_of(SECOND, JULY_10) == []
