"""Nobody leaves with open matters unassigned."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from accounts import services, tokens
from accounts.choices import Role
from accounts.models import Post, User
from accounts.queries import Actor, actor_for
from accounts.signals import cases_handed_over, person_leaving
from governance_portal.lib.errors import Incomplete, NotNow, NotYou
from tests.accounts.conftest import NOW, TODAY, Appointed, logged, person


@pytest.fixture
def open_matters() -> Iterator[dict[str, int]]:
    """A floor above that counts what each person still has open."""
    matters: dict[str, int] = {}

    def objects(sender: Any, user: User, **kwargs: Any) -> str | None:
        count = matters.get(user.username, 0)
        return f"{user.name}还有 {count} 件未办结，请先移交。" if count else None

    def moves(sender: Any, from_user: User, to_user: User, **kwargs: Any) -> int:
        count = matters.pop(from_user.username, 0)
        matters[to_user.username] = matters.get(to_user.username, 0) + count
        return count

    person_leaving.connect(objects)
    cases_handed_over.connect(moves)
    yield matters
    person_leaving.disconnect(objects)
    cases_handed_over.disconnect(moves)


def test_a_post_does_not_end_while_its_holder_has_open_matters(
    appointed: Appointed, security: Actor, open_matters: dict[str, int]
) -> None:
    post = appointed("laoli", "老李", Role.HANDLER)
    open_matters["laoli"] = 3
    with pytest.raises(NotNow) as refused:
        services.end_post(security, post, on=TODAY, now=NOW)
    post.refresh_from_db()
    assert (refused.value.detail, post.ends_on, logged()) == ("老李还有 3 件未办结，请先移交。", None, [])


def test_handing_over_moves_everything_and_then_the_post_may_end(
    appointed: Appointed, security: Actor, open_matters: dict[str, int]
) -> None:
    post = appointed("laoli", "老李", Role.HANDLER)
    xiaoliu = person("xiaoliu", "小刘")
    open_matters["laoli"] = 3
    moved = services.hand_over(security, from_user=post.user, to_user=xiaoliu, now=NOW)
    services.end_post(security, post, on=TODAY, now=NOW)
    assert (moved, open_matters, post.ends_on) == (3, {"xiaoliu": 3}, TODAY)
    assert logged() == [("person.hand_over", "zhouan", "laoli", True), ("post.end", "zhouan", "laoli", True)]


def test_leaving_ends_every_post_disables_the_account_and_logs_out_the_phones(
    appointed: Appointed, security: Actor, open_matters: dict[str, int]
) -> None:
    post = appointed("laoli", "老李", Role.HANDLER)
    appointed("laoli", "老李", Role.MEDIATOR)
    appointed("laoli", "老李", Role.LEADER, starts_on=date(2026, 4, 1))
    key, _ = tokens.issue(post.user, "手机", NOW)
    open_matters["laoli"] = 2
    services.leave(security, post.user, on=TODAY, now=NOW, to_user=person("xiaoliu", "小刘"))
    held = Post.objects.filter(user=post.user).values_list("role", "ends_on")
    assert list(held) == [("handler", TODAY), ("mediator", TODAY), ("leader", date(2026, 4, 1))]
    assert tokens.user_for(key, NOW) is None
    laoli = User.objects.get(username="laoli")
    assert (laoli.is_active, actor_for(laoli, NOW).posts, open_matters) == (False, (), {"xiaoliu": 2})


def test_leaving_with_open_matters_changes_nothing(
    appointed: Appointed, security: Actor, open_matters: dict[str, int]
) -> None:
    post = appointed("laoli", "老李", Role.HANDLER)
    open_matters["laoli"] = 1
    with pytest.raises(NotNow):
        services.leave(security, post.user, on=TODAY, now=NOW)
    laoli = User.objects.get(username="laoli")
    assert (laoli.is_active, actor_for(laoli, NOW).has("handler"), logged()) == (True, True, [])


def test_the_units_lead_may_hand_over_a_strangers_lead_may_not(appointed: Appointed, centre: Any) -> None:
    post = appointed("laoli", "老李", Role.HANDLER)
    lead = appointed("zhao", "赵主任", Role.LEADER, lead=True)
    stranger = appointed("zhangsan", "张三", Role.LEADER, centre, "140603", lead=True)
    xiaoliu = person("xiaoliu", "小刘")
    assert services.hand_over(actor_for(lead.user, NOW), from_user=post.user, to_user=xiaoliu, now=NOW) == 0
    with pytest.raises(NotYou):
        services.hand_over(actor_for(stranger.user, NOW), from_user=post.user, to_user=xiaoliu, now=NOW)


def test_matters_are_not_handed_to_somebody_who_left(appointed: Appointed, security: Actor) -> None:
    post = appointed("laoli", "老李", Role.HANDLER)
    gone = person("xiaoliu", "小刘", is_active=False)
    with pytest.raises(Incomplete) as refused:
        services.hand_over(security, from_user=post.user, to_user=gone, now=NOW)
    assert refused.value.errors == {"to_user": ["接办人的账号已停用，请另选一人"]}


def test_an_account_nobody_used_for_ninety_days_is_disabled(db: None) -> None:
    long_ago = NOW.replace(year=2025, month=11, day=1)
    person("zhangsan", "张三", date_joined=long_ago)
    person("xiaowang", "小王", date_joined=long_ago, last_seen=NOW.replace(month=2))
    assert services.disable_dormant(NOW) == ["zhangsan"]
    assert logged() == [("person.disable", "", "zhangsan", True)]
    assert list(User.objects.filter(is_active=False).values_list("username", flat=True)) == ["zhangsan"]
