"""What nobody answers is told in words with a way back; whoever asked the API gets a problem, never a page."""

import json

import pytest
from django.test import Client

from accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/api/v1/nothing/", "/api/v2/cases/", "/api/nothing", "/api/"])
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_an_unknown_address_of_the_api_is_a_problem(address: str, method: str) -> None:
    answer = getattr(Client(), method)(address)
    body = json.loads(answer.content)
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert (body["status"], body["title"]) == (404, "没有找到")


def test_an_address_of_the_api_without_its_slash_is_still_led_to_it() -> None:
    answer = Client().get("/api/v1/workflow")
    assert (answer.status_code, answer["Location"]) == (301, "/api/v1/workflow/")


def test_a_resident_who_is_lost_finds_the_look_up_and_staff_their_desk() -> None:
    staff = Client()
    staff.force_login(User.objects.create(username="xiaowang", name="小王"), backend="accounts.backends.PostBackend")
    ways = [[way["label"] for way in client.get("/nothing/here/").context["ways"]] for client in (Client(), staff)]
    assert ways == [["回到首页", "查询办理进度"], ["回到工作台", "全部事项"]]


@pytest.mark.parametrize(("address", "way"), [("/query/", "/query/"), ("/login/", "/login/")])
def test_a_page_that_lay_too_long_says_so_in_chinese_with_a_way_back(address: str, way: str) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post(address, {"number": "1"})
    text = answer.content.decode()
    assert answer.status_code == 403
    assert "页面已过期" in text
    assert f'href="{way}"' in text
    assert "CSRF" not in text


def test_a_form_that_lay_too_long_is_told_in_place() -> None:
    answer = Client(enforce_csrf_checks=True).post("/login/", headers={"HX-Request": "true"})
    assert 'class="say"' in answer.content.decode()
