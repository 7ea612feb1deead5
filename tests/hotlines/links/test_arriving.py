"""An arrival becomes one case, whatever the other system repeats, at once or later; what it changes is told."""

import threading
from typing import Any

import pytest
from django.db import connection, connections

from cases.models import Attachment, Case
from governance_portal.lib.errors import Incomplete
from hotlines.links import arriving
from hotlines.links.arriving import take_in
from hotlines.models import Link, LinkMessage
from tests.cases.cast import MONDAY, District, at
from tests.cases.pictures import photo
from tests.hotlines.links.scenes import arrival, line

pytestmark = pytest.mark.both


def told(link: Link) -> list[tuple[str, str]]:
    return [(row.kind, row.payload["words"]) for row in link.messages.all()]


def test_a_matter_of_another_system_becomes_a_case_with_its_link_and_receipt(district: District) -> None:
    court = line()
    taken = take_in(court, arrival(), MONDAY)
    case = taken.link.case
    assert (taken.fresh, taken.changed) == (True, False)
    assert (case.channel, case.procedure, case.foreign_source, case.foreign_number, case.status) == (
        "court",
        "mediation",
        "court",
        "（2026）晋0603诉前调1号",
        "registered",
    )
    assert told(taken.link) == [("receipt", "已登记，等待受理")]


def test_the_same_again_changes_nothing(district: District) -> None:
    court = line()
    first = take_in(court, arrival(), MONDAY)
    again = take_in(court, arrival(), at(23, 10))
    assert (again.link, again.fresh, again.changed) == (first.link, False, False)
    assert (Case.objects.count(), LinkMessage.objects.count(), first.link.case.events.count()) == (1, 1, 1)


def test_other_content_under_the_same_number_is_a_note_of_the_case(district: District) -> None:
    court = line()
    take_in(court, arrival(), MONDAY)
    more = arrival(description="又增加一项：电话 13812341234，赔偿 5000 元。", their_due_at=at(30, 17))
    taken = take_in(court, more, at(23, 11))
    assert (taken.fresh, taken.changed, taken.changes, taken.link.version) == (False, True, ("反映事项", "对方时限"), 2)
    note = taken.link.case.events.get(kind="note")
    assert note.data["text"] == (
        "court 平台更新了来件 （2026）晋0603诉前调1号（第 2 版），有变动的是：反映事项、对方时限。\n"
        "更新后的反映事项：又增加一项：电话 138****1234，赔偿 5000 元。"
    )
    assert not take_in(court, more, at(23, 12)).changed
    assert Case.objects.count() == 1


def test_a_refused_arrival_leaves_nothing(district: District) -> None:
    with pytest.raises(Incomplete) as refused:
        take_in(line(), arrival(description=""), MONDAY)
    assert refused.value.errors == {"description": ["请填写反映事项。"]}
    assert (Case.objects.count(), Link.objects.count(), LinkMessage.objects.count()) == (0, 0, 0)


def test_a_line_that_is_switched_off_takes_nothing(district: District) -> None:
    with pytest.raises(Incomplete):
        take_in(line(is_active=False), arrival(), MONDAY)
    assert Case.objects.count() == 0


def test_papers_become_attachments_and_a_bad_one_is_told_instead_of_keeping_the_matter_out(district: District) -> None:
    papers = ({"name": "起诉状.jpg", "content": photo().read()}, {"name": "程序.exe", "content": b"MZ" + b"\x00" * 200})
    link = take_in(line(), arrival(papers=papers), MONDAY).link
    assert list(Attachment.objects.values_list("case", "name", "purpose")) == [
        (link.case_id, "起诉状.jpg", "对方随转材料")
    ]
    assert told(link) == [("receipt", "已登记，等待受理"), ("refused", "有的材料没有收下，请更换后重发")]
    assert [row["name"] for row in link.messages.get(kind="refused").payload["papers"]] == ["程序.exe"]


def test_what_came_in_is_not_readable_in_the_table(district: District) -> None:
    link = take_in(line(), arrival(), MONDAY).link
    stored = Link.objects.filter(pk=link.pk).values_list("papers", flat=True).get()
    assert "张三".encode() not in bytes(stored)
    assert link.papers["given"]["reporters"][0]["name"] == "张三"


def test_a_kill_between_case_and_link_leaves_neither(district: District, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_args: Any) -> None:
        raise SystemExit

    court = line()
    with monkeypatch.context() as planted, pytest.raises(SystemExit):
        planted.setattr(arriving, "owe", killed)
        take_in(court, arrival(), MONDAY)
    assert (Case.objects.count(), Link.objects.count()) == (0, 0)
    assert take_in(court, arrival(), MONDAY).fresh


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_make_one_case(district: District, postgres: None) -> None:
    court, gate = line(), threading.Barrier(8)
    found: list[tuple[int, bool]] = []

    def one() -> None:
        try:
            gate.wait()
            taken = take_in(court, arrival(), MONDAY)
            found.append((taken.link.pk, taken.fresh))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert connection.vendor == "postgresql"
    assert (len({pk for pk, _fresh in found}), sum(fresh for _pk, fresh in found)) == (1, 1)
    assert (Case.objects.count(), Link.objects.count(), LinkMessage.objects.count()) == (1, 1, 1)
