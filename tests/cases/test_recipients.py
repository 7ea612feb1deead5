"""Whom an event concerns, where the rules leave somebody out: rule 4, leads of centres, who lost a case."""

from datetime import date

import pytest

from accounts.choices import Role, UnitKind
from accounts.models import Deputy, Notice
from cases.models import Case
from cases.services import clock
from cases.services.recipients import Recipients
from tests.cases.cast import MONDAY, OTHER_STREET, STREET, District, at


def handling(d: District, **given: object) -> Case:
    case = d.move(d.register(**given), "accept", "clerk", category="A0102", level="general")
    d.move(case, "dispatch", "dispatcher", lead_unit="housing", mode="forward")
    return d.move(case, "sign", "handler")


@pytest.mark.parametrize("move", ["reassign", "assign"])
def test_who_lost_a_complaint_and_has_come_to_the_unit_complained_about_hears_nothing_of_it(
    district: District, move: str
) -> None:
    case = handling(district, complained_unit="heating", complaint_nature="conduct")
    plain = handling(district)
    clock.sweep(at(23, 10))
    Notice.objects.all().delete()
    district.person("handler", "老李", Role.HANDLER, "heating")
    for one in (case, plain):
        if move == "reassign":
            district.move(one, move, "dispatcher", at(24), lead_unit="street", reason="属镇里的工程")
        else:
            district.record(one, move, "housing_lead", at(24), handler="handler2")
    clock.sweep(at(24, 10))
    told = Notice.objects.filter(user__username="handler", key__startswith="loss:")
    assert list(told.values_list("case_number", flat=True)) == [plain.number]


def test_the_lead_of_the_centre_is_told_who_stands_in_too_and_nobody_of_another_centre_or_gone(
    district: District,
) -> None:
    for code, area in (("centre_north", OTHER_STREET), ("centre_south", STREET)):
        district.unit(code, f"{code}综治中心", UnitKind.CENTRE, area)
        district.person(f"{code}_lead", code, Role.SUPERVISOR, code, area, lead=True)
    gone = district.person("gone", "已离岗", Role.LEADER, "centre", lead=True)
    gone.is_active = False
    gone.save()
    post = district.people["centre_lead"].posts.get()
    Deputy.objects.create(
        post=post, user=district.people["clerk"], starts_on=date(2026, 11, 1), ends_on=date(2026, 11, 30)
    )
    names = {user.pk: username for username, user in district.people.items()}
    found = {area: Recipients(MONDAY).centre_leads(area) for area in (STREET, STREET[:6])}
    assert {area: sorted(names[pk] for pk in pks) for area, pks in found.items()} == {
        STREET: ["centre_lead", "centre_south_lead", "clerk"],
        STREET[:6]: ["centre_lead", "clerk"],
    }
