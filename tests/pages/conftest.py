"""Fixtures of the pages' tests: the cast with passwords, logged in by page or by client."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection, connections
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from cases import policies
from tests.cases.cast import District, build_district
from tests.migrated import file_in

PASSWORD = "Ping-lu-2026!"


@pytest.fixture(autouse=True)
def _fresh_policies(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What one test edits in the calendar or the limits is not kept for the next, and is read once within it.

    A process reads them anew each half minute: a page that was counted just then asked one statement more than before.
    """
    monkeypatch.setattr(policies, "_refresh", lambda: None)
    policies.forget()
    yield
    policies.forget()


@pytest.fixture(autouse=True)
def _no_sign_of_life(monkeypatch: pytest.MonkeyPatch) -> None:
    """No session is written for being a minute old, so that a page asks as many statements on a slow machine."""
    monkeypatch.setattr("governance_portal.middleware.SEEN_EVERY_SECONDS", 10**9)


@pytest.fixture
def district(db: None) -> District:
    """The cast in its district."""
    return build_district()


@pytest.fixture
def client_of(district: District) -> Callable[[str], Client]:
    """A client logged in as somebody of the cast."""

    def logged_in(username: str) -> Client:
        client = Client()
        client.force_login(district.people[username], backend="accounts.backends.PostBackend")
        return client

    return logged_in


@dataclass
class Town:
    """A served portal with its own cast; `enter` logs somebody in by the log-in page in a browser of their own."""

    url: str
    district: District
    browser: Browser
    context_args: dict[str, object]
    troubles: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def visitor(self, **options: object) -> Page:
        """A browser nobody is logged in with; errors of scripts and of the content policy are kept in `troubles`."""
        context = self.browser.new_context(**{**self.context_args, **options}, base_url=self.url)  # type: ignore[arg-type]
        self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("console", lambda line: self._heard(line.text))
        return page

    def enter(self, username: str, **options: object) -> Page:
        """Log in."""
        page = self.visitor(**options)
        page.goto("/login/")
        page.fill("[name=username]", username)
        page.fill("[name=password]", PASSWORD)
        page.click("button[type=submit]")
        page.wait_for_url(f"{self.url}/")
        return page

    def leave(self) -> None:
        """Close every browser, so that none asks a server that is gone."""
        while self.contexts:
            self.contexts.pop().close()

    def _heard(self, text: str) -> None:
        if "Content Security Policy" in text:
            self.troubles.append(text)


@pytest.fixture(scope="session")
def migrated(shared_folder: Path) -> Path:
    """An empty database in a file of its own, to be copied."""
    if connection.vendor != "sqlite":
        pytest.skip("浏览器测试用 SQLite 的数据库文件")
    return file_in(shared_folder)


@contextmanager
def _database_in(place: Path) -> Iterator[None]:
    """Let every connection of this process be to that file, for a while."""
    settings_dict = connections["default"].settings_dict
    before = settings_dict["NAME"]
    connections.close_all()
    settings_dict["NAME"] = str(place)
    try:
        yield
    finally:
        connections.close_all()
        settings_dict["NAME"] = before


@pytest.fixture(scope="module")
def town(
    migrated: Path,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: DjangoDbBlocker,
    browser: Browser,
    browser_context_args: dict[str, object],
) -> Iterator[Town]:
    """Serve a district on a database with real commits.

    Django's own way (flush after each test) cannot empty an append-only history: each module has a file of its own.
    """
    place = Path(shutil.copy(migrated, tmp_path_factory.mktemp("town") / "portal.sqlite3"))
    with django_db_blocker.unblock(), _database_in(place):
        policies.forget()
        district = build_district()
        User.objects.filter(is_service=False).update(password=make_password(PASSWORD), must_change_password=False)
        server = LiveServer("localhost")
        served = Town(server.url, district, browser, browser_context_args)
        yield served
        served.leave()
        server.stop()
