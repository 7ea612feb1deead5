"""The figures that newspapers printed (facts §5, §9), loaded as cases through the door and read off the board in a browser.

The two large ones take minutes and run with LONG=1.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from django.db import transaction
from playwright.sync_api import Page
from pytest_django import DjangoDbBlocker

from accounts.queries import service_actor
from cases import services
from cases.models import Category
from governance_portal.lib.working_days import SHANGHAI
from tests.bulletins.figures import ACCEPTED, SETTLED
from tests.cases.cast import COMMUNITY, District
from tests.pages.conftest import Town, migrated, town

__all__ = ["migrated", "town"]

pytestmark = [
    pytest.mark.browser,
    # pytest-playwright 0.10's own fixture, not ours
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"),
]

NOW = datetime(2026, 11, 23, 10, 30, tzinfo=SHANGHAI)  # a Monday
PLACE = {"area": COMMUNITY, "address": "胜利社区"}
MANY = 200


@pytest.fixture(autouse=True)
def _at_that_moment() -> Iterator[None]:
    """「今日」 and 「即将超时」 are those of one Monday morning, whenever the tests run."""
    with patch("django.utils.timezone.now", lambda: NOW):
        yield


@pytest.fixture
def _no_limits_left() -> None:
    """The town has a database of its own."""


def finished(kind: str, category: str, days: Iterable[datetime], outcome: str, prefix: str) -> None:
    """Matters that another system has finished: registered and closed by `import_result`, as the import does it."""
    integration = service_actor("integration")
    told = {
        "kind": kind,
        "channel": "hotline",
        "description": "外来办结的事项。",
        "place": PLACE,
        "foreign_source": "12345",
    }
    moments = list(days)
    for first in range(0, len(moments), MANY):
        with transaction.atomic():
            for number, day in enumerate(moments[first : first + MANY], first):
                foreign = f"{prefix}{number}"
                given = {**told, "category": category, "foreign_number": foreign}
                case = services.register(integration, given, now=day, quiet=True).case
                result = {"source": "12345", "foreign_number": foreign, "on_time": True, "outcome": outcome}
                services.move(case, "import_result", actor=integration, now=day, given=result, quiet=True)


def opened(d: District, moment: datetime, times: int, level: str = "general") -> None:
    """Matters of the window, registered and accepted at once, on which somebody is at work."""
    for _ in range(times):
        reason = {"level_reason": "单户反映，需立即处置。"} if level == "urgent" else {}
        d.move(d.register(now=moment), "accept", "clerk", moment, category="A0101", level=level, **reason)


def over_days(first: date, last: date, times: int) -> list[datetime]:
    """So many mornings, spread over the days."""
    length = (last - first).days + 1
    return [
        datetime(first.year, first.month, first.day, 9, tzinfo=SHANGHAI) + timedelta(days=n % length)
        for n in range(times)
    ]


def strip(page: Page, number: int) -> dict[str, str]:
    """The tiles of one strip: 0 how things stand now, 1 what was registered in the period, with the rates."""
    found = {}
    for tile in page.locator(".board-strip").nth(number).locator(".tile").all():
        label = tile.locator(".tile__label").inner_text().strip()
        found[label] = re.sub(r"\s+", " ", tile.locator(".tile__value").inner_text()).replace(" ", "")
    return found


def board(town: Town, first: str, last: str, part: str = "now") -> Page:
    """The board of these days, as the centre's lead sees it."""
    page = town.enter("centre_lead")
    page.goto(f"/board/?period=custom&from={first}&to={last}&part={part}")
    return page


def test_anyuan_559_are_538_and_21_with_12_of_today_and_2_that_run_out(town: Town) -> None:
    finished("appeal", "A0101", over_days(date(2026, 1, 5), date(2026, 11, 20), 538), "fulfilled", "AY")
    opened(town.district, NOW - timedelta(hours=22), 2, "urgent")
    opened(town.district, NOW - timedelta(days=4), 7)
    opened(town.district, NOW - timedelta(hours=1), 12)
    page = board(town, "2026-01-01", "2026-11-23")
    now, period = strip(page, 0), strip(page, 1)
    assert (now["在办"], now["今日受理"], now["即将超时"], now["超时"]) == ("21件", "12件", "2件", "0件")
    assert (period["受理"], period["办结"], period["终结"], period["在办"]) == ("559件", "538件", "0件", "21件")
    assert period["办结率"] == "96.2%"
    assert town.troubles == []


@pytest.fixture
def empty_town(
    migrated: Path, tmp_path: Path, django_db_blocker: DjangoDbBlocker, request: pytest.FixtureRequest
) -> Iterator[Town]:
    """Another town with nothing in it."""
    whole = request.getfixturevalue("browser"), request.getfixturevalue("browser_context_args")
    from tests.pages.conftest import town as made

    yield from made.__wrapped__(migrated, _Folders(tmp_path), django_db_blocker, *whole)


class _Folders:
    """What `town` asks of pytest's factory."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def mktemp(self, name: str) -> Path:
        """A folder."""
        folder = self.place / name
        folder.mkdir()
        return folder


def test_huangshi_869_by_fifteen_types_842_settled_and_both_comparisons(empty_town: Town, long_run: bool) -> None:
    if not long_run:
        pytest.skip("2,737 matters through the door take minutes (LONG=1)")
    types = sorted(Category.objects.filter(tree="dispute", parent__isnull=True).values_list("code", flat=True))[:15]
    october = (date(2026, 10, 1), date(2026, 10, 31))
    for code, all_of_it, settled in zip(types, ACCEPTED, SETTLED, strict=True):
        finished("dispute", code, over_days(*october, settled), "agreed", f"HS{code}A")
        finished("dispute", code, over_days(*october, all_of_it - settled), "guided", f"HS{code}B")
    finished("dispute", types[0], over_days(date(2026, 9, 2), date(2026, 9, 29), 840), "agreed", "HSM")
    finished("dispute", types[0], over_days(date(2025, 10, 1), date(2025, 10, 31), 1028), "agreed", "HSY")
    page = board(empty_town, "2026-10-01", "2026-10-31", "all")
    period = strip(page, 1)
    assert (period["受理"], period["化解率"]) == ("869件", "96.9%")
    said = page.locator(".board-strip").nth(1).inner_text()
    assert "+3.5 %" in said
    assert "−15.5 %" in said
    rows = page.locator("table", has=page.get_by_text("类别", exact=True)).first.locator("tbody tr").all()
    counted = sorted(int(row.locator("td").first.inner_text().replace(",", "")) for row in rows)
    assert counted == sorted(ACCEPTED)


def test_pinglu_18407_with_18260_closed_and_147_open(empty_town: Town, long_run: bool) -> None:
    if not long_run:
        pytest.skip("18,407 matters through the door take minutes (LONG=1)")
    finished("appeal", "A0101", over_days(date(2025, 1, 1), date(2026, 10, 31), 18260), "fulfilled", "PL")
    opened(empty_town.district, NOW - timedelta(days=3), 147)
    period = strip(board(empty_town, "2025-01-01", "2026-11-23"), 1)
    assert (period["受理"], period["办结"], period["在办"]) == ("18,407件", "18,260件", "147件")
    assert period["办结率"] == "99.2%"


def test_changzhi_8696_disputes_with_8037_settled(empty_town: Town, long_run: bool) -> None:
    if not long_run:
        pytest.skip("8,696 matters through the door take minutes (LONG=1)")
    days = over_days(date(2026, 1, 1), date(2026, 10, 31), 8696)
    finished("dispute", "0101", days[:8037], "fulfilled", "CZ")
    finished("dispute", "0101", days[8037:], "guided", "CG")
    period = strip(board(empty_town, "2026-01-01", "2026-10-31"), 1)
    assert (period["受理"], period["化解率"]) == ("8,696件", "92.4%")
