"""The pages and the API of 剔除: the way from a matter to the decision, lists, wrong input, who opens what, statements."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import ExclusionStep, RankingExclusion
from cases.ranking import services
from tests.api.phone import Phone
from tests.cases.cast import MONDAY, District
from tests.ranking.conftest import (
    ASKED,
    DECIDED,
    NO,
    WORDS,
    YES,
    Clock,
    Enter,
    asked,
    days,
    granted,
    handled,
    late,
    refused,
)

pytestmark = pytest.mark.django_db
LIST = "/board/exclusions/"


def test_a_unit_asks_from_the_matters_page_and_reads_the_decision(
    district: District, client_of: Enter, clock: Clock
) -> None:
    clock.now = ASKED
    case = late(district)
    handler, supervisor = client_of("handler"), client_of("supervisor2")
    address = f"{LIST}new/{case.number}/"
    assert f'href="{address}"' in handler.get(f"/cases/{case.number}/").content.decode()
    assert f'href="{address}"' not in supervisor.get(f"/cases/{case.number}/").content.decode()
    form = handler.get(address).content.decode()
    assert "按期办结率" in form and "申请到2027年1月1日为止" in form
    wrong = handler.post(address, {"figure": "on_time", "ground": "", "words": "字" * 1001})
    told = wrong.content.decode()
    assert (wrong.status_code, "请选择剔除的事由。" in told, "最多 1000 字，现在有 1001 字。" in told) == (
        400,
        True,
        True,
    )
    assert "字" * 1001 in told
    answer = handler.post(address, WORDS)
    row = RankingExclusion.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"{LIST}{row.pk}/")
    assert handler.post(address, WORDS)["Location"] == f"{LIST}{row.pk}/"
    page = handler.get(f"/cases/{case.number}/").content.decode()
    assert "剔除申请" in page and f'href="{LIST}{row.pk}/"' in page
    clock.now = DECIDED
    handler, supervisor = client_of("handler"), client_of("supervisor2")  # a day later one logs in again
    assert "记下决定" not in handler.get(f"{LIST}{row.pk}/").content.decode()
    assert "记下决定" in supervisor.get(f"{LIST}{row.pk}/").content.decode()
    assert "这件事项是您审核" in client_of("supervisor").get(f"{LIST}{row.pk}/").content.decode()
    wrong = supervisor.post(f"{LIST}{row.pk}/decide/", {"granted": "yes", "answer": ""})
    assert (wrong.status_code, "请写明查了什么、依据什么。" in wrong.content.decode()) == (400, True)
    assert handler.post(f"{LIST}{row.pk}/decide/", YES).status_code == 403
    assert supervisor.post(f"{LIST}{row.pk}/decide/", YES).status_code == 302
    assert supervisor.post(f"{LIST}{row.pk}/decide/", NO).status_code == 409
    told = handler.get(f"{LIST}{row.pk}/").content.decode()
    assert YES["answer"] in told and "钱督办" in told
    assert supervisor.post(f"{LIST}{row.pk}/revoke/", {"why": ""}).status_code == 400
    assert supervisor.post(f"{LIST}{row.pk}/revoke/", {"why": "通告不实。"}).status_code == 302
    assert supervisor.post(f"{LIST}{row.pk}/explode/", {}).status_code == 404
    assert supervisor.get(f"{LIST}{row.pk}/decide/").status_code == 405
    form = handler.get(address).content.decode()  # of the other rate it may still be asked
    assert "这件事项剔除后又恢复计入了，不再受理同一申请。" in form and form.count('name="figure"') == 1


def test_who_opens_the_list_and_what_it_holds(district: District, client_of: Enter, clock: Clock) -> None:
    clock.now = DECIDED
    d = district
    asked(d, late(d))
    granted(d, late(d))
    refused(d, late(d))
    seen = {}
    for who in ("supervisor2", "leader", "clerk", "handler", "heating_man", "handler_other", "auditor"):
        pages = [client_of(who).get(f"{LIST}?tab={tab}") for tab in ("open", "granted", "all")]
        seen[who] = [len(page.context["rows"]) if page.status_code == 200 else page.status_code for page in pages]
    assert seen == {
        **{who: [1, 1, 3] for who in ("supervisor2", "leader", "clerk", "handler")},
        **{who: [0, 0, 0] for who in ("heating_man", "handler_other")},
        "auditor": [403, 403, 403],
    }
    empty = client_of("heating_man").get(LIST).content.decode()
    assert "没有等着决定的申请" in empty and "点“申请剔除”" in empty
    centre = client_of("supervisor2")
    assert len(centre.get(f"{LIST}?tab=all&unit=housing").context["rows"]) == 3
    assert len(centre.get(f"{LIST}?tab=all&unit=heating").context["rows"]) == 0
    assert len(centre.get(f"{LIST}?tab=all&area=140603101").context["rows"]) == 0


@pytest.mark.parametrize(
    "query",
    [
        "figure=people",
        "from=x",
        "figure=on_time&from=2026-02-30",
        "to=9999-99-99",
        "tab=nowhere&page=99999",
        "area=%00x",
    ],
)
def test_an_address_that_somebody_typed_breaks_nothing(
    district: District, client_of: Enter, clock: Clock, query: str
) -> None:
    assert client_of("supervisor").get(f"{LIST}?{query}").status_code == 200


def test_the_form_is_for_who_may_ask(district: District, client_of: Enter, clock: Clock) -> None:
    clock.now = ASKED
    case = late(district)
    assert {
        who: client_of(who).get(f"{LIST}new/{case.number}/").status_code
        for who in ("handler", "supervisor", "heating_man", "auditor")
    } == {"handler": 200, "supervisor": 403, "heating_man": 404, "auditor": 403}
    clock.now = ASKED + days(60)
    page = client_of("handler").get(f"{LIST}new/{case.number}/")
    assert (page.status_code, "申请剔除的期限到2027年1月1日，已经过了。" in page.content.decode()) == (409, True)
    assert "申请剔除" not in client_of("handler").get(f"/cases/{case.number}/").content.decode()


def test_a_unit_is_not_told_whether_there_was_a_rating(district: District, client_of: Enter, clock: Clock) -> None:
    """Rated 5 or not rated at all: its pages differ in nothing, and the list narrowed to days is empty for it."""
    d = district
    clock.now = MONDAY + days(1)
    pages = []
    for rated in (5, 3):
        row = asked(d, handled(d, rated=rated), now=clock.now, figure="satisfied")
        services.decide(d.actor("supervisor2", clock.now), row.pk, YES, now=clock.now)
        page = client_of("handler").get(f"{LIST}{row.pk}/").content.decode()
        pages.append("满意率" in page and not any(word in page for word in ("5 分", "3 分", "基本满意", "非常满意")))
    assert pages == [True, True]
    query = f"{LIST}?tab=granted&figure=satisfied&unit=housing&from=2026-11-01&to=2026-11-30"
    assert [len(client_of(who).get(query).context["rows"]) for who in ("handler", "leader")] == [0, 2]


def test_a_list_asks_as_many_statements_for_thirty_as_for_one(
    district: District, client_of: Enter, clock: Clock
) -> None:
    d = district
    clock.now = DECIDED
    client, phone = client_of("supervisor2"), Phone(d, "supervisor2")
    numbers = []
    for many in (1, 6):
        for _one in range(many):
            asked(d, late(d))
        for call in (lambda: client.get(LIST), lambda: phone.get("exclusions/")):
            call()
            with CaptureQueriesContext(connection) as counted:
                call()
            numbers.append(len(counted))
    assert numbers[:2] == numbers[2:] and max(numbers) <= 20


def test_the_case_page_asks_no_statement_more_where_nobody_asked(
    district: District, client_of: Enter, clock: Clock
) -> None:
    clock.now = ASKED
    case, client = late(district), client_of("handler")
    numbers = []
    for _round in range(2):
        client.get(f"/cases/{case.number}/")
        with CaptureQueriesContext(connection) as counted:
            client.get(f"/cases/{case.number}/")
        numbers.append(len([one for one in counted if "rankingexclusion" in one["sql"].replace("EXISTS(SELECT 1", "")]))
        asked(district, case) if not _round else None
    assert numbers == [1, 2]  # the mark within the statement that reads the case; then the rows


def test_the_api_lists_asks_decides_and_takes_back(district: District, clock: Clock) -> None:
    clock.now = ASKED
    d = district
    case = late(d)
    handler, supervisor = Phone(d, "handler"), Phone(d, "supervisor2")
    made = handler.post(f"cases/{case.number}/exclusions/", WORDS)
    row = RankingExclusion.objects.get()
    step = {"kind": "asked", "at": "2026-12-14T09:00:00+08:00", "by": "老李", "words": WORDS["words"]}
    told = {
        "id": row.pk,
        "number": case.number,
        "unit": {"code": "housing", "name": "区住房和城乡建设局"},
        **WORDS,
        "attempt": 1,
        "stage": "open",
        "may_decide": False,
        "steps": [step],
    }
    assert (made.status_code, made.json()) == (201, told)
    again = handler.post(f"cases/{case.number}/exclusions/", WORDS)
    assert (again.status_code, again.json(), ExclusionStep.objects.count()) == (200, told, 1)
    assert supervisor.get("exclusions/").json() == [{**told, "may_decide": True}]
    assert supervisor.get("exclusions/?tab=granted").json() == []
    assert supervisor.get("exclusions/?figure=people").status_code == 400
    assert handler.post(f"cases/{case.number}/exclusions/", {**WORDS, "x": 1}).status_code == 400
    assert handler.post(f"exclusions/{row.pk}/decision/", {"granted": True, "answer": "是"}).status_code == 403
    assert supervisor.post("exclusions/x/decision/", {}).status_code == 404
    assert supervisor.post(f"exclusions/{row.pk}/decision/", {}).json()["errors"] == {
        "granted": ["请选择同意剔除还是不同意。"]
    }
    decided = supervisor.post(f"exclusions/{row.pk}/decision/", {"granted": True, "answer": "属实。"}).json()
    assert (decided["stage"], [step["kind"] for step in decided["steps"]]) == ("granted", ["asked", "granted"])
    assert supervisor.post(f"exclusions/{row.pk}/decision/", {"granted": False, "answer": "否"}).status_code == 409
    assert supervisor.post(f"exclusions/{row.pk}/revocation/", {"why": "不实。"}).json()["stage"] == "revoked"
    assert Phone(d, "heating_man").get("exclusions/?tab=all").json() == []
    assert [Phone(d, who).get("exclusions/").status_code for who in ("", "auditor")] == [401, 403]
