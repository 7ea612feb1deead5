"""The list as each person keeps it: heads that sort, columns, density, filters as chips, views of one's own and the unit."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import Case, SavedView
from cases.worklist import columns, listing, paging, saved
from cases.worklist.listing import Listing
from governance_portal.lib.errors import Incomplete, NotYou, NotYours
from tests.cases.cast import OTHER_STREET, STREET, District, at

ClientOf = Callable[[str], Client]
MOST_QUERIES = 12


def many(district: District) -> None:
    """Thirteen matters of several levels, units, streets and states; groups share every key."""
    for place in range(13):
        area = {"area": OTHER_STREET} if place % 3 == 0 else {"area": "140603100001"}
        case = district.register(now=at(23) + timedelta(minutes=place // 4), place=area)
        if place % 2:
            level = ("general", "urgent", "major")[place % 3]
            district.move(case, "accept", "clerk", at(23, 10), category="A0102", level=level)
        if place % 4 == 1:
            unit = "housing" if place % 8 == 1 else "heating"
            district.move(case, "dispatch", "dispatcher", at(23, 10), lead_unit=unit, mode="forward")


# --- order ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sort", sorted(paging.SORTS))
def test_every_order_shows_each_case_once_there_and_back(district: District, sort: str) -> None:
    many(district)
    actor, query, seen, backwards = district.actor("dispatcher"), f"tab=all&sort={sort}", [], []
    after = ""
    while True:
        shown = Listing(QueryDict(f"{query}&after={after}".replace("+", "%2B")), actor, at(24))
        page = shown.page(5, lambda cases: cases)
        seen += [case.pk for case in page.cases]
        if not page.last:
            break
        after = page.last
    assert seen == list(paging.ordered(shown.cases, sort).values_list("pk", flat=True))
    assert len(seen) == 13
    before = page.first
    while before:
        page = Listing(QueryDict(f"{query}&before={before}".replace("+", "%2B")), actor, at(24)).page(
            5, lambda cases: cases
        )
        backwards = [case.pk for case in page.cases] + backwards
        before = page.first
    assert backwards == seen[: len(backwards)]
    assert len(backwards) == 10


def test_a_head_sorts_and_pressed_again_turns_the_order_round(district: District, client_of: ClientOf) -> None:
    many(district)
    dispatcher = client_of("dispatcher")
    heads = {head["code"]: head for head in dispatcher.get("/cases/?tab=all").context["columns"]}
    assert (heads["number"]["sorted"], heads["due"]["sorted"]) == ("descending", "")
    once = dispatcher.get(f"/cases/{heads['due']['url']}").context
    again = {head["code"]: head for head in once["columns"]}["due"]
    turned = dispatcher.get(f"/cases/{again['url']}").context
    assert [again["sorted"], {head["code"]: head for head in turned["columns"]}["due"]["sorted"]] == [
        "ascending",
        "descending",
    ]
    assert sorted(row["number"] for row in once["rows"]) == sorted(row["number"] for row in turned["rows"])


def test_by_time_limit_what_runs_comes_first_and_what_has_ended_last(district: District, client_of: ClientOf) -> None:
    ended, running = district.register(now=at(2)), district.register(now=at(20))
    district.move(ended, "withdraw", "clerk", at(3), note="本人撤回")
    for sort in ("due", "due_last", "step", "step_last"):
        rows = client_of("clerk").get(f"/cases/?tab=all&sort={sort}").context["rows"]
        assert [row["number"] for row in rows] == [running.number, ended.number], sort


@pytest.mark.parametrize("cursor", ["x", "_1", "9999_1", "2026-13-01T00:00:00+00:00_1", "2026-11-23T00:00:00_1", "1_²"])
def test_a_made_up_cursor_shows_the_first_page(district: District, client_of: ClientOf, cursor: str) -> None:
    case = district.register()
    for sort in ("newest", "status", "area"):
        page = client_of("clerk").get("/cases/", {"tab": "all", "sort": sort, "after": cursor})
        assert page.status_code == 200
        if sort == "newest":
            assert [row["number"] for row in page.context["rows"]] == [case.number]


# --- how it is drawn --------------------------------------------------------------------------------------------


def test_columns_density_and_page_size_are_kept_per_person(district: District, client_of: ClientOf) -> None:
    many(district)
    dispatcher, clerk = client_of("dispatcher"), client_of("clerk")
    dispatcher.post(
        "/cases/columns/", {"column": ["due", "level"], "density": "comfort", "page_size": "60", "list": "tab=all"}
    )
    kept, usual = dispatcher.get("/cases/?tab=all").context, clerk.get("/cases/?tab=all").context
    assert [head["code"] for head in kept["columns"]] == ["number", "matter", "due", "level"]
    assert [head["code"] for head in usual["columns"]] == list(columns.USUAL)
    assert (kept["comfort"], usual["comfort"]) == (True, False)
    dispatcher.post("/cases/columns/", {"usual": "1"})
    assert dispatcher.get("/cases/?tab=all").context["comfort"] is False


def test_unknown_columns_and_sizes_fall_back_to_the_usual(district: District) -> None:
    actor = district.actor("clerk")
    kept = saved.prefer(actor, ["nonsense", "salary"], "tight", 5000)
    assert (kept.columns, kept.density, kept.page_size) == ([], "compact", 30)
    assert len(saved.prefer(actor, [c.code for c in columns.ALL], "comfort", 100).columns) == columns.MOST


def test_the_total_is_exact_and_beyond_reason_says_more_than(
    district: District, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(district)
    clerk = client_of("clerk")
    assert clerk.get("/cases/?tab=all&status=registered").context["total_words"] == "共 7 件"
    monkeypatch.setattr(listing, "COUNTED_UP_TO", 4)
    monkeypatch.setattr(saved, "PAGE_SIZES", (3,))
    saved.prefer(district.actor("clerk"), [], "compact", 3)
    assert clerk.get("/cases/?tab=all&status=registered").context["total_words"] == "超过 4 件"


# --- filters ----------------------------------------------------------------------------------------------------


def test_chips_speak_and_each_goes_alone(district: District, client_of: ClientOf) -> None:
    many(district)
    query = "tab=all&status=accepted&status=dispatched&unit=housing&received_after=2026-11-23&sort=due"
    chips = client_of("dispatcher").get(f"/cases/?{query}").context["filters"]
    assert [(chip["label"], chip["value"]) for chip in chips] == [
        ("状态", "待分流、待签收"),
        ("主办单位", "区住房和城乡建设局"),
        ("登记不早于", "2026年11月23日"),
    ]
    left = QueryDict(chips[0]["url"].lstrip("?"))
    assert dict(left.lists()) == {
        "tab": ["all"],
        "sort": ["due"],
        "unit": ["housing"],
        "received_after": ["2026-11-23"],
    }


def test_a_figure_of_the_board_speaks_as_a_chip_and_is_exactly_its_rows(
    district: District, client_of: ClientOf
) -> None:
    many(district)
    page = client_of("dispatcher").get("/cases/?figure=accepted&from=2026-11-01&to=2026-11-30").context
    assert [(chip["label"], chip["value"]) for chip in page["filters"]] == [
        ("统计指标", "受理"),
        ("自", "2026年11月1日"),
        ("至", "2026年11月30日"),
    ]
    assert page["total"] == Case.objects.exclude(status="registered").count()


def test_the_panel_keeps_what_it_does_not_ask_and_shows_what_is_on(district: District, client_of: ClientOf) -> None:
    page = client_of("dispatcher").get("/cases/filter/?tab=all&status=accepted&q=路灯&sort=due&view=7")
    groups = {group["name"]: group for group in page.context["groups"]}
    assert groups["status"]["on"] == "待分流"
    assert sorted(page.context["hidden"]) == [("q", "路灯"), ("sort", "due"), ("tab", "all")]
    assert "按条件筛选" in page.content.decode()


@pytest.mark.parametrize("query", ["status=nonsense", "received_after=tomorrow", "level=5", "due=never"])
def test_a_filter_that_cannot_be_read_is_told_and_shows_nothing(
    district: District, client_of: ClientOf, query: str
) -> None:
    district.register()
    page = client_of("clerk").get(f"/cases/?tab=all&{query}")
    assert (page.status_code, page.context["rows"], bool(page.context["filter_errors"])) == (200, [], True)


def test_an_empty_filter_offers_to_drop_the_filters(district: District, client_of: ClientOf) -> None:
    district.register()
    blank = client_of("clerk").get("/cases/?tab=all&kind=hazard").context["blank"]
    assert (blank["title"], blank["next"]["url"]) == ("没有符合条件的事项", "/cases/?tab=all")


# --- views ------------------------------------------------------------------------------------------------------


def test_a_saved_view_is_a_tab_with_its_count_and_opens_its_list(district: District, client_of: ClientOf) -> None:
    many(district)
    dispatcher = client_of("dispatcher")
    made = dispatcher.post(
        "/cases/views/",
        {"name": "井坪待分流", "pinned": "on", "list": f"tab=all&status=accepted&area={STREET}&after=x"},
    )
    view = SavedView.objects.get()
    assert (view.query, made.url) == (
        f"tab=all&status=accepted&area={STREET}",
        f"/cases/?tab=all&status=accepted&area={STREET}&view={view.pk}",
    )
    page = dispatcher.get(made.url).context
    tab = page["tabs"][-1]
    expected = Case.objects.filter(status="accepted", area_code__startswith=STREET).count()
    assert (tab["label"], tab["count"], tab["current"], page["total"]) == ("井坪待分流", expected, True, expected)
    assert [row["current"] for row in page["tabs"]].count(True) == 1


def test_a_view_shared_by_a_colleague_is_found_and_by_the_lead_is_a_tab_for_the_unit(
    district: District, client_of: ClientOf
) -> None:
    housing = district.units["housing"].pk
    saved.save(district.actor("handler"), "老李的", QueryDict("kind=hazard"), pinned=True, unit_id=housing)
    saved.save(district.actor("housing_lead"), "本局在办", QueryDict("status=handling"), pinned=True, unit_id=housing)
    colleague, stranger = (saved.views_of(district.actor(who)) for who in ("handler2", "street_handler"))
    assert [(view.name, view.own, view.tab) for view in colleague] == [
        ("老李的", False, False),
        ("本局在办", False, True),
    ]
    assert stranger == []
    labels = [tab["label"] for tab in client_of("handler2").get("/cases/").context["tabs"]]
    assert labels[-1] == "本局在办"
    page = client_of("handler2").get("/cases/views/").content.decode()
    assert ("老李的" in page, "存为我的" in page) == (True, True)


def test_a_shared_view_shows_each_only_what_is_theirs(district: District, client_of: ClientOf) -> None:
    many(district)
    centre = district.units["centre"].pk
    district.person("street_clerk", "小吕", "clerk", "centre", STREET)
    view = saved.save(district.actor("dispatcher"), "全部", QueryDict("tab=all"), pinned=True, unit_id=centre)
    rows = {
        who: client_of(who).get(f"/cases/?tab=all&view={view.pk}").context["total"] for who in ("clerk", "street_clerk")
    }
    assert rows == {"clerk": 13, "street_clerk": Case.objects.filter(area_code__startswith=STREET).count()}


def test_views_are_changed_by_their_owner_only(district: District, client_of: ClientOf) -> None:
    owner, other = district.actor("handler"), district.actor("handler2")
    view = saved.save(owner, "我的", QueryDict("kind=hazard"), pinned=True, unit_id=district.units["housing"].pk)
    for what in ("pin", "share", "delete"):
        with pytest.raises(NotYours):
            saved.change(other, view.pk, what)
    assert client_of("handler2").post(f"/cases/views/{view.pk}/", {"what": "delete"}).status_code == 404
    saved.change(owner, view.pk, "unpin")
    saved.change(owner, view.pk, "unshare")
    view.refresh_from_db()
    assert (view.pinned, view.unit_id, view.by_lead) == (False, None, False)
    saved.change(owner, view.pk, "delete")
    assert not SavedView.objects.exists()


def test_what_a_view_lacks_is_said_at_its_field(district: District, client_of: ClientOf) -> None:
    actor = district.actor("clerk")
    saved.save(actor, "待受理", QueryDict("status=registered"), pinned=False)
    for name in ("", "字" * 21, "待受理"):
        answer = client_of("clerk").post("/cases/views/", {"name": name, "list": "tab=all"})
        assert (answer.status_code, list(answer.context["errors"])) == (400, ["name"])
    with pytest.raises(NotYou):
        saved.save(actor, "别家的", QueryDict(""), pinned=False, unit_id=district.units["housing"].pk)
    with pytest.raises(Incomplete):
        saved.save(actor, "太长", QueryDict("q=" + "字" * 1000), pinned=False)


def test_a_view_is_renamed_by_its_owner_and_keeps_its_list(district: District, client_of: ClientOf) -> None:
    owner, housing = district.actor("handler"), district.units["housing"].pk
    view = saved.save(owner, "隐患", QueryDict("kind=hazard"), pinned=True, unit_id=housing)
    saved.save(owner, "在办", QueryDict("status=handling"), pinned=False)
    answer = client_of("handler").post(
        f"/cases/views/{view.pk}/", {"what": "rename", "name": " 消防隐患 ", "list": "tab=all"}, follow=True
    )
    assert [str(message) for message in answer.context["messages"]] == ["视图“隐患”已改名为“消防隐患”。"]
    view.refresh_from_db()
    assert (view.name, view.query, view.pinned, view.unit_id) == ("消防隐患", "kind=hazard", True, housing)
    assert client_of("handler2").post(f"/cases/views/{view.pk}/", {"what": "rename", "name": "我的"}).status_code == 404


def test_a_name_that_will_not_do_is_said_beside_it_and_stays_as_typed(district: District, client_of: ClientOf) -> None:
    actor = district.actor("clerk")
    saved.save(actor, "待受理", QueryDict("status=registered"), pinned=False)
    view = saved.save(actor, "我的", QueryDict("kind=hazard"), pinned=False)
    told = {}
    for name in ("", "字" * 21, "待受理"):
        answer = client_of("clerk").post(f"/cases/views/{view.pk}/", {"what": "rename", "name": name})
        told[name] = (answer.status_code, answer.context["renaming"])
    view.refresh_from_db()
    assert view.name == "我的"
    assert told == {
        name: (400, {"id": view.pk, "name": name, "errors": [sentence]})
        for name, sentence in (
            ("", "请给视图起个名字。"),
            ("字" * 21, "名称最多 20 字。"),
            ("待受理", "您已有同名的视图，请换一个名字。"),
        )
    }


def test_one_s_own_copy_of_a_shared_view(district: District, client_of: ClientOf) -> None:
    shared = saved.save(
        district.actor("handler"), "隐患", QueryDict("kind=hazard"), pinned=True, unit_id=district.units["housing"].pk
    )
    client_of("handler2").post(f"/cases/views/{shared.pk}/", {"what": "copy"})
    mine = SavedView.objects.get(owner__username="handler2")
    assert (mine.query, mine.unit_id) == ("kind=hazard", None)


@pytest.mark.parametrize("username", ["clerk", "dispatcher", "handler", "supervisor", "follow_up", "grid_worker"])
def test_each_role_has_its_everyday_lists_and_they_open(district: District, client_of: ClientOf, username: str) -> None:
    rows = saved.common(district.actor(username))
    assert rows != []
    for row in rows:
        page = client_of(username).get(row["url"])
        assert (page.status_code, page.context["filter_errors"]) == (200, [])
        assert page.context["filters"] != []


def test_a_leader_s_list_opens_with_what_is_late(district: District, client_of: ClientOf) -> None:
    district.person("chief", "王书记", "leader", "zfw")
    assert client_of("chief").get("/cases/").context["tabs"][2] == {
        "label": "超时",
        "count": 0,
        "current": True,
        "url": "?tab=overdue",
    }


# --- cost -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("username", ["dispatcher", "handler"])
@pytest.mark.behaviour(20)
def test_views_columns_and_filters_cost_no_query_per_row(
    district: District, client_of: ClientOf, username: str
) -> None:
    """behaviours.md 20: with every column, four tabs of one's own and a filter, for 1 row and for 30."""
    actor, client, counted = district.actor(username), client_of(username), {}
    saved.prefer(actor, ["reporter", *columns.USUAL, "level", "step"], "compact", 30)
    for place in range(saved.MOST_PINNED):
        saved.save(actor, f"视图{place}", QueryDict("tab=all&kind=appeal"), pinned=True)
    for rows in (1, 30):
        while Case.objects.count() < rows:
            case = district.register()
            district.move(case, "accept", "clerk", category="A0102", level="general")
            district.move(case, "dispatch", "dispatcher", lead_unit="housing", mode="forward")
        client.get("/cases/")
        with CaptureQueriesContext(connection) as asked:
            page = client.get("/cases/?tab=all&kind=appeal")
        assert (len(page.context["rows"]), page.context["tabs"][-1]["count"]) == (rows, rows)
        counted[rows] = len(asked)
    assert counted[1] == counted[30] <= MOST_QUERIES
