"""Drawing grids by page and API: who may, what is refused with its pieces, and that nothing typed is lost."""

import json
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from grids.models import Grid, GridVersion
from tests.cases.cast import COMMUNITY, GRID, District
from tests.mapping.conftest import FOURTH, SECOND, THIRD, box, client_of, district, ground

__all__ = ["client_of", "district", "ground"]

PAGE = f"/grids/{COMMUNITY}/"
INTO = box(112.30, 112.311)


def sent(client: Client, **given: Any) -> Any:
    """The form of the page."""
    return client.post(PAGE, {"do": "redraw", "reason": "会议决定", "datum": "gcj02", "code": GRID, **given})


def test_by_api_an_edit_into_the_neighbour_is_400_with_the_pieces_and_a_dry_run_writes_nothing(
    ground: District, client_of: Callable[[str], Client]
) -> None:
    client = client_of("centre_lead")
    asked = {"shapes": {GRID: INTO}, "datum": "gcj02", "reason": "会议决定"}
    refused = client.post("/api/v1/grids/shapes/", asked, content_type="application/json")
    told = refused.json()
    (finding,) = told["findings"]
    assert (refused.status_code, told["datum"], finding["what"], finding["code"], finding["other"]) == (
        400, "gcj02", "overlap", GRID, SECOND,
    )  # fmt: skip
    assert (finding["pieces"][0]["type"], finding["sentence"]) == ("Polygon", told["errors"]["shapes"][0])
    both = {**asked, "neighbours": True}
    for body, saved in (({**both, "dry_run": True}, []), (both, [GRID, SECOND])):
        answer = client.post("/api/v1/grids/shapes/", body, content_type="application/json")
        assert (answer.status_code, answer.json()["saved"]) == (200, saved)
    stale = client.post("/api/v1/grids/shapes/", {**both, "seen": 0}, content_type="application/json")
    assert stale.status_code == 412
    seen = client.post("/api/v1/grids/shapes/", {**both, "dry_run": True}, content_type="application/json").json()
    fresh = {**both, "seen": seen["last_change"]}
    assert client.post("/api/v1/grids/shapes/", fresh, content_type="application/json").status_code == 200


def test_by_api_bad_input_is_400_with_a_sentence_and_never_500(
    ground: District, client_of: Callable[[str], Client]
) -> None:
    client = client_of("centre_lead")
    bad: list[tuple[str, Any]] = [
        ("shapes", {}),
        ("shapes", {"shapes": []}),
        ("shapes", {"shapes": {}, "reason": "x"}),
        ("shapes", {"shapes": {"1": INTO, GRID: INTO}, "reason": "x"}),
        ("shapes", {"shapes": {GRID: {"type": "Polygon", "coordinates": [[[1e308, 0]] * 5]}}, "reason": "x"}),
        ("shapes", {"shapes": {GRID: {"type": "Polygon", "coordinates": [[[10**400, 0]] * 5]}}, "reason": "x"}),
        ("shapes", {"shapes": {GRID: {"type": "Polygon", "coordinates": [[[112, 39, None]] * 5]}}, "reason": "x"}),
        ("shapes", {"shapes": {GRID: "\x00"}, "reason": "x"}),
        ("shapes", {"shapes": {GRID: INTO}, "reason": "\x00"}),
        ("shapes", {"shapes": {GRID: INTO}, "datum": "bd09", "reason": "x"}),
        ("shapes", {"shapes": {GRID: INTO}, "reason": "x" * 600}),
        ("merges", {"codes": [GRID], "code": FOURTH, "name": "x", "reason": "x"}),
        ("merges", {"codes": [GRID, THIRD], "code": f"{COMMUNITY}009", "name": "x", "reason": "x"}),
        ("splits", {"code": GRID, "line": {"type": "LineString", "coordinates": "x"}, "heirs": [], "reason": "x"}),
    ]
    answers = [client.post(f"/api/v1/grids/{where}/", body, content_type="application/json") for where, body in bad]
    assert [answer.status_code for answer in answers] == [400] * len(bad)
    assert all(answer.json()["detail"] for answer in answers)
    assert not GridVersion.objects.exists()


def test_the_page_without_scripts_takes_text_or_a_file_and_keeps_what_was_refused(
    ground: District, client_of: Callable[[str], Client]
) -> None:
    client = client_of("centre_lead")
    refused = sent(client, geojson=json.dumps(INTO))
    page = refused.content.decode()
    assert (refused.status_code, "重叠" in page, "会议决定" in page) == (400, True, True)
    assert json.dumps(INTO) == refused.context["given"]["geojson"]
    wrong = {"geojson": "{", "reason": ""}
    assert {name: list(sent(client, **{"geojson": "", name: text}).context["errors"]) for name, text in wrong.items()} == {
        "geojson": ["geojson"], "reason": ["geojson"],
    }  # fmt: skip
    file = SimpleUploadedFile("a.geojson", json.dumps({"type": "Feature", "properties": {}, "geometry": INTO}).encode())
    taken = sent(client, file=file, neighbours="1")
    assert (taken.status_code, Grid.objects.get(code=SECOND).boundary != box(112.31, 112.32)) == (302, True)
    assert sent(client, do="nonsense").status_code == 400
    assert sent(client, shapes='{"a":' + "[" * 100_000).status_code == 400
    assert sent(client, code="1" * 15, geojson=json.dumps(INTO)).status_code == 400


def test_merge_split_and_new_code_by_page_say_whose_duty_ended(
    ground: District, client_of: Callable[[str], Client]
) -> None:
    client = client_of("centre_lead")
    new = f"{COMMUNITY}005"
    answer = client.post(
        PAGE, {"do": "merge", "codes": [GRID, SECOND], "new_code": new, "name": "新网格", "reason": "合并"}, follow=True
    )
    assert "小刘（网格员） 在原网格的责任结束，请给新网格指派人员。" in answer.content.decode()
    line = json.dumps({"type": "LineString", "coordinates": [[112.325, 39.4], [112.325, 39.6]]})
    heirs = {"new_code": f"{COMMUNITY}006", "name": "西", "new_code_2": f"{COMMUNITY}007", "name_2": "东"}
    split = {"do": "split", "code": THIRD, "line": line, "datum": "gcj02", "reason": "拆分", **heirs}
    assert client.post(PAGE, split).status_code == 302
    recode = {"do": "recode", "code": FOURTH, "new_code": f"{COMMUNITY}008", "reason": "改码"}
    assert client.post(PAGE, recode).status_code == 302
    assert list(Grid.objects.filter(active=True).order_by("code").values_list("code", flat=True)) == [
        f"{COMMUNITY}00{number}" for number in (5, 6, 7, 8)
    ]
    history = client.get(f"{PAGE}history/?day=2026-01-01&grid={THIRD}")
    assert [row.change for row in history.context["page"]] == ["closed", "found"]
    assert [client.get(f"{PAGE}history/?day={day}").status_code for day in ("x", "0001-01-01", "2026-02-31")] == [
        200
    ] * 3


def test_others_are_refused_and_the_pages_ask_as_much_for_many_grids_as_for_few(
    ground: District, client_of: Callable[[str], Client]
) -> None:
    refused = {who: client_of(who).get(PAGE).status_code for who in ("clerk", "dispatcher", "grid_worker", "auditor")}
    assert refused == dict.fromkeys(refused, 403)
    assert Client().get(PAGE).status_code == 302
    client = client_of("centre_lead")
    assert [client.get(path).status_code for path in ("/grids/1/", "/grids/140603100999/", "/grids/140603100/")] == [
        404
    ] * 3

    def asked() -> list[int]:
        found = []
        for page in ("/grids/", PAGE, f"{PAGE}history/"):
            client.get(page)
            with CaptureQueriesContext(connection) as told:
                assert client.get(page).status_code == 200
            found.append(len(told))
        return found

    few = asked()
    for number in range(10, 40):
        code = f"{COMMUNITY}0{number}"
        Grid.objects.create(code=code, name=f"第{number}网格", community_id=COMMUNITY, boundary=box(112.30, 112.31))
    assert asked() == few
