"""How many a list has: exact from the counts that are kept where they say it, counted up to a thousand elsewhere."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import Case, SavedView
from cases.worklist import listing, paging, saved
from cases.worklist.listing import Listing, Total, total_of
from tests.cases.cast import COMMUNITY, GRID, MONDAY, OTHER_STREET, STREET, District, at
from tests.statistics.test_counting import settled

ClientOf = Callable[[str], Client]
KEPT = (
    "",
    f"area={STREET}",
    f"area={COMMUNITY}",
    "from=2026-11-01&to=2026-11-30",
    "to=2026-11-22",
    "from=2026-12-01",
    "figure=closed",
    "figure=open&from=2026-11-23&to=2026-11-23",
    f"figure=overdue&area={STREET}",
    "figure=on_time&from=2026-11-01&to=2026-12-31",
    "figure=satisfied",
    "channel=window",
    "channel=window&channel=hotline",
    "level=none",
    "level=none&level=general",
    "kind=dispute&figure=closed",
    "category=A01",
    "category=A0102&figure=accepted",
    "category=none",
    "from=1985-01-01&to=2500-01-01",
)
ROWS = (
    "status=registered",
    f"grid={GRID}",
    f"area={GRID}",
    "channel=window&level=none",
    "unit=housing",
    "figure=today_registered",
    "figure=closed_in&from=2026-11-01",
    "category=A0102&channel=window",
    f"area={COMMUNITY}&level=none",
    "q=暖气",
)


@pytest.fixture
def town(district: District) -> District:
    """Nine matters of several fates in two streets, one of them about the centre's own people."""
    d = district
    d.register(place={"area": OTHER_STREET, "address": "路口"})
    d.register(place={"grid": GRID})
    d.move(d.register(now=at(24, 23, 59)), "accept", "clerk", at(25, 0, 1), category="A0102", level="general")
    settled(d, d.register())
    settled(d, d.register(kind="dispute", description="邻居两家因滴水檐争执。"), outcome="agreed")
    withdrawn = d.register(channel="hotline")
    d.move(withdrawn, "accept", "clerk", category="A0102", level="major")
    d.move(withdrawn, "withdraw", "clerk", note="不办了")
    d.move(d.register(), "accept", "clerk", category="A0103", level="general")
    d.register(complained_unit="centre", complaint_nature="conduct", description="窗口人员态度不好。")
    return d


def asked(town: District, who: str, query: str) -> Listing:
    return Listing(QueryDict(f"tab=all&{query}"), town.actor(who), MONDAY + timedelta(days=3))


@pytest.mark.both
@pytest.mark.parametrize("query", KEPT)
def test_a_kept_total_is_that_of_the_rows(town: District, query: str) -> None:
    shown = asked(town, "dispatcher", query)
    assert shown.kept_count() == shown.cases.count()


@pytest.mark.parametrize("query", ROWS)
def test_what_no_count_is_kept_by_is_counted(town: District, query: str) -> None:
    shown = asked(town, "dispatcher", query)
    assert shown.kept_count() is None
    assert total_of(shown) == Total(shown.cases.count())


@pytest.mark.parametrize("who", ["handler", "housing_lead", "centre_lead"])
def test_who_sees_more_or_less_than_one_whole_area_has_the_rows_counted(town: District, who: str) -> None:
    shown = asked(town, who, "")
    assert shown.kept_count() is None
    assert total_of(shown) == Total(shown.cases.count())


def test_a_total_from_the_counts_costs_one_statement_whatever_the_list_holds(town: District) -> None:
    shown = asked(town, "dispatcher", "from=2026-11-01")
    shown.kept_count()
    again = asked(town, "dispatcher", "from=2026-11-01")
    with CaptureQueriesContext(connection) as sent:
        assert total_of(again).number == shown.cases.count()
    assert len([one for one in sent.captured_queries if "tallycount" in one["sql"]]) == 1


def test_beyond_a_thousand_a_total_says_so_but_a_kept_one_is_exact(
    town: District, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "COUNTED_UP_TO", 1)
    actor = town.actor("dispatcher")
    monkeypatch.setattr(saved, "PAGE_SIZES", (1,))
    saved.prefer(actor, [], "compact", 1)
    client = client_of("dispatcher")
    everything = Case.objects.visible_to(actor, MONDAY).count()
    assert client.get("/cases/?tab=all").context["total_words"] == f"共 {everything} 件"
    assert client.get("/cases/?tab=all&status=registered").context["total_words"] == "超过 1 件"
    SavedView.objects.create(owner_id=actor.user_id, name="窗口", query="status=registered", pinned=True)
    page = client.get("/cases/?tab=all")
    assert [(tab["count"], tab["more"]) for tab in page.context["tabs"] if tab.get("own")] == [(1, True)]
    assert ">1+<" in page.content.decode()


@pytest.mark.parametrize(
    "query", ["", "status=registered&status=accepted", "channel=window", "stage=intake", "level=none"]
)
def test_a_list_is_read_in_its_order_and_never_sorted_to_find_rows_twice(town: District, query: str) -> None:
    shown = asked(town, "dispatcher", query)
    assert shown.errors == []
    assert "DISTINCT" not in str(paging.beyond(shown.cases, "newest", "")[:31].query)
