"""Messages go out in the order of their matter, once each by their key, through an outage and through kills."""

from collections import defaultdict
from datetime import timedelta
from typing import Any

import pytest

from governance_portal.lib.errors import Incomplete, NotNow
from hotlines.links import sending
from hotlines.links.adapters.http import Http
from hotlines.links.answering import sweep_links
from hotlines.links.arriving import take_in
from hotlines.links.sending import LEASE, send_again, send_due, settle_by_hand
from hotlines.links.words import Letter, Outcome
from hotlines.models import Link, LinkMessage
from tests.cases.cast import MONDAY, District, at
from tests.hotlines.links.scenes import arrival, line, to_the_end

pytestmark = pytest.mark.both


class FarSide:
    """Takes letters as another system does: by key, the second of a key is dropped."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.arrived: list[Letter] = []
        self.calls, self.away = 0, False
        monkeypatch.setattr(Http, "send", lambda _adapter, letter: self.take(letter))

    def take(self, letter: Letter) -> Outcome:
        self.calls += 1
        if self.away:
            return Outcome(False, "对方没有在时限内应答")
        if letter.uid not in {one.uid for one in self.arrived}:
            self.arrived.append(letter)
        return Outcome(True, "HTTP 200", receipt=f"收{len(self.arrived)}")

    def by_matter(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for letter in self.arrived:
            found[letter.foreign_number].append(letter.seq)
        return dict(found)


@pytest.fixture
def side(monkeypatch: pytest.MonkeyPatch) -> FarSide:
    return FarSide(monkeypatch)


def matters(district: District, count: int) -> list[Link]:
    """So many court matters that went their whole way."""
    court = line(adapter="http", address="https://court.example/x")
    links = [take_in(court, arrival(f"{number}号"), MONDAY).link for number in range(1, count + 1)]
    for link in links:
        to_the_end(district, link.case)
    return links


def test_an_hour_of_outage_loses_nothing_and_changes_no_order(district: District, side: FarSide) -> None:
    links = matters(district, 6)
    side.away, now = True, MONDAY
    for _minute in range(180):
        sweep_links(now)
        send_due(now)
        now += timedelta(seconds=20)
    assert side.arrived == []
    side.away = False
    for _minute in range(60):
        send_due(now)
        now += timedelta(seconds=20)
    assert side.by_matter() == {link.foreign_number: [1, 2, 3, 4] for link in links}
    assert len({letter.uid for letter in side.arrived}) == len(side.arrived) == side.calls - _tries_in_vain(side)
    assert set(LinkMessage.objects.values_list("state", flat=True)) == {"sent"}


def _tries_in_vain(side: FarSide) -> int:
    attempts = sum(LinkMessage.objects.values_list("attempts", flat=True))
    assert attempts == side.calls
    return attempts - len(side.arrived)


def test_a_line_that_is_down_is_asked_three_times_a_run_at_most(district: District, side: FarSide) -> None:
    matters(district, 6)
    sweep_links(at(23, 18))
    side.away = True
    send_due(at(23, 18))
    assert side.calls == 3


def test_a_worker_killed_between_speaking_and_writing_is_repeated_under_the_same_key(
    district: District, side: FarSide, monkeypatch: pytest.MonkeyPatch
) -> None:
    (link,) = matters(district, 1)
    sweep_links(at(23, 18))
    with monkeypatch.context() as planted, pytest.raises(SystemExit):
        planted.setattr(sending, "_write", _killed)
        send_due(at(23, 18))
    assert (send_due(at(23, 18)).sent, side.by_matter()) == (0, {link.foreign_number: [1]})
    after = at(23, 18) + LEASE + timedelta(seconds=1)
    assert (send_due(after).sent, side.calls) == (4, 5)
    assert side.by_matter() == {link.foreign_number: [1, 2, 3, 4]}


def _killed(*_args: Any) -> None:
    raise SystemExit


def test_what_a_killed_worker_did_not_write_down_is_found_and_written_once(district: District) -> None:
    (link,) = matters(district, 1)
    assert [row.kind for row in link.messages.all()] == ["receipt"]
    assert (sweep_links(at(23, 18)), sweep_links(at(23, 18))) == (3, 0)
    Link.objects.update(heard=0)
    assert sweep_links(at(23, 19)) == 0
    link.refresh_from_db()
    assert (link.heard, link.case.version) == (7, 7)
    assert [(row.seq, row.kind, row.payload["words"]) for row in link.messages.all()] == [
        (1, "receipt", "已登记，等待受理"),
        (2, "progress", "已受理"),
        (3, "progress", "已转交井坪镇人民调解委员会"),
        (4, "result", "达成协议待履行"),
    ]


def test_one_that_is_stuck_holds_up_its_own_matter_only(district: District, side: FarSide) -> None:
    first, second = matters(district, 2)
    sweep_links(at(23, 18))
    stuck = first.messages.get(seq=2)
    LinkMessage.objects.filter(pk=stuck.pk).update(state="refused")
    send_due(at(23, 18))
    assert side.by_matter() == {first.foreign_number: [1], second.foreign_number: [1, 2, 3, 4]}
    send_again(stuck, at(23, 19))
    send_due(at(23, 19))
    assert side.by_matter()[first.foreign_number] == [1, 2, 3, 4]


def test_a_person_who_told_them_by_telephone_lets_the_rest_go(district: District, side: FarSide) -> None:
    (link,) = matters(district, 1)
    sweep_links(at(23, 18))
    LinkMessage.objects.filter(link=link, seq=1).update(state="given_up")
    stuck = link.messages.get(seq=1)
    with pytest.raises(Incomplete):
        settle_by_hand(stuck, " ", at(23, 18))
    with pytest.raises(NotNow):
        settle_by_hand(link.messages.get(seq=2), "已电话告知立案庭", at(23, 18))
    settle_by_hand(stuck, "已电话告知立案庭", at(23, 18))
    stuck.refresh_from_db()
    assert (stuck.state, stuck.answer) == ("sent", "人工告知：已电话告知立案庭")
    send_due(at(23, 18))
    assert side.by_matter() == {link.foreign_number: [2, 3, 4]}
    with pytest.raises(NotNow):
        send_again(stuck, at(23, 19))
