"""Rules for passwords (GB/T 22239-2019 §8.1.4.1)."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import override_settings

from accounts import passwords, services
from accounts.models import PasswordRecord
from accounts.queries import Actor
from governance_portal.lib.errors import Incomplete
from tests.accounts.conftest import NOW, PASSWORD, logged, person

MIXED = "密码须含大写字母、小写字母、数字、符号中的至少 3 种。"
NAMED = "密码不能包含登录名。"
USED = "密码不能与最近 5 次用过的相同。"


@pytest.mark.parametrize(
    ("password", "sentences"),
    [
        ("Shanxi-pl9", []),
        ("shanxipinglu9-", []),
        ("平鲁中心Aa1", ["密码至少 10 位。"]),
        ("shanxipinglu9", [MIXED]),
        ("SHANXIPINGLU", [MIXED]),
        ("1q2w3e4r5t", ["这个密码太常见了。", MIXED]),
        ("Xiaowang-2026", [NAMED]),
        ("Gnawoaix-2026", [NAMED]),
        (PASSWORD, [USED]),
    ],
)
def test_a_password_keeps_the_rules(db: None, password: str, sentences: list[str]) -> None:
    xiaowang = person("xiaowang", "小王")
    try:
        validate_password(password, xiaowang)
        found: list[str] = []
    except ValidationError as error:
        found = error.messages
    assert found == sentences


def test_the_last_five_passwords_are_not_taken_again_the_sixth_is(db: None) -> None:
    xiaowang = person("xiaowang", "小王")
    used = [PASSWORD, *(f"Shanxi-pinglu-{number}" for number in range(5))]
    for old, new in pairwise(used):
        services.change_password(xiaowang, old=old, new=new, now=NOW)
    with pytest.raises(Incomplete) as refused:
        services.change_password(xiaowang, old=used[-1], new=used[1], now=NOW)
    assert refused.value.errors == {"new": [USED]}
    services.change_password(xiaowang, old=used[-1], new=PASSWORD, now=NOW)
    assert (xiaowang.check_password(PASSWORD), PasswordRecord.objects.filter(user=xiaowang).count()) == (True, 5)


def test_a_wrong_old_password_changes_nothing(db: None) -> None:
    xiaowang = person("xiaowang", "小王")
    with pytest.raises(Incomplete) as refused:
        services.change_password(xiaowang, old="Cuowu-2026-x", new="Shanxi-pinglu-1", now=NOW)
    assert (refused.value.errors, xiaowang.check_password(PASSWORD)) == ({"old": ["原密码不正确"]}, True)


def test_a_password_is_due_after_ninety_days_where_the_centre_says_so(db: None) -> None:
    xiaowang = person("xiaowang", "小王")
    days = (90, 91)
    with override_settings(PASSWORD_MAX_AGE_DAYS=90):
        assert [passwords.is_due(xiaowang, NOW + timedelta(days=day)) for day in days] == [False, True]
    with override_settings(PASSWORD_MAX_AGE_DAYS=0):
        assert [passwords.is_due(xiaowang, NOW + timedelta(days=day)) for day in days] == [False, False]


def test_a_reset_password_must_be_changed_at_the_next_log_in(db: None, security: Actor) -> None:
    xiaowang = person("xiaowang", "小王")
    text = services.reset_password(security, xiaowang, now=NOW)
    assert (xiaowang.check_password(text), passwords.is_due(xiaowang, NOW)) == (True, True)
    services.change_password(xiaowang, old=text, new="Shanxi-pinglu-1", now=NOW)
    assert passwords.is_due(xiaowang, NOW) is False
    assert logged() == [
        ("password.reset", "zhouan", "xiaowang", True),
        ("password.change", "xiaowang", "xiaowang", True),
    ]


def test_a_one_time_password_keeps_the_rules(db: None) -> None:
    xiaowang = person("xiaowang", "小王")
    texts = {passwords.one_time_password() for _ in range(50)}
    for text in texts:
        validate_password(text, xiaowang)
    assert ({len(text) for text in texts}, len(texts)) == ({14}, 50)
