"""A phone's key: shown once, kept as a digest, with an end."""

import hashlib
from datetime import timedelta

from pytest_django import DjangoAssertNumQueries

from accounts import services, tokens
from accounts.models import AuthToken, User
from tests.accounts.conftest import NOW, PASSWORD, person


def test_only_the_digest_of_a_key_is_kept(db: None) -> None:
    laoli = person("laoli", "老李")
    text, expires_at = tokens.issue(laoli, "华为 P60", NOW)
    assert list(AuthToken.objects.values_list("digest", "user__username", "device", "created_at", "expires_at")) == [
        (hashlib.sha256(text.encode()).hexdigest(), "laoli", "华为 P60", NOW, NOW + timedelta(days=30))
    ]
    assert expires_at == NOW + timedelta(days=30)


def test_a_key_opens_until_it_ends(db: None) -> None:
    laoli = person("laoli", "老李")
    text, expires_at = tokens.issue(laoli, "", NOW)
    moments = (NOW, expires_at - timedelta(seconds=1), expires_at)
    assert [tokens.user_for(text, moment) for moment in moments] == [laoli, laoli, None]
    assert tokens.user_for(text + "x", NOW) is None


def test_a_new_key_for_the_same_device_ends_the_old_one(db: None) -> None:
    laoli = person("laoli", "老李")
    keys = [tokens.issue(laoli, device, NOW)[0] for device in ("手机", "平板", "手机", "", "")]
    assert [tokens.user_for(key, NOW) is not None for key in keys] == [False, True, True, True, True]


def test_a_revoked_key_and_a_disabled_persons_key_open_nothing(db: None) -> None:
    laoli, xiaoliu = person("laoli", "老李"), person("xiaoliu", "小刘")
    one, other = tokens.issue(laoli, "", NOW)[0], tokens.issue(xiaoliu, "", NOW)[0]
    assert [tokens.revoke(one, NOW), tokens.revoke(one, NOW)] == [True, False]
    User.objects.filter(pk=xiaoliu.pk).update(is_active=False)
    assert [tokens.user_for(key, NOW) for key in (one, other)] == [None, None]


def test_changing_the_password_logs_out_every_phone(db: None) -> None:
    laoli = person("laoli", "老李")
    keys = [tokens.issue(laoli, device, NOW)[0] for device in ("手机", "平板")]
    services.change_password(laoli, old=PASSWORD, new="Xinmima-2026", now=NOW)
    assert [tokens.user_for(key, NOW) for key in keys] == [None, None]


def test_a_call_soon_after_another_costs_one_query(db: None, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    text, _ = tokens.issue(person("laoli", "老李"), "", NOW)
    tokens.user_for(text, NOW)
    with django_assert_num_queries(1):
        tokens.user_for(text, NOW + timedelta(minutes=5))
