"""The pages of repeats and crowds: on the case page, the desk, in the queue; taken together, split, ticked, imported; who sees them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from cases.crowds.chores import suggest_repeats
from cases.models import Case, Crowd, CrowdRules, Event, HotDismissal, MayRepeat, SubItem
from governance_portal.lib.numbers import query_code
from hotlines import services as hotlines
from tests.cases.cast import GRID, District
from tests.crowds.conftest import Report
from tests.crowds.test_finding import MIXER

ClientOf = Callable[[str], Client]
ANONYMOUS: dict[str, Any] = {"reporters": [], "anonymous": True}


@pytest.fixture
def same(report: Report) -> list[Case]:
    """Three to the letter, found by the worker, today."""
    now = timezone.now()
    cases = [report(MIXER, "小区旁建搅拌站", now=now, **ANONYMOUS) for _ in range(3)]
    suggest_repeats(now)
    return cases


@pytest.fixture
def warm(report: Report) -> list[Case]:
    """Three of one grid and category, today."""
    now = timezone.now()
    given = {"place": {"grid": GRID}, "category": "A0102", "now": now}
    return [report(story, **given) for story in ("暖气片冰凉。", "供热管道漏水。", "热力站没人接电话。")]


def text(answer: Any) -> str:
    return answer.content.decode()


def test_a_case_page_shows_what_it_may_repeat_with_the_reason_and_three_ways(
    same: list[Case], client_of: ClientOf
) -> None:
    page = text(client_of("dispatcher").get(f"/cases/{same[2].number}/"))
    assert "可能重复 2 件" in page and "一字不差" in page and "都提到 小区旁建搅拌站" in page
    assert page.count('value="merge"') == page.count('value="dismiss"') == 2
    clerk = text(client_of("clerk").get(f"/cases/{same[2].number}/"))
    assert ('value="merge"' in clerk, "可能重复 2 件" in clerk) == (False, True)
    assert "可能重复" not in text(client_of("supervisor").get(f"/cases/{same[2].number}/")).replace("重复和热点", "")
    assert "可能重复" not in text(client_of("dispatcher").get(f"/cases/{same[0].number}/"))


def test_from_the_case_page_one_is_merged_and_one_dismissed(same: list[Case], client_of: ClientOf) -> None:
    client, url = client_of("dispatcher"), f"/crowds/decide/{same[2].number}/"
    told = client.post(url, {"other": same[1].number, "how": "dismiss"}, follow=True)
    assert "已记下，不再提示。" in text(told)
    moved = client.post(url, {"other": same[0].number, "how": "merge"}, headers={"HX-Request": "true"})
    assert (moved.status_code, moved["HX-Redirect"]) == (204, f"/cases/{same[2].number}/")
    assert Case.objects.get(pk=same[2].pk).master_id == same[0].pk
    states = MayRepeat.objects.filter(case=same[2]).order_by("other_id").values_list("state", flat=True)
    assert list(states) == ["merged", "dismissed"]
    assert client.post(url, {"other": same[0].number, "how": "link"}).status_code == 409
    assert client_of("handler").post(url, {"other": same[0].number, "how": "link"}).status_code == 404


def test_the_queue_shows_the_group_and_takes_it_together(same: list[Case], client_of: ClientOf) -> None:
    client = client_of("dispatcher")
    queue = text(client.get("/crowds/"))
    assert f"/crowds/group/{same[2].number}/" in queue and "<b>3</b> 件" in queue
    page = client.get(f"/crowds/group/{same[1].number}/")
    assert [row["ticked"] for row in page.context["rows"]] == [True, True, True]
    assert page.context["master"] == same[0].number
    nothing = client.post(f"/crowds/group/{same[1].number}/", {"master": same[0].number, "how": "merge"})
    assert (nothing.status_code, "请勾选要归到一起的事项" in text(nothing)) == (400, True)
    given = {"master": same[0].number, "numbers": [same[1].number, same[2].number], "how": "merge", "note": "同一个站"}
    done = client.post(f"/crowds/group/{same[1].number}/", given, follow=True)
    assert done.redirect_chain == [(f"/crowds/{same[0].number}/", 302)]
    assert "已并入 2 件。" in text(done)
    assert "没有可能重复的事项" in text(client.get("/crowds/"))
    assert "没有要比对的了" in text(client.get(f"/crowds/group/{same[0].number}/"))


def test_a_hot_matter_stands_on_the_desk_is_opened_taken_together_or_left(
    warm: list[Case], client_of: ClientOf
) -> None:
    client = client_of("dispatcher")
    assert 'hx-get="/crowds/desk/"' in text(client.get("/"))
    assert 'hx-get="/crowds/desk/"' not in text(client_of("clerk").get("/"))
    desk = text(client.get("/crowds/desk/"))
    assert "胜利社区 第一网格 · 供热" in desk and "<b>3</b> 件" in desk
    url = f"/crowds/hot/{GRID}/A0102/"
    assert url in text(client.get("/crowds/?tab=hot"))
    assert [row["ticked"] for row in client.get(url).context["rows"]] == [False, False, False]
    nothing = client.post(url, {"master": warm[0].number, "how": "merge"})
    assert (nothing.status_code, "请勾选要归到一起的事项，至少一件。" in text(nothing)) == (400, True)
    kept = client.post(url, {"numbers": [warm[1].number], "how": "merge"})
    assert [row["ticked"] for row in kept.context["rows"]] == [False, True, False]
    assert "请写明为什么暂不处理" in text(client.post(f"{url}leave/", {"reason": ""}, follow=True))
    left = text(client.post(f"{url}leave/", {"reason": "已派专班"}, follow=True))
    assert "暂不处理的 1 处" in left and "老周暂不处理：已派专班" in left
    assert (HotDismissal.objects.get().count, text(client.get("/crowds/desk/")).strip()) == (3, "")
    numbers = [case.number for case in warm]
    linked = client.post(url, {"master": numbers[0], "numbers": numbers[1:], "how": "link"}, follow=True)
    assert "已关联 2 件。" in text(linked)


def test_a_joint_matter_is_named_filled_from_a_sheet_ticked_told_and_split(
    district: District, same: list[Case], client_of: ClientOf
) -> None:
    client, master = client_of("dispatcher"), same[0]
    url = f"/crowds/{master.number}/"
    for case in same[1:]:
        district.move(case, "merge", "dispatcher", timezone.now(), master=master.number)
    assert "共性诉求和子项" in text(client.get(f"/cases/{master.number}/"))
    assert "请填写对外名称" in text(client.post(f"{url}name/", {"name": ""}))
    client.post(f"{url}name/", {"name": "搅拌站搬迁", "measure": "处"})
    assert Crowd.objects.get().name == "搅拌站搬迁"
    sheet = SimpleUploadedFile("s.csv", "地点,内容\n一号院,围挡\n一号院,喷淋\n二号院,围挡\n".encode())
    told = client.post(f"{url}items/", {"sheet": sheet}, follow=True)
    assert "新列入 3 个子项，现在共 3 个。" in text(told)
    assert "没有新的" in text(client.post(f"{url}items/", {"items": "一号院，围挡"}, follow=True))
    wrong = client.post(f"{url}items/", {"items": "只有地点"})
    assert (wrong.status_code, "第 1 行要写成" in text(wrong), "只有地点" in text(wrong)) == (400, True, True)
    page = text(client.post(f"{url}done/", {"position": ["1", "3"], "done": "true"}, follow=True))
    assert '<b class="tnum">2/3</b>' in page and "2 处中 1 处全部完成" in page
    client.post(f"{url}drop/", {"items": "2", "note": "不需要"})
    assert list(SubItem.objects.filter(dropped_at__isnull=False).values_list("position", flat=True)) == [2]
    client.post(f"{url}tell/", {"public_text": "下周一开始搬迁。"})
    resident = Client().post("/query/", {"number": same[1].number, "query_code": query_code(same[1].number, 1)})
    read = text(resident)
    assert "搅拌站搬迁" in read and "下周一开始搬迁。" in read and '<b class="tnum">2/2</b>' in read
    assert "许多居民共同的诉求" in read
    assert "请写明为什么拆开" in text(client.post(f"{url}split/", {"numbers": [same[2].number]}))
    apart = client.post(f"{url}split/", {"numbers": [same[2].number], "note": "地点不同"}, follow=True)
    assert "已拆出" in text(apart)
    assert Case.objects.get(pk=same[2].pk).status == "registered"
    assert "搅拌站搬迁" in text(client.get("/crowds/?tab=joint"))
    client.post(f"{url}end/", {"note": "各办各的"})
    assert "还没有共性诉求" in text(client.get("/crowds/?tab=joint"))


def test_a_renamed_joint_matter_has_its_page_and_says_its_name_before(
    district: District, same: list[Case], client_of: ClientOf
) -> None:
    for name in ("搅拌站搬迁", "搅拌站尽快搬迁"):
        district.record(same[0], "crowd", "dispatcher", timezone.now(), name=name)
    answer = client_of("dispatcher").get(f"/cases/{same[0].number}/")
    assert (answer.status_code, "共性诉求：搅拌站尽快搬迁（原名“搅拌站搬迁”）" in text(answer)) == (200, True)


def test_a_history_that_kept_the_name_before_as_a_bare_text_is_still_read(
    district: District, same: list[Case], client_of: ClientOf
) -> None:
    """As it was written at first; what is in a history stays there."""
    data = {"name": "搅拌站尽快搬迁", "measure": "项", "before": "搅拌站搬迁", "limits": {}}
    by = {"actor": district.people["dispatcher"], "status_before": "registered", "status_after": "registered"}
    Event.objects.create(case=same[0], seq=2, kind="crowd", at=timezone.now(), data=data, **by)
    answer = client_of("dispatcher").get(f"/cases/{same[0].number}/")
    assert (answer.status_code, "共性诉求：搅拌站尽快搬迁" in text(answer)) == (200, True)


@pytest.mark.parametrize("act", ["done", "drop"])
def test_a_tick_of_very_many_digits_is_no_tick(
    district: District, same: list[Case], client_of: ClientOf, act: str
) -> None:
    district.record(same[0], "items", "dispatcher", timezone.now(), items="一号院，围挡")
    given = {"position": ["9" * 5000], "done": "true", "note": "不需要"}
    answer = client_of("dispatcher").post(f"/crowds/{same[0].number}/{act}/", given)
    assert (answer.status_code, SubItem.objects.get().done_at) == (400, None)


def test_empty_tabs_say_what_comes_there_and_others_are_not_let_in(district: District, client_of: ClientOf) -> None:
    client = client_of("dispatcher")
    for tab, words in (("repeats", "没有可能重复的事项"), ("hot", "现在没有热点"), ("joint", "还没有共性诉求")):
        assert words in text(client.get(f"/crowds/?tab={tab}"))
    case = district.register()
    for who in ("clerk", "handler", "grid_worker"):
        assert client_of(who).get("/crowds/").status_code == 403
    assert client_of("handler").get(f"/crowds/{case.number}/").status_code == 404
    assert client.get(f"/crowds/hot/{GRID}/A0102/").status_code == 404
    assert client.post(f"/crowds/{case.number}/burn/").status_code == 404


def test_a_page_of_a_case_asks_nothing_more_where_nothing_repeats(district: District, client_of: ClientOf) -> None:
    case = district.register(now=timezone.now())
    client = client_of("dispatcher")
    client.get(f"/cases/{case.number}/")
    with CaptureQueriesContext(connection) as asked:
        client.get(f"/cases/{case.number}/")
    own = ("cases_mayrepeat", "cases_crowd", "cases_subitem")
    assert [sum(table in row["sql"] for row in asked) for table in own] == [1, 1, 1]  # the marks of the case itself


def test_at_the_window_like_words_of_somebody_else_are_shown_and_a_human_says_what_they_are(
    district: District, same: list[Case], client_of: ClientOf
) -> None:
    client = client_of("clerk")
    typed = {"description": MIXER, "client_id": "11111111-2222-4333-8444-555555555555", "who": "alone"}
    page = text(client.post("/cases/new/beside/", typed))
    assert "可能是同一件事" in page and "一字不差" in page
    assert page.count('class="likely"') == 3 and "同一电话" not in page
    assert "可能是同一件事" not in text(
        client.post("/cases/new/beside/", {**typed, "description": "问社保卡在哪里补办要带什么。"})
    )


def test_a_supervisor_goes_from_the_hot_matter_to_the_order(warm: list[Case], client_of: ClientOf) -> None:
    page = text(client_of("supervisor").get(f"/crowds/hot/{GRID}/A0102/"))
    assert f'href="/cases/{warm[0].number}/records/order/"' in page
    assert "/records/order/" not in text(client_of("dispatcher").get(f"/crowds/hot/{GRID}/A0102/"))
    moved = client_of("supervisor").post(
        f"/crowds/hot/{GRID}/A0102/",
        {"master": warm[0].number, "numbers": [warm[1].number], "how": "merge"},
        follow=True,
    )
    assert "由分流员办理" in text(moved)


def test_the_rules_are_the_system_administrators_and_changes_are_on_record(
    district: District, client_of: ClientOf
) -> None:
    district.person("sysadmin", "系统管理员", "system_admin", "zfw")
    client = client_of("sysadmin")
    assert client.get("/admin/cases/crowdrules/add/").status_code == 200
    client.post("/admin/cases/crowdrules/add/", {"hot_count": "4", "hot_days": "10", "repeat_days": "200"})
    row = CrowdRules.objects.get()
    assert (row.pk, row.hot_count, row.hot_days, row.repeat_days) == (1, 4, 10, 200)
    assert AuditEntry.objects.filter(action__startswith="crowdrules").count() == 1
    assert client.get("/admin/cases/crowdrules/add/").status_code == 403


def test_on_the_telephone_like_words_of_somebody_else_are_shown_too(
    district: District, same: list[Case], client_of: ClientOf
) -> None:
    now = timezone.now()
    call = hotlines.answer(district.actor("operator", now), phone="13900001111", now=now)
    page = text(client_of("operator").post(reverse("hotlines:beside", args=[call.uid]), {"description": MIXER}))
    assert "可能是同一件事" in page and "一字不差" in page and f"/cases/{same[0].number}/" in page


def test_by_what_somebody_was_recognised_is_told_to_who_receives_people_only(
    district: District, report: Report, client_of: ClientOf
) -> None:
    now = timezone.now()
    district.register(now=now, description="三号楼暖气不热，请求维修。", category="A0102")
    second = report("又来反映，三号楼的暖气还是没有修。", category="A0102", now=now)
    suggest_repeats(now)
    clerk, dispatcher = (text(client_of(who).get(f"/cases/{second.number}/")) for who in ("clerk", "dispatcher"))
    assert ("同一电话" in clerk, "同一电话" in dispatcher, "可能是同一人" in dispatcher) == (True, False, True)
    queue = text(client_of("dispatcher").get("/crowds/"))
    assert ("同一电话" in queue, "可能是同一人" in queue) == (False, True)


def test_a_long_queue_goes_by_pages(
    report: Report, client_of: ClientOf, district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cases.crowds.views.PER_PAGE", 1)
    now = timezone.now()
    for story in (MIXER, "小区门口的路灯坏了三盏，晚上出门看不见路。"):
        for _ in range(2):
            report(story, story[:10], now=now, **ANONYMOUS)
    suggest_repeats(now)
    first = text(client_of("dispatcher").get("/crowds/"))
    assert "第 1 页，共 2 页" in first and 'href="?tab=repeats&amp;page=2"' in first
    assert "第 2 页，共 2 页" in text(client_of("dispatcher").get("/crowds/?page=2"))
