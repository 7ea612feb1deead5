"""A post is a person, a role, a unit, an area, a span; what somebody may do follows from the posts of today."""

from datetime import date, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from accounts import services
from accounts.choices import Role
from accounts.models import Deputy, Post, Unit, User
from accounts.queries import NOBODY, Actor, PostView, actor_for, people_holding, service_actor
from governance_portal.lib.errors import Incomplete, NotYou
from tests.accounts.conftest import NOW, TODAY, Appointed, logged, person


def test_an_actor_carries_everything_about_the_posts_of_today(
    appointed: Appointed, office: Unit, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    post = appointed("laoli", "老李", Role.HANDLER, lead=True)
    with django_assert_num_queries(1):
        actor = actor_for(post.user, NOW)
    assert actor == Actor(
        user_id=post.user_id,
        username="laoli",
        name="老李",
        posts=(
            PostView(
                id=post.pk,
                role="handler",
                unit_id=office.pk,
                unit_code="JP-SF",
                unit_name="井坪司法所",
                unit_kind="department",
                unit_path=office.path,
                area_code="140603100",
                lead=True,
                acting_for=None,
                starts_on=date(2020, 1, 1),
                ends_on=None,
            ),
        ),
        service=None,
    )


def test_thirty_posts_cost_the_same_one_query(
    appointed: Appointed, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(30):
        post = appointed("laoli", "老李", Role.HANDLER, area_code=f"1406031{number:02}")
    with django_assert_num_queries(1):
        assert len(actor_for(post.user, NOW).posts) == 30


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "roles"),
    [
        (TODAY, None, ["clerk"]),
        (TODAY, TODAY, ["clerk"]),
        (date(2026, 3, 3), None, []),
        (date(2026, 2, 1), date(2026, 3, 1), []),
    ],
)
def test_a_post_counts_from_its_first_to_its_last_day(
    appointed: Appointed, starts_on: date, ends_on: date | None, roles: list[str]
) -> None:
    post = appointed("xiaowang", "小王", Role.CLERK, starts_on=starts_on, ends_on=ends_on)
    assert [held.role for held in actor_for(post.user, NOW).posts] == roles


def test_a_day_begins_at_midnight_in_shanghai(appointed: Appointed) -> None:
    post = appointed("xiaowang", "小王", Role.CLERK, starts_on=date(2026, 3, 3))
    before = datetime.fromisoformat("2026-03-02T15:59:59+00:00")
    after = before + timedelta(seconds=1)
    assert [actor_for(post.user, moment).has("clerk") for moment in (before, after)] == [False, True]


def test_a_deputy_acts_with_the_posts_rights_in_the_absent_ones_name(appointed: Appointed, security: Actor) -> None:
    post = appointed("laoli", "老李", Role.HANDLER)
    xiaochen = person("xiaochen", "小陈")
    services.set_deputy(security, post, xiaochen, starts_on=TODAY, ends_on=date(2026, 3, 4), now=NOW)
    held = {
        day: [
            (view.role, view.unit_code, view.acting_for)
            for view in actor_for(xiaochen, NOW + timedelta(days=day)).posts
        ]
        for day in (-1, 0, 2, 3)
    }
    assert held == {
        -1: [],
        0: [("handler", "JP-SF", "老李")],
        2: [("handler", "JP-SF", "老李")],
        3: [],
    }


def test_one_post_stood_in_for_twice_is_one_post(appointed: Appointed) -> None:
    post = appointed("laoli", "老李", Role.HANDLER)
    xiaochen = person("xiaochen", "小陈")
    for day in (1, 2):
        Deputy.objects.create(post=post, user=xiaochen, starts_on=date(2026, 3, day), ends_on=date(2026, 3, 9))
    assert [view.id for view in actor_for(xiaochen, NOW).posts] == [post.pk]


def test_service_accounts_act_under_their_own_name_and_hold_no_posts(db: None) -> None:
    actors = [service_actor(name) for name in ("clock", "resident", "integration")]
    assert [(actor.username, actor.name, actor.posts, actor.service) for actor in actors] == [
        ("clock", "时钟", (), "clock"),
        ("resident", "居民", (), "resident"),
        ("integration", "对接系统", (), "integration"),
    ]
    assert actors[0] == actor_for(User.objects.get(username="clock"), NOW)
    assert not User.objects.get(username="clock").has_usable_password()


def test_nobody_and_a_disabled_person_have_no_posts(appointed: Appointed) -> None:
    post = appointed("zhangsan", "张三", Role.CLERK)
    post.user.is_active = False
    assert actor_for(AnonymousUser(), NOW) == NOBODY
    assert actor_for(post.user, NOW).posts == ()


def test_people_are_found_by_role_and_by_an_area_their_post_covers(appointed: Appointed, centre: Unit) -> None:
    appointed("zhao", "赵主任", Role.SUPERVISOR, centre, "140603")
    street = appointed("laozhou", "老周", Role.SUPERVISOR)
    appointed("zhangsan", "张三", Role.SUPERVISOR, area_code="140603101")
    Deputy.objects.create(post=street, user=person("xiaochen", "小陈"), starts_on=TODAY, ends_on=TODAY)
    found = people_holding("supervisor", NOW, area_code="140603100001")
    assert [user.name for user in found] == ["老周", "小陈", "赵主任"]


def test_a_post_cannot_end_before_it_starts(appointed: Appointed) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        appointed("xiaowang", "小王", Role.CLERK, ends_on=date(2019, 12, 31))
    assert Post.objects.count() == 0


@pytest.mark.parametrize("area_code", ["", "1406", "14060310", "14060310A", "1406031000010011"])
def test_a_posts_area_is_a_code_of_six_nine_twelve_or_fifteen_digits(
    security: Actor, office: Unit, area_code: str
) -> None:
    xiaowang = person("xiaowang", "小王")
    with pytest.raises(Incomplete) as refused:
        services.appoint(
            security, user=xiaowang, role="clerk", unit=office, area_code=area_code, starts_on=TODAY, now=NOW
        )
    assert list(refused.value.errors) == ["area_code"]
    assert not Post.objects.filter(user=xiaowang).exists()


@pytest.mark.parametrize(
    ("held", "wanted", "sentence"),
    [
        ("auditor", "system_admin", "系统管理员不能与审计员由同一人同时担任，请先结束其中一个岗位。"),
        ("security_admin", "auditor", "审计员不能与安全管理员由同一人同时担任，请先结束其中一个岗位。"),
        ("clerk", "system_admin", "系统管理员不能与窗口受理员由同一人同时担任，请先结束其中一个岗位。"),
        ("auditor", "leader", "领导不能与审计员由同一人同时担任，请先结束其中一个岗位。"),
    ],
)
def test_administrators_exclude_one_another_and_every_case_role(
    appointed: Appointed, security: Actor, office: Unit, held: str, wanted: str, sentence: str
) -> None:
    post = appointed("zhangsan", "张三", held)
    with pytest.raises(Incomplete) as refused:
        services.appoint(
            security, user=post.user, role=wanted, unit=office, area_code="140603", starts_on=TODAY, now=NOW
        )
    assert refused.value.errors == {"role": [sentence]}


def test_an_administrators_post_may_follow_a_case_post(appointed: Appointed, security: Actor, office: Unit) -> None:
    post = appointed("zhangsan", "张三", Role.CLERK, ends_on=date(2026, 3, 1))
    services.appoint(
        security, user=post.user, role="auditor", unit=office, area_code="140603", starts_on=TODAY, now=NOW
    )
    assert [view.role for view in actor_for(post.user, NOW).posts] == ["auditor"]


def test_a_case_worker_cannot_stand_in_for_an_administrator(appointed: Appointed, security: Actor) -> None:
    auditor = appointed("laozhou", "老周", Role.AUDITOR)
    clerk = appointed("xiaowang", "小王", Role.CLERK)
    with pytest.raises(Incomplete) as refused:
        services.set_deputy(security, auditor, clerk.user, starts_on=TODAY, ends_on=TODAY, now=NOW)
    assert refused.value.errors == {"user": ["审计员不能与窗口受理员由同一人同时担任，请先结束其中一个岗位。"]}


def test_nobody_is_their_own_deputy(appointed: Appointed, security: Actor) -> None:
    post = appointed("laoli", "老李", Role.HANDLER)
    with pytest.raises(Incomplete) as refused:
        services.set_deputy(security, post, post.user, starts_on=TODAY, ends_on=TODAY, now=NOW)
    assert refused.value.errors == {"user": ["代理人不能是本人。"]}


def test_the_model_refuses_in_clean_what_the_service_refuses(appointed: Appointed, office: Unit) -> None:
    post = appointed("zhangsan", "张三", Role.CLERK)
    second = Post(user=post.user, role="auditor", unit=office, area_code="140603", starts_on=TODAY)
    with pytest.raises(ValidationError) as refused:
        second.full_clean()
    assert list(refused.value.message_dict) == ["role"]


def test_only_the_security_administrator_gives_posts(appointed: Appointed, office: Unit) -> None:
    leader = actor_for(appointed("zhao", "赵主任", Role.LEADER, lead=True).user, NOW)
    zhangsan = person("zhangsan", "张三")
    with pytest.raises(NotYou) as refused:
        services.appoint(leader, user=zhangsan, role="clerk", unit=office, area_code="140603", starts_on=TODAY, now=NOW)
    assert refused.value.detail == "只有安全管理员可以调整岗位和账号安全，请与安全管理员联系。"


def test_the_holder_and_the_lead_of_the_unit_may_set_a_deputy_a_stranger_may_not(
    appointed: Appointed, centre: Unit
) -> None:
    post = appointed("laoli", "老李", Role.HANDLER)
    lead = appointed("zhao", "赵主任", Role.LEADER, lead=True)
    stranger = appointed("zhangsan", "张三", Role.LEADER, centre, "140603", lead=True)
    xiaochen = person("xiaochen", "小陈")
    for day, holder in enumerate((post, lead), start=3):
        day_of_march = date(2026, 3, day)
        services.set_deputy(
            actor_for(holder.user, NOW), post, xiaochen, starts_on=day_of_march, ends_on=day_of_march, now=NOW
        )
    with pytest.raises(NotYou):
        services.set_deputy(actor_for(stranger.user, NOW), post, xiaochen, starts_on=TODAY, ends_on=TODAY, now=NOW)
    assert list(Deputy.objects.values_list("starts_on", flat=True)) == [date(2026, 3, 3), date(2026, 3, 4)]


def test_every_change_of_post_is_in_the_log(appointed: Appointed, security: Actor, office: Unit) -> None:
    xiaowang, xiaochen = person("xiaowang", "小王"), person("xiaochen", "小陈")
    post = services.appoint(
        security, user=xiaowang, role="clerk", unit=office, area_code="140603", starts_on=TODAY, now=NOW
    )
    services.change_post(security, post, now=NOW, area_code="140603100")
    deputy = services.set_deputy(security, post, xiaochen, starts_on=TODAY, ends_on=date(2026, 3, 9), now=NOW)
    services.end_deputy(security, deputy, on=TODAY, now=NOW)
    services.end_post(security, post, on=TODAY, now=NOW)
    assert logged() == [
        ("post.appoint", "zhouan", "xiaowang", True),
        ("post.change", "zhouan", "xiaowang", True),
        ("deputy.set", "zhouan", "xiaowang", True),
        ("deputy.end", "zhouan", "xiaowang", True),
        ("post.end", "zhouan", "xiaowang", True),
    ]
