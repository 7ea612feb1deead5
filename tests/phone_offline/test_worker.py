"""The service worker's script and the manifest: what they list, how they are served, and what a new deploy changes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from cases.models import Case
from cases.phone import worker
from cases.phone.reporting import COMMON
from tests.cases.cast import GRID, District
from tests.phone_offline.test_reporting import picture

Clients = Callable[[str], Client]


def test_the_script_is_asked_for_anew_and_names_only_the_shell(db: None) -> None:
    answer = Client().get("/sw.js")
    listed = json.loads(answer.content.decode().split("\n", 1)[0].removeprefix("const SHELL = ").removesuffix(";"))
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (
        200,
        "text/javascript; charset=utf-8",
        "no-cache",
    )
    assert (listed["scope"], listed["pages"], listed["days"]) == (
        "/m/",
        ["/m/report/", "/m/outbox/", "/m/offline/"],
        3,
    )
    assert [name for name in worker.FILES if not finders.find(name)] == []
    assert all(url.startswith("/static/") for url in listed["files"])


def test_a_changed_file_makes_another_version(monkeypatch: pytest.MonkeyPatch) -> None:
    before = worker.written()
    monkeypatch.setattr(worker, "_bytes_of", lambda name: b"changed" if name == "js/phone/queue.js" else b"")
    after = worker.written()
    versions = [re.findall(r'"version": "([0-9a-f]{16})"', text) for text in (before, after)]
    assert (len(versions[0]), versions[0] == versions[1]) == (1, False)


def test_the_pages_of_the_phone_load_nothing_that_the_worker_does_not_keep(
    district: District, client_of: Clients
) -> None:
    page = client_of("grid_worker")
    found = {
        url
        for address in (*worker.SHELL, *worker.FETCHED)
        for url in re.findall(r'(?:src|href)="(/static/[^"#]+)', page.get(address).content.decode())
    }
    assert found - {f"/static/{name}" for name in worker.FILES} == set()


def test_the_manifest_opens_the_phone_with_icons_of_their_size(db: None) -> None:
    answer = Client().get("/manifest.webmanifest")
    told = answer.json()
    assert (answer["Content-Type"], told["start_url"], told["scope"], told["display"], told["short_name"]) == (
        "application/manifest+json",
        "/m/",
        "/",
        "standalone",
        "综治网格",
    )
    for icon in told["icons"]:
        file = finders.find(icon["src"].removeprefix("/static/"))
        width = int.from_bytes(Path(str(file)).read_bytes()[16:20], "big")
        assert icon["sizes"] == f"{width}x{width}"
    assert [icon["purpose"] for icon in told["icons"]] == ["any", "any", "maskable"]


@pytest.mark.parametrize("address", worker.SHELL)
def test_the_shell_is_for_staff_and_the_report_for_who_reports(
    district: District, client_of: Clients, address: str
) -> None:
    assert client_of("grid_worker").get(address).status_code == 200
    assert client_of("auditor").get(address).status_code == 403
    assert Client().get(address)["Location"].startswith("/login/")
    expected = 403 if address == "/m/report/" else 200
    assert client_of("handler").get(address).status_code == expected


def test_without_scripts_the_report_is_a_plain_form_that_loses_nothing(district: District, client_of: Clients) -> None:
    page = client_of("grid_worker")
    key = "2f1e2d3c-0000-4000-8000-000000000009"
    body = {
        "client_id": key,
        "common": COMMON[0].code,
        "grid": GRID,
        "address": "三号楼前",
        "description": "",
        "way": "report",
    }
    wrong = page.post("/m/report/", {**body, "photos": picture()})
    text = wrong.content.decode()
    assert (wrong.status_code, "请填写反映事项。" in text, 'value="三号楼前"' in text, key in text) == (
        400,
        True,
        True,
        True,
    )
    kept = re.findall(r'name="photos_kept" value="([^"]+)"', text)
    done = page.post("/m/report/", {**body, "photos_kept": kept, "description": "垃圾没有清运。"}, follow=True)
    assert "已收到，受理编号" in done.content.decode()
    case = Case.objects.get()
    assert ([str(file.uid) for file in case.attachments.all()], case.status, case.channel) == (kept, "accepted", "grid")
