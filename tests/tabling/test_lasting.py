"""平均时长, 中位时长, P90 in tables: by hand, against the rows, never added up, in the board's words everywhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from types import SimpleNamespace

import pytest
from django.http import QueryDict
from openpyxl import load_workbook

from cases.filters import CaseFilter
from cases.models import Case
from cases.statistics.cells import time_words
from cases.statistics.spans import told
from cases.tabling import counting, drawing
from cases.tabling.asking import Asked
from tests.api.conftest import phones
from tests.api.phone import Phone
from tests.cases.cast import OTHER_STREET, STREET, District, at
from tests.tabling.conftest import NOW, ClientOf, settle

__all__ = ["phones"]

pytestmark = pytest.mark.django_db
#: What one street and the other took, in seconds: 10 and 5 matters.
LONG = (600, 1200, 1800, 7200, 14_400, 86_400, 172_800, 259_200, 345_600, 864_000)
SHORT = (60, 120, 180, 240, 30_000)
MAKE = "/board/tables/make/"
QUERY = "rows=street&measure=median_time&measure=mean_time&measure=p90_time&period=ever"
#: As fine as a duration is told, at the places where a unit or a rounding begins.
EDGES = (0, 59, 60, 3599, 3600, 3779, 3780, 86_219, 86_220, 86_399, 86_400, 90_719, 90_720, 259_199, 1_000_000)


@pytest.fixture
def timed(district: District) -> District:
    """Matters of two streets that took these times."""
    for street, times in ((STREET, LONG), (OTHER_STREET, SHORT)):
        for seconds in times:
            settle(district, at(3), at(9), place={"area": street})
            Case.objects.filter(pk=Case.objects.latest("pk").pk).update(handled_seconds=seconds)
    return district


def drawn(d: District, asked: Asked) -> dict[str, object]:
    return drawing.drawn(counting.count(counting.frame_of(asked, d.actor("centre_lead", NOW), NOW)), "/cases/", MAKE)


def test_cells_and_totals_are_those_of_their_own_cases(timed: District) -> None:
    """Of fifteen the eighth is the middle: 2 hours. The cells' own medians are 4 hours and 3 minutes."""
    table = drawn(timed, Asked("street", "", ("median_time", "mean_time", "p90_time"), "ever"))
    lines = [*table["rows"], {"name": table["total_label"], **table["foot"]}]  # type: ignore[misc, dict-item]
    assert [(line["name"], [(cell["words"], cell["counts"]) for cell in line["cells"]]) for line in lines] == [
        ("井坪镇", [("4.0 小时", [10]), ("2.0 天", [10]), ("4.0 天", [10])]),
        ("凤凰城镇", [("3 分钟", [5]), ("1.7 小时", [5]), ("8.3 小时", [5])]),
        ("全部", [("2.0 小时", [15]), ("1.4 天", [15]), ("4.0 天", [15])]),
    ]


def test_too_few_never_lead_a_sorted_table(timed: District) -> None:
    for sort in ("most", "least"):
        table = drawn(timed, Asked("street", "", ("median_time",), "ever", sort=sort))
        assert [row["name"] for row in table["rows"]] == ["井坪镇", "凤凰城镇"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("columns", ["", "closed_day", "kind", "main_category"])
def test_every_cell_is_told_as_its_own_rows_are(timed: District, columns: str) -> None:
    """The list that a cell opens, ranked in Python."""
    for which, rank in (("median_time", 2), ("p90_time", 10)):
        table = drawn(timed, Asked("street", columns, (which,), "ever"))
        actor = timed.actor("centre_lead", NOW)
        for row in (*table["rows"], table["foot"]):  # type: ignore[misc]
            for cell in (*row["cells"], *([row["total"]] if row["total"] else [])):
                if not cell["parts"]:
                    continue
                data = QueryDict(cell["parts"][0]["url"].partition("?")[2])
                request = SimpleNamespace(actor=actor, GET=data)
                found = CaseFilter(data, queryset=Case.objects.visible_to(actor, NOW).order_by(), request=request).qs
                took = sorted(found.values_list("handled_seconds", flat=True))
                place = -(-len(took) // 2) if rank == 2 else -(-len(took) * 9 // 10)
                exact = timedelta(seconds=took[place - 1])
                assert (cell["counts"], cell["words"]) == ([len(took)], time_words(exact))


@pytest.mark.both
def test_a_duration_is_as_fine_as_it_is_told(district: District) -> None:
    settle(district, at(3), at(9))
    case = Case.objects.latest("pk")
    for seconds in EDGES:
        Case.objects.filter(pk=case.pk).update(handled_seconds=seconds)
        found = Case.objects.filter(pk=case.pk).annotate(took=told()).values_list("took", flat=True).get()
        assert time_words(timedelta(seconds=found)) == time_words(timedelta(seconds=seconds)), seconds


def test_page_file_and_api_say_the_same(timed: District, client_of: ClientOf, phones: Callable[[str], Phone]) -> None:
    page = client_of("centre_lead").get(f"{MAKE}?{QUERY}").content.decode()
    assert all(
        words in page for words in ("4.0 小时", "15 件", "时长的合计按全部事项重新平均、重新排", 'data-chart="bars"')
    )
    answer = client_of("centre_lead").post("/board/tables/export/", {"query": QUERY, "format": "xlsx"})
    sheet = load_workbook(BytesIO(answer.content)).active  # type: ignore[attr-defined]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(max_row=4)]
    assert rows[0][:4] == ["街道", "办理时长中位数", "办理时长中位数（天）", "办理时长中位数件数"]
    assert [row[:4] for row in rows[1:]] == [
        ["井坪镇", "4.0 小时", 0.17, 10],
        ["凤凰城镇", "3 分钟", 0, 5],
        ["全部", "2.0 小时", 0.08, 15],
    ]
    told = phones("centre_lead").get(f"stats/table/?{QUERY}").json()
    cell = told["rows"][0]["cells"][0]
    assert (cell["value"], cell["numerator"], cell["denominator"]) == (14_400, None, 10)
    assert phones("centre_lead").get(f"cases/count/?{cell['query']}").json()["count"] == 10
    assert told["totals"]["cells"][0]["value"] == 7_200
