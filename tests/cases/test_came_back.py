"""Why a case lies on a desk again: the move by which it came back, kept by fold until somebody goes on."""

import pytest

from cases import desks
from cases.models import Case
from cases.services.integrity import faults
from tests.cases.cast import District, at

pytestmark = pytest.mark.both


def solved(district: District) -> Case:
    """A case that waits for the check."""
    case = district.register(now=at(23, 9))
    district.move(case, "accept", "clerk", at(23, 9), category="A0102", level="general")
    district.move(case, "dispatch", "dispatcher", at(23, 10), lead_unit="housing", mode="forward")
    district.move(case, "sign", "handler", at(23, 11))
    district.move(case, "resolve", "handler", at(23, 12), result="换泵", outcome="fulfilled", reply="已修好。")
    return case


def test_what_the_check_sent_back_is_on_the_list_of_what_came_back(district: District) -> None:
    case = solved(district)
    assert list(Case.objects.filter(desks.sent_back())) == []
    district.move(case, "send_back", "supervisor", at(23, 14), note="没有附照片")
    assert list(Case.objects.filter(desks.sent_back())) == [case]
    assert desks.counts_of(district.actor("handler"), at(23, 15))["returned"] == 1
    district.move(case, "resolve", "handler", at(23, 16), result="已补照片", outcome="fulfilled", reply="已修好。")
    assert list(Case.objects.filter(desks.sent_back())) == []


def test_each_way_back_is_named_and_goes_with_the_next_step(district: District) -> None:
    back, seen = solved(district), []

    def note() -> None:
        back.refresh_from_db()
        seen.append((back.status, back.came_back))

    district.move(back, "approve", "supervisor", at(23, 14))
    note()
    district.move(back, "redo", "follow_up", at(24), note="居民说仍不热")
    note()
    district.move(back, "reassign", "supervisor", at(24, 10), lead_unit="heating", reason="供热归供热站")
    note()
    district.move(back, "return", "heating_man", at(24, 11), reason="not_ours", basis="管网归住建局")
    note()
    district.move(back, "insist", "dispatcher", at(24, 12), note="职责清单第三条")
    note()
    assert seen == [
        ("follow_up", ""),
        ("handling", "redo"),
        ("dispatched", ""),
        ("returned", "return"),
        ("dispatched", ""),
    ]
    assert list(faults()) == []
