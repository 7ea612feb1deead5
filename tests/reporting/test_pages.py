"""待核实 for clerks, the grid's page and its poster: who may, what is shown, what never is."""

import re
import uuid
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from cases.models import Case, HeldReport
from cases.reporting import weather
from cases.reporting.receiving import Received
from grids.models import Duty, Grid
from tests.cases.cast import GRID, District
from tests.grids.places import square
from tests.pages.test_residents import photo

Send = Callable[..., Received]
ClientOf = Callable[[str], Client]


@pytest.fixture
def held(district: District, send: Send) -> list[HeldReport]:
    """Three held reports: two nearly alike, one of its own."""
    now = timezone.now()
    for _ in range(weather.USUAL + 1):
        weather.counted("192.0.2.1", now)
    send("bot-1", now=now, description="加微信领奖品编号1，点击链接立即到账，仅限今天。")
    send("bot-2", now=now, description="加微信领奖品编号2，点击链接立即到账，仅限今天。")
    send("real", now=now, description="东街水管爆裂，路面结冰，请尽快抢修。")
    return list(HeldReport.objects.order_by("pk"))


def judge(client: Client, act: str, rows: list[HeldReport], **more: str) -> Any:
    body = {"act": act, "uid": [str(row.uid) for row in rows], **more}
    return client.post("/held/judge/", body, follow=True)


# --- the clerk's page --------------------------------------------------------------------------------------------


def test_a_clerk_reads_what_waits_and_no_contact_and_finds_it_in_the_rail(
    client_of: ClientOf, held: list[HeldReport]
) -> None:
    page = client_of("clerk").get("/held/")
    text = page.content.decode()
    assert (page.status_code, [one["text"][:4] for one in page.context["rows"]]) == (
        200,
        ["加微信领", "加微信领", "东街水管"],
    )
    assert ("留了联系方式" in text, "王五" in text, "13712345678" in text) == (True, False, False)
    (line,) = [item for item in page.context["nav"] if item["key"] == "held"]
    assert (line["label"], line["count"], line["active"]) == ("待核实上报", 3, True)
    assert client_of("clerk").get(f"/held/{held[2].uid}/").status_code == 200


@pytest.mark.parametrize("who", ["handler", "dispatcher", "supervisor", "grid_worker"])
def test_nobody_else_reads_or_judges_them(client_of: ClientOf, held: list[HeldReport], who: str) -> None:
    client = client_of(who)
    answers = [
        client.get("/held/"),
        client.get(f"/held/{held[0].uid}/"),
        client.get(f"/held/{held[0].uid}/photos/{held[0].uid}/"),
        judge(client, "release", held),
    ]
    assert [answer.status_code for answer in answers] == [403] * 4
    assert Case.objects.count() == 0


def test_one_is_released_these_alike_are_discarded_and_come_back(client_of: ClientOf, held: list[HeldReport]) -> None:
    clerk = client_of("clerk")
    released = judge(clerk, "release", [held[2]], scope="one")
    assert "已放行 1 件" in released.content.decode()
    assert Case.objects.get().number == held[2].number
    nothing = judge(clerk, "discard", [held[0]], scope="alike")
    assert (nothing.status_code, nothing.context["errors"]) == (400, {"why": ["请选丢弃的理由，居民查询时会看到。"]})
    assert str(held[0].uid) in nothing.context["chosen"]
    discarded = judge(clerk, "discard", [held[0]], scope="alike", why="advert")
    assert "已丢弃 2 件" in discarded.content.decode()
    gone = clerk.get("/held/?tab=discarded")
    assert [one["row"].get_discarded_display() for one in gone.context["rows"]] == ["广告或者与反映事项无关的内容"] * 2
    back = judge(clerk, "restore", held[:2])
    assert ("已恢复 2 件" in back.content.decode(), back.context["waits"]) == (True, 2)


def test_nothing_chosen_is_told_and_nothing_is_done(client_of: ClientOf, held: list[HeldReport]) -> None:
    answer = client_of("clerk").post("/held/judge/", {"act": "release", "uid": ["x"]})
    assert (answer.status_code, list(answer.context["errors"]), Case.objects.count()) == (400, ["uid"], 0)


def test_the_same_pages_cost_the_same_queries_for_one_row_and_for_many(
    client_of: ClientOf, held: list[HeldReport], send: Send, django_assert_max_num_queries: Any
) -> None:
    clerk = client_of("clerk")
    for number in range(20):
        send(
            f"more-{number}",
            now=timezone.now(),
            address=f"192.0.2.{number}",
            description=f"第{'甲乙丙丁'[number % 4]}条街停水",
        )
    clerk.get("/held/")
    with django_assert_max_num_queries(16):
        page = clerk.get("/held/")
    assert len(page.context["rows"]) == 23


# --- the resident's look-up --------------------------------------------------------------------------------------


def test_the_resident_reads_that_it_waits_and_later_why_it_was_not_registered(
    client_of: ClientOf, district: District, send: Send
) -> None:
    now = timezone.now()
    for _ in range(weather.USUAL + 1):
        weather.counted("192.0.2.1", now)
    made = send("held", now=now)
    key = {"number": made.number, "query_code": made.query_code}
    waits = Client().post("/query/", key)
    assert (waits.status_code, "已收到，正在核实" in waits.content.decode()) == (200, True)
    assert Client().post("/query/act/", {**key, "act": "withdraw", "note": "不办了"}).status_code == 409
    told = Client().post("/api/v1/public/lookup/", key, content_type="application/json").json()
    assert (told["status_text"], told["registered_at"][:10]) == (
        "已收到，正在核实",
        now.astimezone().date().isoformat(),
    )
    rated = {**key, "satisfaction": 5, "resolved": True}
    assert Client().post("/api/v1/public/ratings/", rated, content_type="application/json").status_code == 409
    judge(client_of("clerk"), "discard", list(HeldReport.objects.all()), why="machine")
    gone = Client().post("/query/", key).content.decode()
    assert ("经核实，没有登记" in gone, "由程序自动提交" in gone, "七天之内可以恢复" in gone) == (True, True, True)


def test_a_field_nobody_sees_holds_what_a_machine_filled_in(district: District) -> None:
    body = {
        "kind": "appeal",
        "description": "东街水管爆裂。",
        "area": "140603100001",
        "agree": "1",
        "website": "http://x",
    }
    answer = Client().post("/report/", body)
    assert (answer.status_code, answer.context["held"], HeldReport.objects.get().held_for) == (200, True, "trap")


def test_photos_of_a_form_with_mistakes_need_not_be_chosen_again(district: District) -> None:
    body = {"kind": "appeal", "description": "东街水管爆裂。", "area": "140603100001"}
    wrong = Client().post("/report/", {**body, "attachments": photo()})
    assert (wrong.status_code, list(wrong.context["errors"])) == (400, ["agree"])
    assert "已经收到 1 张照片，不用重新选。" in wrong.content.decode()
    given = {**body, "agree": "1", "photo": [*wrong.context["photos"], "no id"], "attachments": photo("b.jpg")}
    assert Client().post("/report/", given).status_code == 200
    assert Case.objects.get().attachments.count() == 2
    over = {**given, "photo": [str(uuid.uuid4()) for _ in range(6)], "attachments": photo("c.jpg")}
    assert Client().post("/report/", over).context["errors"] == {
        "attachments": ["一次最多上传 6 张照片，其余的请带到窗口。"]
    }


def test_the_api_says_whether_a_proof_is_asked_and_takes_it(district: District) -> None:
    def call(name: str, body: dict[str, Any]) -> Any:
        return Client().post(f"/api/v1/public/{name}/", body, content_type="application/json")

    assert call("challenges", {"client_id": "a"}).json() == {"asked": False, "challenge": "", "bits": 0}
    assert [call("challenges", body).status_code for body in ({}, {"client_id": "a", "x": 1})] == [400, 400]
    for _ in range(weather.USUAL + 1):
        weather.counted("192.0.2.1", timezone.now())
    asked = call("challenges", {"client_id": "a"}).json()
    assert (asked["asked"], asked["bits"], bool(asked["challenge"])) == (True, 15, True)
    body = {
        "client_id": "a",
        "kind": "appeal",
        "description": "停水。",
        "privacy_version": "1",
        "place": {"area": "140603100001"},
    }
    answer = call("cases", body)
    assert (answer.status_code, answer.json()["status_text"], answer.json()["due_at"]) == (
        201,
        "已收到，正在核实",
        None,
    )
    assert call("cases", body).json()["number"] == answer.json()["number"]


@pytest.mark.parametrize("name", ["photos", "keeping", "asking", "report", "where", "proof", "resident"])
def test_scripts_of_residents_pages_are_written_for_old_phones(name: str) -> None:
    script = (settings.BASE_DIR / "static" / "js" / f"{name}.js").read_text(encoding="utf-8")
    young = re.findall(
        r"=>|`|\?\.[a-z(\[]|\?\?|\b(?:let|const|async|await|class)\s", re.sub(r"/\*.*?\*/", "", script, flags=re.S)
    )
    assert young == []


def test_a_discarded_report_sent_again_reads_that_it_was_discarded(client_of: ClientOf, district: District) -> None:
    for _ in range(weather.USUAL + 1):
        weather.counted("192.0.2.1", timezone.now())
    body = {"client_id": "x", "kind": "appeal", "description": "停水。", "area": "140603100001", "agree": "1"}
    assert "已经收到，正在核实" in Client().post("/report/", body).content.decode()
    judge(client_of("clerk"), "discard", list(HeldReport.objects.all()), why="twice")
    text = Client().post("/report/", body).content.decode()
    assert ("已经收到，经核实没有登记" in text, "同一件事已经登记。" in text, "工作人员先看一眼" in text) == (
        True,
        True,
        False,
    )


def test_other_words_under_a_used_key_get_a_new_key_and_lose_the_photos_that_are_taken(district: District) -> None:
    body = {"client_id": "x", "kind": "appeal", "description": "停水。", "area": "140603100001", "agree": "1"}
    Client().post("/report/", {**body, "attachments": photo()})
    taken = [str(uid) for uid in Case.objects.get().attachments.values_list("uid", flat=True)]
    changed = {**body, "description": "停水三天。"}
    asked = Client().post("/report/", {**changed, "photo": taken, "earlier": "1"})
    assert (asked.status_code, asked.content) == (204, b"")
    refused = Client().post("/report/", {**changed, "photo": taken})
    assert (
        refused.status_code,
        refused.context["photos"],
        "先前提交的那一份已经收到" in refused.context["refusal"],
    ) == (
        409,
        [],
        True,
    )
    again = Client().post("/report/", {**changed, "client_id": refused.context["client_id"]})
    assert (again.status_code, Case.objects.count()) == (200, 2)
    same = Client().post("/report/", {**body, "photo": taken, "earlier": "1"})
    assert (same.status_code, same.context["earlier"], Case.objects.count()) == (200, True, 2)


# --- a grid's page and its poster --------------------------------------------------------------------------------


@pytest.fixture
def grid(district: District) -> Grid:
    """The grid with all that its board shows; one duty with a published phone, one without."""
    grid = Grid.objects.get(code=GRID)
    grid.extent, grid.supervising_phone, grid.boundary = "东至平安路，南至北坪街。", "0349-6000037", square(112.30)
    grid.save()
    Duty.objects.filter(grid=grid).update(phone="0349-6020001")
    lead = district.people["clerk"]
    lead.phone = "13900009999"
    lead.save(update_fields=["phone"])
    Duty.objects.create(user=lead, grid=grid, kind="grid_head", starts_on=date(2026, 1, 1))
    Duty.objects.create(user=district.people["handler"], grid=grid, kind="opinion_surveyor", starts_on=date(2026, 1, 1))
    return grid


def test_the_grid_s_page_shows_its_board_and_only_phones_meant_to_be_public(grid: Grid) -> None:
    page = Client().get(f"/report/g/{GRID}/")
    text = page.content.decode()
    for shown in ("胜利社区第一网格", "东至平安路，南至北坪街。", "小刘", "0349-6020001", "0349-6000037", "网格长"):
        assert shown in text
    for hidden in ("13900009999", "民调员", "老李"):
        assert hidden not in text


def test_a_report_from_the_board_lies_in_its_grid_with_no_place_filled_in(grid: Grid) -> None:
    body = {"kind": "hazard", "description": "井盖松动，夜里容易踩空。", "agree": "1"}
    assert Client().post(f"/report/g/{GRID}/", body).status_code == 200
    case = Case.objects.get()
    assert (case.grid_code, case.area_code, case.desk_area) == (GRID, GRID, GRID)


def test_a_tap_narrows_the_place_and_another_grid_s_ground_goes_before_the_board(grid: Grid) -> None:
    other = Grid.objects.create(
        code="140603100001002", name="胜利社区第二网格", community_id="140603100001", boundary=square(112.32)
    )
    body = {"kind": "hazard", "description": "井盖松动，夜里容易踩空。", "agree": "1", "address": "小区北门"}
    for lng in (112.298, 112.318):  # WGS-84: some 600 m west of where the map of China has it
        Client().post(f"/report/g/{GRID}/", {**body, "lng": str(lng), "lat": "39.504", "description": f"井盖{lng}"})
    found = list(Case.objects.order_by("pk").values_list("grid_code", "address", "datum"))
    assert found == [(GRID, "小区北门", "wgs84"), (other.code, "小区北门", "wgs84")]


def test_an_old_board_says_what_to_do(district: District) -> None:
    page = Client().get("/report/g/140603100001999/")
    assert (page.status_code, "公示牌可能是旧的" in page.content.decode()) == (404, True)


def test_the_map_gets_the_outlines_of_the_community_and_nothing_of_anybody(grid: Grid) -> None:
    told = Client().get(f"/report/map/?grid={GRID}").json()
    assert [one["properties"] for one in told["features"]] == [{"code": GRID, "name": "胜利社区第一网格"}]
    assert Client().get("/report/map/?grid=140603100009001").json()["features"] == []


def test_the_poster_s_qr_holds_the_grid_s_address_and_nothing_else(client_of: ClientOf, grid: Grid) -> None:
    page = client_of("clerk").get(f"/posters/{GRID}/")
    assert (page.status_code, page.context["address"]) == (200, f"http://testserver/report/g/{GRID}/")
    assert page.context["qr"].startswith("data:image/svg+xml")
    text = page.content.decode()
    assert ("小刘" in text, "0349-6020001" in text, "13900009999" in text) == (True, True, False)
    assert client_of("clerk").get("/posters/district/").context["address"] == "http://testserver/report/"


@pytest.mark.parametrize(
    ("who", "seen"), [("clerk", 200), ("grid_worker", 200), ("dispatcher", 200), ("handler_other", 403)]
)
def test_posters_are_printed_by_who_works_for_the_place(client_of: ClientOf, grid: Grid, who: str, seen: int) -> None:
    client = client_of(who)
    assert (client.get("/posters/").status_code, client.get(f"/posters/{GRID}/").status_code) == (seen, seen)


def test_a_grid_worker_prints_only_their_own_grids(client_of: ClientOf, grid: Grid) -> None:
    Grid.objects.create(code="140603100001002", name="胜利社区第二网格", community_id="140603100001")
    page = client_of("grid_worker").get("/posters/")
    assert [row["code"] for _place, rows in page.context["groups"] for row in rows] == [GRID]
    assert client_of("grid_worker").get("/posters/140603100001002/").status_code == 404


def test_a_duty_that_ended_is_on_no_board(grid: Grid) -> None:
    Duty.objects.filter(grid=grid).update(ends_on=date(2026, 2, 1))
    assert "小刘" not in Client().get(f"/report/g/{GRID}/").content.decode()
    assert isinstance(timezone.now(), datetime)
