"""Every cell counts exactly the cases its list holds; totals are counted, whatever the rows and columns."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.filters import CaseFilter
from cases.models import Case
from cases.tabling import counting, drawing
from cases.tabling.asking import Asked
from cases.tabling.dimensions import DIMENSIONS, MOMENTS
from cases.tabling.measures import MEASURES
from cases.tabling.steps import PERIODS, first_of
from governance_portal.lib.errors import NotYou, NotYours
from governance_portal.lib.working_days import SHANGHAI
from tests.cases.cast import COMMUNITY, DISTRICT, GRID, STREET, District
from tests.statistics.recount import figures_of
from tests.tabling.conftest import NOW, a_full_district

pytestmark = pytest.mark.django_db

AREAS = ("", DISTRICT, STREET, COMMUNITY, GRID)
#: Figures that a second reading in plain Python knows (tests/statistics/recount.py).
RECOUNTED = [
    "registered",
    "accepted",
    "closed",
    "ended",
    "open",
    "overdue",
    "due_soon",
    "disputes",
    "resolved",
    "rated",
    "satisfied",
    "due_closed",
    "on_time",
    "accepted_in",
    "closed_in",
    "today_registered",
    "asked_solved",
    "solved",
    "called",
    "contact_due",
]


def key_of(case: Case, name: str) -> str:
    """The value of a dimension, read off one case in plain Python."""
    if name in ("street", "community"):
        return case.area_code[: 9 if name == "street" else 12]
    if name == "grid":
        return case.grid_code or "none"
    if name == "unit":
        return case.lead_unit.code if case.lead_unit else "none"
    if name in ("category", "main_category"):
        if case.category is None:
            return "none"
        parent = case.category.parent if name == "main_category" else None
        return parent.code if parent else case.category.code
    if name == "stage":
        return case.stage
    moment, _sign, step = name.partition("_")
    if moment in MOMENTS and step:
        value = getattr(case, MOMENTS[moment][0])
        return str(first_of(value.astimezone(SHANGHAI).date(), step)) if value else "none"
    return str(getattr(case, name)) or "none"


def seen(query: str, d: District, who: str) -> int:
    """How many the list of an address holds, for somebody."""
    actor, data = d.actor(who, NOW), QueryDict(query)
    request = SimpleNamespace(actor=actor, GET=data)
    found = CaseFilter(data, queryset=Case.objects.visible_to(actor, NOW).order_by(), request=request)
    assert found.is_valid(), (query, found.form.errors)
    return int(found.qs.count())


def query_of(url: str) -> str:
    return url.partition("?")[2]


def cells_of(table: dict[str, object]) -> list[dict[str, object]]:
    rows = [*table["rows"], table["foot"]]  # type: ignore[misc]
    found = [cell for row in rows for cell in (*row["cells"], row["total"]) if cell]
    return [cell for cell in found if cell["counts"]]


dimensions = st.sampled_from(sorted(DIMENSIONS))
asked_tables = st.builds(
    Asked,
    rows=dimensions,
    columns=st.one_of(st.just(""), dimensions),
    measures=st.sampled_from(sorted(MEASURES)).map(lambda name: (name,)),
    period=st.sampled_from([name for name in PERIODS if name != "custom"]),
    area=st.sampled_from(AREAS),
    filters=st.one_of(
        st.just({}),
        st.sampled_from(
            [
                {"kind": ("appeal",)},
                {"channel": ("window", "hotline")},
                {"level": ("none", "major")},
                {"category": ("A01",)},
                {"category": ("A0102",)},
                {"category": ("none",)},
                {"unit": ("housing",)},
                {"unit": ("none",)},
            ]
        ),
    ),
    zeros=st.booleans(),
    sort=st.sampled_from(["", "most", "least"]),
).filter(lambda asked: asked.rows != asked.columns)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=asked_tables)
def test_every_cell_and_total_is_as_many_as_its_list(full: District, asked: Asked) -> None:
    actor = full.actor("centre_lead", NOW)
    frame = counting.frame_of(asked, actor, NOW)
    counted = counting.count(frame)
    table = drawn(counted)
    wrong = []
    cells = [cell for cell in cells_of(table) if any(cell["counts"])]
    for cell in [*cells[:6], *cells[-6:]]:  # totals stand last
        urls = [cell["url"]] if not cell["parts"] else [part["url"] for part in cell["parts"]]  # type: ignore[attr-defined]
        if asked.measures == ("visitors",):
            continue  # people, and the list is of matters
        for number, url in zip(cell["counts"], urls, strict=False):  # type: ignore[call-overload]
            if number and seen(query_of(url), full, "centre_lead") != number:
                wrong.append((number, url))
    assert wrong == []


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=asked_tables, name=st.sampled_from(RECOUNTED))
def test_cells_and_totals_are_a_recount_in_plain_python(full: District, asked: Asked, name: str) -> None:
    asked = Asked(**{**asked.__dict__, "measures": (name,)})
    frame = counting.frame_of(asked, full.actor("centre_lead", NOW), NOW)
    counted = counting.count(frame)
    cells: Counter[tuple[str, str]] = Counter()
    for case in frame.cases.select_related("category__parent", "lead_unit"):
        if name in figures_of(case, frame.window, NOW):
            cells[key_of(case, asked.rows), key_of(case, asked.columns) if asked.columns else ""] += 1
    rows, columns = Counter[str](), Counter[str]()
    for (row, column), number in cells.items():
        rows[row] += number
        columns[column] += number
    assert {place: counts[name] for place, counts in counted.cells.items() if counts[name]} == dict(cells)
    assert {key: counts[name] for key, counts in counted.row_totals.items() if counts[name]} == dict(rows)
    assert {key: counts[name] for key, counts in counted.column_totals.items() if counts[name]} == dict(columns)
    assert counted.whole[name] == cells.total()
    if not asked.zeros:
        assert {value.key for value in counted.rows} == set(rows)


def drawn(counted: counting.Counted) -> dict[str, object]:
    return drawing.drawn(counted, "/cases/", "/board/tables/make/")


@pytest.fixture
def full(district: District) -> District:
    """The district with its matters."""
    a_full_district(district)
    return district


def test_a_grid_worker_has_no_table_and_a_street_sees_its_own(full: District) -> None:
    for name in ("handler", "grid_worker", "auditor"):
        with pytest.raises(NotYou):
            counting.frame_of(Asked(), full.actor(name, NOW), NOW)
    full.person("street_lead", "镇长", "leader", "street", STREET, lead=True)
    actor = full.actor("street_lead", NOW)
    with pytest.raises(NotYours):
        counting.frame_of(Asked(area=DISTRICT), actor, NOW)
    counted = counting.count(counting.frame_of(Asked("street", period="ever"), actor, NOW))
    assert [(value.name, counted.row_totals[value.key]["registered"]) for value in counted.rows] == [("井坪镇", 7)]


def test_a_month_within_its_quarter_opens_the_month(full: District) -> None:
    asked = Asked("registered_month", "registered_quarter", period="ever")
    counted = counting.count(counting.frame_of(asked, full.actor("centre_lead", NOW), NOW))
    cells = [cell for row in drawn(counted)["rows"] for cell in row["cells"] if cell["number"]]  # type: ignore[attr-defined]
    assert [(cell["number"], seen(query_of(cell["url"]), full, "centre_lead")) for cell in cells] == [
        (1, 1),
        (1, 1),
        (1, 1),
        (6, 6),
    ]
