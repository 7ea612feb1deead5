"""Production does not start with what belongs to a demonstration."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model

from governance_portal.checks import demo_accounts_are_gone, production_is_safe


def found(settings: Any, **given: Any) -> list[str]:
    """The refusals under a production that is in order but for what is given."""
    good = {
        "PRODUCTION": True,
        "SECRET_KEY": "k" * 50,
        "SECRET_KEY_GIVEN": True,
        "DEBUG": False,
        "ALLOWED_HOSTS": ["zzzx.example.cn"],
        "DEMO_PASSWORD_GIVEN": False,
    }
    for name, value in {**good, **given}.items():
        setattr(settings, name, value)
    return [str(error.id) for error in production_is_safe(None)]


def test_a_production_in_order_starts(settings: Any) -> None:
    assert found(settings) == []


@pytest.mark.parametrize(
    ("given", "refusals"),
    [
        ({"SECRET_KEY_GIVEN": False}, ["portal.E001"]),
        ({"SECRET_KEY": "short"}, ["portal.E002"]),
        ({"DEBUG": True}, ["portal.E003"]),
        ({"ALLOWED_HOSTS": []}, ["portal.E004"]),
        ({"ALLOWED_HOSTS": ["*"]}, ["portal.E005"]),
        ({"DEMO_PASSWORD_GIVEN": True}, ["portal.E006"]),
        ({"PRODUCTION": False, "DEBUG": True, "ALLOWED_HOSTS": ["*"]}, []),
    ],
)
def test_each_remnant_of_a_demonstration_is_refused_by_name(
    settings: Any, given: dict[str, Any], refusals: list[str]
) -> None:
    assert found(settings, **given) == refusals


@pytest.mark.django_db
def test_an_account_of_the_demonstration_is_refused_while_its_password_still_works(settings: Any) -> None:
    settings.PRODUCTION = True
    users = {}
    for username, password in (("clerk", settings.DEMO_PASSWORD), ("handler", "changed-2026-Long"), ("laoli", "x")):
        users[username] = get_user_model()(username=username, name=username)
        users[username].set_password(password)
        users[username].save()

    assert [error.msg for error in demo_accounts_are_gone(None, databases=["default"])] == ["演示账号仍可登录：clerk。"]

    users["clerk"].is_active = False
    users["clerk"].save()
    assert demo_accounts_are_gone(None, databases=["default"]) == []
