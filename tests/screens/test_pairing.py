"""Who sets a screen up, what its cookie opens, what ends it; nothing that could be guessed or read from a log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.desks import ACTIONS
from accounts.models import AuditEntry
from cases.models import Screen
from cases.screens import services
from cases.screens.keeping import state_of
from cases.screens.views import COOKIE
from governance_portal.lib.errors import Incomplete, NotNow, NotYou, NotYours, TooMany
from governance_portal.lib.working_days import day_of
from tests.cases.cast import COMMUNITY, STREET, District
from tests.mapping.conftest import NOW
from tests.screens.conftest import set_up

Clients = Callable[[str], Client]
Devices = Callable[[Screen], Client]


def test_the_lead_sets_up_pairs_and_ends_a_screen_by_page(district: District, client_of: Clients) -> None:
    lead = client_of("centre_lead")
    made = lead.post("/board/screens/", {"name": " 一楼  大厅 ", "area": STREET, "layout": "wide"})
    screen = Screen.objects.get()
    told = lead.post(f"/board/screens/{screen.pk}/code/")
    code = told.context["code"]
    device = Client()

    assert (made.status_code, screen.name, screen.area_code, screen.layout) == (302, "一楼 大厅", STREET, "wide")
    assert "等待输入配对码" in lead.get("/board/screens/").content.decode()
    assert device.post("/screen/pair/", {"code": code.lower()})["Location"] == "/screen/"
    assert device.get("/screen/").status_code == 200
    assert "使用中，今天用过" in lead.get("/board/screens/").content.decode()
    assert lead.post(f"/board/screens/{screen.pk}/end/").status_code == 302
    assert "已停用" in lead.get("/board/screens/").content.decode()
    found = list(
        AuditEntry.objects.filter(target=f"screen:{screen.pk}").order_by("id").values_list("action", "username")
    )
    assert found == [
        ("screen_made", "centre_lead"),
        ("screen_code", "centre_lead"),
        ("screen_paired", ""),
        ("screen_ended", "centre_lead"),
    ]
    assert all(action in ACTIONS for action, _who in found)


def test_nobody_but_a_lead_of_the_centre_keeps_screens(district: District, client_of: Clients) -> None:
    screen = set_up(district)
    for who in ("supervisor", "clerk", "street_handler", "housing_lead"):
        client = client_of(who)
        for address in ("/board/screens/", f"/board/screens/{screen.pk}/code/", f"/board/screens/{screen.pk}/end/"):
            assert (who, address, client.post(address).status_code) == (who, address, 403)
        assert client.get("/board/screens/").status_code == 403
        assert "/board/screens/" not in client.get("/board/").content.decode()
    assert "/board/screens/" in client_of("centre_lead").get("/board/").content.decode()
    assert Client().get("/board/screens/").status_code == 302
    screen.refresh_from_db()
    assert (screen.code_hash, screen.ended_at) == ("", None)


def test_what_is_wrong_in_the_form_is_said_at_its_field(district: District, client_of: Clients) -> None:
    answer = client_of("centre_lead").post("/board/screens/", {"name": " ", "area": COMMUNITY, "layout": "round"})
    said = answer.content.decode()

    assert answer.status_code == 400
    assert "请填写名称，不超过 40 字，如“一楼大厅”。" in said
    assert "请选择本中心的区或街道。" in said
    assert "请选择版式。" in said
    assert Screen.objects.count() == 0


def test_a_screen_of_another_district_is_not_found(district: District) -> None:
    screen = set_up(district)
    Screen.objects.filter(pk=screen.pk).update(area_code="140602")
    lead = district.actor("centre_lead", NOW)

    with pytest.raises(NotYours):
        services.new_code(lead, screen.pk, NOW)
    with pytest.raises(NotYou):
        services.find(district.actor("supervisor", NOW), screen.pk)
    assert services.screens_of(lead) == []


def test_the_cookie_opens_the_screen_and_nothing_else(district: District, device_of: Devices) -> None:
    device = device_of(set_up(district))
    cookie = device.cookies[COOKIE]
    # A browser would not even send it there; here it goes along everywhere.
    cookie["path"] = "/"

    assert (cookie["httponly"], cookie["samesite"]) == (True, "Strict")
    assert device.get("/screen/").status_code == 200
    nobody = Client()
    for address in ("/board/", "/board/screens/", "/cases/", "/map/", "/desk/figures/", "/notices/", "/admin/"):
        answer = device.get(address)
        assert (address, answer.status_code, "login" in answer["Location"]) == (address, 302, True)
    for address in ("/", "/map/public/", "/query/"):
        assert (address, device.get(address).status_code) == (address, nobody.get(address).status_code)
    for address in ("/api/v1/me/", "/api/v1/cases/", "/api/v1/stats/overview/"):
        assert (address, device.get(address).status_code) == (address, 401)
    assert "sessionid" not in device.cookies


def test_the_cookie_goes_to_the_screen_s_own_addresses_only(district: District, device_of: Devices) -> None:
    device = Client()
    code = services.new_code(district.actor("centre_lead"), set_up(district).pk, timezone.now())
    given = device.post("/screen/pair/", {"code": code}).cookies[COOKIE]

    assert (given["path"], given["httponly"], given["samesite"]) == ("/screen/", True, "Strict")
    assert "code=" not in given.value
    assert code not in given.value


def test_an_ended_screen_stops_at_its_next_question(district: District, device_of: Devices) -> None:
    screen = set_up(district)
    device = device_of(screen)
    before = device.get("/screen/data/")
    services.end(district.actor("centre_lead", timezone.now()), screen.pk, timezone.now())
    after, page = device.get("/screen/data/", headers={"If-None-Match": before["ETag"]}), device.get("/screen/")

    assert (before.status_code, after.status_code, page.status_code) == (200, 410, 410)
    assert after.json()["detail"] == "这块大屏已由中心停用，不再显示数字。需要继续使用的，请中心负责人重新设置并配对。"
    assert "大屏已停用" in page.content.decode()
    with pytest.raises(NotNow):
        services.new_code(district.actor("centre_lead", timezone.now()), screen.pk, timezone.now())


def test_a_second_device_takes_the_place_of_the_first(district: District, device_of: Devices) -> None:
    screen = set_up(district)
    first, second = device_of(screen), device_of(screen)

    assert (first.get("/screen/data/").status_code, second.get("/screen/data/").status_code) == (401, 200)
    assert "已经换到另一台设备" in first.get("/screen/data/").json()["detail"]


def test_a_code_is_good_once_and_for_half_an_hour(district: District) -> None:
    screen, lead = set_up(district), district.actor("centre_lead", NOW)
    code = services.new_code(lead, screen.pk, NOW)
    services.pair(f" {code[:5].lower()}-{code[5:]} ", NOW + timedelta(minutes=29))
    late = services.new_code(lead, screen.pk, NOW)
    replaced = services.new_code(lead, screen.pk, NOW)

    for typed, at in ((code, NOW), (late, NOW), (replaced, NOW + timedelta(minutes=30)), ("", NOW)):
        with pytest.raises(Incomplete) as refused:
            services.pair(typed, at)
        assert refused.value.errors == {"code": [services.WRONG_CODE]}
    services.pair(replaced, NOW + timedelta(minutes=29))


def test_guessing_is_stopped_per_address_before_anything_is_looked_up(district: District) -> None:
    code = services.new_code(district.actor("centre_lead", NOW), set_up(district).pk, NOW)
    for _ in range(services.TRIES):
        with pytest.raises(Incomplete):
            services.pair("AAAAAAAAAA", NOW, address="10.0.0.9")
    with pytest.raises(TooMany) as stopped:
        services.pair(code, NOW, address="10.0.0.9")

    assert stopped.value.detail == "试得太多了，请 15 分钟后再输入配对码。"
    assert services.pair(code, NOW, address="10.0.0.10")[0].name == "一楼大厅"


def test_the_page_tells_how_long_to_wait(district: District) -> None:
    device = Client()
    answers = [device.post("/screen/pair/", {"code": "wrong"}) for _ in range(services.TRIES + 1)]

    assert [answer.status_code for answer in answers] == [400] * services.TRIES + [429]
    assert int(answers[-1]["Retry-After"]) <= services.TRIES_SECONDS
    assert "试得太多了" in answers[-1].content.decode()


@pytest.mark.parametrize("cookie", ["", "x", "x:y:z", "WzEsIngiXQ:1abc:forged"])
def test_a_cookie_that_nobody_signed_is_no_screen(district: District, cookie: str) -> None:
    set_up(district)
    device = Client()
    device.cookies[COOKIE] = cookie
    answer, page = device.get("/screen/data/"), device.get("/screen/")

    assert (answer.status_code, page.status_code) == (401, 401)
    assert answer.json()["detail"].startswith("这台设备还没有和大屏配对。")
    assert "配对码" in page.content.decode()


def test_neither_code_nor_secret_is_kept_in_clear(district: District, device_of: Devices) -> None:
    screen = set_up(district)
    code = services.new_code(district.actor("centre_lead", timezone.now()), screen.pk, timezone.now())
    device = Client()
    cookie = device.post("/screen/pair/", {"code": code}).cookies[COOKIE].value
    row = Screen.objects.values().get(pk=screen.pk)
    logged = str(list(AuditEntry.objects.values()))

    assert (row["code_hash"], row["code_until"], len(row["secret_hash"])) == ("", None, 64)
    for kept in (str(row), logged):
        assert code not in kept
        assert cookie not in kept


def test_only_the_day_of_use_is_kept(district: District, device_of: Devices) -> None:
    screen = set_up(district)
    device = device_of(screen)
    Screen.objects.filter(pk=screen.pk).update(last_seen_on=day_of(NOW) - timedelta(days=9))
    screen.refresh_from_db()

    assert state_of(screen, NOW) == "使用中，9 天没有开"
    before = timezone.now()
    device.get("/screen/data/")
    screen.refresh_from_db()
    assert screen.last_seen_on in (day_of(before), day_of(timezone.now()))
