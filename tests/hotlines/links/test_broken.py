"""One bad item, one bad line, one bad case: put aside with a reason, and everything behind it is served all the same."""

import json
import os
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DataError, IntegrityError, OperationalError
from django.test import Client

from cases.models import Case
from governance_portal.lib import outbound
from hotlines.links import receiving, sending, transferring
from hotlines.links.adapters import http
from hotlines.links.adapters.folder import KEPT, REFUSED_KEPT, place_of
from hotlines.links.reading import read, read_bytes
from hotlines.links.receiving import receive_all, receive_from
from hotlines.links.sending import receive, send_due
from hotlines.links.transferring import sweep_transfers
from hotlines.links.words import Arrival, Outcome, Unreadable
from hotlines.models import Line, Link, LinkMessage
from tests.cases.cast import MONDAY, District, at
from tests.hotlines.links.far import Far, FarFolder
from tests.hotlines.links.scenes import COURT, line
from tests.hotlines.links.test_transfers import passed_out, push

pytestmark = pytest.mark.both

DEEP: Any = json.loads("[" * 400 + "]" * 400)
BAD: dict[str, dict[str, Any]] = {
    "a consent that is a list": {"consent": {"applicant": []}},
    "a date beyond all calendars": {"received_at": "9999-12-31T23:59:59Z"},
    "a date before all calendars": {"received_at": "0001-01-01T00:00:00"},
    "no limit written as a date": {"due_at": "9999-12-31T23:59:59Z"},
    "a NUL in the number": {"number": "7\u0000号"},
    "half a letter in the description": {"description": "渗\ud800水"},
    "a NUL in a name": {"applicants": [{"name": "张\u0000三"}]},
    "an offset that is none": {"received_at": "2026-11-23T09:00:00+99:99"},
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_one_bad_item_is_given_back_and_the_others_are_taken(far: Far, bad: dict[str, Any]) -> None:
    if isinstance(far, FarFolder):
        path = place_of(far.line) / "in" / "bad.json"
        path.write_text(json.dumps({**COURT, **bad}), encoding="utf-8")
        old = time.time() - 7200
        os.utime(path, (old, old))
    else:
        far.put("bad", {**COURT, **bad})
    far.put("good", {**COURT, "number": "8号"})
    done = receive_from(far.line, datetime.now().astimezone())
    assert (done.fresh, done.refused, far.lies_ready(), list(far.refused())) == (1, 1, [], ["bad"])
    assert far.refused()["bad"].rstrip().endswith("。")


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_pushed_it_is_refused_with_a_sentence(district: District, client: Client, bad: dict[str, Any]) -> None:
    line()
    answer = push("court", {**COURT, **bad}, client)
    assert (answer.status_code, Case.objects.count()) == (400, 0)


def test_a_document_nested_without_end_is_unreadable(district: District) -> None:
    deep = b'{"type": "transfer", "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    with pytest.raises(Unreadable):
        read_bytes(line(), deep)
    with pytest.raises(Unreadable):
        read(Line.objects.get(), {**COURT, "place": DEEP})
    assert http._object(b"[" * 100_000 + b"]" * 100_000) == {}


@pytest.mark.parametrize(("broken", "left"), [(KeyError, []), (DataError, []), (OperationalError, ["bad"])])
def test_what_breaks_us_is_given_back_but_waits_while_the_database_is_away(
    far: Far, monkeypatch: pytest.MonkeyPatch, broken: type[Exception], left: list[str]
) -> None:
    far.put("bad", COURT)
    far.put("good", {**COURT, "number": "8号"})
    real = receiving.take_in

    def planted(here: Line, arrival: Arrival, now: datetime) -> Any:
        if arrival.foreign_number == COURT["number"]:
            raise broken("planted")
        return real(here, arrival, now)

    monkeypatch.setattr(receiving, "take_in", planted)
    done = receive_from(far.line, MONDAY)
    assert (done.fresh, far.lies_ready(), list(far.refused())) == (1, left, [] if left else ["bad"])
    assert "planted" not in str(far.refused())


def test_a_line_that_breaks_keeps_no_other_from_being_asked(far: Far, monkeypatch: pytest.MonkeyPatch) -> None:
    first = line("a-first", adapter="file", address="first")
    real = receiving.adapter_of

    def planted(here: Line) -> Any:
        if here.pk == first.pk:
            raise RuntimeError("planted")
        return real(here)

    monkeypatch.setattr(receiving, "adapter_of", planted)
    far.put("good", COURT)
    done = receive_all(MONDAY)
    first.refresh_from_db()
    assert (done.fresh, done.away, first.failed_at, first.trouble) == (1, 1, MONDAY, "平台收取时出错，已自动记录")


def test_a_case_that_cannot_be_passed_on_keeps_no_other_from_it(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    line()
    first, second = passed_out(district), passed_out(district)
    real = transferring.pass_on

    def planted(case: Any, now: datetime) -> Any:
        if case.pk == first.pk:
            raise RuntimeError("planted")
        return real(case, now)

    monkeypatch.setattr(transferring, "pass_on", planted)
    assert (sweep_transfers(at(23, 11)), Link.objects.get().case) == (1, second)


# --- the folder -----------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(district: District, settings: Any, tmp_path: Any) -> FarFolder:
    return FarFolder(tmp_path)


def test_what_was_refused_goes_after_a_month_and_what_was_taken_after_a_week(folder: FarFolder) -> None:
    place, now = place_of(folder.line), time.time()
    for room, age in (("done", KEPT), ("refused", REFUSED_KEPT)):
        for name, seconds in (("old", age.total_seconds() + 60), ("young", age.total_seconds() - 60)):
            path = place / room / f"{name}.json"
            path.write_text("{}")
            os.utime(path, (now - seconds, now - seconds))
    receive_from(folder.line, datetime.now().astimezone())
    assert {room: [path.name for path in (place / room).iterdir()] for room in ("done", "refused")} == {
        "done": ["young.json"],
        "refused": ["young.json"],
    }


@pytest.mark.parametrize("name", ["诉前调解委托".encode("gbk") + b".json", ("长" * 82).encode() + b".json"])
def test_a_file_name_of_another_coding_or_very_long_is_put_away_like_any(folder: FarFolder, name: bytes) -> None:
    path = os.path.join(os.fsencode(place_of(folder.line) / "in"), name)
    with open(path, "wb") as out:
        out.write(b"{}")
    os.utime(path, (0, 0))
    folder.put("good", COURT)
    done = receive_from(folder.line, datetime.now().astimezone())
    assert (done.fresh, done.refused, done.away, folder.lies_ready()) == (1, 1, 0, [])


# --- receipts -------------------------------------------------------------------------------------------------------


def answered(body: bytes) -> Callable[..., outbound.Reply]:
    return lambda *_args, **_more: outbound.Reply(200, body)


@pytest.mark.parametrize("receipt", ["收\u0000", "收\ud800", ["收"], {"a": 1}, None, 7])
def test_a_receipt_that_no_table_can_keep_is_no_receipt(
    district: District, monkeypatch: pytest.MonkeyPatch, receipt: Any
) -> None:
    line(adapter="http", address="https://court.example/x")
    passed_out(district)
    sweep_transfers(at(23, 11))
    monkeypatch.setattr(outbound, "post", answered(json.dumps({"receipt": receipt}).encode()))
    assert send_due(at(23, 11)).sent == 1
    assert LinkMessage.objects.get().receipt == ("7" if receipt == 7 else "")


def test_a_kill_after_the_answer_leaves_letter_and_receipt_both_or_neither(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    line(adapter="http", address="https://court.example/x")
    passed_out(district)
    sweep_transfers(at(23, 11))
    monkeypatch.setattr(outbound, "post", answered('{"receipt": "收1"}'.encode()))

    def killed(*_args: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as planted, pytest.raises(SystemExit):
        planted.setattr(sending, "receive", killed)
        send_due(at(23, 11))
    assert LinkMessage.objects.get().state == "sending"
    assert send_due(at(23, 11) + sending.LEASE + timedelta(seconds=1)).sent == 1
    link = Link.objects.get()
    assert (link.foreign_number, link.receipt_at is not None) == ("收1", True)


def test_a_receipt_number_of_another_matter_is_no_number_of_this_one(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = line(adapter="http", address="https://court.example/x")
    first, second = passed_out(district), passed_out(district)
    sweep_transfers(at(23, 11))
    links = {case.pk: Link.objects.get(case=case) for case in (first, second)}
    long = "收" * 70
    receive(links[first.pk], long, at(23, 12))
    receive(links[second.pk], long, at(23, 12))
    assert sorted(Link.objects.values_list("foreign_number", flat=True)) == ["", "收" * 60]
    assert not Link.objects.filter(line=far, receipt_at__isnull=True).exists()


def test_two_receipts_of_one_number_in_the_same_moment_both_count(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    line()
    passed_out(district)
    sweep_transfers(at(23, 11))
    link = Link.objects.get()
    monkeypatch.setattr(sending, "_is_taken", lambda *_args: False)
    other = Link.objects.create(
        line=link.line, case=link.case, direction="in", foreign_number="收1", received_at=at(23, 11)
    )
    receive(link, other.foreign_number, at(23, 12))
    link.refresh_from_db()
    assert (link.foreign_number, link.receipt_at) == ("", at(23, 12))


def test_the_letters_of_a_line_go_out_though_one_cannot_be_written(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    line(adapter="http", address="https://court.example/x")
    passed_out(district)
    passed_out(district)
    sweep_transfers(at(23, 11))
    first = LinkMessage.objects.order_by("pk")[0]
    real = sending._write

    def planted(message: LinkMessage, *rest: Any) -> bool:
        if message.pk == first.pk:
            raise IntegrityError("planted")
        return real(message, *rest)

    monkeypatch.setattr(sending, "_write", planted)
    monkeypatch.setattr(http.Http, "send", lambda _self, _letter: Outcome(True, "对方已接收"))
    assert send_due(at(23, 11)).sent == 1
