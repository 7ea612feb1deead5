"""What a registration brings with it: relations to earlier matters, who is told at once, the visit's row."""

from datetime import timedelta

import pytest

from accounts.models import Notice
from cases import intake
from cases.choices import Relation
from cases.models import Case, Visit
from governance_portal.lib.errors import Incomplete
from tests.cases.cast import MONDAY, OTHER_STREET, District, at


def told(case: Case) -> list[str]:
    rows = Notice.objects.filter(case_number=case.number, key__startswith="urgent:")
    return sorted(rows.values_list("user__username", flat=True))


def test_a_grave_and_urgent_matter_is_told_at_once_and_says_to_whom_and_when(district: District) -> None:
    case = district.register(urgent=True, description="燃气味很重，楼道里有老人。")
    event = case.events.get()
    assert told(case) == ["centre_lead", "dispatcher"]
    assert event.data["told"] == ["孙主任（中心负责人）", "老周（分流员）"]
    assert (event.at, case.level, event.data["urgent"]) == (MONDAY, "urgent", True)


def test_a_level_set_by_a_human_is_kept_with_its_reason(district: District) -> None:
    case = district.register(urgent=True, level="serious", level_reason="涉及 11 人")
    assert (case.level, case.events.get().data["level_reason"]) == ("serious", "涉及 11 人")


def test_an_ordinary_matter_is_told_to_nobody_at_once(district: District) -> None:
    case = district.register()
    assert (told(case), "told" in case.events.get().data, "urgent" in case.events.get().data) == ([], False, False)


def test_people_of_a_unit_complained_about_are_not_told(district: District) -> None:
    case = district.register(urgent=True, complained_unit="centre", complaint_nature="conduct")
    assert told(case) == []


def test_the_decision_on_an_earlier_matter_is_kept_in_the_history(district: District) -> None:
    first = district.register()
    related = [{"number": first.number, "relation": Relation.DUPLICATE}]
    second = district.register(related=related, now=MONDAY + timedelta(days=1))
    assert second.events.get().data["related"] == related
    assert list(Visit.objects.order_by("at").values_list("case__number", "repeat", "people")) == [
        (first.number, False, 1),
        (second.number, True, 1),
    ]


def test_new_facts_are_a_new_matter_and_count_as_a_first_visit(district: District) -> None:
    first = district.register()
    second = district.register(related=[{"number": first.number, "relation": "new_facts"}])
    assert Visit.objects.get(case=second).repeat is False


def test_nobody_relates_a_matter_he_may_not_see(district: District) -> None:
    district.person("street_clerk", "小尹", "clerk", "other_street", OTHER_STREET)
    first = district.register()
    with pytest.raises(Incomplete) as refused:
        district.register(
            by="street_clerk",
            place={"area": OTHER_STREET},
            related=[{"number": first.number, "relation": "duplicate"}],
        )
    assert refused.value.errors == {"related": ["没有找到所关联的编号，或者不在您的管辖范围内；请核对，或先不关联。"]}
    assert Case.objects.count() == 1


@pytest.mark.parametrize(
    "related",
    [
        "26112310000017",
        [{"number": "26112310000017"}],
        [{"number": "2611", "relation": "duplicate"}],
        [{"number": "26112310000017", "relation": "same"}],
        [{"number": "26112310000017", "relation": "duplicate", "name": "张三"}],
        [{"number": "26112310000017", "relation": "duplicate"}] * 2,
        [{"number": f"2611231000001{n}", "relation": "duplicate"} for n in range(6)],
    ],
)
def test_a_relation_of_another_shape_is_refused(related: object) -> None:
    _cleaned, errors = intake.check(
        {
            "kind": "appeal",
            "channel": "window",
            "description": "暖气不热",
            "place": {"area": "140603"},
            "related": related,
        }
    )
    assert list(errors) == ["related"]


def test_a_repeat_soon_after_the_end_is_looked_at_again_by_the_follow_up_officer(district: District) -> None:
    first = district.register()
    district.move(first, "transfer", "clerk", receiver="petition", receipt="电话 0349-6020000")
    again = {"related": [{"number": first.number, "relation": "duplicate"}]}
    soon = district.register(now=at(30), **again)
    late = district.register(now=at(29, month=12), **again)
    keys = Notice.objects.filter(key__startswith="came_back:").values_list("key", "user__username")
    assert list(keys) == [(f"came_back:{soon.number}", "follow_up")]
    assert late.pk


def test_only_the_window_keeps_visits(district: District) -> None:
    district.register(by="operator", channel="hotline")
    district.register(by="grid_worker", channel="grid")
    district.register(visitor_count=11)
    assert list(Visit.objects.values_list("people", "received_by__username", "area_code")) == [(11, "clerk", "140603")]
