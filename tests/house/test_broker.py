"""The broker carries nudges: over folders, over Redis, and not at all when it is dead."""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from kombu import Connection  # type: ignore[import-untyped]

from governance_portal.celery import app

ROOT = Path(__file__).resolve().parents[2]
ASK = """
import django; django.setup()
from governance_portal.celery import app
import time
began = time.monotonic()
try:
    app.send_task("cases.tasks.sweep", retry=False)
    print("taken", end=" ")
except Exception as refused:
    print(type(refused).__name__, end=" ")
print("slow" if time.monotonic() - began > 10 else "soon")
"""


def surroundings(var: Path, **given: str) -> dict[str, str]:
    """The machine's environment without what the tests have set."""
    ours = {"DATABASE_URL", "REDIS_URL"}
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    settings = {
        "DJANGO_SETTINGS_MODULE": "governance_portal.settings",
        "PORTAL_ENV_FILE": os.devnull,
        "LOG_LEVEL": "INFO",
    }
    return {**kept, **settings, "PORTAL_VAR": str(var), **given}


def asked(environment: dict[str, str]) -> str:
    """What a process hears that asks for one task."""
    ended = subprocess.run(
        [sys.executable, "-c", ASK], cwd=ROOT, env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    return ended.stdout.strip()


def worker(environment: dict[str, str], log: Path) -> "subprocess.Popen[bytes]":
    """A worker as ``run_portal`` starts it."""
    with log.open("wb") as out:
        return subprocess.Popen(
            [
                sys.executable,
                "-m",
                "celery",
                "--app",
                "governance_portal",
                "worker",
                "--pool=threads",
                "--loglevel=info",
            ],
            cwd=ROOT,
            env=environment,
            stdout=out,
            stderr=out,
        )


def carried_out(environment: dict[str, str], tmp_path: Path) -> str:
    """Ask for one sweep before a worker is there, start one, and return its log once it has swept."""
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=environment, check=True)
    assert asked(environment) == "taken soon"
    running = worker(environment, tmp_path / "worker.log")
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until and "sweep owed" not in (tmp_path / "worker.log").read_text():
            time.sleep(0.2)
    finally:
        running.terminate()
        running.wait(timeout=30)
    return (tmp_path / "worker.log").read_text()


def test_a_message_in_the_folder_is_whole_or_not_there(tmp_path: Path) -> None:
    """A reader that looks all the time never meets half a message: kombu's own writer lets it."""
    options = {name: str(tmp_path) for name in ("data_folder_in", "data_folder_out", "control_folder")}
    met: list[bytes] = []
    over = threading.Event()

    def look() -> None:
        while not over.is_set():
            for found in tmp_path.glob("*.nudge.msg"):
                met.append(found.read_bytes())

    with Connection("folders://localhost//", transport_options=options) as connection:
        queue = connection.SimpleQueue("nudge")
        reader = threading.Thread(target=look)
        reader.start()
        for number in range(300):
            queue.put({"outbox_id": number})
        over.set()
        reader.join()
        assert met and {json.loads(whole)["properties"]["delivery_mode"] for whole in met} == {2}
        assert sorted(queue.get(timeout=5).payload["outbox_id"] for _ in range(300)) == list(range(300))
        assert queue.qsize() == 0
        queue.close()


def test_a_task_travels_through_folders(tmp_path: Path) -> None:
    environment = surroundings(tmp_path / "var")

    assert "sweep owed=0 reminded=0 delivered=0 moved=0" in carried_out(environment, tmp_path)
    assert list((tmp_path / "var" / "broker" / "queue").iterdir()) == []


@pytest.mark.services
def test_a_task_travels_through_redis(tmp_path: Path, redis_url: str) -> None:
    environment = surroundings(tmp_path / "var", REDIS_URL=redis_url.rsplit("/", 1)[0] + "/9")

    assert "sweep owed=0 reminded=0 delivered=0 moved=0" in carried_out(environment, tmp_path)


def test_a_redis_that_refuses_or_never_answers_holds_nobody_for_long(tmp_path: Path) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(64)
        port = silent.getsockname()[1]
        answers = [
            asked(surroundings(tmp_path / "var", REDIS_URL=url))
            for url in ("redis://127.0.0.1:1/0", f"redis://127.0.0.1:{port}/0")
        ]

    assert answers == ["OperationalError soon", "OperationalError soon"]


def test_every_beat_names_a_task_that_exists(settings: Any) -> None:
    app.autodiscover_tasks(force=True)

    assert set(settings.BEATS) - set(app.tasks) == set()
