"""What another system changes or is passed tells nobody what he may not hear: the unit accused, a body outside, a stranger."""

from typing import Any

import pytest

from accounts.choices import Role
from accounts.models import Notice
from cases.models import Attachment, Case
from hotlines.links import queries
from hotlines.links.arriving import take_in
from hotlines.links.hearing import hear
from hotlines.links.looking_back import later_calls
from hotlines.links.transferring import sweep_transfers
from hotlines.links.words import Word, WordKind
from hotlines.models import Link, LinkMessage, Provision
from tests.cases.cast import COMMUNITY, MONDAY, District, at
from tests.cases.pictures import photo
from tests.hotlines.links.scenes import arrival, line, to_the_end

pytestmark = pytest.mark.both

ACCUSED = {"kind": "appeal", "description": "调解员老刘收了对方的礼，电话 13812341234。"}


def handled(district: District, **more: Any) -> Link:
    """A plain appeal of another system that the committee handles."""
    link = take_in(line(kind="other"), arrival("W1", kind="appeal", **more), MONDAY).link
    district.move(link.case, "accept", "clerk", at(23, 10), category="A0102", level="general")
    district.move(link.case, "dispatch", "dispatcher", at(23, 10), lead_unit="committee", mode="forward")
    return link


def notes(case: Case) -> list[str]:
    return [event.data["text"] for event in case.events.filter(kind="note")]


@pytest.mark.parametrize(
    "guard",
    [
        {"complained_unit": "committee", "complaint_nature": "conduct"},
        {"complained_unit": "committee", "complaint_nature": "report"},
        {"confidential": True},
    ],
)
def test_a_change_that_accuses_is_told_to_the_dispatcher_and_not_to_who_handles_it(
    district: District, guard: dict[str, Any]
) -> None:
    link = handled(district)
    district.person("inside", "镇调委会分流员", Role.DISPATCHER, "committee")
    papers = ({"name": "收礼照片.jpg", "content": photo().read()},)
    taken = take_in(link.line, arrival("W1", **ACCUSED, **guard, papers=papers), at(23, 11))
    assert (taken.changed, notes(taken.link.case)) == (True, ["other 平台的来件有更新（第 2 版），由分流员查看。"])
    assert Attachment.objects.count() == 0
    assert taken.link.papers["given"]["description"] == ACCUSED["description"]
    (notice,) = Notice.objects.filter(key__startswith="link-changed", user=district.people["dispatcher"])
    assert "老刘" not in notice.title + notice.body
    told = set(Notice.objects.filter(key__startswith="link-changed").values_list("user__username", flat=True))
    assert ("inside" in told) is ("complained_unit" not in guard)
    assert "mediator" not in told


def test_what_comes_after_an_accusing_change_stays_unquoted(district: District) -> None:
    link = handled(district)
    guard = {"complained_unit": "committee", "complaint_nature": "conduct"}
    take_in(link.line, arrival("W1", **ACCUSED, **guard), at(23, 11))
    take_in(link.line, arrival("W1", kind="appeal", description="还是老刘的事。"), at(23, 12))
    said = Word("w1", "W1", WordKind.SUPPLEMENT, "补充：老刘收礼的时间", at(23, 13))
    hear(link.line, said, at(23, 13))
    assert [text for text in notes(link.case) if "老刘" in text] == []
    assert len(notes(link.case)) == 3


def test_a_change_of_what_is_confidential_already_is_quoted_as_before(district: District) -> None:
    court = line(kind="other")
    guard = {"complained_unit": "committee", "complaint_nature": "conduct", "kind": "appeal"}
    take_in(court, arrival("W1", **guard), MONDAY)
    taken = take_in(court, arrival("W1", **guard, description="又一次态度恶劣。"), at(23, 11))
    assert notes(taken.link.case)[0].endswith("更新后的反映事项：又一次态度恶劣。")


def test_who_may_read_the_accusation_reads_it_masked_on_the_page(district: District, client_of: Any) -> None:
    link = handled(district)
    district.person("inside", "镇调委会分流员", Role.DISPATCHER, "committee")
    guard = {"complained_unit": "committee", "complaint_nature": "conduct"}
    take_in(link.line, arrival("W1", **ACCUSED, **guard), at(23, 11))
    url = f"/hotlines/links/matters/{link.uid}/"
    page = client_of("dispatcher").get(url).content.decode()
    assert ("调解员老刘收了对方的礼，电话 138****1234。" in page, "13812341234" in page) == (True, False)
    inside = client_of("inside").get(url).content.decode()
    assert [word for word in ("老刘", "作风") if word in inside] == []


# --- out ------------------------------------------------------------------------------------------------------------

STORY = "王家占道，我住胜利社区五号楼二单元 301，电话 13812341234，身份证 140603199001011234。"


def passed_on(district: District, **given: Any) -> dict[str, Any]:
    """What leaves us of a case that is passed to the court."""
    line()
    place = {"area": COMMUNITY, "address": "胜利社区五号楼二单元 301"}
    case = district.register(kind="dispute", description=STORY, place=place, **given)
    district.move(case, "transfer", "clerk", at(23, 10), receiver="judicial", receipt="已通过对接平台移送")
    sweep_transfers(at(23, 11))
    told: dict[str, Any] = LinkMessage.objects.get().payload
    return told


@pytest.mark.parametrize("given", [{"confidential": True}, {"anonymous": True, "reporters": []}])
def test_what_is_withheld_is_withheld_in_the_words_too_and_on_record(district: District, given: dict[str, Any]) -> None:
    told = passed_on(district, **given)
    assert [word for word in ("13812341234", "140603199001011234") if word in str(told)] == []
    assert (told["place"], told["applicants"]) == ({"area": COMMUNITY}, [])
    assert list(Provision.objects.values_list("fields", flat=True)) == [["description"]]


def test_numbers_inside_the_words_of_an_open_matter_are_masked(district: District) -> None:
    told = passed_on(district)
    assert ("138****1234" in told["description"], told["place"]["address"]) == (True, "胜利社区五号楼二单元 301")
    assert [word for word in ("13812341234", "140603199001011234") if word in told["description"] + told["title"]] == []
    assert told["applicants"][0]["phone"] == "13812341234"


# --- inside ---------------------------------------------------------------------------------------------------------


def test_their_words_are_masked_on_the_page(district: District, client_of: Any) -> None:
    link = take_in(line(), arrival(), MONDAY).link
    said = Word("w1", link.foreign_number, WordKind.SUPPLEMENT, "请打 13812341234 联系", at(23, 10))
    hear(link.line, said, at(23, 10))
    page = client_of("dispatcher").get(f"/hotlines/links/matters/{link.uid}/").content.decode()
    assert ("请打 138****1234 联系" in page, "13812341234" in page) == (True, False)


def called_again(district: District) -> Link:
    """A matter of the police that was closed; the same caller again, from another street."""
    police = line("police", "police")
    first = take_in(police, arrival("J1"), MONDAY).link
    to_the_end(district, first.case)
    elsewhere = {"area": "140603101", "address": "另一个街道一号楼"}
    take_in(police, arrival("J2", received=at(28), place=elsewhere), at(28))
    first.case.refresh_from_db()
    return first


def test_the_same_person_again_is_shown_to_who_follows_up_and_nobody_else(district: District) -> None:
    first = called_again(district)
    shown = {
        who: [len(row["again"]) for row in queries.of_case(first.case, district.actor(who), at(29))]
        for who in ("follow_up", "dispatcher", "clerk", "centre_lead")
    }
    assert shown == {"follow_up": [1], "dispatcher": [0], "clerk": [0], "centre_lead": [0]}


def test_a_later_matter_out_of_ones_area_is_not_named(district: District) -> None:
    first = called_again(district)
    district.person("street_follow_up", "镇回访员", Role.FOLLOW_UP_OFFICER, "street", first.case.area_code[:9])
    here = district.actor("street_follow_up")
    assert (later_calls(first, here, at(29)), len(later_calls(first, district.actor("follow_up"), at(29)))) == ([], 1)
    district_wide = Notice.objects.get(key__startswith="110-again", user=district.people["follow_up"])
    assert Link.objects.get(foreign_number="J2").case.number in district_wide.body


def test_the_notice_of_a_later_matter_names_it_to_who_may_see_it_only(district: District) -> None:
    district.person("street_follow_up", "镇回访员", Role.FOLLOW_UP_OFFICER, "street", COMMUNITY[:9])
    called_again(district)
    later = Link.objects.get(foreign_number="J2").case.number
    bodies = dict(Notice.objects.filter(key__startswith="110-again").values_list("user__username", "body"))
    assert {who: later in body for who, body in bodies.items()} == {"follow_up": True, "street_follow_up": False}
