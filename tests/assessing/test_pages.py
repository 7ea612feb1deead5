"""The pages of 网格考核: who opens what, the table and its sheet, CSV, paper, one's own grids, the API; bad input; statements."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import datetime
from io import StringIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AuditEntry
from cases.assessing import services
from cases.assessing.counting import count
from cases.assessing.quarters import Quarter
from cases.models import Appeal, AssessmentPlan, AssessmentRound, GridAssessment, GridGrade
from grids.models import Grid
from tests.api.phone import Phone
from tests.assessing.conftest import AFTER, LATER, VILLAGE_GRID
from tests.cases.cast import COMMUNITY, GRID, District

ClientOf = Callable[[str], Client]
Computed = Callable[..., AssessmentRound]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Set the pages' time."""
    return lambda now: monkeypatch.setattr(timezone, "now", lambda: now)


@pytest.fixture
def after(clock: Callable[[datetime], None]) -> None:
    """20 January 2027."""
    clock(AFTER)


@pytest.fixture(autouse=True)
def _stays_logged_in(settings: Any) -> None:
    """A test's session does not end because the test looks from a later day."""
    settings.SESSION_COOKIE_AGE = 10**9


def test_each_reads_what_concerns_them_and_nothing_else(
    quarter: District, shown: AssessmentRound, computed: Computed, client_of: ClientOf, after: None
) -> None:
    """A draft is the centre's; a worker's grid is nobody else's; administrators and other offices see nothing."""
    draft = computed("village")
    pages = {
        "list": "/assessments/",
        "round": f"/assessments/{shown.pk}/",
        "draft": f"/assessments/{draft.pk}/",
        "grid": f"/assessments/{shown.pk}/grids/{GRID}/",
        "village": f"/assessments/{draft.pk}/grids/{VILLAGE_GRID}/",
        "mine": "/assessments/mine/",
        "csv": f"/assessments/{shown.pk}/sheet.csv",
    }
    seen = {
        who: tuple(client_of(who).get(page).status_code for page in pages.values())
        for who in (
            *("supervisor", "centre_lead", "leader", "street_lead", "community_lead"),
            *("grid_worker", "villager", "handler", "auditor"),
        )
    }
    assert seen == {
        "supervisor": (200, 200, 200, 200, 200, 403, 200),
        "centre_lead": (200, 200, 200, 200, 200, 403, 200),
        "leader": (200, 200, 404, 404, 404, 403, 200),
        "street_lead": (200, 200, 404, 200, 404, 403, 200),
        "community_lead": (200, 200, 404, 200, 404, 403, 200),
        "grid_worker": (403, 404, 404, 200, 404, 200, 404),
        "villager": (403, 404, 404, 404, 404, 200, 404),
        "handler": (403, 404, 404, 404, 404, 403, 404),
        "auditor": (403,) * 7,
    }
    leader = client_of("leader").get(pages["round"]).content.decode()
    assert "全类合计" in leader and "胜利社区第一网格" not in leader


def test_the_round_lists_grids_by_code_with_the_formula_and_no_way_to_sort(
    shown: AssessmentRound, client_of: ClientOf, after: None
) -> None:
    page = client_of("supervisor").get(f"/assessments/{shown.pk}/?sort=-total&o=2")
    told = page.content.decode()
    assert "按网格编码排列，不排名次" in told and "sort=" not in told.replace("?sort=-total", "")
    assert "66.7 %" in told and "4/6" in told and "样本不足" in told
    assert "在线时长和登录次数" in told and "国办函〔2026〕12号" in told
    assert [row["one"].grid_code for row in page.context["rows"]] == [GRID]


def test_a_grids_sheet_names_the_cases_but_how_single_residents_answered_only_to_the_centre(
    quarter: District, shown: AssessmentRound, client_of: ClientOf, after: None
) -> None:
    address = f"/assessments/{shown.pk}/grids/{GRID}/"
    worker, centre = client_of("grid_worker").get(address), client_of("supervisor").get(address)
    assert "按期办结 4 ÷ 应办结 6 = 66.7%" in worker.content.decode()
    told = {
        row["looked"].code: (len(row["bad"]), len(row["good"]), len(row["cases"])) for row in worker.context["figures"]
    }
    assert told == {"on_time": (2, 4, 0), "at_once": (2, 3, 0), "satisfied": (0, 0, 5), "spot": (0, 0, 2)}
    told = {row["looked"].code: (len(row["bad"]), len(row["good"])) for row in centre.context["figures"]}
    assert told == {"on_time": (2, 4), "at_once": (2, 3), "satisfied": (1, 4), "spot": (1, 1)}
    paper = client_of("grid_worker").get(f"{address}?paper=1")
    assert (paper.status_code, "网格工作考核表" in paper.content.decode()) == (200, True)
    assert AuditEntry.objects.filter(action="print_assessment").count() == 1


def test_an_appeal_goes_its_course_by_the_pages_and_loses_nothing_typed(
    quarter: District, shown: AssessmentRound, client_of: ClientOf, after: None
) -> None:
    address = f"/assessments/{shown.pk}/grids/{GRID}/"
    worker = client_of("grid_worker")
    refused = worker.post(f"{address}appeal/", {"words": "字" * 2001})
    assert (refused.status_code, "最多 2000 字，现在有 2001 字。" in refused.content.decode()) == (400, True)
    assert "字" * 2001 in refused.content.decode()
    assert worker.post(f"{address}appeal/", {"words": "当事人住院。"}).status_code == 302
    worker.post(f"{address}appeal/", {"words": "当事人住院。"})
    appeal = Appeal.objects.get()
    judge = f"/assessments/appeals/{appeal.pk}"
    answer = {"upheld": "yes", "answer": "核实住院。", "removed": []}
    wrong = client_of("supervisor2").post(f"{judge}/answer/", answer)
    assert (wrong.status_code, "核实住院。" in wrong.content.decode()) == (400, True)
    for junk in ("x", "on_time:", "on_time:" + "9" * 30, "people:1"):
        assert client_of("supervisor2").post(f"{judge}/answer/", {**answer, "removed": [junk]}).status_code == 400
    bad = next(pk for pk, good in appeal.assessment.figures.get(indicator="on_time").cases if not good)
    answer["removed"] = [f"on_time:{bad}"]
    assert client_of("supervisor").post(f"{judge}/answer/", answer).status_code == 403
    assert worker.post(f"{judge}/answer/", answer).status_code == 403
    assert client_of("supervisor2").post(f"{judge}/answer/", answer).status_code == 302
    assert "核实住院。" not in worker.get(address).content.decode()
    assert client_of("supervisor2").post(f"{judge}/confirm/").status_code == 403
    assert client_of("centre_lead").post(f"{judge}/back/", {"back": ""}).status_code == 400
    assert client_of("centre_lead").post(f"{judge}/confirm/").status_code == 302
    told = worker.get(address).content.decode()
    assert "申诉成立，1 处不计入" in told and "更正前后" in told and "= 75.0" in told
    assert client_of("centre_lead").post(f"{judge}/elsewhere/").status_code == 404
    assert client_of("centre_lead").post("/assessments/appeals/999999/confirm/").status_code == 404


def test_grades_are_put_in_by_hand_page_by_page_and_shown_when_decided(
    quarter: District, shown: AssessmentRound, client_of: ClientOf, clock: Callable[[datetime], None]
) -> None:
    clock(LATER)
    one = shown.assessments.get()
    address, centre = f"/assessments/{shown.pk}/", client_of("supervisor2")
    form = centre.get(address)
    assert all(not choice["chosen"] for row in form.context["rows"] for choice in row["form"]["grade"]["choices"])
    wrong = centre.post(f"{address}grades/", {f"grade-{one.pk}": "improve", f"words-{one.pk}": ""})
    assert (wrong.status_code, "评为需改进的，请写明哪里要改进。" in wrong.content.decode()) == (400, True)
    assert (
        centre.post(f"{address}grades/", {"grade-x": "passed", "grade-9" + "9" * 30: "a", "q": "\x00"}).status_code
        == 302
    )
    assert centre.post(f"{address}grades/", {"grade-999999": "passed"}).status_code == 409
    assert centre.post(f"{address}grades/?page=1", {f"grade-{one.pk}": "passed"}).status_code == 302
    worker = client_of("grid_worker")
    assert "<b>合格</b>" not in worker.get("/assessments/mine/").content.decode()
    assert client_of("supervisor").post(f"{address}decide/").status_code == 403
    assert worker.post(f"{address}decide/").status_code == 404
    assert centre.post(f"{address}decide/").status_code == 302
    assert "<b>合格</b>" in worker.get("/assessments/mine/").content.decode()
    assert centre.post(f"{address}explode/").status_code == 404
    lines = list(csv.reader(StringIO(b"".join(centre.get(f"{address}sheet.csv")).decode("utf-8-sig"))))  # type: ignore[arg-type]
    assert lines[1][:6] == [GRID, "胜利社区第一网格", "4", "6", "66.7", "30"]
    assert lines[1][14:18] == ["", "2", "样本不足", "20"]
    assert lines[1][18] == "70.0" and lines[1][21:] == ["合格", ""]
    assert AuditEntry.objects.filter(action="export_assessment").count() == 1
    assert GridGrade.objects.get().graded_by == quarter.people["supervisor2"]


def test_ones_own_grids_of_the_quarter_that_runs_on_page_and_phone(
    quarter: District, client_of: ClientOf, clock: Callable[[datetime], None]
) -> None:
    """No value in all, no share of content residents: read daily it would tell who answered what."""
    clock(timezone.now().replace(year=2026, month=12, day=30))
    told = client_of("grid_worker").get("/assessments/mine/").content.decode()
    assert "按期办结 4 ÷ 应办结 6 = 66.7%" in told and "有效评价 5 件；比率到季末公示时给出" in told
    assert "80.0%" not in told and "向阳堡村" not in told
    answer = Phone(quarter, "grid_worker").get("assessments/mine/").json()
    assert answer == {
        "running": [
            {
                "grid": GRID,
                "grid_name": "胜利社区第一网格",
                "quarter": "2026Q4",
                "figures": [
                    {"indicator": "on_time", "weight": 30, "sentence": "按期办结 4 ÷ 应办结 6 = 66.7%"},
                    {"indicator": "at_once", "weight": 20, "sentence": "一次办结 3 ÷ 期内办结 5 = 60.0%"},
                    {
                        "indicator": "satisfied",
                        "weight": 30,
                        "sentence": "有效评价 5 件；比率到季末公示时给出，平时不显示，免得看出是谁的评价",
                    },
                    {"indicator": "spot", "weight": 20, "sentence": "已抽查 2 件，少于 5 件，样本不足，不计算"},
                ],
            }
        ],
        "rounds": [],
    }
    assert [Phone(quarter, who).get("assessments/mine/").status_code for who in ("", "handler", "auditor")] == [
        401,
        403,
        403,
    ]
    assert Phone(quarter, "villager").get("assessments/mine/").json()["running"][0]["grid"] == VILLAGE_GRID


def test_a_plan_is_foreseen_for_a_grid_and_published_by_the_centres_lead(
    quarter: District, client_of: ClientOf, after: None
) -> None:
    given = {
        **{"on_time": "50", "at_once": "50", "satisfied": "0", "spot": "0"},
        **{"min_base": "5", "since": "2027Q2", "reason": "", "grid": GRID, "preview": "1"},
    }
    lead, address = client_of("centre_lead"), "/assessments/plans/community/"
    shown = lead.post(address, given)
    assert (shown.status_code, "（50×66.7 + 50×60.0）÷（50+50）= 63.4" in shown.content.decode()) == (200, True)
    assert AssessmentPlan.objects.filter(since="2027Q2").count() == 0
    wrong = lead.post(address, {**given, "at_once": "49", "grid": "x"})
    assert (wrong.status_code, "各项权重之和应为 100，现在是 99。" in wrong.content.decode()) == (400, True)
    given.pop("preview")
    assert lead.post(address, given).status_code == 400
    assert lead.post(address, {**given, "reason": "试行"}).status_code == 302
    assert AssessmentPlan.objects.get(since="2027Q2").weights == {"on_time": 50, "at_once": 50}
    assert client_of("supervisor").post(address, given).status_code == 403
    assert client_of("supervisor").get(address).status_code == 200
    assert (lead.get("/assessments/plans/people/").status_code, lead.get("/assessments/plans/").status_code) == (
        404,
        200,
    )


def test_the_statements_of_a_round_do_not_grow_with_its_grids(
    quarter: District, client_of: ClientOf, computed: Computed, after: None
) -> None:
    few = computed("village")
    Grid.objects.bulk_create(
        Grid(code=f"{COMMUNITY}{number:03d}", name=f"网格{number}", community_id=COMMUNITY)
        for number in range(100, 160)
    )
    many = computed("community")
    client = client_of("supervisor")
    counts = []
    for row in (few, many, few, many):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            page = client.get(f"/assessments/{row.pk}/")
        counts.append((len(page.context["rows"]), len(asked)))
    assert [number for number, _asked in counts[2:]] == [1, 50]
    assert counts[2][1] == counts[3][1] <= 40
    second = client.get(f"/assessments/{many.pk}/?page=2").context["rows"]
    assert [row["one"].grid_code for row in second][:2] == [f"{COMMUNITY}149", f"{COMMUNITY}150"]


def test_five_hundred_grids_are_computed_in_as_many_statements_as_one(quarter: District) -> None:
    Grid.objects.bulk_create(
        Grid(code=f"{COMMUNITY}{number:03d}", name=f"网格{number}", community_id=COMMUNITY)
        for number in range(100, 606)
    )
    with CaptureQueriesContext(connection) as counted:
        count(Grid.objects.values("code"), Quarter(2026, 4).window, AFTER)
    assert len(counted) == 4
    with CaptureQueriesContext(connection) as asked:
        row = services.begin(quarter.actor("supervisor", AFTER), "2026Q4", "community", now=AFTER)
    assert GridAssessment.objects.filter(round=row).count() == 507
    assert len(asked) <= 60  # SQLite takes 999 values a statement: the rows themselves go in batches


def test_what_the_buttons_send_is_looked_at(quarter: District, client_of: ClientOf, after: None) -> None:
    centre = client_of("supervisor")
    for quarter_code, work_class in (("", ""), ("2027Q1", "community"), ("x\x00", "village"), ("2026Q4", "people")):
        answer = centre.post("/assessments/begin/", {"quarter": quarter_code, "work_class": work_class})
        assert answer.status_code == 409
    assert client_of("grid_worker").post("/assessments/begin/", {"quarter": "2026Q4"}).status_code == 403
    assert centre.get("/assessments/begin/").status_code == 405
    assert centre.post("/assessments/begin/", {"quarter": "2026Q4", "work_class": "village"}).status_code == 302
    assert centre.post("/assessments/begin/", {"quarter": "2026Q4", "work_class": "village"}).status_code == 409
    assert AssessmentRound.objects.count() == 1
    assert centre.get("/assessments/?page=999999999999").status_code == 200
