"""转办 among a grid's three: who may, what lies where, what a volunteer sees meanwhile."""

from datetime import date, timedelta
from typing import Any

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import Notice
from cases.models import Case, HandOver
from cases.phone import handing
from cases.queries import history, moves_for
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, NotYours, Refusal
from grids.editing import services
from grids.models import Duty, Grid
from tests.cases.cast import COMMUNITY, GRID, MONDAY, District
from tests.mapping.conftest import SECOND, lay_ground

LATER = MONDAY + timedelta(hours=2)
SAID = {"to": "armband", "said": "请晚上巡逻时看看单元门的灯"}


@pytest.fixture
def matter(district: District) -> Case:
    return district.register("resident", channel="web", place={"grid": GRID})


def sees(d: District, username: str, case: Case, now: Any = MONDAY) -> bool:
    return Case.objects.visible_to(d.actor(username, now), now).filter(pk=case.pk).exists()


def give(d: District, case: Case, by: str = "grid_worker", **given: str) -> HandOver:
    return handing.hand_over(case, d.actor(by), {**SAID, **given}, now=MONDAY)[0]


def test_the_crew_of_a_grid_is_the_three_kinds_on_duty_today(district: District) -> None:
    found = [(one.name, one.kinds, one.reachable) for one in handing.crew_of(GRID, MONDAY)]
    assert found == [("小刘", "网格员", True), ("老董", "红袖章", True), ("小白", "民调员", True)]
    Duty.objects.filter(user__username="armband").update(ends_on=MONDAY.date())
    assert [one.name for one in handing.crew_of(GRID, MONDAY)] == ["小刘", "小白"]


def test_a_matter_handed_over_is_seen_while_it_is_open_and_nothing_of_the_workflow_moves(
    district: District, matter: Case
) -> None:
    before = (matter.status, matter.lead_unit_id, matter.handler_id)
    assert not sees(district, "armband", matter)
    lies = give(district, matter)
    matter.refresh_from_db()
    assert sees(district, "armband", matter)
    assert (matter.status, matter.lead_unit_id, matter.handler_id) == before
    assert moves_for(matter, district.actor("armband"), MONDAY) == []
    told = Notice.objects.get(user=district.people["armband"])
    assert (told.title, told.body, told.case_number) == (f"小刘转给您：{matter.title}", SAID["said"], matter.number)
    assert history(matter)[-1].data["text"] == "网格内转给红袖章老董：请晚上巡逻时看看单元门的灯"
    assert [one.pk for one in handing.lying_with(district.actor("armband"), MONDAY)] == [lies.pk]
    assert [one.pk for one in handing.given_by(district.actor("grid_worker"), MONDAY)] == [lies.pk]

    handing.take(district.actor("armband"), lies.pk, now=MONDAY)
    done = handing.finish(district.actor("armband"), lies.pk, {"answer": "灯已换好，13812341234"}, now=LATER)
    assert (done.taken_at, done.ended_at, done.ended_as) == (MONDAY, LATER, "done")
    assert done.answer == "灯已换好，138****1234"
    assert not sees(district, "armband", matter)
    assert Notice.objects.get(user=district.people["grid_worker"], key=f"hand-over-{lies.pk}-ended").body == done.answer


def test_the_right_to_see_ends_with_the_duty_and_with_the_matter(district: District, matter: Case) -> None:
    lies = give(district, matter)
    tomorrow = MONDAY + timedelta(days=1)
    Duty.objects.filter(user__username="armband").update(ends_on=date(2026, 11, 24))
    assert (sees(district, "armband", matter), sees(district, "armband", matter, tomorrow)) == (True, False)
    Duty.objects.update(ends_on=None)
    Case.objects.filter(pk=matter.pk).update(confidential=True)
    assert not sees(district, "armband", matter)
    Case.objects.filter(pk=matter.pk).update(confidential=False)
    district.move(matter, "withdraw", "clerk", LATER, note="来访人撤回")
    assert not sees(district, "armband", matter, LATER)
    with pytest.raises(NotNow):
        handing.take(district.actor("armband"), lies.pk, now=LATER)


def test_what_lies_with_somebody_whose_duty_ended_is_given_anew_by_whoever_is_there(
    district: District, matter: Case
) -> None:
    lies = give(district, matter)
    Duty.objects.filter(user__username="armband").update(ends_on=MONDAY.date())
    anew = give(district, matter, by="surveyor", to="grid_worker")
    lies.refresh_from_db()
    assert (lies.ended_as, anew.to_user.username) == ("recalled", "grid_worker")
    assert Notice.objects.filter(user=district.people["armband"], key=f"hand-over-{lies.pk}-ended").count() == 1


def test_a_matter_of_a_merged_grid_is_handed_over_among_those_of_its_heir(district: District, matter: Case) -> None:
    lay_ground()
    new = f"{COMMUNITY}007"
    lead = district.actor("centre_lead")
    services.merge([GRID, SECOND], new, name="胜利社区新网格", actor=lead, reason="合并", now=MONDAY)
    for name, kind in (("grid_worker", "grid_worker"), ("armband", "red_armband")):
        Duty.objects.create(
            user=district.people[name], grid=Grid.objects.get(code=new), kind=kind, starts_on=MONDAY.date()
        )
    give(district, matter)
    assert sees(district, "armband", matter)


def test_what_was_handed_over_ends_when_the_matter_ends(
    district: District, matter: Case, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    lies = give(district, matter)
    with django_capture_on_commit_callbacks(execute=True):
        district.move(matter, "withdraw", "clerk", LATER, note="来访人撤回")
    lies.refresh_from_db()
    assert (lies.ended_as, lies.ended_at) == ("closed", LATER)


def test_handed_back_it_is_with_the_giver_again_and_passed_on_it_tells_the_giver(
    district: District, matter: Case
) -> None:
    lies = give(district, matter)
    with pytest.raises(Incomplete) as missing:
        handing.give_back(district.actor("armband"), lies.pk, {"answer": " "}, now=MONDAY)
    assert missing.value.errors == {"answer": ["请写一句为什么交回，转给您的人会看到。"]}
    handing.give_back(district.actor("armband"), lies.pk, {"answer": "今晚不当班"}, now=MONDAY)
    again = give(district, matter, to="surveyor")
    onward = give(district, matter, by="surveyor", said="您离得近，请去看看")
    again.refresh_from_db()
    assert (again.ended_as, again.answer) == ("returned", "已转给老董：您离得近，请去看看")
    assert (onward.from_user.username, onward.to_user.username) == ("surveyor", "armband")
    handing.recall(district.actor("surveyor"), onward.pk, now=MONDAY)
    assert HandOver.objects.filter(ended_at__isnull=True).count() == 0


def test_a_repeated_submission_is_answered_once(district: District, matter: Case) -> None:
    actor = district.actor("grid_worker")
    first, fresh = handing.hand_over(matter, actor, SAID, now=MONDAY, client_id="k-1")
    second, again = handing.hand_over(matter, actor, SAID, now=LATER, client_id="k-1")
    assert (first.pk, fresh, second.pk, again, HandOver.objects.count()) == (second.pk, True, first.pk, False, 1)


@pytest.mark.parametrize(
    ("by", "given", "refused", "sentence"),
    [
        ("clerk", {}, NotYou, handing.NOT_ONE_OF_THEM),
        ("armband", {}, NotYours, NotYours.default_detail),
        ("handler", {}, NotYours, NotYours.default_detail),
        ("grid_worker", {"to": "stranger"}, Incomplete, "请补充：请选择转给本网格的哪一位。"),
        ("grid_worker", {"to": "grid_worker"}, Incomplete, "请补充：请选择转给本网格的哪一位。"),
        ("grid_worker", {"said": "字" * 201}, Incomplete, "请补充：最多 200 个字，现在有 201 个，请写短一些。"),
        ("grid_worker", {"said": "\x00"}, Incomplete, "请补充：这里只能填写文字，请重新输入。"),
    ],
)
def test_refusals(
    district: District, matter: Case, by: str, given: dict[str, str], refused: type[Refusal], sentence: str
) -> None:
    with pytest.raises(refused) as told:
        give(district, matter, by, **given)
    assert (told.value.detail, HandOver.objects.count()) == (sentence, 0)


def test_sealed_and_ended_matters_and_those_that_lie_with_somebody_are_refused(
    district: District, matter: Case
) -> None:
    give(district, matter)
    with pytest.raises(NotNow, match="已由老董收到转办"):
        give(district, matter, to="surveyor")
    secret = district.register("resident", channel="web", place={"grid": GRID}, confidential=True)
    with pytest.raises(NotNow, match="要求保密"):
        give(district, secret)
    district.move(secret, "withdraw", "clerk", MONDAY, note="来访人撤回")
    with pytest.raises(NotNow, match="已经办结"):
        give(district, secret)


def test_a_volunteer_hands_over_what_they_reported(district: District) -> None:
    case = district.register("armband", channel="grid", place={"grid": GRID}, reporters=[])
    lies = give(district, case, by="armband", to="grid_worker")
    assert (lies.to_user.username, sees(district, "stranger", case)) == ("grid_worker", False)


def test_nobody_else_ends_it(district: District, matter: Case) -> None:
    lies = give(district, matter)
    for step in (handing.take, handing.recall):
        with pytest.raises(NotYours):
            step(district.actor("surveyor"), lies.pk, now=MONDAY)
