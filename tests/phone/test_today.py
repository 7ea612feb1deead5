"""今天, the first page of the phone: who comes in, what stands there, what it costs, and the same over the API."""

import html
import json
import re
from collections.abc import Callable
from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Notice
from accounts.notices import notify
from cases.phone import handing
from grids.models import Duty
from tests.api.phone import Phone
from tests.cases.cast import GRID, MONDAY, District

ClientOf = Callable[[str], Client]


def text_of(client: Client, path: str = "/m/") -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def bar_of(client: Client) -> list[tuple[str, bool]]:
    text = text_of(client)
    bar = text[text.index('class="ph-bar"') : text.index("</nav>")]
    rows = re.findall(r'href="([^"]+)"( aria-current="page"| )', bar)
    return [(url, "current" in mark) for url, mark in rows]


def headings_of(text: str) -> list[str]:
    found = re.findall(r'id="part-[a-z]+-title">(.+?)</h2>', text, re.S)
    return [re.sub(r"\s*<[^>]+>\s*", " ", one).strip() for one in found]


def test_the_bar_has_five_ways_for_grid_workers_and_three_for_volunteers(
    district: District, client_of: ClientOf
) -> None:
    assert bar_of(client_of("grid_worker")) == [
        ("/m/", True),
        ("/m/cases/", False),
        ("/m/report/", False),
        ("/map/", False),
        ("/m/me/", False),
    ]
    assert bar_of(client_of("armband")) == [("/m/", True), ("/m/report/", False), ("/m/me/", False)]


def test_administrators_and_visitors_have_no_phone(district: District, client_of: ClientOf) -> None:
    assert client_of("auditor").get("/m/").status_code == 403
    answer = Client().get("/m/")
    assert (answer.status_code, answer.url) == (302, "/login/?next=/m/")  # type: ignore[attr-defined]
    assert Phone(district, "auditor").get("phone/today/").status_code == 403


def test_an_empty_day_says_what_it_means_and_what_to_do(district: District, client_of: ClientOf) -> None:
    assert "走到哪里看到问题，点下面的“上报”" in text_of(client_of("grid_worker"))
    assert "看到灯不亮、路不平、隐患，点下面的“上报”" in text_of(client_of("armband"))
    Duty.objects.update(ends_on=MONDAY.date())
    assert "您今天不在任何网格的名单上" in text_of(client_of("grid_worker"))


def test_the_day_holds_what_lies_with_me_what_is_mine_what_presses_and_what_was_told(
    district: District, client_of: ClientOf
) -> None:
    d = district
    mine = d.register("resident", channel="web", place={"grid": GRID}, description="三单元门口的灯不亮。")
    other = d.register("resident", MONDAY, channel="web", place={"grid": GRID}, description="井盖翘起来了。")
    elsewhere = d.register("resident", MONDAY - timedelta(days=40), channel="web", place={"grid": GRID})
    d.move(elsewhere, "accept", "clerk", MONDAY - timedelta(days=40), category="A0102", level="general")
    d.move(elsewhere, "dispatch", "dispatcher", MONDAY - timedelta(days=40), lead_unit="housing", mode="forward")
    handing.hand_over(mine, d.actor("surveyor"), {"to": "grid_worker", "said": "您离得近"}, now=MONDAY)
    Notice.objects.all().delete()
    notify([d.people["grid_worker"].pk], "n-1", "会议改到周三，联系 13812341234", now=MONDAY)

    text = text_of(client_of("grid_worker"))
    assert headings_of(text) == ["转给我的 1 件", "待我办 1 件", "快到期，别人在办 1 件", "新消息 1 件"]
    assert "小白：您离得近" in text
    assert "会议改到周三，联系 138****1234" in text
    assert "已超时" in text
    keep = json.loads(html.unescape(re.findall(r'data-keep="([^"]*)"', text)[0]))
    assert keep == [f"/m/cases/{case.number}/" for case in (mine, other, elsewhere)]
    assert [name for name in ("胜利社区第一网格",) if name in text] == ["胜利社区第一网格"]

    told = Phone(d, "grid_worker").get("phone/today/").json()
    assert [(one["code"], one["total"]) for one in told["sections"]] == [
        ("handed", 1),
        ("mine", 1),
        ("pressing", 1),
        ("notices", 1),
    ]
    assert told["grids"] == [{"code": GRID, "name": "胜利社区第一网格"}]
    assert told["sections"][0]["lines"][0]["hand_over"]["said"] == "您离得近"
    assert told["sections"][1]["lines"][0]["case"]["number"] == other.number


def test_a_joint_task_stands_in_the_day_of_its_unit(district: District, client_of: ClientOf) -> None:
    d = district
    case = d.register("resident", channel="web", place={"grid": GRID})
    d.move(case, "accept", "clerk", category="A0102", level="general")
    d.move(case, "dispatch", "dispatcher", lead_unit="housing", mode="forward")
    d.move(case, "sign", "handler")
    d.record(case, "task", "handler", unit="community", what="陪同入户", due_on="2026-11-24")
    text = text_of(client_of("grid_worker"))
    assert ("陪同入户" in text, "明天前完成" in text) == (True, True)


def test_the_page_costs_the_same_for_one_matter_and_for_thirty(district: District, client_of: ClientOf) -> None:
    client = client_of("grid_worker")
    counts = []
    for more in (1, 29):
        for _ in range(more):
            district.register("resident", channel="web", place={"grid": GRID})
        client.get("/m/")
        with CaptureQueriesContext(connection) as asked:
            text_of(client)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 22, counts


def test_nothing_on_the_day_may_not_lie_on_a_phone(district: District, client_of: ClientOf) -> None:
    district.register(
        "resident",
        channel="web",
        place={"grid": GRID},
        title="张三 13812341234 反映灯不亮",
        reporters=[{"name": "张三", "phone": "13812341234", "id_number": "140603199001011234"}],
    )
    text = text_of(client_of("grid_worker"))
    assert [one for one in ("13812341234", "140603199001011234") if one in text] == []


def test_the_news_of_what_was_taken_back_leads_to_the_notices_and_not_to_a_closed_door(
    district: District, client_of: ClientOf
) -> None:
    case = district.register("resident", channel="web", place={"grid": GRID})
    given = {"to": "armband", "said": "去看看灯"}
    lies, _fresh = handing.hand_over(case, district.actor("grid_worker"), given, now=MONDAY)
    link = f'<a class="ph-line" href="/m/cases/{case.number}/">'
    assert link in text_of(client_of("armband"))
    handing.recall(district.actor("grid_worker"), lies.pk, now=MONDAY)
    text = text_of(client_of("armband"))
    assert (link in text, text.count('<a class="ph-line" href="/notices/">')) == (False, 2)
