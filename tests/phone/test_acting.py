"""办件: the list by tab, one matter with what may be done, the doors with and without scripts."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from accounts.choices import Role
from cases.models import Case, HandOver
from cases.phone import handing
from tests.api.phone import Phone
from tests.api.test_attachments import photo
from tests.cases.cast import GRID, MONDAY, District

ClientOf = Callable[[str], Client]


@pytest.fixture
def matter(district: District) -> Case:
    return district.register(
        "resident",
        channel="web",
        place={"grid": GRID, "address": "三号楼 13812341234"},
        description="灯不亮，电话 13812341234。",
        reporters=[{"name": "张三丰", "phone": "13812341234", "id_number": "140603199001011234"}],
    )


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def forms_of(text: str) -> dict[str, str]:
    """The outbox forms by the address they are sent to, with the move they carry."""
    forms = re.findall(r'<form[^>]*data-outbox-url="([^"]+)"[^>]*>(.*?)</form>', text, re.S)
    return {url + "#" + "".join(re.findall(r'name="move" value="(\w+)"', body)): body for url, body in forms}


def test_the_tabs_hold_mine_what_presses_what_was_handed_over_and_all(
    district: District, client_of: ClientOf, matter: Case
) -> None:
    client = client_of("grid_worker")
    found = {tab: matter.number[-5:] in text_of(client, f"/m/cases/?tab={tab}") for tab in ("mine", "pressing", "all")}
    assert found == {"mine": True, "pressing": False, "all": True}
    assert "没有转办的事项" in text_of(client, "/m/cases/?tab=handed")


def test_the_list_goes_on_by_pages_at_the_same_cost(district: District, client_of: ClientOf, matter: Case) -> None:
    client = client_of("grid_worker")
    counts = []
    for more in (0, 29):
        for _ in range(more):
            district.register("resident", channel="web", place={"grid": GRID})
        client.get("/m/cases/?tab=all")
        with CaptureQueriesContext(connection) as asked:
            text = text_of(client, "/m/cases/?tab=all")
        counts.append(len(asked))
    assert (counts[0], text.count('class="ph-card"')) == (counts[1], 20)
    following = re.findall(r'href="(\?tab=all[^"]+)" rel="next"', text)[0].replace("&amp;", "&")
    assert text_of(client, f"/m/cases/{following}").count('class="ph-card"') == 10


def test_one_matter_shows_the_expected_move_as_a_form_for_the_outbox_and_no_data_of_people(
    district: District, client_of: ClientOf, matter: Case
) -> None:
    text = text_of(client_of("grid_worker"), f"/m/cases/{matter.number}/")
    moves = f"/api/v1/cases/{matter.number}/moves/"
    names = set(forms_of(text))
    assert {f"{moves}#accept", f"{moves}#resolve_on_spot", f"/api/v1/cases/{matter.number}/notes/#"} <= names
    assert f"/api/v1/cases/{matter.number}/hand-over/#" in names
    assert 'class="move move--expected"' in text
    shown = [one for one in ("13812341234", "140603199001011234", "张三丰") if one in text]
    assert (shown, "张**" in text, "138****1234" in text) == ([], True, True)


def test_what_the_form_says_is_what_the_api_takes(district: District, client_of: ClientOf, matter: Case) -> None:
    client, phone = client_of("grid_worker"), Phone(district, "grid_worker")
    forms = forms_of(text_of(client, f"/m/cases/{matter.number}/"))
    url, body = next((url, body) for url, body in forms.items() if url.endswith("#resolve_on_spot"))
    names = set(re.findall(r'name="([a-z_]+)"', body)) - {"csrfmiddlewaretoken", "client_id"}
    version = int(re.findall(r'name="version" value="(\d+)"', body)[0])
    given: dict[str, Any] = {
        "move": "resolve_on_spot",
        "version": version,
        "category": "A0102",
        "level": "general",
        "result": "换了灯泡",
        "outcome": "fulfilled",
        "reply": "灯已修好。",
    }
    assert set(given) <= names
    assert ('value="A0102"' in body, "data-choices-url" in body) == (True, False)
    answer = phone.post(url.split("#")[0], {**given, "client_id": "phone-1"})
    assert (answer.status_code, answer.json()["status"]) == (200, "follow_up")
    assert phone.post(url.split("#")[0], {**given, "client_id": "phone-1"}).status_code == 200
    late = Phone(district, "surveyor").post(url.split("#")[0], {**given, "client_id": "phone-2"})
    assert (late.status_code, "由胜利社区居委会“当场办结”" in late.json()["detail"]) == (409, True)


def test_without_scripts_the_same_form_comes_back_to_the_phone(
    district: District, client_of: ClientOf, matter: Case
) -> None:
    client, door = client_of("grid_worker"), f"/m/cases/{matter.number}/moves/accept/"
    missing = client.post(door, {"version": matter.version, "category": "A0102"})
    assert (missing.status_code, 'class="ph"' in missing.content.decode()) == (400, True)
    assert "请选择等级" in missing.content.decode()
    made = client.post(door, {"version": matter.version, "category": "A0102", "level": "general"})
    assert (made.status_code, made.url) == (302, f"/m/cases/{matter.number}/")  # type: ignore[attr-defined]
    given = {"version": matter.version, "category": "A0102", "level": "general"}
    moved = client_of("surveyor").post(door, given)
    assert (moved.status_code, "由胜利社区居委会“受理”" in moved.content.decode()) == (409, True)
    noted = client.post(f"/m/cases/{matter.number}/records/note/", {"text": "已看过现场"})
    assert (noted.status_code, noted.url) == (302, f"/m/cases/{matter.number}/")  # type: ignore[attr-defined]


def test_hand_over_by_page_and_by_api_comes_to_one(district: District, client_of: ClientOf, matter: Case) -> None:
    giver, taker = client_of("grid_worker"), client_of("armband")
    page, door = f"/m/cases/{matter.number}/", f"/m/cases/{matter.number}/hand-over/"
    assert taker.get(page).status_code == 404
    wrong = giver.post(door, {"to": "armband", "said": ""})
    assert (wrong.status_code, "请写一句要做什么" in wrong.content.decode()) == (400, True)
    assert giver.post(door, {"to": "armband", "said": "去看看灯", "client_id": "h-1"}).status_code == 302
    api = Phone(district, "grid_worker")
    again = api.post(f"cases/{matter.number}/hand-over/", {"to": "armband", "said": "去看看灯", "client_id": "h-1"})
    assert (again.status_code, HandOver.objects.count()) == (200, 1)
    twice = giver.post(door, {"to": "surveyor", "said": "去看看灯"})
    assert (twice.status_code, "已由老董收到转办" in twice.content.decode()) == (409, True)

    lies = HandOver.objects.get()
    seen = text_of(taker, page)
    assert ("小刘：去看看灯" in seen, f"/api/v1/hand-overs/{lies.pk}/take/#" in forms_of(seen)) == (True, True)
    assert [url for url in forms_of(seen) if "/moves/" in url or "/notes/" in url] == []
    assert taker.post(f"/m/hand-overs/{lies.pk}/take/").status_code == 302
    empty = taker.post(f"/m/hand-overs/{lies.pk}/done/", {"answer": ""})
    assert (empty.status_code, "请写一句情况" in empty.content.decode()) == (400, True)
    done = taker.post(f"/m/hand-overs/{lies.pk}/done/", {"answer": "灯换好了"})
    assert (done.status_code, done.url, taker.get(page).status_code) == (302, "/m/", 404)  # type: ignore[attr-defined]
    assert client_of("clerk").post(f"/m/hand-overs/{lies.pk}/recall/").status_code == 404


def test_papers_of_people_lie_on_no_phone_and_no_volunteer_opens_them(
    district: District, client_of: ClientOf, matter: Case, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    worker = Phone(district, "grid_worker")
    place, paper = (
        worker.upload(
            f"cases/{matter.number}/attachments/", file=SimpleUploadedFile("现场.jpg", photo()), purpose=purpose
        ).json()
        for purpose in ("现场照片", "身份和委托材料")
    )
    handing.hand_over(matter, district.actor("grid_worker"), {"to": "armband", "said": "去看看灯"}, now=MONDAY)
    text = text_of(client_of("grid_worker"), f"/m/cases/{matter.number}/")
    assert (place["id"] in text, paper["id"] in text) == (True, False)
    volunteer, page = Phone(district, "armband"), client_of("armband")
    listed = [one["id"] for one in volunteer.get(f"cases/{matter.number}/attachments/").json()]
    told = [one["id"] for one in volunteer.get(f"cases/{matter.number}/").json()["attachments"]]
    assert (listed, told) == ([place["id"]], [place["id"]])
    opened = page.get(f"/cases/{matter.number}/files/{place['id']}/")
    assert (opened.status_code, b"".join(opened.streaming_content)[:2]) == (200, b"\xff\xd8")  # type: ignore[attr-defined]
    assert page.get(f"/cases/{matter.number}/files/{paper['id']}/").status_code == 404
    assert volunteer.get(paper["url"]).status_code == 404


def test_a_volunteer_with_another_post_opens_papers_only_of_what_that_post_sees(
    district: District, matter: Case, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    kept = Phone(district, "grid_worker").upload(
        f"cases/{matter.number}/attachments/",
        file=SimpleUploadedFile("委托.jpg", photo()),
        purpose="身份和委托材料",
    )
    district.person("armband", "老董", Role.HANDLER, "housing")
    handing.hand_over(matter, district.actor("grid_worker"), {"to": "armband", "said": "去看看灯"}, now=MONDAY)
    volunteer, door = Phone(district, "armband"), f"cases/{matter.number}/attachments/"
    assert volunteer.get(door).json() == []
    district.move(matter, "accept", "clerk", category="A0102", level="general")
    district.move(matter, "dispatch", "dispatcher", lead_unit="housing", mode="forward")
    assert [one["id"] for one in volunteer.get(door).json()] == [kept.json()["id"]]


def test_the_steps_over_the_api(district: District, matter: Case) -> None:
    giver, taker, other = (Phone(district, name) for name in ("grid_worker", "armband", "stranger"))
    door = f"cases/{matter.number}/hand-over/"
    crew = giver.get(door).json()
    assert crew == [
        {"username": "armband", "name": "老董", "kinds": "红袖章"},
        {"username": "surveyor", "name": "小白", "kinds": "民调员"},
    ]
    assert (taker.get(door).status_code, other.post(door, {"to": "armband", "said": "x"}).status_code) == (404, 404)
    made = giver.post(door, {"to": "armband", "said": "去看看灯"})
    assert made.status_code == 201
    pk = made.json()["id"]
    assert other.post(f"hand-overs/{pk}/take/").status_code == 404
    assert taker.post(f"hand-overs/{pk}/take/", {"answer": "x"}).status_code == 400
    assert taker.post(f"hand-overs/{pk}/take/").json()["taken_at"] is not None
    assert giver.post("hand-overs/99999999999/recall/").status_code == 404
    assert taker.post(f"hand-overs/{pk}/return/", {"answer": "今晚不当班"}).json()["ended_as"] == "returned"
    assert taker.post(f"hand-overs/{pk}/return/", {"answer": "今晚不当班"}).status_code == 200
    assert giver.post(f"hand-overs/{pk}/recall/").status_code == 409


def test_a_matter_of_another_street_is_not_there(district: District, client_of: ClientOf) -> None:
    other = district.register("clerk", place={"area": "140603101"})
    client = client_of("grid_worker")
    assert {client.get(f"/m/cases/{other.number}/{more}").status_code for more in ("", "moves/accept/")} == {404}
    assert client.get("/m/cases/00000000000000/").status_code == 404
    assert client.get(f"/m/cases/{other.number}/moves/nonsense/").status_code == 404


def test_bad_input_is_told_and_never_breaks(district: District, client_of: ClientOf, matter: Case) -> None:
    client, door = client_of("grid_worker"), f"/m/cases/{matter.number}/hand-over/"
    assert client.post(f"/m/hand-overs/{10**30}/take/").status_code == 404
    assert client.post("/m/hand-overs/1/nonsense/").status_code == 404
    assert client.post(door, {"to": "\x00", "said": "\x00"}).status_code == 400
    api = Phone(district, "grid_worker")
    wrong = [
        {"to": ["armband"], "said": "去"},
        {"to": "armband", "said": {"a": 1}},
        {"to": "armband", "said": "去", "x": 1},
    ]
    assert [api.post(f"cases/{matter.number}/hand-over/", body).status_code for body in wrong] == [400, 400, 400]
    assert client.post(door, {"to": "armband", "said": "去看看", "client_id": "\x00" * 90}).status_code == 302
