"""`make run` as a person uses it: it comes up, stays up, and leaves nothing behind."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.migrated import file_in

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(not Path("/proc").is_dir(), reason="/proc 用来数进程")


def surroundings(var: Path, port: int) -> dict[str, str]:
    """The machine's environment with nothing in it that the tests have set."""
    from_tests = {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE"}
    return {
        **{name: value for name, value in os.environ.items() if name not in from_tests},
        "PORTAL_ENV_FILE": os.devnull,
        "PORTAL_ENV": "production",  # the demonstration's data has a test of its own
        "SECRET_KEY": "tests-only-0123456789-0123456789-0123456789-0123456789",
        "ALLOWED_HOSTS": "127.0.0.1",
        "PORT": str(port),
        "PORTAL_VAR": str(var),
        "STATIC_ROOT": str(ROOT / "staticfiles"),
        "WEB_WORKERS": "1",
    }


class Portal:
    """One running portal with a folder and a port of its own."""

    def __init__(self, var: Path, command: list[str]) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.var = var
        self.log = var.with_suffix(".log")
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=surroundings(var, self.port), stdout=log, stderr=log, process_group=0
            )

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=1) as answer:
                return answer.status == 200
        except OSError:
            return False

    def processes(self) -> dict[int, str]:
        """Everything alive on this machine that was started with this portal's folder: pid → command line."""
        mark = f"PORTAL_VAR={self.var}".encode()
        found = {}
        for entry in Path("/proc").iterdir():
            try:
                if entry.name.isdigit() and mark in (entry / "environ").read_bytes().split(b"\0"):
                    found[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue  # it ended while we looked
        return {pid: line for pid, line in found.items() if line}

    def said(self, text: str) -> bool:
        return text in self.log.read_text(encoding="utf-8")


def within(seconds: float, condition: Callable[[], bool]) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.1)
    return condition()


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory, shared_folder: Path) -> Path:
    """A folder whose database has its tables, made once."""
    var = tmp_path_factory.mktemp("prepared") / "var"
    var.mkdir()
    shutil.copy(file_in(shared_folder), var / "portal.sqlite3")
    return var


@pytest.fixture
def start(tmp_path: Path, prepared: Path) -> Iterator[Callable[..., Portal]]:
    """Start a portal and wait for it; whatever the test leaves is ended afterwards."""
    started: list[Portal] = []

    def start(*command: str) -> Portal:
        var = tmp_path / f"var{len(started)}"
        shutil.copytree(prepared, var)
        portal = Portal(var, list(command) or [sys.executable, "manage.py", "run_portal"])
        started.append(portal)
        assert within(60, portal.answers), portal.log.read_text(encoding="utf-8")
        assert within(20, lambda: portal.said("平台已启动")), portal.log.read_text(encoding="utf-8")
        return portal

    yield start
    for portal in started:
        for pid in portal.processes():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        portal.process.wait()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_and_term_end_everything_that_was_started(start: Callable[..., Portal], number: signal.Signals) -> None:
    portal = start()
    assert within(20, lambda: {"gunicorn", "worker", "beat"} <= set(" ".join(portal.processes().values()).split()))

    portal.process.send_signal(number)

    assert portal.process.wait(timeout=20) == 0
    assert portal.processes() == {}
    assert portal.said("平台已停止。")


def test_term_to_make_itself_ends_everything(start: Callable[..., Portal]) -> None:
    if not (ROOT / ".venv/.run-stamp").exists():
        pytest.skip("不是由 make 安装的环境")
    portal = start("make", "run")

    portal.process.send_signal(signal.SIGTERM)
    portal.process.wait(timeout=20)

    assert within(15, lambda: portal.processes() == {}), portal.processes()


def test_a_killed_supervisor_takes_its_children_with_it(start: Callable[..., Portal]) -> None:
    portal = start()

    portal.process.kill()

    assert within(20, lambda: portal.processes() == {}), portal.processes()


def test_a_dead_web_server_is_told_and_started_again(start: Callable[..., Portal]) -> None:
    portal = start()
    masters = [pid for pid, line in portal.processes().items() if "gunicorn" in line]

    os.kill(min(masters), signal.SIGKILL)

    assert within(10, lambda: portal.said("网页服务意外退出（退出码 -9），正在重新启动。"))
    assert within(20, portal.answers)


def test_a_port_in_use_is_told_before_anything_starts(start: Callable[..., Portal], tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = subprocess.run(
            [sys.executable, "manage.py", "run_portal"],
            cwd=ROOT,
            env=surroundings(tmp_path / "var", port),
            capture_output=True,
            text=True,
            check=False,
        )

    assert (ended.returncode, ended.stderr.strip()) == (
        1,
        f"CommandError: 端口 {port} 已被占用。换一个端口：PORT=8001 make run",
    )
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["broker"]
