"""The desk after log-in: what waits, what is late, what came back; each role its own, few queries, live figures."""

from collections.abc import Callable
from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import audit
from accounts.models import Post, User
from cases import desks, lanes
from cases.models import Case
from cases.services import visiting
from tests.cases.cast import District

ClientOf = Callable[[str], Client]
MOST_QUERIES = 12
CASE_PEOPLE = (
    "clerk",
    "operator",
    "dispatcher",
    "handler",
    "mediator",
    "supervisor",
    "follow_up",
    "grid_worker",
    "centre_lead",
)


@pytest.fixture
def busy(district: District) -> District:
    """Something in every queue: registered, waiting for papers, accepted, returned, dispatched, handled, checked, answered."""
    d, now = district, timezone.now()
    for place, steps in enumerate(range(9)):
        case = d.register(now=now, description=f"第{place}件：三号楼暖气不热，请尽快维修。")
        if steps == 1:
            d.move(
                case, "request_material", "clerk", now, missing="房产证复印件", due_on=date(2026, 12, 20).isoformat()
            )
        if steps < 2:
            continue
        level = "serious" if steps == 8 else "general"
        reason = {"level_reason": "涉及一百多户"} if steps == 8 else {}
        d.move(case, "accept", "clerk", now, category="A0102", level=level, **reason)
        if steps == 2:
            continue
        d.move(case, "dispatch", "dispatcher", now, lead_unit="housing", mode="forward")
        if steps == 3:
            d.move(case, "return", "handler", now, reason="not_ours", basis="职责清单第三条")
        if steps < 5:
            continue
        d.move(case, "sign", "handler", now)
        if steps in (6, 7):
            d.move(case, "resolve", "handler", now, result="换泵", outcome="fulfilled", reply="已修好。")
        if steps == 7:
            d.move(case, "approve", "supervisor", now)
    return d


def drawn(client: Client) -> dict[str, object]:
    """The desk in short: figures and columns."""
    context = client.get("/").context
    return {
        "figures": [(tile["label"], tile["value"]) for tile in context["tiles"]],
        "columns": [(column["title"], column["total"], len(column["rows"])) for column in context["columns"]],
    }


def test_each_role_has_a_desk_of_its_own(busy: District, client_of: ClientOf) -> None:
    titles = {who: [row[0] for row in drawn(client_of(who))["columns"]] for who in CASE_PEOPLE}  # type: ignore[attr-defined]
    pressing = "已超时和快到期"
    assert titles == {
        "clerk": ["待受理", "等来访人补正", "今天窗口登记"],
        "operator": ["待受理", "等来访人补正", "今天来电登记"],
        "dispatcher": ["待分流", pressing, "退回待改派"],
        "handler": ["待办理", pressing, "退回重办"],
        "mediator": ["待调解", pressing, "退回重办"],
        "supervisor": ["待审核", pressing, "督办中"],
        "follow_up": ["待回访", "评价不满意", "退回重办"],
        "grid_worker": ["待处理", pressing, "退回重办"],
        "centre_lead": ["待我处理", pressing, "重大和紧急"],
    }


def test_the_clerk_s_desk_counts_what_is_there(busy: District, client_of: ClientOf) -> None:
    desk = drawn(client_of("clerk"))
    assert desk["columns"] == [("待受理", 1, 1), ("等来访人补正", 1, 1), ("今天窗口登记", 9, 7)]
    assert desk["figures"][0] == ("受理和补正", 2)  # type: ignore[index]


@pytest.mark.parametrize("who", CASE_PEOPLE)
def test_every_figure_and_every_column_is_exactly_its_list(busy: District, client_of: ClientOf, who: str) -> None:
    client = client_of(who)
    context = client.get("/").context
    links = [(tile["url"], tile["value"]) for tile in context["tiles"] if tile["unit"] == "件"]
    links += [
        (column["links"][0]["url"], column["total"])
        for column in context["columns"]
        if len(column["links"]) == 1 and column["total"]
    ]
    found = [(url, len(client.get(url).context["rows"])) for url, _count in links]
    assert found == links


def test_the_clerk_s_visits_are_those_of_the_register_and_not_of_the_matters(
    district: District, client_of: ClientOf
) -> None:
    clerk, now = client_of("clerk"), timezone.now()
    case = district.register(now=now)  # over the window: writes its own visit
    district.register(now=now, channel="hotline")
    district.register(now=now - timedelta(days=1))
    visiting.enter_visit(district.actor("clerk", now), {"purpose": "progress", "number": case.number}, now=now)
    context = clerk.get("/").context
    register = clerk.get(context["tiles"][3]["url"]).context["totals"]
    column = context["columns"][2]
    assert (context["tiles"][3]["label"], context["tiles"][3]["value"], context["tiles"][3]["unit"]) == (
        "今天来访",
        register.visits,
        "批",
    )
    assert (column["title"], column["total"], register.matters, register.visits) == ("今天窗口登记", 1, 1, 2)


@pytest.mark.parametrize("who", CASE_PEOPLE)
def test_next_walks_a_column_of_the_desk_in_its_order_to_its_end(busy: District, client_of: ClientOf, who: str) -> None:
    client = client_of(who)
    for column in client.get("/").context["columns"]:
        shown = [urlsplit(row["url"]).path for row in column["rows"]]
        if not shown:
            continue
        here, walked = column["rows"][0]["url"], []
        while urlsplit(here).path != "/cases/":
            walked.append(urlsplit(here).path)
            here = client.get(client.get(here).context["next_case"]["next_url"]).url
        assert (column["title"], walked[: len(shown)], len(walked)) == (column["title"], shown, column["total"])


def test_every_row_of_a_desk_remembers_a_list_that_holds_exactly_its_column(
    busy: District, client_of: ClientOf
) -> None:
    for who in CASE_PEOPLE:
        client, now = client_of(who), timezone.now()
        for lane in lanes.lanes_of(busy.actor(who, now), now):
            held = lanes.held_by(Case.objects.visible_to(busy.actor(who, now), now), lane)
            page = client.get(f"/cases/?{lane.query}").context
            assert (lane.code, page["filter_errors"], {row["case"].pk for row in page["rows"]}) == (
                lane.code,
                [],
                {case.pk for case in held},
            )


def test_the_queue_of_a_role_is_what_the_list_calls_mine(busy: District, client_of: ClientOf) -> None:
    now = timezone.now()
    counts = {who: client_of(who).get("/").context["counts"]["mine"] for who in CASE_PEOPLE}
    assert counts == {who: desks.desk_of(busy.actor(who, now), now).count() for who in CASE_PEOPLE}


def test_one_tap_opens_the_most_urgent_one(busy: District, client_of: ClientOf) -> None:
    handler = client_of("handler")
    first = handler.get("/").context["first"]
    rows = handler.get("/cases/?tab=mine").context["rows"]
    assert urlsplit(first).path == urlsplit(rows[0]["url"]).path
    assert handler.get(first).status_code == 200


def test_an_empty_column_says_what_that_means(district: District, client_of: ClientOf) -> None:
    page = client_of("handler").get("/").content.decode()
    assert "没有等您办理的事项" in page
    assert "转到本单位等签收的、您承办的，会出现在这里。" in page


@pytest.mark.parametrize("who", CASE_PEOPLE)
def test_a_desk_costs_few_queries_however_much_lies_on_it(busy: District, client_of: ClientOf, who: str) -> None:
    client = client_of(who)
    client.get("/")
    costs = []
    for _round in range(2):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get("/")
        costs.append(len(asked))
        for _more in range(5):
            busy.register(now=timezone.now())
    assert costs[0] == costs[1] <= MOST_QUERIES


def test_the_figures_are_asked_for_in_the_background_and_say_when_they_changed(
    busy: District, client_of: ClientOf
) -> None:
    clerk = client_of("clerk")
    before = clerk.get("/").context["drawn"]
    same = clerk.get("/desk/figures/", {"drawn": before}, headers={"X-Background": "1"}).content.decode()
    busy.register(now=timezone.now())
    with CaptureQueriesContext(connection) as asked:
        changed = clerk.get("/desk/figures/", {"drawn": before}, headers={"X-Background": "1"}).content.decode()
    counted = [row["sql"] for row in asked if "COUNT(" in row["sql"] and "cases_case" in row["sql"]]
    assert ("有新的变化" in same, "有新的变化" in changed, len(counted)) == (False, True, 2)


def test_nobody_asks_for_figures(client: Client, db: None) -> None:
    assert client.get("/desk/figures/").status_code == 302


def test_several_posts_share_a_desk_and_each_queue_has_its_line(busy: District, client_of: ClientOf) -> None:
    busy.person("clerk", "小王", "dispatcher", "centre")
    clerk = client_of("clerk")
    context = clerk.get("/").context
    lines = {item["label"]: item for item in context["nav"] if item["count"] is not None}
    assert {label: item["count"] for label, item in lines.items()} == {"受理和补正": 2, "待分流": 2}
    for item in lines.values():
        assert len(clerk.get(item["url"]).context["rows"]) == item["count"]
    assert [column["title"] for column in context["columns"]] == ["待我处理", "已超时和快到期", "退回重办"]


def test_choosing_a_post_changes_the_desk(busy: District, client_of: ClientOf) -> None:
    busy.person("clerk", "小王", "dispatcher", "centre")
    clerk = client_of("clerk")
    post = Post.objects.get(user__username="clerk", role="dispatcher")
    clerk.post("/posts/switch/", {"post": post.pk})
    assert [row[0] for row in drawn(clerk)["columns"]] == ["待分流", "已超时和快到期", "退回待改派"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("address", "label"),
    [
        ("/", "工作台"),
        ("/cases/?tab=mine", "待办理"),
        ("/cases/?tab=all", "全部事项"),
        ("/cases/?tab=all&status=handling", "全部事项"),
        ("/notices/", "通知"),
    ],
)
def test_the_page_one_is_on_is_marked_in_the_rail(
    busy: District, client_of: ClientOf, address: str, label: str
) -> None:
    items = client_of("handler").get(address).context["nav"]
    assert [item["label"] for item in items if item["active"]] == [label]


def test_the_bottom_bar_of_phones_has_the_registration_in_its_middle(busy: District, client_of: ClientOf) -> None:
    bars = {who: client_of(who).get("/").context["phone_nav"] for who in ("clerk", "handler")}
    assert [(item["label"], item["big"]) for item in bars["clerk"]] == [
        ("工作台", False),
        ("受理和补正", False),
        ("登记", True),
        ("通知", False),
    ]
    assert [item["label"] for item in bars["handler"]] == ["工作台", "待办理", "全部事项", "通知"]


def test_a_request_that_waits_for_the_lead_lies_on_the_lead_s_desk(busy: District, client_of: ClientOf) -> None:
    now = timezone.now()
    case = desks.desk_of(busy.actor("handler", now), now).filter(status="handling", level="general").first()
    assert case is not None
    busy.record(case, "request", "handler", now, kind="extension", reason="等配件到货", amount=3)
    before = {who: case in desks.desk_of(busy.actor(who, now), now) for who in ("housing_lead", "handler2")}
    assert before == {"housing_lead": True, "handler2": False}
    asked = case.requests.get()
    busy.record(case, "decide", "housing_lead", now, request=asked.pk, approved=True)
    assert case not in desks.desk_of(busy.actor("housing_lead", now), now)


# --- administrators ---------------------------------------------------------------------------------------------


@pytest.fixture
def offices(district: District) -> District:
    """The three administrators, and a newcomer without a post."""
    district.person("sysadmin", "系统员", "system_admin", "zfw")
    district.person("secadmin", "安全员", "security_admin", "zfw")
    User.objects.create(username="newcomer", name="新来的小于")
    cache.clear()
    return district


def test_an_administrator_lands_on_what_he_administers(offices: District, client_of: ClientOf) -> None:
    titles = {who: [row[0] for row in drawn(client_of(who))["columns"]] for who in ("sysadmin", "secadmin", "auditor")}  # type: ignore[attr-defined]
    assert titles == {
        "sysadmin": ["没有岗位的人", "系统检查", "可以配置的"],
        "secadmin": ["没有岗位的人", "快到期的岗位", "登录失败"],
        "auditor": ["未成功的操作", "查看个人信息", "最新日志"],
    }


def test_people_without_a_post_are_told(offices: District, client_of: ClientOf) -> None:
    context = client_of("secadmin").get("/").context
    assert [row["what"] for row in context["columns"][0]["rows"]] == ["新来的小于"]


def test_the_auditor_reads_whether_the_log_was_altered(offices: District, client_of: ClientOf) -> None:
    auditor, now = client_of("auditor"), timezone.now()
    entry = audit.record(None, "login", "clerk", now=now)
    audit.seal(now)
    assert auditor.get("/").context["say"]["title"] == "日志没有被改动"
    cache.clear()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            names = [row[0] for row in cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'accounts_auditentry'"
            ).fetchall()]  # fmt: skip
            for name in names:
                cursor.execute(f'DROP TRIGGER "{name}"')
        cursor.execute("UPDATE accounts_auditentry SET target = 'sombody' WHERE id = %s", [entry.pk])
    assert auditor.get("/").context["say"]["title"] == "日志可能被改动"


def test_whoever_has_no_post_is_told_whom_to_ask(district: District) -> None:
    nobody = User.objects.create(username="newcomer", name="新来的小于", password_changed_at=timezone.now())
    client = Client()
    client.force_login(nobody, backend="accounts.backends.PostBackend")
    page = client.get("/")
    assert (page.status_code, "您今天没有岗位" in page.content.decode()) == (200, True)
