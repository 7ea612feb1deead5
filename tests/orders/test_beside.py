"""The list shows where a matter comes from, and their date where it comes before ours."""

from collections.abc import Callable

from django.test import Client
from django.utils import timezone

from cases.models import Case
from hotlines.links.arriving import take_in
from hotlines.models import Line, Link
from hotlines.orders.mappings import rules_of
from hotlines.orders.reading import Reader
from tests.cases.cast import DISTRICT, District
from tests.orders.test_push import order


def test_their_date_is_shown_where_it_comes_first_and_the_system_can_be_asked_for(
    line: Line, district: District, client_of: Callable[[str], Client], django_assert_max_num_queries: object
) -> None:
    now = timezone.now()
    reader = Reader(rules_of(line), DISTRICT, now)
    for number, due in ((1, "1小时"), (2, "60个工作日"), (3, "")):
        said = order(number, due=due, received_at="")
        take_in(line, reader.read(said).arrival, now)
    for case in Case.objects.order_by("pk"):
        district.move(case, "accept", "clerk", now, category="A0102", level="general")
    own = district.register(now=now)
    dispatcher = client_of("dispatcher")
    dispatcher.post("/cases/columns/", {"column": ["due", "source"], "density": "compact", "page_size": "30"})

    page = dispatcher.get("/cases/?tab=all&sort=oldest")
    only = dispatcher.get("/cases/?source=sz12345")
    sheet = dispatcher.post("/cases/export/", {"format": "csv", "query": "tab=all&sort=oldest"})

    rows = page.context["rows"]
    assert [(row["source"], row["source_number"], bool(row["theirs_words"])) for row in rows] == [
        ("市 12345 平台", "PL20261120000001", True),
        ("市 12345 平台", "PL20261120000002", False),
        ("市 12345 平台", "PL20261120000003", False),
        ("", "", False),
    ]
    assert page.content.decode().count("worklist__theirs") == 1
    assert own.number not in {row["number"] for row in only.context["rows"]} and len(only.context["rows"]) == 3
    assert [chip["value"] for chip in only.context["filters"] if chip["name"] == "source"] == ["市 12345 平台"]
    text = b"".join(sheet.streaming_content if sheet.streaming else [sheet.content]).decode("utf-8-sig")
    assert '"对方时限","来源系统","对方编号"' in text.split("\r\n")[0]
    Link.objects.update(answered_at=now)
    assert dispatcher.get("/cases/?tab=all").content.decode().count("worklist__theirs") == 0
