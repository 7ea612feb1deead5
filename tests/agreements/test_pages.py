"""An agreement on its pages: its dates on the case page, the form that asks for them, the one that says they were kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from cases.models import Case
from tests.agreements.conftest import AGREED
from tests.cases.cast import District, at

pytestmark = pytest.mark.django_db
Agreed = Callable[..., Case]


@pytest.fixture
def client(district: District) -> Iterator[Client]:
    """老李 at his desk."""
    client = Client()
    client.force_login(district.people["handler"], backend="accounts.backends.PostBackend")
    yield client


def facts(client: Client, case: Case) -> list[tuple[str, str]]:
    """The group 协议履行 of the case page."""
    page = client.get(f"/cases/{case.number}/").content.decode()
    group = page.partition("协议履行</h2>")[2].partition("</dl>")[0]
    rows = re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", group, re.DOTALL)
    return [(unescape(label), unescape(value)) for label, value in rows]


def test_the_case_page_says_until_when_and_what_was_kept(district: District, agreed: Agreed, client: Client) -> None:
    case = agreed(effective_on="2026-11-23")
    district.record(case, "perform", "handler", at(26), instalment=1, performed=True, text="已转账")
    district.record(case, "perform", "handler", at(26), instalment=2, performed=False)
    third = ("第 3 期", "2027年2月26日前支付工资 9000 元：待履行")
    assert facts(client, case)[1:] == [
        ("第 1 期", "2026年12月31日前支付工资 8000 元：已履行"),
        ("第 2 期", "2027年1月29日前支付工资 8000 元：没有按约履行"),
        third,
    ]
    district.record(case, "perform", "handler", at(27), confirmation="applied")
    assert facts(client, case)[0] == ("司法确认", "双方已共同申请")
    page = unescape(client.get(f"/cases/{case.number}/").content.decode())
    for words in (
        "履行登记：第 1 期，按约履行",
        "履行登记：司法确认：双方已共同申请",
        "第 1 期 2026年12月31日 支付工资 8000 元",
    ):
        assert words in page


def test_a_case_without_an_agreement_has_no_such_group(handling: Callable[..., Case], client: Client) -> None:
    assert facts(client, handling()) == []


def test_the_answer_asks_for_dates_where_parties_can_agree_and_keeps_what_was_typed(
    handling: Callable[..., Case], client: Client
) -> None:
    now = timezone.now()
    asked = client.get(f"/cases/{handling(now, kind='suggestion', category='S01').number}/moves/resolve/")
    assert "协议生效日" not in asked.content.decode()
    case = handling(now)
    form = f"/cases/{case.number}/moves/resolve/"
    assert "协议生效日" in client.get(form).content.decode()
    day = timezone.localdate(now) + timedelta(days=40)
    typed = {**AGREED, "effective_on": timezone.localdate(now).isoformat(), "version": str(case.version)}
    typed["instalments"] = f"{day} 支付工资 8000 元\n下个月付清"
    page = unescape(client.post(form, typed).content.decode())
    assert (typed["instalments"] in page, "第 2 期没有看懂" in page) == (True, True)
    typed["instalments"] = f"{day} 支付工资 8000 元\n{day + timedelta(days=30)} 付清"
    client.post(form, typed)
    assert [row["what"] for row in case.events.get(kind="resolve").data["instalments"]] == ["支付工资 8000 元", "付清"]


def test_who_writes_down_what_was_kept_chooses_the_instalment(agreed: Agreed, client: Client) -> None:
    case = agreed()
    form = f"/cases/{case.number}/records/perform/"
    page = unescape(client.get(form).content.decode())
    assert "第 2 期 2027年1月29日 支付工资 8000 元" in page
    client.post(form, {"instalment": "2", "performed": "true"})
    assert (Case.objects.get(pk=case.pk).instalments_open, "第 2 期 2027" in client.get(form).content.decode()) == (
        2,
        False,
    )


def test_nobody_is_asked_for_an_instalment_where_there_are_none(agreed: Agreed, client: Client) -> None:
    case = agreed(effective_on=None, instalments=[])
    assert "第几期" not in client.get(f"/cases/{case.number}/records/perform/").content.decode()


def test_what_was_agreed_on_stands_in_the_form_again_when_the_answer_was_sent_back(
    district: District, agreed: Agreed, client: Client
) -> None:
    case = agreed(closed=False)
    district.move(case, "send_back", "supervisor", at(24), note="请写清第三期")
    page = unescape(client.get(f"/cases/{case.number}/moves/resolve/").content.decode())
    lines = "2026-12-31 支付工资 8000 元\n2027-01-29 支付工资 8000 元\n2027-02-26 支付工资 9000 元"
    assert (lines in page, 'value="2026-11-20"' in page) == (True, True)
