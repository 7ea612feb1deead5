"""The next case of the list: remembered in the address, asked for only when pressed."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

from django.test import Client

from tests.cases.cast import District, at

ClientOf = Callable[[str], Client]


def opened(client: Client, query: str) -> list[str]:
    """The addresses of the rows of a list."""
    return [row["url"] for row in client.get(f"/cases/{query}").context["rows"]]


def number_of(url: str) -> str:
    return urlsplit(url).path.split("/")[2]


def test_next_walks_the_whole_list_in_its_order_and_ends_at_the_list(district: District, client_of: ClientOf) -> None:
    for place in range(5):
        district.register(now=at(23, 9) + timedelta(minutes=place))
    clerk = client_of("clerk")
    rows = opened(clerk, "?tab=all&sort=oldest")
    here, walked = rows[0], [number_of(rows[0])]
    while True:
        onward = clerk.get(clerk.get(here).context["next_case"]["next_url"])
        if urlsplit(onward.url).path == "/cases/":
            break
        here = onward.url
        walked.append(number_of(here))
    assert walked == [number_of(row) for row in rows]
    assert parse_qs(urlsplit(onward.url).query) == {"tab": ["all"], "sort": ["oldest"]}
    back = clerk.get(clerk.get(here).context["next_case"]["previous_url"])
    assert number_of(back.url) == walked[-2]


def test_after_a_move_the_next_is_the_one_that_followed_though_this_one_has_left(
    district: District, client_of: ClientOf
) -> None:
    for place in range(3):
        case = district.register(now=at(23, 9) + timedelta(minutes=place))
        district.move(case, "accept", "clerk", at(23, 10), category="A0102", level="general")
    dispatcher = client_of("dispatcher")
    rows = opened(dispatcher, "?tab=mine&sort=oldest")
    sent = {"lead_unit": "housing", "mode": "forward"}
    moved = dispatcher.post(
        f"/cases/{number_of(rows[0])}/moves/dispatch/", sent, headers={"HX-Request": "true", "HX-Current-URL": rows[0]}
    )
    page = dispatcher.get(moved.headers["HX-Redirect"])
    assert number_of(dispatcher.get(page.context["next_case"]["next_url"]).url) == number_of(rows[1])


def test_the_last_one_done_the_list_says_so(district: District, client_of: ClientOf) -> None:
    case = district.register()
    clerk = client_of("clerk")
    page = clerk.get(clerk.get(opened(clerk, "?tab=mine")[0]).context["next_case"]["next_url"], follow=True)
    assert "这张列表已经办完了" in page.content.decode()
    assert number_of(opened(clerk, "?tab=all")[0]) == case.number


def test_a_case_opened_from_nowhere_offers_no_next(district: District, client_of: ClientOf) -> None:
    case = district.register()
    assert "next_case" not in client_of("clerk").get(f"/cases/{case.number}/").context


def test_a_made_up_list_leads_nowhere_bad(district: District, client_of: ClientOf) -> None:
    case = district.register()
    for made_up in ("tab=%00", "at=nonsense&sort=step", "x" * 2000, "sort=newest&at=9999_1"):
        answer = client_of("clerk").get("/cases/next/", {"list": made_up, "from": case.number})
        assert answer.status_code == 302
        assert answer.url.startswith("/cases/")
