"""我的: what I reported and how far it is, for grid workers and volunteers."""

from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cases.cast import GRID, District

ClientOf = Callable[[str], Client]


def text_of(client: Client, path: str = "/m/me/") -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_volunteer_reads_how_far_it_is_and_who_has_it(district: District, client_of: ClientOf) -> None:
    d = district
    case = d.register("armband", channel="grid", place={"grid": GRID}, reporters=[])
    d.move(case, "accept", "grid_worker", category="A0102", level="general")
    d.move(case, "dispatch", "dispatcher", lead_unit="housing", mode="forward")
    d.move(case, "sign", "handler")
    text = text_of(client_of("armband"))
    assert [
        words for words in ("区住房和城乡建设局 正在办理", "区住房和城乡建设局 老李", "办理中") if words not in text
    ] == []
    assert case.number[-5:] not in text_of(client_of("stranger"))
    page = text_of(client_of("armband"), f"/m/cases/{case.number}/")
    assert ("现在由 区住房和城乡建设局 老李 办理" in page, "data-outbox-url" in page.split('id="handing"')[0]) == (
        True,
        False,
    )


def test_it_goes_on_by_pages_at_the_same_cost(district: District, client_of: ClientOf) -> None:
    client, counts = client_of("armband"), []
    for more in (1, 14):
        for _ in range(more):
            district.register("armband", channel="grid", place={"grid": GRID}, reporters=[])
        client.get("/m/me/")
        with CaptureQueriesContext(connection) as asked:
            text = text_of(client)
        counts.append(len(asked))
    assert (counts[0] == counts[1], text.count('class="ph-card"'), 'rel="next"' in text) == (True, 10, True)


def test_nobody_who_reported_nothing_is_left_without_words(district: District, client_of: ClientOf) -> None:
    text = text_of(client_of("stranger"))
    wanted = ("您还没有上报过", "投诉建议", "不打卡、不排名", "退出登录", "长辈版（大字）", "志愿者 · 凤凰城镇人民政府")
    assert [words for words in wanted if words not in text] == []
