"""An order says until when its platform takes it back: kept beside their due date, shown, and warned of once it is over."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from governance_portal.lib.errors import Incomplete
from hotlines.links.arriving import take_in
from hotlines.models import Line, Link
from hotlines.orders.fields import propose_columns
from hotlines.orders.reading import Reader, Rules
from tests.cases.cast import DISTRICT, MONDAY, District, at
from tests.orders.test_push import order, push

OVER = "市 12345 平台的退回截止"


def test_the_column_of_the_window_is_known_beside_that_of_the_limit() -> None:
    assert propose_columns(["工单编号", "诉求内容", "退回时限", "办理时限"]) == {
        "number": "工单编号",
        "content": "诉求内容",
        "due": "办理时限",
        "return_by": "退回时限",
    }


def test_a_window_that_cannot_be_read_is_told_beside_it(district: District) -> None:
    reader = Reader(Rules(), DISTRICT, MONDAY)
    wrong = {
        "尽快": "退回截止“尽快”读不出来；请写成 2026-12-01 或 5个工作日，或者留空。",
        "2026-11-01": "退回截止早于来件时间；请核对。",
    }
    for said, sentence in wrong.items():
        with pytest.raises(Incomplete) as refused:
            reader.read(order(1, received_at="2026-11-20 10:30", return_by=said))
        assert refused.value.errors == {"return_by": [sentence]}


def test_the_window_is_kept_and_a_later_one_is_a_change(line: Line, district: District) -> None:
    reader = Reader(Rules(), DISTRICT, at(23, 9))
    said = order(1, received_at="2026-11-20 10:30")
    first = take_in(line, reader.read({**said, "return_by": "2026-11-24 12:00"}).arrival, at(23, 9))
    again = take_in(line, reader.read({**said, "return_by": "2026/11/24 12:00:00"}).arrival, at(23, 9))
    later = take_in(line, reader.read({**said, "return_by": "2026-11-25 12:00"}).arrival, at(23, 9))
    kept = Link.objects.get().return_by
    gone = take_in(line, reader.read(said).arrival, at(23, 9))

    assert (first.fresh, again.changed, later.changes, kept) == (True, False, ("退回截止",), at(25, 12))
    assert (gone.changes, Link.objects.get().return_by) == (("退回截止",), None)


@pytest.mark.parametrize(("hours", "over"), [(2, False), (-1, True)])
def test_the_form_that_returns_it_warns_once_the_window_is_over(
    line: Line, district: District, client_of: Callable[[str], Client], hours: int, over: bool
) -> None:
    now = timezone.localtime()
    end = now + timedelta(hours=hours)
    said = order(1, received_at=f"{now - timedelta(hours=3):%Y-%m-%d %H:%M}", return_by=f"{end:%Y-%m-%d %H:%M}")
    assert push({"orders": [said]}).status_code == 201
    link = Link.objects.get()
    client = client_of("dispatcher")
    case = client.get(f"/cases/{link.case.number}/").content.decode()
    form, accept, matter = (
        client.get(url).content.decode()
        for url in (
            f"/cases/{link.case.number}/moves/decline/",
            f"/cases/{link.case.number}/moves/accept/",
            f"/hotlines/links/matters/{link.uid}/",
        )
    )

    assert ("退回截止" in case, "退回截止" in matter, OVER in accept) == (True, True, False)
    assert (OVER in form, "对方不再收退件" in matter) == (over, over)
