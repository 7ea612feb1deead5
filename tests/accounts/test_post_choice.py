"""Somebody with several posts works with one of them at a time, when they want to."""

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.choices import Role
from accounts.models import Deputy, Post, Unit, User
from accounts.post_choice import ALL, ENDED, KEY
from accounts.querysets import day_of
from tests.accounts.conftest import Appointed, logged, person

SWITCH = "/posts/switch/"


@pytest.fixture
def posts(appointed: Appointed, centre: Unit) -> list[Post]:
    """小王 sits at the window of a street, handles for its office, and stands in for the dispatcher."""
    window = appointed("xiaowang", "小王", Role.CLERK, centre, "140603")
    office = appointed("xiaowang", "小王", Role.HANDLER)
    away = appointed("laozhou", "老周", Role.DISPATCHER, centre, "140603")
    today = day_of(timezone.now())
    Deputy.objects.create(post=away, user=window.user, starts_on=today, ends_on=today)
    User.objects.update(password_changed_at=timezone.now())
    return [window, office, away]


@pytest.fixture
def desk(client: Client, posts: list[Post]) -> Client:
    """小王's browser."""
    client.force_login(posts[0].user, backend="accounts.backends.PostBackend")
    return client


def acting(client: Client, page: str = "/password/") -> list[int]:
    """Which posts the next page is asked with."""
    return [post.id for post in client.get(page).wsgi_request.actor.posts]


def said(client: Client, page: str = "/notices/") -> list[str]:
    """What the next page says first."""
    return [str(message) for message in client.get(page).context["messages"]]


def test_every_post_counts_until_one_is_chosen_and_again_when_all_are(desk: Client, posts: list[Post]) -> None:
    everything = [post.pk for post in posts]
    seen = [acting(desk)]
    for wanted in (*everything, ALL):
        assert desk.post(SWITCH, {"post": wanted})["Location"] == "/"
        seen.append(acting(desk))
    assert seen == [everything, [everything[0]], [everything[1]], [everything[2]], everything]


def test_the_menu_names_the_posts_and_marks_the_chosen_one(desk: Client, posts: list[Post]) -> None:
    desk.post(SWITCH, {"post": posts[2].pk})
    person_shown = desk.get("/password/").context["person"]
    assert person_shown["post"] == "代老周 · 分流员 · 平鲁区综治中心"
    assert [(row["label"], row["current"]) for row in person_shown["posts"]] == [
        ("全部岗位", False),
        ("窗口受理员 · 平鲁区综治中心", False),
        ("承办人 · 井坪司法所", False),
        ("代老周 · 分流员 · 平鲁区综治中心", True),
    ]


def test_a_person_with_one_post_has_nothing_to_choose(client: Client, appointed: Appointed) -> None:
    client.force_login(appointed("laoli", "老李", Role.HANDLER).user, backend="accounts.backends.PostBackend")
    User.objects.update(password_changed_at=timezone.now())
    assert client.get("/password/").context["person"]["posts"] == []


@pytest.mark.parametrize("wanted", ["", "0", "999999", "clerk"])
def test_a_post_that_is_not_held_is_refused_in_words(desk: Client, posts: list[Post], wanted: str) -> None:
    desk.post(SWITCH, {"post": wanted})
    assert said(desk) == ["您今天不在这个岗位上，请刷新页面后重新选择。"]
    assert acting(desk) == [post.pk for post in posts]
    assert logged("post.switch") == []


def test_somebody_elses_post_is_not_taken(desk: Client, appointed: Appointed) -> None:
    stranger = appointed("zhangsan", "张三", Role.SUPERVISOR)
    desk.post(SWITCH, {"post": stranger.pk})
    assert stranger.pk not in acting(desk)


def test_a_post_that_ended_gives_way_to_the_others_and_is_told_once(desk: Client, posts: list[Post]) -> None:
    desk.post(SWITCH, {"post": posts[1].pk})
    desk.get("/notices/")
    Post.objects.filter(pk=posts[1].pk).update(ends_on=date(2020, 2, 1))
    told = [ENDED in desk.get("/notices/").content.decode() for _page in range(2)]
    assert (told, KEY in desk.session) == ([True, False], False)
    assert acting(desk) == [posts[0].pk, posts[2].pk]


def test_a_phone_keeps_every_post(desk: Client, posts: list[Post]) -> None:
    desk.post(SWITCH, {"post": posts[1].pk})
    assert acting(desk, "/api/v1/me/") == [post.pk for post in posts]


def test_choosing_costs_no_further_query(
    desk: Client, posts: list[Post], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    counts = []
    for wanted in (ALL, posts[1].pk):
        desk.post(SWITCH, {"post": wanted})
        desk.get("/password/")
        with django_assert_max_num_queries(9) as asked:
            desk.get("/password/")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_choosing_is_no_way_round_the_second_step_of_another_post(
    desk: Client, posts: list[Post], settings: Settings
) -> None:
    settings.TWO_STEP_ROLES = ["clerk"]
    desk.post(SWITCH, {"post": posts[1].pk})
    answer = desk.get("/cases/")
    assert (answer.status_code, answer["Location"]) == (302, "/two-step/")


def test_the_log_says_who_worked_with_which_post(desk: Client, posts: list[Post]) -> None:
    for wanted in (posts[1].pk, ALL):
        desk.post(SWITCH, {"post": wanted})
    assert logged("post.switch") == [
        ("post.switch", "xiaowang", "handler JP-SF", True),
        ("post.switch", "xiaowang", "all", True),
    ]


def test_logging_in_again_begins_with_every_post(client: Client, desk: Client, posts: list[Post]) -> None:
    desk.post(SWITCH, {"post": posts[1].pk})
    desk.post("/logout/")
    desk.force_login(posts[0].user, backend="accounts.backends.PostBackend")
    assert acting(desk) == [post.pk for post in posts]


def test_nobody_chooses_nothing(client: Client, db: None) -> None:
    assert person("xiaochen", "小陈").pk
    answer = client.post(SWITCH, {"post": "1"})
    assert answer["Location"].startswith("/login/")
    assert client.get(SWITCH).status_code == 405
