"""Ledgers by class: each figure opens exactly its hazards, nothing is divided by what nobody counted (facts §8 0.41, 1.9)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from accounts.models import AuditEntry
from cases.hazards import keeping, queries
from cases.hazards.queries import Sift
from cases.models import Case, HazardFile, HazardItem, InspectionScope
from cases.services.attachments import store
from governance_portal.lib.errors import Incomplete, NotYou
from tests.cases.cast import DISTRICT, GRID, MONDAY, OTHER_STREET, STREET, District
from tests.cases.pictures import photo
from tests.hazards.conftest import FILE, ITEM

pytestmark = [pytest.mark.django_db, pytest.mark.both]

#: 平鲁, 燃气 (facts §8 row 0.41, figures as printed; 「门店」 of the report is probably 门站).
SCOPES = (
    ("商业用户", "351", "户"),
    ("门站", "4", "座"),
    ("长输管线", "20", "km"),
    ("中压管网", "438.51", "km"),
    ("低压管网", "1242.13", "km"),
    ("入户检查", "14132", "户"),
)


def words(html: bytes) -> str:
    return re.sub(r"\s+", " ", strip_tags(html.decode().replace("<", " <")))


def tiles(html: bytes) -> list[tuple[str, str]]:
    found = re.findall(r'tile__label">([^<]+)</span>\s*<span class="tile__value">(\d+)', html.decode())
    return [(label, count) for label, count in found]


def put_in(district: District, case: Case, hazard_class: str, detail: str = "") -> None:
    """A file beside a case; the ledgers read rows, how they are written is told in test_files."""
    HazardFile.objects.create(
        case=case,
        hazard_class=hazard_class,
        detail=detail,
        unit=district.units["housing"],
        person="郑局长",
        term="2026-12-10",
        plan="先关阀。",
        filed_at=MONDAY,
    )


@pytest.fixture
def gas(district: District) -> list[Case]:
    """46 gas hazards, 5 of pipes and 41 at users, all settled, and verified by somebody else."""
    cases = []
    for number in range(46):
        case = district.register("grid_worker", kind="hazard", channel="grid", reporters=[], anonymous=True)
        put_in(district, case, "gas", "管网" if number < 5 else "居民用户")
        cases.append(case)
    spot = {"category": "H0101", "level": "general", "result": "已整改", "outcome": "fulfilled", "reply": "已整改。"}
    for case in cases:
        district.move(case, "resolve_on_spot", "clerk", **spot)
        district.move(case, "close_verified", "supervisor")
    for what, quantity, measure in SCOPES:
        told = {
            "hazard_class": "gas",
            "what": what,
            "quantity": quantity,
            "measure": measure,
            "period": "2025 年",
            "source": "区委政法委报告",
        }
        keeping.enter_scope(told, actor=district.actor("supervisor"), now=MONDAY)
    return cases


def test_forty_six_gas_hazards_were_found_and_closed_and_no_inspected_quantity_is_a_denominator(
    district: District, gas: list[Case], client_of: Callable[[str], Client]
) -> None:
    actor = district.actor("supervisor")
    sift = Sift(hazard_class="gas")
    assert queries.figures_of(actor, sift, MONDAY) == {"found": 46, "closed": 46, "open": 0, "overdue": 0, "other": 0}
    details = [case.hazard.detail for case in queries.ledger(actor, sift, MONDAY)]
    assert (details.count("管网"), details.count("居民用户")) == (5, 41)
    answer = client_of("supervisor").get("/hazards/?class=gas")
    page = words(answer.content.split(b"<main")[1])
    assert tiles(answer.content) == [("发现", "46"), ("已销号", "46"), ("未销号", "0"), ("超期未改", "0")]
    assert "销号 46/46，100 %（销号数 ÷ 发现数）" in page
    for what, quantity, measure in SCOPES:
        assert f"{what} {quantity} {measure}" in page
    assert re.findall(r"\d+(?:\.\d+)? ?%", page) == ["100 %"]
    assert re.findall(r"\d+/(?:351|4|20|14132)\b", page) == []


def test_sixty_seven_places_have_three_lists_a_plan_and_somebody_who_answers_each(
    district: District, client_of: Callable[[str], Client]
) -> None:
    for number in range(1, 68):
        case = district.register(
            "clerk", kind="hazard", title=f"第 {number} 处易涝点", place={"area": STREET}, reporters=[], anonymous=True
        )
        told = {"hazard_class": "flood", "detail": "", "person": f"责任人{number}", "plan": f"第 {number} 处预案"}
        district.record(case, "hazard", "clerk", **{**FILE, **told})
        district.record(case, "hazard_item", "clerk", **{**ITEM, "problem": f"第 {number} 处排水不畅"})
    sift = Sift(hazard_class="flood")
    actor = district.actor("supervisor")
    assert queries.figures_of(actor, sift, MONDAY)["found"] == 67
    rows = HazardItem.objects.filter(case__in=queries.ledger(actor, sift, MONDAY).values("pk"))
    whole = [row for row in rows.select_related("case__hazard") if row.problem and row.person and row.measure]
    assert (len(whole), len({row.case.hazard.plan for row in whole}), len({row.person for row in whole})) == (
        67,
        67,
        67,
    )
    client = client_of("supervisor")
    listed = words(client.get("/hazards/?class=flood").content)
    assert "共 67 处，第 1–50 处" in listed and "防汛 67" in listed
    case = Case.objects.get(title="第 67 处易涝点")
    page = words(client.get(f"/hazards/{case.number}/").content)
    for wanted in (
        "问题清单",
        "责任清单",
        "整改清单",
        "第 67 处排水不畅",
        "更换灶具并检漏",
        "责任人67",
        "第 67 处预案",
    ):
        assert wanted in page


def test_each_figure_opens_exactly_its_hazards(
    district: District, found: Callable[..., Case], resolve: Callable[..., Case], client_of: Callable[[str], Client]
) -> None:
    late, going, closed, ended, unfiled = found(), found(), found(), found(), found()
    for case, term in ((late, "2026-11-24"), (going, "2026-12-31"), (closed, "2026-11-24"), (ended, "2026-11-24")):
        put_in(district, case, "gas")
        HazardFile.objects.filter(case=case).update(term=term)
    resolve(closed)
    district.move(closed, "close_verified", "supervisor")
    district.move(ended, "withdraw", "clerk", note="重复登记")
    declined = district.register("clerk", kind="hazard", reporters=[], anonymous=True)
    district.move(declined, "decline", "clerk", reason="N7", instead="区消防救援大队")
    now, actor = MONDAY + timedelta(days=3), district.actor("supervisor")
    wanted = {
        "found": {late, going, closed, ended, unfiled},
        "closed": {closed},
        "open": {late, going, unfiled},
        "overdue": {late},
        "other": {ended},
    }
    told = {state: set(queries.ledger(actor, Sift(state=state), now)) for state in wanted}
    assert told == wanted
    assert queries.figures_of(actor, Sift(), now) == {state: len(cases) for state, cases in wanted.items()}
    classes = {code: count for code, _label, count in queries.classes_of(actor, Sift(), now) if count}
    assert classes == {"": 5, "gas": 4, "none": 1}
    assert set(queries.ledger(actor, Sift(area=OTHER_STREET), now)) == set()
    assert set(queries.ledger(actor, Sift(first=now.date()), now)) == set()


def test_a_ledger_is_what_somebody_may_see(
    district: District, found: Callable[..., Case], client_of: Callable[[str], Client]
) -> None:
    case = found()
    put_in(district, case, "gas")
    seen = {
        who: client_of(who).get(f"/hazards/{case.number}/").status_code
        for who in ("clerk", "handler", "handler_other", "auditor")
    }
    assert seen == {"clerk": 200, "handler": 200, "handler_other": 404, "auditor": 403}
    assert case.number not in client_of("handler_other").get("/hazards/").content.decode()
    appeal = district.register()
    assert client_of("clerk").get(f"/hazards/{appeal.number}/").status_code == 404


def test_a_long_ledger_costs_as_much_as_a_short_one(district: District, client_of: Callable[[str], Client]) -> None:
    client = client_of("supervisor")

    def cost(rows: int) -> int:
        while HazardFile.objects.count() < rows:
            case = district.register("clerk", kind="hazard", place={"area": STREET}, reporters=[], anonymous=True)
            put_in(district, case, "fire")
        client.get("/hazards/")
        with CaptureQueriesContext(connection) as told:
            assert client.get("/hazards/").status_code == 200
        return len(told)

    assert cost(1) == cost(30)


def test_the_sheet_is_on_record_and_no_cell_is_a_formula(
    district: District, found: Callable[..., Case], client_of: Callable[[str], Client]
) -> None:
    case = found(title="=1+1 处隐患")
    put_in(district, case, "gas", "商业用户")
    answer = client_of("supervisor").post("/hazards/export/", {"class": "gas"})
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert (answer.status_code, len(lines)) == (200, 2)
    assert lines[1].startswith(f'"{case.number}","燃气","商业用户","\'=1+1 处隐患"')
    assert AuditEntry.objects.filter(action="export_hazards").values_list("detail", flat=True)[0]["rows"] == 1
    paper = client_of("supervisor").get("/hazards/?class=gas&paper=1")
    assert (paper.status_code, AuditEntry.objects.filter(action="print_hazards").count()) == (200, 1)


def test_what_was_inspected_has_a_source_and_is_entered_by_who_keeps_the_ledger(
    district: District, client_of: Callable[[str], Client]
) -> None:
    told = {
        "hazard_class": "gas",
        "what": "商业用户",
        "quantity": "351",
        "measure": "户",
        "period": "2025 年",
        "source": "报告",
    }
    actor = district.actor("supervisor")
    for name, wrong in (
        ("quantity", "很多"),
        ("quantity", "1e9"),
        ("quantity", "3.333"),
        ("source", ""),
        ("what", "长" * 41),
    ):
        with pytest.raises(Incomplete) as refused:
            keeping.enter_scope({**told, name: wrong}, actor=actor, now=MONDAY)
        assert list(refused.value.errors) == [name]
    with pytest.raises(NotYou):
        keeping.enter_scope(told, actor=district.actor("handler"), now=MONDAY)
    keeping.enter_scope(told, actor=actor, now=MONDAY)
    keeping.enter_scope({**told, "quantity": "352"}, actor=actor, now=MONDAY)  # the same period: corrected
    assert [(row.area_code, str(row.quantity)) for row in InspectionScope.objects.all()] == [(DISTRICT, "352.00")]
    client = client_of("supervisor")
    refused_page = client.post("/hazards/scope/", {**told, "quantity": "很多"})
    assert (refused_page.status_code, "请填数字，最多两位小数" in refused_page.content.decode()) == (400, True)
    assert 'value="商业用户"' in refused_page.content.decode()
    assert client_of("handler").get("/hazards/scope/").status_code == 403


def test_nonsense_in_the_address_is_an_empty_answer_and_never_an_error(
    district: District, client_of: Callable[[str], Client]
) -> None:
    client = client_of("supervisor")
    for query in (
        "class=%00",
        "state=x",
        "area=abc",
        "from=9999-99-99&to=0001-01-01",
        "page=99999999999999",
        "area=" + "1" * 400,
    ):
        assert client.get(f"/hazards/?{query}").status_code == 200
    for number in ("nonsense", "1" * 60):
        assert client.get(f"/hazards/{number}/").status_code == 404


def test_where_a_hazard_told_in_confidence_lies_stands_whole_on_no_page_and_in_no_sheet(
    district: District, found: Callable[..., Case], client_of: Callable[[str], Client]
) -> None:
    case = found(confidential=True, place={"grid": GRID, "address": "胜利社区三号楼二单元401"})
    put_in(district, case, "gas")
    client = client_of("supervisor")
    one = f"/hazards/{case.number}/"
    told = [
        client.get(address).content.decode() for address in ("/hazards/", "/hazards/?paper=1", one, f"{one}?paper=1")
    ]
    told.append(client.post("/hazards/export/", {}).content.decode("utf-8-sig"))
    assert [("胜利社区三号****" in page, "二单元401" in page) for page in told] == [(True, False)] * 5


def test_a_picture_of_somebodys_papers_is_none_of_the_place(district: District, found: Callable[..., Case]) -> None:
    case, clerk = found(), district.actor("clerk")
    store(case, photo(), actor=clerk, now=MONDAY, purpose="身份和委托材料")
    place = store(case, photo(), actor=clerk, now=MONDAY, purpose="整改前")
    assert queries.photos_of(case) == {"before": [place], "after": []}
