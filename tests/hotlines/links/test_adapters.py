"""The contract of an adapter, kept by each: send, send again, receipt, refusal, away, half written, fetched twice."""

from typing import Any

import pytest

from cases.models import Case
from hotlines.links import receiving
from hotlines.links.adapters import adapter_of
from hotlines.links.receiving import receive_from
from hotlines.links.sending import letter_of, send_due
from hotlines.models import LinkMessage
from tests.cases.cast import MONDAY, at
from tests.hotlines.links.far import Far, FarFolder
from tests.hotlines.links.scenes import COURT, SECRET


def take(far: Far, name: str = "d1", **more: Any) -> LinkMessage:
    """One document comes in; its receipt is owed."""
    far.put(name, {**COURT, **more})
    receive_from(far.line, MONDAY)
    return LinkMessage.objects.select_related("link__line", "link__case").latest("pk")


def test_a_letter_is_there_whole_with_its_number_and_in_words(far: Far) -> None:
    message = take(far)
    assert (send_due(MONDAY).sent, far.received()) == (
        1,
        [
            {
                "id": str(message.uid),
                "kind": "receipt",
                "reference": str(message.link.uid),
                "foreign_number": "（2026）晋0603诉前调7号",
                "number": message.link.case.number,
                "seq": 1,
                "at": "2026-11-23T01:00:00+00:00",
                "words": "已登记，等待受理",
                "registered_at": "2026-11-23T01:00:00+00:00",
            }
        ],
    )


def test_the_same_letter_again_is_one_letter(far: Far) -> None:
    message = take(far)
    adapter = adapter_of(far.line)
    assert adapter is not None
    first, second = adapter.send(letter_of(message)), adapter.send(letter_of(message))
    assert (first.arrived, second.arrived, len(far.received())) == (True, True, 1)


def test_their_receipt_is_kept(far: Far) -> None:
    message = take(far)
    send_due(MONDAY)
    if isinstance(far, FarFolder):
        said = {"type": "receipt", "id": "r1", "about": str(message.uid), "number": "收1"}
        far.put("r1", {**said, "at": "2026-11-23T09:10:00+08:00"})
        receive_from(far.line, at(23, 10))
    message.refresh_from_db()
    assert (message.state, message.receipt) == ("sent", "收1")


def test_a_letter_they_refuse_waits_for_a_person_and_is_not_repeated(far: Far) -> None:
    message = take(far)
    if isinstance(far, FarFolder):
        send_due(MONDAY)
    far.refuse_letters(str(message.uid))
    send_due(MONDAY)
    receive_from(far.line, at(23, 10))
    message.refresh_from_db()
    assert message.state == "refused"
    assert (send_due(at(24, 9)).sent, send_due(at(24, 9)).refused) == (0, 0)


def test_while_they_are_away_nothing_is_lost_and_nothing_is_raised(far: Far) -> None:
    message = take(far)
    far.put("d2", {**COURT, "number": "8号"})
    far.go(away=True)
    assert (send_due(MONDAY).failed, receive_from(far.line, MONDAY).away) == (1, 1)
    far.line.refresh_from_db()
    assert far.line.trouble != ""
    far.go(away=False)
    assert (receive_from(far.line, at(23, 10)).fresh, send_due(at(23, 10)).sent) == (1, 2)
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("sent", 2)


def test_what_is_half_written_becomes_no_case_and_is_refused_with_a_reason(far: Far) -> None:
    far.put_half("h1")
    if isinstance(far, FarFolder):
        assert (receive_from(far.line, far_now()).refused, far.lies_ready()) == (0, ["h1"])
        far.finish("h1")
    assert receive_from(far.line, far_now()).refused == 1
    assert (Case.objects.count(), far.lies_ready(), list(far.refused())) == (0, [], ["h1"])
    assert "。" in far.refused()["h1"]


def test_a_document_that_the_door_refuses_is_given_back_with_its_sentence(far: Far) -> None:
    far.put("d1", {**COURT, "description": ""})
    assert receive_from(far.line, MONDAY).refused == 1
    assert (Case.objects.count(), far.lies_ready()) == (0, [])
    assert "请填写反映事项" in far.refused()["d1"]


def test_fetched_twice_it_is_the_same_and_one_case(far: Far) -> None:
    far.put("d1", COURT)
    adapter = adapter_of(far.line)
    assert adapter is not None
    assert adapter.fetch("", MONDAY) == adapter.fetch("", MONDAY)
    assert (receive_from(far.line, MONDAY).fresh, receive_from(far.line, MONDAY).fresh) == (1, 0)
    far.put("d1 again", COURT)
    assert (receive_from(far.line, MONDAY).known, Case.objects.count(), far.lies_ready()) == (1, 1, [])


def test_a_kill_between_taking_in_and_putting_away_makes_no_second_case(
    far: Far, monkeypatch: pytest.MonkeyPatch
) -> None:
    far.put("d1", COURT)
    with monkeypatch.context() as planted, pytest.raises(SystemExit):
        adapter = adapter_of(far.line)
        planted.setattr(type(adapter), "settle", _killed)
        receive_from(far.line, MONDAY)
    assert far.lies_ready() == ["d1"]
    assert (receive_from(far.line, at(23, 10)).known, Case.objects.count(), far.lies_ready()) == (1, 1, [])


def _killed(*_args: Any) -> None:
    raise SystemExit


def far_now() -> Any:
    """Now by the clock of the disk."""
    return receiving.datetime.now().astimezone()


def test_the_key_is_not_in_the_letter(far: Far) -> None:
    take(far)
    send_due(MONDAY)
    assert SECRET not in str(far.received())
