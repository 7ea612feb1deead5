"""物业: matters per thousand households, of companies and places, with both numbers and their lists."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from cases.boards import property as figures
from governance_portal.lib.errors import Incomplete, NotYou
from grids.households import services
from grids.models import Area, Grid, PropertyService
from tests.boards.conftest import NOW, Enter
from tests.cases.cast import COMMUNITY, GRID, MONDAY, STREET, District, at

pytestmark = pytest.mark.django_db

DAYS = "period=custom&from=2026-11-01&to=2026-11-30"
OTHER, OTHER_GRID = "140603100002", "140603100002001"
FLATS = "胜利社区电梯坏了三天没人修。"


def served(d: District, company: str, area: str, households: int | None, first: date) -> PropertyService:
    """A company begins somewhere."""
    return services.begin(company, "胜利小区", area, households, first, actor=d.actor("centre_lead"), now=NOW)


def matter(d: District, now: datetime = MONDAY, category: str = "A0201", **place: str) -> None:
    """A matter of property management."""
    kind = "dispute" if category == "0402" else "appeal"
    case = d.register(now=now, kind=kind, description=FLATS, place=place or {"grid": GRID})
    d.move(case, "accept", "clerk", now, category=category, level="general")


@pytest.fixture
def estates(district: District) -> District:
    """Two communities, three companies; five matters of property and one of heating."""
    d = district
    street = Area.objects.get(code=STREET)
    Area.objects.filter(code=COMMUNITY).update(households=1000)
    village = Area.objects.create(code=OTHER, name="安东社区", level="community", parent=street)
    Grid.objects.create(code=OTHER_GRID, name="安东社区第一网格", community=village)
    served(d, "恒安物业", GRID, 400, date(2026, 1, 1))
    served(d, "佳邻物业", OTHER, 800, date(2026, 11, 20))
    for _one in range(2):
        matter(d)
    matter(d, category="0402")
    matter(d, category="A0102")
    matter(d, at(10), grid=OTHER_GRID)  # before 佳邻 came
    matter(d, grid=OTHER_GRID)
    return d


@pytest.mark.parametrize(
    ("matters", "households", "rate"),
    [
        (3, 400, "7.5"),
        (1, 3, "333.3"),
        (0, 300, "0.0"),
        (1, 20_000, "0.1"),
        (1, 20_001, "0.0"),
        (2, None, None),
        (2, 0, None),
    ],
)
def test_the_rate_is_per_thousand_households_rounded_half_up(
    matters: int, households: int | None, rate: str | None
) -> None:
    assert figures.per_thousand(matters, households) == (None if rate is None else Decimal(rate))


def rows(page: Any) -> list[tuple[Any, ...]]:
    """What the table of companies shows."""
    names = ("place", "name", "rate", "matters", "households")
    return [tuple(one[name] for name in names) for one in page.context["companies"]]


def test_companies_are_compared_from_a_least_number_of_households_on(estates: District, enter: Enter) -> None:
    served(estates, "无名物业", f"{COMMUNITY}002" if _grid("002") else "", None, date(2026, 1, 1))
    served(estates, "小小物业", f"{COMMUNITY}003" if _grid("003") else "", 20, date(2026, 1, 1))
    page = enter("centre_lead").get(f"/board/property/?{DAYS}")
    assert rows(page) == [
        (1, "佳邻物业", "1.3", "1", "800"),
        (2, "恒安物业", "7.5", "3", "400"),
        (None, "小小物业", "0.0", "0", "20"),
        (None, "无名物业", "—", "0", "—"),
    ]


def _grid(number: str) -> Grid:
    return Grid.objects.create(code=f"{COMMUNITY}{number}", name=f"第{number}网格", community_id=COMMUNITY)


def test_each_ground_of_a_company_opens_its_matters_by_category(estates: District, enter: Enter) -> None:
    leader = enter("centre_lead")
    for name, expected in (("恒安物业", {"A0201": 2, "0402": 1}), ("佳邻物业", {"A0201": 1})):
        row = PropertyService.objects.get(company__name=name)
        page = leader.get(f"/board/property/companies/{row.company_id}/?{DAYS}")
        (ground,) = page.context["grounds"]
        counted = {}
        for part in ground["parts"]:
            query = part["url"].partition("?")[2].replace("tab=all&", "")
            counted[query.partition("category=")[2].partition("&")[0]] = leader.get(
                f"/api/v1/cases/count/?{query}"
            ).json()["count"]
            assert part["number"] == counted[query.partition("category=")[2].partition("&")[0]]
        assert (name, counted) == (name, expected)


def test_places_stand_by_their_codes_with_the_households_they_are_known_to_have(
    estates: District, enter: Enter
) -> None:
    page = enter("centre_lead").get(f"/board/property/?{DAYS}&area={STREET}")
    assert [(one["name"], one["rate"], one["matters"], one["households"]) for one in page.context["places"]] == [
        ("井坪镇合计", "—", "5", "—"),
        ("胜利社区", "3.0", "3", "1,000"),
        ("安东社区", "—", "2", "—"),
    ]


def test_a_ground_is_one_companys_on_a_day(estates: District) -> None:
    with pytest.raises(Incomplete) as refused:
        served(estates, "后来物业", OTHER_GRID, 100, date(2026, 11, 25))
    assert refused.value.errors == {
        "area": [
            "佳邻物业已从 2026-11-20 起服务“胜利小区”（至今），请先结束那一条，或者按网格填写。",
        ]
    }
    lead = estates.actor("centre_lead")
    row = PropertyService.objects.get(company__name="佳邻物业")
    services.end(row.pk, date(2026, 11, 25), actor=lead, now=NOW)
    served(estates, "后来物业", OTHER_GRID, 100, date(2026, 11, 25))
    with pytest.raises(Incomplete) as early:
        services.end(row.pk, date(2026, 11, 1), actor=lead, now=NOW)
    assert early.value.errors == {"on": ["不能早于进驻的那天（2026-11-20）。"]}


def test_what_counts_as_property_is_configured_and_never_twice(estates: District, enter: Enter) -> None:
    lead = enter("centre_lead")
    told = {
        "0402 A9999": "没有代码为 A9999 的类别，代码见“事项类别”。",
        "A02 A0201": "A0201 已经包含在上级类别里，请去掉，免得重复计算。",
    }
    for codes, sentence in told.items():
        wrong = lead.post("/board/property/rule/", {"categories": codes, "least": "300"})
        assert (wrong.status_code, sentence in wrong.content.decode()) == (400, True)
    lead.post("/board/property/rule/", {"categories": "0402", "least": "500"})
    assert rows(lead.get(f"/board/property/?{DAYS}")) == [
        (1, "佳邻物业", "0.0", "0", "800"),
        (None, "恒安物业", "2.5", "1", "400"),
    ]


def test_only_the_centres_lead_keeps_the_rows(estates: District, enter: Enter) -> None:
    with pytest.raises(NotYou):
        services.begin("某物业", "小区", OTHER, 10, date(2027, 1, 1), actor=estates.actor("supervisor"), now=NOW)
    other, row = enter("supervisor"), PropertyService.objects.get(company__name="恒安物业")
    assert [other.get(f"/board/property/{path}/").status_code for path in ("new", "rule")] == [403, 403]
    assert other.post(f"/board/property/services/{row.pk}/end/", {"on": "2026-11-23"}).status_code == 403
    assert "登记物业服务" not in other.get("/board/property/").content.decode()


def test_the_lead_writes_down_and_ends_a_service_on_the_pages(estates: District, enter: Enter) -> None:
    lead = enter("centre_lead")
    grid = _grid("009")
    given = {"company": "新来物业", "estate": "西区", "area": grid.code, "households": "320", "from": "2026-11-23"}
    wrong = lead.post("/board/property/new/", {**given, "area": "140604001001"})
    assert (wrong.status_code, "没有这个社区或网格，请从列表中选择。" in wrong.content.decode()) == (400, True)
    added = lead.post("/board/property/new/", given, follow=True)
    assert "已登记：新来物业服务“西区”，从 2026-11-23 起。" in added.content.decode()
    row = PropertyService.objects.get(company__name="新来物业")
    ended = lead.post(f"/board/property/services/{row.pk}/end/", {"on": "2026-12-01"}, follow=True)
    assert "新来物业从 2026-12-01 起不再服务“西区”。" in ended.content.decode()
