"""大屏 for an hour: `python -m bench.screen --minutes 60`. Does it keep its memory, and come back by itself?

Serves a demonstration of its own (SQLite, gunicorn, WhiteNoise), pairs a device and leaves it alone. Meanwhile the
server is stopped twice for 45 seconds, and a matter a minute is registered and accepted through the door. Each minute,
after a forced collection: JavaScript heap and DOM nodes (Chrome DevTools Protocol). At the end every word on the screen
is compared with what the poll answers, and 受理, 办结, 在办 with the API.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from bench import demonstration, written_down
from bench.environment import free_port
from governance_portal.environment import BASE_DIR
from governance_portal.lib.working_days import SHANGHAI

BEGIN = "<!-- screen: what follows is written by `python -m bench.screen` -->"
END = "<!-- screen: end -->"
SIZES = {"standard": (1920, 1080), "wide": (3840, 1080)}
AWAY_SECONDS = 45
_PAIR = """
from django.utils import timezone
from accounts.models import User
from accounts.queries import actor_for
from cases.screens import services
now = timezone.now()
lead = actor_for(User.objects.get(username="centre_lead"), now)
screen = services.make(lead, "一小时", "140603", "auto", now)
print(services.new_code(lead, screen.pk, now))
"""
_MATTER = """
from django.utils import timezone
from accounts.models import User
from accounts.queries import actor_for
from cases import services
now = timezone.now()
clerk = actor_for(User.objects.get(username="clerk"), now)
given = {"kind": "appeal", "channel": "window", "description": "楼道灯不亮，已有三天，请来看看。第 %d 件。",
         "place": {"area": "140603100", "address": "井坪镇北街"}, "reporters": [{"name": "甲某", "phone": "13900000000"}]}
case = services.register(clerk, given, now=now).case
services.move(case, "accept", actor=clerk, now=now, given={"category": "A0102", "level": "general"})
"""
_WORDS = """() => Object.fromEntries([...document.querySelectorAll("[data-k]")].map(
  node => [node.dataset.k, node.textContent]))"""


@dataclass
class Hour:
    """What was seen: a row `{minute, heap_mb, nodes, state, open}` each minute, and how it ended."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    restarts: list[dict[str, Any]] = field(default_factory=list)
    matters: int = 0
    differences: list[str] = field(default_factory=list)
    board: dict[str, Any] = field(default_factory=dict)


class Server:
    """The portal's web server, stopped and started as often as one likes; one demonstration for its life."""

    def __init__(self, folder: Path, cases: int) -> None:
        self.folder, self.port = folder, free_port()
        mine = {"DATABASE_URL", "REDIS_URL", "PORTAL_ENV", "STATIC_ROOT", "PORTAL_VAR", "PORT", "LOG_LEVEL"}
        self.surroundings = {
            **{name: value for name, value in os.environ.items() if name not in mine},
            "PORTAL_ENV": "demo",
            "PORTAL_ENV_FILE": os.devnull,
            "PORTAL_VAR": str(folder),
            "STATIC_ROOT": str(folder / "static"),
            "PORT": str(self.port),
            "BIND": "127.0.0.1",
            "DEMO_CASES": str(cases),
            "DEMO_PASSWORD": demonstration.PASSWORD,
            "HTTPS_ONLY": "0",
        }
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def prepare(self) -> None:
        """Schema, files, demonstration; what is there already stays."""
        for command in (("migrate", "-v", "0"), ("collectstatic", "--noinput", "-v", "0"), ("make_demo",)):
            self.manage(*command)

    def manage(self, *command: str) -> str:
        """Run a command of the portal and return what it printed."""
        asked = [sys.executable, "manage.py", *command]
        done = subprocess.run(asked, cwd=BASE_DIR, env=self.surroundings, check=True, capture_output=True, text=True)
        return done.stdout

    def run(self, code: str) -> str:
        """Run some lines within the portal; the last line printed."""
        return (self.manage("shell", "-v", "0", "-c", code).strip().splitlines() or [""])[-1]

    def start(self) -> None:
        """Serve, and wait until it answers."""
        log = (self.folder / "web.log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "serve_web"], cwd=BASE_DIR, env=self.surroundings, stdout=log, stderr=log
        )
        for _ in range(600):  # a crowded machine takes its time
            try:
                with urllib.request.urlopen(f"{self.address}/healthz", timeout=5):
                    return
            except OSError:
                time.sleep(0.5)
        raise SystemExit("the web server does not answer")

    def stop(self) -> None:
        """Take it away."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(30)
            self.process = None


def watch(server: Server, minutes: int, shots: Path, report: Path) -> Hour:
    """Leave a paired screen alone for so many minutes."""
    hour = Hour()
    code = server.run(_PAIR)
    away = {max(1, minutes // 3), max(2, 2 * minutes // 3)}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=demonstration.chromium())
        context = browser.new_context(viewport={"width": 1920, "height": 1080})
        page = context.new_page()
        page.goto(f"{server.address}/screen/#{code}")
        page.wait_for_selector("#clock", timeout=60_000)
        talk = context.new_cdp_session(page)
        talk.send("Performance.enable")
        began = time.monotonic()
        for minute in range(minutes + 1):
            _wait(page, began + 60 * minute)
            hour.rows.append(_seen(page, talk, minute))
            report.write_text(json.dumps(hour.__dict__, ensure_ascii=False, indent=1), encoding="utf-8")
            print(hour.rows[-1], flush=True)
            if minute in away:
                hour.restarts.append(_restart(server, page, minute))
                print(hour.restarts[-1], flush=True)
            elif minute < minutes - 1:
                hour.matters += 1
                server.run(_MATTER % hour.matters)
        _wait(page, time.monotonic() + 40)
        hour.differences, hour.board = _compare(server, page, context.request)
        for name, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            page.wait_for_timeout(500)
            page.screenshot(path=str(shots / f"screen-{name}.png"))
        browser.close()
    report.write_text(json.dumps(hour.__dict__, ensure_ascii=False, indent=1), encoding="utf-8")
    return hour


def _wait(page: Page, until: float) -> None:
    while (left := until - time.monotonic()) > 0:
        page.wait_for_timeout(min(1000 * left, 5000))


def _seen(page: Page, talk: Any, minute: int) -> dict[str, Any]:
    talk.send("HeapProfiler.collectGarbage")
    found = {row["name"]: row["value"] for row in talk.send("Performance.getMetrics")["metrics"]}
    words = page.evaluate(_WORDS)
    return {
        "minute": minute,
        "heap_mb": round(found["JSHeapUsedSize"] / 1e6, 3),
        "nodes": int(found["Nodes"]),
        "listeners": int(found["JSEventListeners"]),
        "state": page.evaluate("document.body.dataset.state || ''"),
        "accepted": words["strip.0.value"],
        "open": words["strip.2.value"],
    }


def _restart(server: Server, page: Page, minute: int) -> dict[str, Any]:
    """Away for 45 seconds; how long until the corner says so, and until it is gone again."""
    gone = time.monotonic()
    server.stop()
    page.wait_for_selector("#lost:not([hidden])", timeout=120_000)
    told, sentence = time.monotonic() - gone, page.inner_text("#lost")
    _wait(page, gone + AWAY_SECONDS)
    server.start()
    back = time.monotonic()
    page.wait_for_selector("#lost", state="hidden", timeout=400_000)
    return {
        "minute": minute,
        "told_after_s": round(told, 1),
        "sentence": sentence,
        "back_after_s": round(time.monotonic() - back, 1),
    }


def _compare(server: Server, page: Page, requests: Any) -> tuple[list[str], dict[str, Any]]:
    """What on the screen differs from the poll's answer (nothing, if all is well), and the API's figures."""
    told = requests.get(f"{server.address}/screen/data/").json()
    shown = page.evaluate(_WORDS)
    wrong = [f"{key}: {words!r} / {told[key]!r}" for key, words in shown.items() if words != str(told[key])]
    cookie = demonstration.session(server.address, "leader")
    asked = urllib.request.Request(
        f"{server.address}/api/v1/stats/overview/?from=2000-01-01", headers={"Cookie": f"sessionid={cookie}"}
    )
    with urllib.request.urlopen(asked, timeout=60) as answer:
        board = json.load(answer)
    for place, name in enumerate(("accepted", "closed", "open")):
        if shown[f"strip.{place}.value"] != f"{board[name]:,}":
            wrong.append(f"{name}: {shown[f'strip.{place}.value']} on the screen, {board[name]} of the API")
    return wrong, {name: board[name] for name in ("accepted", "closed", "open")}


def written(hour: Hour, minutes: int) -> str:
    """The table: what was seen each tenth minute, the restarts, what differed."""
    rows = [row for row in hour.rows if row["minute"] % 10 == 0]
    lines = [
        f"{datetime.now(SHANGHAI):%Y-%m-%d %H:%M}, commit {written_down.commit()}: {minutes} minutes, {hour.matters} matters "
        f"came in meanwhile; Chromium 1920 × 1080, 2 cores shared with other work.",
        "",
        "| minute | heap MB | DOM nodes | listeners | state | 累计受理 | 在办 |",
        "| ---: | ---: | ---: | ---: | --- | ---: | ---: |",
        *(
            f"| {row['minute']} | {row['heap_mb']:.2f} | {row['nodes']} | {row['listeners']} | {row['state'] or 'first'} "
            f"| {row['accepted']} | {row['open']} |"
            for row in rows
        ),
        "",
        *(
            f"Minute {one['minute']}: the server was taken away for {AWAY_SECONDS} s. After {one['told_after_s']} s the corner said "
            f"「{one['sentence']}」; {one['back_after_s']} s after the server answered again it was live."
            for one in hour.restarts
        ),
        "",
        f"At the end {len(hour.differences)} words on the screen differed from what the poll answers and from the API's "
        f"figures ({', '.join(f'{name} {number:,}' for name, number in hour.board.items())}).",
    ]
    return "\n".join(lines)


def main() -> None:
    """Run it and print a table."""
    asked = argparse.ArgumentParser(prog="python -m bench.screen", description=__doc__)
    asked.add_argument("--minutes", type=int, default=60)
    asked.add_argument("--cases", type=int, default=1200)
    asked.add_argument(
        "--folder", type=Path, default=BASE_DIR / "var" / "bench-screen", help="demonstration, shots, report"
    )
    given = asked.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    server = Server(given.folder, given.cases)
    server.prepare()
    server.start()
    try:
        hour = watch(server, given.minutes, given.folder, given.folder / "report.json")
    finally:
        server.stop()
    first, last = hour.rows[min(2, len(hour.rows) - 1)], hour.rows[-1]
    told = written(hour, given.minutes)
    if given.minutes >= 60:
        written_down.keep(
            told, BEGIN, END, "An hour on the wall", "python -m bench.screen", BASE_DIR / "docs" / "screen.md"
        )
    print(told)
    print(f"heap {first['heap_mb']} → {last['heap_mb']} MB, nodes {first['nodes']} → {last['nodes']}")
    print(f"restarts {hour.restarts}; {hour.matters} matters came in; differences {hour.differences}; {hour.board}")
    sys.exit(1 if hour.differences else 0)


if __name__ == "__main__":
    main()
