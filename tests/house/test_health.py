"""Alive, ready, and how busy."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

pytestmark = pytest.mark.django_db


def test_alive_asks_nothing_of_the_database(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        response = client.get("/healthz")

    assert (response.status_code, response.json()) == (200, {"status": "alive"})


@pytest.mark.services
def test_ready_when_database_migrations_and_broker_are_as_they_should_be(client: Client) -> None:
    response = client.get("/readyz")

    assert (response.status_code, response.json()) == (
        200,
        {"status": "ready", "checks": {"database": "ok", "migrations": "ok", "broker": "ok"}},
    )


def test_not_ready_says_which_part_is_wrong(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.REDIS_URL = ""
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"data_folder_in": str(tmp_path / "gone")}
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sessions'")

    response = client.get("/readyz")

    assert (response.status_code, response.json()) == (
        503,
        {
            "status": "not ready",
            "checks": {
                "database": "ok",
                "migrations": "有 1 个数据库变更尚未执行（manage.py migrate）",
                "broker": "任务队列的文件夹不可写",
            },
        },
    )


def test_a_silent_redis_is_told_within_its_two_seconds(client: Client, settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    response = client.get("/readyz")

    assert (response.status_code, response.json()["checks"]["broker"]) == (503, "Redis 没有应答")


def test_figures_are_for_this_machine_and_for_the_bearer_of_the_token_only(client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = "口令-1"
    asked = [
        client.get("/metrics"),
        client.get("/metrics", REMOTE_ADDR="203.0.113.9"),
        client.get("/metrics", HTTP_X_FORWARDED_FOR="203.0.113.9"),  # a proxy on this very machine
        client.get("/metrics", REMOTE_ADDR="203.0.113.9", HTTP_AUTHORIZATION="Bearer 口令-2"),
        client.get("/metrics", REMOTE_ADDR="203.0.113.9", HTTP_AUTHORIZATION="Bearer 口令-1"),
    ]

    assert [response.status_code for response in asked] == [200, 404, 404, 404, 200]
    lines = asked[0].content.decode().splitlines()
    assert [line.split()[0] for line in lines if not line.startswith("#")] == [
        "portal_ready",
        "portal_database_seconds",
        "portal_tasks_queued",
        "portal_sessions",
    ]
