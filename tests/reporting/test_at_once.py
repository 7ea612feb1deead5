"""The same report sent sixteen times at once, two clerks at one row, a flood of writers: on SQLite's file and on PostgreSQL."""

from collections.abc import Iterator

import pytest
from django.db.models import Sum

from accounts.models import RateWindow
from cases.models import Case, HeldReport
from cases.reporting import holding, judging, weather
from cases.reporting.proof import challenge, solve
from cases.reporting.receiving import Received, receive
from tests.accounts.conftest import emptied_log  # noqa: F401  (a fixture)
from tests.cases.cast import MONDAY, District
from tests.cases.test_together import at_once, cast  # noqa: F401  (a fixture)
from tests.reporting.conftest import BODY

pytestmark = [
    pytest.mark.services,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("emptied_log"),
]
ADDRESS = "198.51.100.7"


@pytest.fixture(autouse=True)
def _nobody_has_called(transactional_db: None) -> Iterator[None]:
    """An alarm, and nothing left of it for the next test."""
    RateWindow.objects.all().delete()
    for _ in range(weather.USUAL + 1):
        weather.counted("192.0.2.1", MONDAY)
    yield
    RateWindow.objects.all().delete()


def send(key: str, proof: str = "", address: str = ADDRESS, text: str = BODY["description"]) -> Received:  # type: ignore[assignment]
    body = {**BODY, "description": text}
    return receive(body, client_id=key, address=address, proof=proof, now=MONDAY)


def test_one_report_sent_sixteen_times_at_once_is_held_once(cast: District) -> None:  # noqa: F811
    answers = at_once(lambda _place: send("one"))
    assert {answer.number for answer in answers} == {HeldReport.objects.get().number}


def test_one_proven_report_sent_sixteen_times_at_once_is_one_case(cast: District) -> None:  # noqa: F811
    line = challenge("one", 12, MONDAY)
    proof = solve(line, 12)
    answers = at_once(lambda _place: send("one", proof))
    assert {answer.number for answer in answers} == {Case.objects.get().number}
    assert HeldReport.objects.count() == 0


def test_sixteen_clerks_at_one_row_make_one_case(cast: District) -> None:  # noqa: F811
    send("one")
    row, clerk = HeldReport.objects.get(), cast.actor("clerk")
    told = at_once(lambda _place: judging.release(clerk, [row.pk], MONDAY).done)
    row.refresh_from_db()
    assert (sorted(told), Case.objects.get().number, row.state) == ([0] * 15 + [1], row.number, "released")


def test_release_and_discard_at_once_leave_one_of_them(cast: District) -> None:  # noqa: F811
    send("one")
    row, clerk = HeldReport.objects.get(), cast.actor("clerk")

    def press(place: int) -> int:
        if place % 2:
            return judging.release(clerk, [row.pk], MONDAY).done
        return judging.discard(clerk, [row.pk], "machine", MONDAY).done

    assert sum(at_once(press)) == 1
    row.refresh_from_db()
    assert (row.state == "released") == Case.objects.exists()


def test_folded_rows_are_counted_also_when_they_come_together(
    cast: District,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(holding, "EACH", 1)
    send("first")
    at_once(lambda place: send(f"more-{place}"))
    heads = HeldReport.objects.filter(folded_into__isnull=True)
    assert (heads.aggregate(all=Sum("count"))["all"], HeldReport.objects.count()) == (17, 17)


def test_clerks_at_a_row_and_at_those_folded_into_it_stand_in_nobody_s_way(
    cast: District,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(holding, "EACH", 1)
    for number in range(16):
        send(f"one-{number}")
    keys, clerk = list(HeldReport.objects.order_by("pk").values_list("pk", flat=True)), cast.actor("clerk")
    told = at_once(lambda place: judging.discard(clerk, [keys[place], keys[-place]], "machine", MONDAY))
    assert [crash for crash in told if isinstance(crash, Exception)] == []
    assert (sum(one.done for one in told), HeldReport.objects.filter(state="waiting").count()) == (16, 0)
