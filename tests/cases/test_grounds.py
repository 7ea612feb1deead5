"""What is written down as a reason or a date must fit the case and the day (workflow.md "Moves")."""

import pytest

from cases.models import Case, Event
from governance_portal.lib.errors import Incomplete
from tests.cases.cast import District

pytestmark = pytest.mark.django_db


def answered(district: District, **given: object) -> Case:
    """A case that waits for its follow-up call."""
    case = district.register(**given)
    district.move(
        case,
        "resolve_on_spot",
        "clerk",
        category="A0102",
        level="general",
        result="当面解释清楚。",
        outcome="answered",
        reply="已当面说明供热时间。",
    )
    return case


@pytest.mark.parametrize(
    ("ground", "label"),
    [
        ("no_reporter", "无诉求人"),
        ("anonymous", "匿名"),
        ("rated_on_spot", "当场已评价"),
        ("not_rated", "逾期未评（咨询、建议）"),
    ],
)
def test_a_ground_for_not_calling_that_does_not_fit_the_case_is_refused(
    district: District, ground: str, label: str
) -> None:
    case = answered(district)
    with pytest.raises(Incomplete) as refusal:
        district.move(case, "close_uncalled", "follow_up", ground=ground)
    assert refusal.value.errors == {"ground": [f"该件不属于“{label}”，请另选理由，或者回访后再办结。"]}
    case.refresh_from_db()
    assert case.status == "follow_up"


def test_who_asked_to_stay_unnamed_is_not_called(district: District) -> None:
    case = answered(district, anonymous=True, reporters=[])
    district.move(case, "close_uncalled", "follow_up", ground="anonymous")
    case.refresh_from_db()
    assert case.status == "closed"


def test_a_day_that_is_over_is_no_day_to_wait_for(district: District) -> None:
    case = district.register()
    with pytest.raises(Incomplete) as refusal:
        district.move(case, "request_material", "clerk", missing="身份证复印件", due_on="2026-11-01")
    assert refusal.value.errors == {"due_on": ["这一天已经过去了，请填今天或以后的日期。"]}
    district.move(case, "accept", "clerk", category="A0102", level="general")
    district.move(case, "dispatch", "dispatcher", lead_unit="housing", mode="forward")
    district.move(case, "sign", "handler")
    for name, given in (
        ("suspend", {"reason": "appraisal"}),
        ("request", {"kind": "suspension", "suspend_reason": "appraisal", "reason": "等鉴定"}),
    ):
        send = district.record if name == "request" else district.move
        who = "handler" if name == "request" else "housing_lead"
        with pytest.raises(Incomplete) as refusal:
            send(case, name, who, expected_end="2026-11-20", **given)
        assert refusal.value.errors == {"expected_end": ["这一天已经过去了，请填今天或以后的日期。"]}
    assert [event.kind for event in Event.objects.filter(case=case).order_by("seq")] == [
        "register",
        "accept",
        "dispatch",
        "sign",
    ]
