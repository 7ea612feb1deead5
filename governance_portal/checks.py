"""Reasons not to start: a production site with a demonstration's keys, accounts or openness."""

from collections.abc import Sequence
from typing import Any

from django.apps.config import AppConfig
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.checks import CheckMessage, Error
from django.db import DatabaseError

MIN_KEY_LENGTH = 50


def production_is_safe(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse production with a default or short key, ``DEBUG``, open hosts or the demonstration's password set."""
    if not settings.PRODUCTION:
        return []
    refusals = (
        (not settings.SECRET_KEY_GIVEN, "没有设置 SECRET_KEY。", "生成一个至少 50 个字符的随机串，写进 .env。", "E001"),
        (len(settings.SECRET_KEY) < MIN_KEY_LENGTH, "SECRET_KEY 太短。", "至少 50 个随机字符。", "E002"),
        (settings.DEBUG, "正式运行时打开了 DEBUG。", "删去 DEBUG，或填 0。", "E003"),
        (not settings.ALLOWED_HOSTS, "没有设置 ALLOWED_HOSTS。", "填上平台的域名。", "E004"),
        ("*" in settings.ALLOWED_HOSTS, "ALLOWED_HOSTS 不能是 *。", "填上平台的域名。", "E005"),
        (settings.DEMO_PASSWORD_GIVEN, "正式运行时设置了 DEMO_PASSWORD。", "删去它；正式账号由管理员导入。", "E006"),
    )
    return [Error(text, hint=hint, id=f"portal.{code}") for wrong, text, hint, code in refusals if wrong]


def demo_accounts_are_gone(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Refuse production while an active account bears a demonstration's log-in name and still has its password."""
    if not settings.PRODUCTION or not databases:
        return []
    users = get_user_model()._default_manager.filter(username__in=settings.DEMO_USERNAMES, is_active=True)
    try:
        found = sorted(user.get_username() for user in users if user.check_password(settings.DEMO_PASSWORD))
    except DatabaseError:
        return []  # no tables yet: nobody can log in
    if not found:
        return []
    hint = "停用这些账号，或换一个空数据库重新开始。"
    return [Error(f"演示账号仍可登录：{'、'.join(found)}。", hint=hint, id="portal.E007")]
