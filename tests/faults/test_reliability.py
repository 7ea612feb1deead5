"""The short run of the reliability harness, asserted; and that its judge is not blind."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.faults.harness.broker import Proxy
from tests.faults.harness.owed import Judgement, judge
from tests.faults.harness.place import ROOT, faketime
from tests.faults.harness.postgres import NoPostgres, binaries
from tests.faults.harness.report import keep, marks
from tests.services import demanded

LONG = os.environ.get("LONG") == "1"
WARNED, LATE = ("dispatcher", "26112310000019", "分流时限即将到期"), ("dispatcher", "26112310000019", "分流时限已超时")


def test_the_judge_sees_what_is_missing_what_is_double_and_what_nobody_owed() -> None:
    nothing: Counter[tuple[str, str, str]] = Counter()
    due = Counter({WARNED: 1, LATE: 2})
    assert judge(due, Counter(due), due) == Judgement(3, 3, nothing, nothing)
    assert judge(due, Counter({LATE: 2}), due).missing == Counter({WARNED: 1})
    assert judge(due, Counter({WARNED: 2, LATE: 2}), due).too_many == Counter({WARNED: 1})
    early = ("centre_lead", "26112310000019", "分流时限已超时")
    assert judge(due, due + Counter({early: 1}), due).too_many == Counter({early: 1})
    assert judge(due, due + Counter({early: 1}), due + Counter({early: 1})).is_exact
    assert judge(due, Counter({LATE: 3}), due).is_exact is False


def test_a_silent_proxy_takes_connections_answers_nobody_and_loses_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as behind, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        proxy = Proxy(port, behind.getsockname()[1])
        proxy.fall_silent()
        with socket.create_connection(("127.0.0.1", port), timeout=0.3) as caller:
            caller.sendall(b"PING\r\n")
            with pytest.raises(TimeoutError):
                caller.recv(10)
            proxy.speak_again()
            behind.settimeout(5)
            server, _address = behind.accept()
            with server:
                server.settimeout(5)
                assert server.recv(10) == b"PING\r\n"
                server.sendall(b"+PONG\r\n")
                caller.settimeout(5)
                assert caller.recv(10) == b"+PONG\r\n"
        proxy.stop()


def test_a_table_is_written_between_its_marks_only(tmp_path: Path) -> None:
    document = tmp_path / "reliability.md"
    begin, end = marks("short")
    document.write_text(f"before\n{begin}\nold\n{end}\nafter\n", encoding="utf-8")
    keep("short", "new", document)
    assert document.read_text(encoding="utf-8") == f"before\n{begin}\n\nnew\n\n{end}\nafter\n"
    with pytest.raises(ValueError, match="no marks for the long run"):
        keep("long", "new", document)


def _lacks() -> str:
    """What the harness needs and this machine has not."""
    try:
        binaries()
    except NoPostgres as missing:
        return str(missing)
    return "" if shutil.which("redis-server") else "没有 redis-server：apt-get install redis-server"


@pytest.mark.faults
def test_in_the_short_run_nothing_is_missing_double_or_early() -> None:
    if LONG:
        pytest.skip("LONG=1 make faults 已运行完整的一遍")
    if demanded():
        assert _lacks() == ""
        assert faketime(), "没有 libfaketime：apt-get install faketime"
    elif _lacks():
        pytest.skip(_lacks())
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    command = [sys.executable, "-m", "tests.faults.harness"]
    began = time.monotonic()
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=900, check=False)
    print(ended.stdout)
    assert ended.returncode == 0, ended.stdout + ended.stderr[-3000:]
    rows = dict(line.strip("| ").split(" | ", 1) for line in ended.stdout.splitlines() if line.startswith("| "))
    exact = {
        "in the inboxes: missing, not owed or double": "0, 0",
        "**at the gateway: missing, not owed or double after the key**": "**0, 0**",
        "cases whose row is not fold(events)": "0",
        "worker killed with `kill -9`": "6",
    }
    assert {name: rows[name] for name in exact} == exact
    assert ("skipped" in rows["clocks moved while running"]) == (faketime() is None)
    assert time.monotonic() - began > 60
