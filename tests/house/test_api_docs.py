"""The API describes itself, and the page that shows it keeps to the portal's own files."""

import json

import pytest
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer


@pytest.mark.django_db
def test_the_description_is_openapi_3_1_and_open_to_all(client: Client) -> None:
    response = client.get("/api/v1/schema/", HTTP_ACCEPT="application/vnd.oai.openapi+json")
    described = json.loads(response.content)

    assert (response.status_code, described["openapi"], described["info"]["title"]) == (
        200,
        "3.1.0",
        "综治中心平台接口",
    )
    assert all(path.startswith("/api/v1/") for path in described["paths"])


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_page_draws_itself_without_a_word_from_elsewhere(page: Page, live_server: LiveServer) -> None:
    told: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: told.append(message.text) if message.type == "error" else None)
    page.on("request", lambda request: asked.append(request.url))

    page.goto(f"{live_server.url}/api/v1/docs/")

    expect(page.locator(".title", has_text="综治中心平台接口")).to_be_visible()
    assert told == []
    assert [url for url in asked if not url.startswith((live_server.url, "data:", "blob:"))] == []
