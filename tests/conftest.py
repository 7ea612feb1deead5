"""What all tests share: the services they may need, the browser, and how each is skipped or demanded."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import connection, connections
from playwright.sync_api import expect
from pytest_django import DjangoDbBlocker
from pytest_django.plugin import blocking_manager_key

from tests import migrated
from tests.gateway.server import Gateway
from tests.services import POSTGRES_URL, REDIS_URL, are_there, is_reachable

# pytest-playwright's event loop runs in the test's thread, where Django would refuse its ORM.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# Two cores share the suite, the server and the browser: patience is cheaper than a second run.
expect.set_options(timeout=20_000)

CHROMIUM = Path(os.environ.get("PORTAL_CHROMIUM", "/usr/bin/chromium"))
LONG = os.environ.get("LONG") == "1"


def _demanded(name: str) -> bool:
    return os.environ.get(name) == "1"


def pytest_configure(config: pytest.Config) -> None:
    """Declare the markers; an undeclared one is an error."""
    config.addinivalue_line("markers", "services: needs PostgreSQL or Redis; run again against both where they answer")
    config.addinivalue_line("markers", "both: runs again on PostgreSQL and Redis where they answer")
    config.addinivalue_line("markers", "browser: drives Chromium")
    config.addinivalue_line("markers", "faults: plants a fault or repeats for long; `make faults` runs it in full")
    config.addinivalue_line("markers", "behaviour(*numbers): shows these behaviours of docs/behaviours.md")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip, with the reason, what this machine cannot do; when it was demanded, let it fail instead."""
    wants = (
        ("browser", "PORTAL_REQUIRE_BROWSER", CHROMIUM.exists, f"没有 {CHROMIUM}（PORTAL_CHROMIUM 可另指）"),
        ("services", "PORTAL_REQUIRE_SERVICES", are_there, "PostgreSQL 或 Redis 没有应答"),
    )
    for marker, demand, is_there, reason in wants:
        marked = [item for item in items if item.get_closest_marker(marker)]
        if marked and not _demanded(demand) and not is_there():
            for item in marked:
                item.add_marker(pytest.mark.skip(reason=reason))
    for item in items:
        # A browser, a server and another worker on two cores: what was only late passes at once when it is asked again
        # (the summary counts it as "rerun"); what is wrong fails twice. No other test has a second chance.
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """After a test with real commits every table is emptied; put back what the migrations had filled in."""
    yield
    marker = item.get_closest_marker("django_db")
    named = set(getattr(item, "fixturenames", ()))
    emptied = (marker and marker.kwargs.get("transaction")) or named & {"transactional_db", "live_server"}
    if emptied and nextitem is not None:  # after the last test the database itself is gone
        with item.config.stash[blocking_manager_key].unblock():
            _fill_in_again()


_filled_in: list[dict[str, Any]] = []


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A temporary folder that all workers of this run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """On SQLite the file is there before Django looks: a copy of the migrated one."""
    return connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, shared_folder: Path
) -> Iterator[None]:
    """Begin from a database on which the migrations have been run once for all workers."""
    wanted = connection.settings_dict["TEST"]
    if connection.vendor == "sqlite":
        place = Path(str(wanted["NAME"]))
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(migrated.file_in(shared_folder), place)
        yield
        connections.close_all()
        for left in place.parent.glob(f"{place.name}*"):
            left.unlink(missing_ok=True)
    else:
        with migrated.database_of(shared_folder) as name:
            wanted["TEMPLATE"] = name
            yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Make the database, and remember what the migrations filled in."""
    with django_db_blocker.unblock():
        _filled_in[:] = json.loads(connection.creation.serialize_db_to_string())


def _fill_in_again() -> None:
    # What has rows already (content types, service accounts) is made anew by a signal whenever tables are emptied.
    empty = {name for name in {row["model"] for row in _filled_in} if not apps.get_model(name)._base_manager.exists()}
    rows = [row for row in _filled_in if row["model"] in empty]
    connection.creation.deserialize_db_from_string(json.dumps(rows))


@pytest.fixture(autouse=True)
def _fresh_cache() -> Iterator[None]:
    """Leave nothing cached between tests."""
    yield
    if not settings.REDIS_URL:
        cache.clear()


@pytest.fixture
def postgres(db: None) -> None:
    """The test's database is PostgreSQL, or the test is skipped."""
    if connection.vendor != "postgresql":
        pytest.skip("此测试只在 PostgreSQL 上运行（DATABASE_URL）")


@pytest.fixture(scope="session")
def redis_url() -> str:
    """The address of a Redis that answers, or the test is skipped (fails where services are demanded)."""
    if not is_reachable(REDIS_URL) and not _demanded("PORTAL_REQUIRE_SERVICES"):
        pytest.skip("Redis 没有应答")
    return REDIS_URL


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """The address of a PostgreSQL that answers, or the test is skipped (fails where services are demanded)."""
    if not is_reachable(POSTGRES_URL) and not _demanded("PORTAL_REQUIRE_SERVICES"):
        pytest.skip("PostgreSQL 没有应答")
    return POSTGRES_URL


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    """A gateway on a free port (short messages, robots, webhooks, mail), empty; see `tests.gateway`."""
    running = Gateway().start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real sample data beside the repository, or the test is skipped."""
    if not settings.SHARED_DATA.is_dir():
        pytest.skip("没有真实样例数据（PORTAL_SHARED_DATA）")
    return Path(settings.SHARED_DATA)


@pytest.fixture(scope="session")
def long_run() -> bool:
    """True in ``make faults``: repeat for long instead of enough."""
    return LONG


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """Use the system's Chromium, without a sandbox (root in CI) and without calls home."""
    return {
        "executable_path": str(CHROMIUM),
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
        ],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, object]) -> dict[str, object]:
    """A desk in the centre: 1366 px, Chinese, Shanghai; nothing moves, so that no colour is measured on its way."""
    return {
        **browser_context_args,
        "viewport": {"width": 1366, "height": 768},
        "locale": "zh-CN",
        "timezone_id": "Asia/Shanghai",
        "reduced_motion": "reduce",
    }
