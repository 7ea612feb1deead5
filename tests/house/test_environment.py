"""Settings come from one declared list, and the example file is that list."""

import os
import re
from pathlib import Path

import pytest

from governance_portal import environment as env

ROOT = Path(__file__).resolve().parents[2]


def test_the_example_file_is_the_declared_list() -> None:
    assert (ROOT / ".env.example").read_text(encoding="utf-8") == env.example()


def test_every_declared_setting_is_read_and_explained() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "governance_portal").rglob("*.py"))
    read = set(re.findall(r'env\.(?:text|number|number_or|flag|listed|folder)\("([A-Z_]+)"', sources))

    assert read == {row.name for row in env.DECLARED}
    assert [row.name for row in env.DECLARED if not row.help.endswith("。")] == []


def test_what_compose_asks_for_is_explained_too() -> None:
    asked = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text(encoding="utf-8")))

    assert asked == {row.name for row in env.COMPOSE}


def test_an_undeclared_setting_cannot_be_read() -> None:
    with pytest.raises(KeyError):
        env.text("SOMETHING_NOBODY_DECLARED")


def test_an_env_file_fills_in_what_the_environment_does_not_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORT", "8001")
    monkeypatch.setenv("BIND", "")
    monkeypatch.delenv("BIND")
    (tmp_path / ".env").write_text("# 说明\nPORT=9000\nBIND='0.0.0.0'\n\n不是设置\n", encoding="utf-8")

    env.load_env_file(tmp_path / ".env")

    assert (env.number("PORT"), env.text("BIND")) == (8001, "0.0.0.0")
    monkeypatch.delitem(os.environ, "BIND")


def test_a_number_that_is_none_is_told_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "八千")

    with pytest.raises(env.BadSetting, match="PORT 应为整数，现在是「八千」。"):
        env.number("PORT")


def test_a_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    first = env.kept_secret(tmp_path / "var" / "secret_key")

    assert env.kept_secret(tmp_path / "var" / "secret_key") == first
    assert len(first) > 50
    assert [(path.name, oct(path.stat().st_mode & 0o777)) for path in (tmp_path / "var").iterdir()] == [
        ("secret_key", "0o600")
    ]


def test_mail_settings_follow_the_address() -> None:
    assert env.email_settings("smtp+tls://portal:p%40ss@mail.example.cn:2525") == {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "mail.example.cn",
        "EMAIL_PORT": 2525,
        "EMAIL_HOST_USER": "portal",
        "EMAIL_HOST_PASSWORD": "p@ss",
        "EMAIL_USE_TLS": True,
        "EMAIL_USE_SSL": False,
    }
    with pytest.raises(env.BadSetting):
        env.email_settings("mail.example.cn")
