"""The ladder: before, at and after every clock, each rung once, to the right people, by the working calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from accounts.choices import Role
from accounts.models import Deputy, Notice, Post
from accounts.queries import people_holding
from cases import ladder
from cases.models import Case, Deadline, Reminder
from cases.services import clock, reminding
from cases.services.people import officers_of
from cases.services.recipients import Recipients
from cases.services.staffing import Staff
from governance_portal.lib.working_days import Calendar, published_days
from tests.cases.cast import DISTRICT, OTHER_STREET, STREET, District, at

pytestmark = pytest.mark.both

CALENDAR = Calendar(published_days([2026]), date(2026, 12, 31))


def told(case: Case, kind: str) -> dict[str, list[str]]:
    """Who of the cast has which words of the case's clock in the inbox."""
    rows = Notice.objects.filter(case_number=case.number, kind=kind, key__startswith="reminder:").order_by("id")
    found: dict[str, list[str]] = {}
    for username, title in rows.values_list("user__username", "title"):
        found.setdefault(username, []).append(title.removeprefix(f"{case.number} "))
    return found


def rungs(case: Case) -> list[tuple[str, str]]:
    return list(Reminder.objects.filter(deadline__case=case).order_by("pk").values_list("deadline__clock", "rung"))


def handled(d: District) -> Case:
    """老李 has it since Monday; the answer is due in working days; he has called already."""
    case = d.register(now=at(23, 9))
    d.move(case, "accept", "clerk", at(23, 9, 5), category="A0102", level="general")
    d.move(case, "dispatch", "dispatcher", at(23, 10), lead_unit="housing", mode="forward")
    d.move(case, "sign", "handler", at(23, 11))
    d.record(case, "contact", "handler", at(23, 11, 30), way="phone", reached=True)
    return Case.objects.get(pk=case.pk)


# --- the rungs --------------------------------------------------------------------------------------------------


def test_person_then_lead_then_supervisor_then_leader_are_told_each_once(district: District) -> None:
    case = handled(district)
    main = Deadline.objects.get(case=case, clock="resolve_by")
    due = main.due_at
    day = timedelta(days=1)
    moments = [main.warn_at - timedelta(minutes=1), main.warn_at, due, due + timedelta(minutes=1)]
    moments += [ladder.late_at(due, days, CALENDAR) + timedelta(minutes=m) for days in (1, 3) for m in (-1, 0)]
    steps = []
    for now in moments:
        for _twice in range(2):
            clock.sweep(now)
        steps.append([rung for name, rung in rungs(case) if name == "resolve_by"])
    clock.sweep(moments[-1] + 30 * day)
    first, second, third = ["before"], ["before", "due"], ["before", "due", "late1"]
    assert steps == [[], first, first, second, second, third, third, [*third, "late2"]]
    late = ["办结时限已超时", "办结时限已超时满 1 个工作日", "办结时限已超时满 3 个工作日"]
    assert told(case, "due_soon") == {"handler": ["办结时限即将到期"]}
    assert told(case, "overdue") == {
        "handler": late,
        "housing_lead": late,
        "supervisor": late[1:],
        "supervisor2": late[1:],
        "centre_lead": late[2:],
    }


def test_the_unit_that_had_it_first_hears_of_every_rung_above_before_and_again_of_a_new_date(
    district: District,
) -> None:
    case = handled(district)
    district.move(case, "reassign", "dispatcher", at(24, 9), lead_unit="street", reason="属镇里的工程")
    district.move(case, "sign", "street_handler", at(24, 10))
    main = Deadline.objects.get(case=case, clock="resolve_by")
    day = timedelta(days=1)
    for due in (main.due_at, main.due_at + 60 * day):  # the second date as an extension would set it
        Deadline.objects.filter(pk=main.pk).update(due_at=due, warn_at=due - day)
        for now in (due - timedelta(hours=1), due + timedelta(minutes=1), due + 40 * day):
            clock.sweep(now)
    said = ["办结时限已超时", "办结时限已超时满 3 个工作日"] * 2
    assert ("housing_lead" in told(case, "due_soon"), told(case, "overdue")["housing_lead"]) == (False, said)


def test_where_nobody_swept_for_days_only_the_highest_rung_is_told_to_all_its_people(district: District) -> None:
    case = handled(district)
    clock.sweep(at(20, 9, month=12))
    assert rungs(case) == [("resolve_by", "late2")]
    everybody = ("handler", "housing_lead", "supervisor", "supervisor2", "centre_lead")
    assert told(case, "due_soon") == {}
    assert told(case, "overdue") == {name: ["办结时限已超时满 3 个工作日"] for name in everybody}


def test_a_rung_below_one_that_was_told_is_never_told_afterwards(district: District) -> None:
    case = handled(district)
    clock.sweep(at(20, 9, month=12))
    due = Deadline.objects.get(case=case, clock="resolve_by").due_at
    clock.sweep(due + timedelta(hours=1))  # a machine whose clock was set back
    assert rungs(case) == [("resolve_by", "late2")]


@pytest.mark.behaviour(30)
def test_a_date_that_moved_is_told_of_again_from_its_own_first_rung(district: District) -> None:
    case = handled(district)
    due = Deadline.objects.get(case=case, clock="resolve_by").due_at
    clock.sweep(due + timedelta(minutes=1))
    Deadline.objects.filter(case=case, clock="resolve_by").update(
        due_at=due + timedelta(days=5), warn_at=due + timedelta(days=4)
    )
    clock.sweep(due + timedelta(days=3))
    assert rungs(case) == [("resolve_by", "due")]
    clock.sweep(due + timedelta(days=4, hours=1))
    clock.sweep(due + timedelta(days=4, hours=2))
    assert rungs(case) == [("resolve_by", "due"), ("resolve_by", "before")]


def test_two_clocks_of_one_case_each_climb_their_own_ladder(district: District) -> None:
    case = district.register(now=at(23, 9))
    district.move(case, "accept", "clerk", at(23, 9, 5), category="A0102", level="general")
    clock.sweep(at(26, 9))
    names = {clock_name for clock_name, _rung in rungs(case)}
    assert "dispatch_by" in names
    assert told(case, "overdue")["dispatcher"] == ["分流时限已超时满 1 个工作日"]


def test_who_holds_a_post_in_the_unit_complained_about_is_told_nothing_at_any_rung(district: District) -> None:
    district.person("supervisor", "赵主任", Role.HANDLER, "heating")
    case = district.register(now=at(23, 9), complained_unit="heating", complaint_nature="conduct")
    clock.sweep(at(20, 9, month=12))
    everybody = told(case, "overdue")
    assert (rungs(case), "supervisor2" in everybody, "supervisor" in everybody) == (
        [("accept_by", "late2")],
        True,
        False,
    )


def test_an_urgent_case_s_number_and_nothing_of_the_matter_stands_in_the_inbox(district: District) -> None:
    case = handled(district)
    clock.sweep(at(20, 9, month=12))
    texts = set(Notice.objects.filter(case_number=case.number, kind="overdue").values_list("title", "body"))
    (title, body), *more = texts
    assert more == []
    assert (title, "张三" in body, "三号楼" in body) == (f"{case.number} 办结时限已超时满 3 个工作日", False, False)


# --- lateness in working days -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due", "one", "three"),
    [
        (at(24, 0), at(25, 0), at(27, 0)),  # Monday 24:00 → Tuesday, Thursday 24:00
        (at(23, 16, 30), at(24, 16, 30), at(26, 16, 30)),  # an hour of Monday → the same hour
        (at(28, 0), at(1, 0, month=12), at(3, 0, month=12)),  # Friday 24:00 → over the weekend
        (at(28, 10), at(1, 0, month=12), at(3, 0, month=12)),  # a Saturday's hour is Friday's end
        (at(1, 0, month=10), at(9, 0, month=10), at(11, 0, month=10)),  # 国庆: 10 October (Saturday) is worked
    ],
)
def test_lateness_is_counted_by_the_published_calendar(due: datetime, one: datetime, three: datetime) -> None:
    assert (ladder.late_at(due, 1, CALENDAR), ladder.late_at(due, 3, CALENDAR)) == (one, three)


MOMENTS = st.integers(0, 60 * 24 * 4).map(lambda quarters: at(20, 0, month=9) + timedelta(minutes=15 * quarters))


@given(due=MOMENTS, wait=st.integers(0, 12 * 24 * 4), days=st.integers(1, 3), midnight=st.booleans())
def test_what_is_asked_once_a_sweep_says_the_same_as_asking_for_each_date(
    due: datetime, wait: int, days: int, midnight: bool
) -> None:
    due = due.replace(hour=0, minute=0) if midnight else due
    now = (due + timedelta(minutes=15 * wait)).astimezone(UTC)
    assert (ladder.late_at(due, days, CALENDAR) <= now) == (due <= ladder.reached(now, days, CALENDAR))


# --- set by set -------------------------------------------------------------------------------------------------


def test_everybody_read_at_once_is_everybody_asked_one_by_one(district: District) -> None:
    district.person("gone", "走了的人", Role.HANDLER, "housing", lead=True)
    district.people["gone"].is_active = False
    district.people["gone"].save()
    post = Post.objects.get(user=district.people["housing_lead"])
    Deputy.objects.create(
        post=post, user=district.people["street_handler"], starts_on=date(2026, 11, 1), ends_on=date(2026, 11, 30)
    )
    now = at(23, 9)
    staff, asked, known = Staff.at(now), Recipients(now), Recipients(now, Staff.at(now))
    areas = (DISTRICT, STREET, OTHER_STREET)
    for role in Role.values:
        for area in areas:
            assert staff.role(role, area) == {user.pk for user in people_holding(role, now, area_code=area)}
            assert known.leads_over(role, area) == asked.leads_over(role, area)
    for unit in district.units.values():
        assert known.officers(unit.pk) == {user.pk for user in officers_of(unit.pk, now)}
        assert known.leads(unit.pk) == asked.leads(unit.pk)
    people = frozenset(user.pk for user in district.people.values())
    for nature in ("conduct", "report"):
        case = Case(nature=nature, complained_unit=district.units["housing"])
        assert known._allowed(case, people) == asked._allowed(case, people)


def test_a_sweep_costs_the_same_statements_for_one_late_case_and_for_thirty(district: District) -> None:
    counts = []
    for number in (1, 30):
        for _ in range(number):
            district.register(now=at(23, 9))
        with CaptureQueriesContext(connection) as asked:
            done = reminding.remind(at(24, 9))
        assert done.rungs == number
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 16


def test_a_clock_that_cannot_be_told_does_not_keep_the_others_from_being_told(
    district: District, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    cases = [district.register(now=at(23, 9)) for _ in range(3)]
    broken, told_of = cases[1].number, Recipients.of_rung

    def of_rung(self: Recipients, case: reminding.Owed, clock: str, rung: str) -> frozenset[int]:
        if case.number == broken:
            raise RuntimeError("broken")
        return told_of(self, case, clock, rung)

    monkeypatch.setattr(Recipients, "of_rung", of_rung)
    assert reminding.remind(at(24, 9)).rungs == 2
    monkeypatch.undo()
    assert reminding.remind(at(24, 9, 1)).rungs == 1
    assert Reminder.objects.count() == 3
    assert "failed" in caplog.text
