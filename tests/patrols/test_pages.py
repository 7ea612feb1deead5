"""The pages and the API: who gets in, what is refused keeps what was typed, as many statements for one row as for thirty."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEntry
from cases.models import Case, PatrolPlan, PatrolReport, PatrolTask
from cases.patrols import planning
from grids.models import Area, Duty, Grid
from tests.cases.cast import COMMUNITY, GRID, District
from tests.patrols.conftest import GIVEN, on, run_chores, task_on

ClientOf = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _friday(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is Friday, 18 September 2026."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: on("09-18"))


def statements(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


def test_a_plan_is_foreseen_before_it_is_saved(ground: District, client_of: ClientOf) -> None:
    lead = client_of("street_lead")
    form = {**GIVEN, "first_day": "2026-09-18", "client_id": "f1"}

    wrong = lead.post("/patrols/new/", {**form, "name": ""})
    assert wrong.status_code == 400
    assert "请给计划起个名称。" in wrong.content.decode() and "楼道堆物、飞线充电" in wrong.content.decode()
    shown = lead.post("/patrols/new/", form)
    page = shown.content.decode()
    assert "由 9月20日顺延而来" in page and "调休上班的周末，顺延" in page and PatrolPlan.objects.count() == 0
    # Something else than was foreseen is foreseen again.
    lead.post("/patrols/new/", {**form, "weekdays": ["MO"], "foreseen": shown.context["foreseen"]})
    assert PatrolPlan.objects.count() == 0
    saved = lead.post("/patrols/new/", {**form, "foreseen": shown.context["foreseen"]})
    made = PatrolPlan.objects.get()
    assert saved["Location"] == f"/patrols/plans/{made.pk}/"
    assert "接下来十天" in lead.get(saved["Location"]).content.decode()


def test_who_may_not_plan_reads_at_most_and_administrators_not_even_that(
    plan: Callable[..., PatrolPlan], client_of: ClientOf
) -> None:
    made = plan()
    task = task_on(made, "09-18")
    addresses = (
        "/patrols/",
        "/patrols/new/",
        f"/patrols/plans/{made.pk}/",
        f"/patrols/tasks/{task.pk}/",
        "/patrols/coverage/",
    )

    answered = {
        who: [client_of(who).get(address).status_code for address in addresses]
        for who in (
            *(
                "street_lead",
                "supervisor",
                "street_handler",
                "other_lead",
                "grid_worker",
                "armband",
                "clerk",
                "handler",
                "auditor",
            ),
        )
    }
    assert answered == {
        "street_lead": [200, 200, 200, 200, 200],
        "supervisor": [200, 200, 200, 200, 200],
        "street_handler": [200, 403, 200, 200, 200],
        "other_lead": [200, 200, 404, 404, 200],
        "grid_worker": [200, 403, 404, 200, 403],
        "armband": [200, 403, 404, 200, 403],
        "clerk": [403, 403, 403, 403, 403],
        "handler": [403, 403, 403, 403, 403],
        "auditor": [403, 403, 403, 403, 403],
    }


def test_a_task_is_reported_by_a_plain_form_and_what_was_typed_is_kept(
    plan: Callable[..., PatrolPlan], client_of: ClientOf
) -> None:
    task = task_on(plan(), "09-18")
    worker = client_of("grid_worker")
    page = worker.get(f"/patrols/tasks/{task.pk}/").content.decode()
    assert f'data-outbox-url="/api/v1/patrols/{task.pk}/report/"' in page
    assert 'data-outbox-label="排查 · 消防通道排查"' in page and 'data-outbox-next="/m/"' in page
    first, second = task.plan.points.order_by("position").values_list("pk", flat=True)
    form = {
        **{f"point-{first}-state": "normal", f"point-{second}-state": "abnormal", f"point-{second}-words": ""},
        **{"done": "yes", "words": "三号楼已清理", "client_id": "w1"},
    }
    refused = worker.post(f"/patrols/tasks/{task.pk}/", form)
    assert refused.status_code == 400
    assert "选了异常，请写明是什么情况" in refused.content.decode() and "三号楼已清理" in refused.content.decode()
    form[f"point-{second}-words"] = "液化气罐堆在通道"
    for _twice in range(2):
        assert worker.post(f"/patrols/tasks/{task.pk}/", form)["Location"] == f"/patrols/tasks/{task.pk}/"
    task.refresh_from_db()
    assert (task.state, task.points_seen, Case.objects.count(), PatrolReport.objects.count()) == ("done", 2, 1, 1)


def test_the_api_takes_the_body_and_the_phones_form_alike_and_answers_a_repeat_the_same(
    plan: Callable[..., PatrolPlan], client_of: ClientOf
) -> None:
    task = task_on(plan(), "09-18")
    worker = client_of("grid_worker")
    first, second = task.plan.points.order_by("position").values_list("pk", flat=True)
    listed = worker.get("/api/v1/patrols/").json()
    assert [(row["id"], row["name"], row["day"], [point["point"] for point in row["points"]]) for row in listed] == [
        (task.pk, "消防通道排查", "2026-09-18", [first, second])
    ]
    assert worker.get("/api/v1/patrols/?day=2026-09-19").json() == []
    assert worker.get("/api/v1/patrols/?day=nonsense").status_code == 400

    def send(body: dict[str, Any], who: str = "grid_worker") -> Any:
        address = f"/api/v1/patrols/{task.pk}/report/"
        return client_of(who).post(address, body, content_type="application/json")

    form = {
        f"point-{first}-state": "normal",
        f"point-{second}-state": "abnormal",
        f"point-{second}-words": "堆物",
        "done": "yes",
    }
    form |= {"finding-description": "路灯不亮", "client_id": "0f3c"}
    answers = [send(form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert (answers[0].json()["state"], len(answers[0].json()["cases"]), Case.objects.count()) == ("done", 2, 2)
    assert send({**form, "words": "另一份"}).status_code == 409
    told = {"points": [{"point": first, "state": "normal"}], "done": False, "reason": "weather", "client_id": "b2"}
    assert (send(told).status_code, send(told).json()["reason"]) == (200, "weather")
    assert [send(told, who).status_code for who in ("armband", "other_lead", "auditor", "street_lead")] == [
        409,
        404,
        404,
        409,
    ]
    assert send({"position": [112.3, 39.5], "client_id": "b3"}).json()["errors"] == {
        "position": ["填报没有这一项，请去掉后再提交。"]
    }


def test_a_campaign_goes_from_its_list_to_its_closing_on_the_pages(
    ground: District, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead = client_of("street_lead")
    form = {"name": "冬季取暖安全专项", "area": COMMUNITY, "duty_kind": "grid_worker", "first_day": "2026-09-18"}
    begun = lead.post("/patrols/campaigns/new/", {**form, "last_day": "2026-09-25", "client_id": "c1"})
    address = begun["Location"]
    sheet = SimpleUploadedFile("清单.csv", f"名称,地点,网格\n张家小吃店,胜利路,{GRID}\n坏的,某处,\n".encode())
    read = lead.post(f"{address}list/", {"sheet": sheet})
    assert read["Location"] == f"{address}#list"
    foreseen = lead.get(address).content.decode()
    assert "列入 1 处" in foreseen and "第 3 行：没有写网格。" in foreseen and PatrolTask.objects.count() == 0
    lead.post(f"{address}list/confirm/", {"what": "take"})
    assert "0/1" in client_of("supervisor").get(address).content.decode()  # everybody sees how far
    assert client_of("street_handler").post(f"{address}close/", {}).status_code == 403
    assert client_of("other_lead").get(f"{address}close/").status_code == 404

    monkeypatch.setattr("django.utils.timezone.now", lambda: on("09-26"))
    lead = client_of("street_lead")  # nobody stays logged in for a week
    empty = lead.post(f"{address}close/", {"words": "都跑了一遍"})
    assert empty.status_code == 400 and "都跑了一遍" in empty.content.decode()
    lead.post(
        f"{address}close/", {"words": "都跑了一遍", f"reason-{GRID}": "nobody_home", f"words-{GRID}": "店主回老家"}
    )
    page = lead.get(address).content.decode()
    assert "已结清" in page and "家中或单位没有人：店主回老家" in page


def test_coverage_counts_by_grid_and_its_sheet_is_on_record(
    plan: Callable[..., PatrolPlan], client_of: ClientOf
) -> None:
    made = plan(points="")
    run_chores("09-18")
    PatrolTask.objects.filter(plan=made, grid__code=GRID, day=date(2026, 9, 18)).update(
        state="undone", reason="weather", done_by=made.made_by, reported_on=date(2026, 9, 18)
    )
    lead = client_of("street_lead")
    page = lead.get("/patrols/coverage/?from=2026-09-01&to=2026-09-18")
    whole = page.context["whole"]
    assert (whole.due, whole.undone, whole.unmanned, whole.fraction, whole.rate) == (2, 1, 1, "0/2", 0.0)
    sheet = b"".join(lead.get("/patrols/coverage.csv?from=2026-09-01&to=2026-09-18").streaming_content).decode(
        "utf-8-sig"
    )  # type: ignore[attr-defined]
    assert sheet.splitlines()[1:] == [
        '"140603100001001","胜利社区第一网格",1,0,1,"天气或道路原因 1",0,0,0.0,0,0,""',
        '"140603100001002","胜利社区第二网格",1,0,0,"",1,0,0.0,0,0,""',
        '"合计","",2,0,1,"天气或道路原因 1",1,0,0.0,0,0,""',
    ]
    assert AuditEntry.objects.get(action="patrol_sheet").detail == {
        **{"from": "2026-09-01", "to": "2026-09-18", "area": "", "kind": "", "rows": 2}
    }
    assert client_of("other_lead").get("/patrols/coverage/?from=2026-09-01&to=2026-09-30").context["whole"].due == 0
    for bad in ("from=9999-99-99", "to=x", "page=-1", "area=%00", "kind=x"):
        assert lead.get(f"/patrols/coverage/?{bad}").status_code == 200


def test_one_row_costs_as_many_statements_as_thirty(ground: District, client_of: ClientOf) -> None:
    lead, worker = client_of("street_lead"), client_of("grid_worker")
    community = Area.objects.get(code=COMMUNITY)
    addresses = ("/patrols/", "/patrols/?tab=plans", "/patrols/?tab=campaigns", "/patrols/coverage/?to=2026-09-30")
    actor = ground.actor("street_lead", on("09-18"))
    given = {**GIVEN, "first_day": "2026-09-18", "points": "", "grids": GRID}
    planning.plan(actor, given, now=on("09-18"))
    few = [statements(lead, address) for address in addresses] + [
        statements(worker, "/patrols/"),
        statements(worker, "/api/v1/patrols/"),
    ]
    for number in range(30):
        grid = Grid.objects.create(code=f"{COMMUNITY}{100 + number}", name=f"第{number}网格", community=community)
        Duty.objects.create(user=ground.people["grid_worker"], grid=grid, starts_on=date(2026, 1, 1))
        planning.plan(actor, {**given, "grids": grid.code, "points": "水泵房"}, now=on("09-18"))
    many = [statements(lead, address) for address in addresses] + [
        statements(worker, "/patrols/"),
        statements(worker, "/api/v1/patrols/"),
    ]
    assert many == few


def test_bad_addresses_and_other_peoples_ids_are_not_found(
    plan: Callable[..., PatrolPlan], client_of: ClientOf
) -> None:
    task = task_on(plan(), "09-18")
    worker = client_of("grid_worker")
    huge = "9" * 15
    assert [
        worker.get(f"/patrols/tasks/{huge}/").status_code,
        worker.post(f"/patrols/hand-overs/{huge}/", {"words": "x"}).status_code,
        worker.post("/api/v1/patrols/x/report/", {}, content_type="application/json").status_code,
        worker.post(f"/api/v1/patrols/{'9' * 30}/report/", {}, content_type="application/json").status_code,
        worker.post(f"/patrols/tasks/{task.pk}/remark/", {"text": "坏\x00字"}).status_code,
        worker.post(f"/patrols/plans/{task.plan_id}/end/", {"reason": "x"}).status_code,
    ] == [404, 404, 404, 404, 400, 404]
