"""Orders that we fetch: kept with the cursor before the other side hears of it, rejects kept for people here."""

from datetime import datetime
from typing import Any

import pytest
from django.db import OperationalError

from cases.models import Case
from hotlines import tasks
from hotlines.choices import AdapterKind
from hotlines.links.reading import read
from hotlines.links.words import Away, Fetched, Item, Letter, Outcome
from hotlines.models import Line, OrderBatch
from hotlines.orders import pulling, queries, taking
from hotlines.orders.trouble import BROKEN
from tests.cases.cast import MONDAY, District
from tests.orders.conftest import make_line
from tests.orders.test_push import order


class FarSide:
    """What lies ready, in pages; what was settled, and with which refusal."""

    def __init__(self, line: Line, pages: list[list[dict[str, Any]]]) -> None:
        self.line, self.pages = line, pages
        self.settled: dict[str, str] = {}
        self.away_at_settling = False

    def fetch(self, since: str, now: datetime) -> Fetched:
        at = int(since or 0)
        if at >= len(self.pages):
            return Fetched((), since)
        items = tuple(Item(row["id"], read(self.line, row)) for row in self.pages[at])
        return Fetched(items, str(at + 1), at + 1 < len(self.pages))

    def settle(self, item: Item, refusal: str = "") -> None:
        if self.away_at_settling:
            raise Away("对方没有应答")
        self.settled[item.handle] = refusal

    def send(self, letter: Letter) -> Outcome:
        return Outcome(True, "")


def document(number: int, **other: Any) -> dict[str, Any]:
    return {"type": "transfer", "id": f"i{number}", **order(number, **other)}


@pytest.fixture
def far(line: Line, monkeypatch: pytest.MonkeyPatch) -> FarSide:
    line.adapter = AdapterKind.HTTP
    line.save()
    said = {"type": "supplement", "id": "w1", "about": "PL20261120000009", "at": "2026-11-20T09:00:00+08:00"}
    side = FarSide(line, [[document(1), document(2, phone="12")], [document(3), said]])
    monkeypatch.setattr(pulling, "adapter_of", lambda _line: side)
    return side


def test_what_lies_ready_becomes_a_batch_and_is_settled_once(far: FarSide, district: District) -> None:
    came = (pulling.fetch_all(MONDAY), pulling.fetch_all(MONDAY))
    for batch_id in taking.waiting(MONDAY):
        taking.take(batch_id, MONDAY)

    assert came == (3, 0)
    assert Line.objects.get().cursor == "2"
    assert (Case.objects.count(), [sorted(row.errors) for row in queries.rejects()]) == (2, [["phone"]])
    assert {name: bool(why) for name, why in far.settled.items()} == {"i1": False, "i2": False, "i3": False, "w1": True}
    assert [(batch.source, batch.total) for batch in OrderBatch.objects.order_by("pk")] == [("pull", 2), ("pull", 1)]


def test_a_far_side_that_goes_away_is_written_down_and_nothing_is_lost_or_doubled(
    far: FarSide, district: District
) -> None:
    far.away_at_settling = True
    assert pulling.fetch_all(MONDAY) == 2
    assert Line.objects.get().trouble == "对方没有应答"
    far.away_at_settling = False
    Line.objects.update(cursor="")  # the other side offers again what nobody settled
    assert pulling.fetch_all(MONDAY) == 3
    for batch_id in taking.waiting(MONDAY):
        taking.take(batch_id, MONDAY)

    assert (Case.objects.count(), sum(batch.known for batch in OrderBatch.objects.all())) == (2, 1)


def test_an_item_that_breaks_us_is_refused_and_holds_nothing_up(
    far: FarSide, district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_args: object) -> bool:
        raise RecursionError("planted")

    monkeypatch.setattr(pulling, "hear", breaks)
    far.pages[1][0]["content"] = "暖气\ud83d不热\x00，请尽快。"

    assert pulling.fetch_all(MONDAY) == 3
    assert (far.settled["w1"], far.settled["i3"], Line.objects.get().trouble) == (BROKEN, "", "")
    assert taking.take_all(MONDAY) == 2
    assert Case.objects.get(links__foreign_number="PL20261120000003").description.startswith("暖气\ufffd不热\ufffd")


def test_a_word_is_heard_before_the_cursor_goes_on(
    far: FarSide, district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = pulling.hear

    def away(*_args: object) -> bool:
        raise OperationalError("planted")

    monkeypatch.setattr(pulling, "hear", away)
    assert (pulling.fetch_all(MONDAY), Line.objects.get().cursor) == (2, "1")
    assert Line.objects.get().trouble == pulling.STOPPED
    monkeypatch.setattr(pulling, "hear", whole)
    assert (pulling.fetch_all(MONDAY), Line.objects.get().cursor) == (1, "2")


def test_one_line_that_breaks_stops_no_other_and_no_batch(
    far: FarSide, district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = make_line("a-first", AdapterKind.HTTP)

    def adapter_of(line: Line) -> FarSide:
        if line.pk == broken.pk:
            raise ValueError("planted")
        return far

    monkeypatch.setattr(pulling, "adapter_of", adapter_of)
    whole, stuck = taking.take, []

    def take(batch_id: int, now: datetime) -> bool:
        stuck.append(batch_id)
        if len(stuck) == 1:
            raise OperationalError("planted")
        return whole(batch_id, now)

    monkeypatch.setattr(taking, "take", take)
    tasks.tend_orders()

    assert Line.objects.get(code="a-first").trouble == pulling.STOPPED
    assert [batch.state for batch in OrderBatch.objects.order_by("pk")] == ["waiting", "done"]
