"""How heavy each page is for a desk with an old computer and a bad line: bytes, requests, seconds until it answers.

`python -m bench pages` makes a small demonstration (SQLite, gunicorn, WhiteNoise: as `make run` serves it), opens each
page in Chromium twice, first with an empty cache and then again, with the processor slowed to a quarter and the line of
"3G slow" (400 kbit/s, 400 ms there and back), prints a table and keeps it in docs/performance.md between its own marks.
Bytes are what came over the line, headers included. "Answers" is when the page can be worked with: the later of
DOMContentLoaded and the end of the last task that held the main thread for more than 50 ms, up to a second after load.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from http.cookiejar import CookieJar
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from bench.environment import free_port
from governance_portal.environment import BASE_DIR
from governance_portal.lib.working_days import SHANGHAI

DOCUMENT = BASE_DIR / "docs" / "performance.md"
BEGIN, END = "<!-- pages: what follows is written by `python -m bench pages` -->", "<!-- pages: end -->"
SLOWER, BYTES_A_SECOND, LATENCY_MS = 4, 400_000 // 8, 400
#: Aims in kB, first and second visit (issue 3, "Pages are light").
AIMS = {"list": (250, 60), "case": (250, 60)}
CASES, PASSWORD = 260, "Demo-2026-pinglu"
#: (name, who looks, address); {number} is that of an open case.
PAGES = (
    ("log-in", "", "/login/"),
    ("desk", "dispatcher", "/"),
    ("list", "dispatcher", "/cases/"),
    ("case", "dispatcher", "/cases/{number}/"),
    ("intake", "clerk", "/cases/new/"),
    ("board", "leader", "/board/"),
    ("look-up", "", "/query/"),
    ("receipt", "clerk", "/cases/{number}/receipt/"),
)
_LONG_TASKS = """
  window.__last = 0;
  new PerformanceObserver(list => list.getEntries().forEach(task => {
    window.__last = Math.max(window.__last, task.startTime + task.duration);
  })).observe({type: "longtask", buffered: true});
"""
_ANSWERS = """() => {
  const [page] = performance.getEntriesByType("navigation");
  return Math.max(page.domContentLoadedEventEnd, window.__last || 0);
}"""


@dataclass(frozen=True)
class Visit:
    """One look at a page."""

    kilobytes: float
    requests: int
    seconds: float


def measure(running: str = "") -> dict[str, tuple[Visit, Visit]]:
    """Return (first, second) visit by the page's name; of the demonstration that runs at an address, or of its own."""
    with nullcontext(running) if running else _portal() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium())
        number = _open_case(address)
        sessions = {who: _session(address, who) for who in {who for _name, who, _at in PAGES} if who}
        try:
            return {
                name: _twice(browser, address, where.format(number=number), sessions.get(who, ""))
                for name, who, where in PAGES
            }
        finally:
            browser.close()


def _twice(browser: Browser, address: str, where: str, session: str) -> tuple[Visit, Visit]:
    context = browser.new_context(locale="zh-CN", viewport={"width": 1366, "height": 768})
    if session:
        context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
    try:
        return _look(context, address + where), _look(context, address + where)
    finally:
        context.close()


def _look(context: BrowserContext, url: str) -> Visit:
    page = context.new_page()
    page.add_init_script(_LONG_TASKS)
    line = context.new_cdp_session(page)
    came: dict[str, float] = {}
    asked: set[str] = set()
    line.on("Network.responseReceived", lambda event: _note(event, asked))
    line.on("Network.loadingFinished", lambda event: came.update({event["requestId"]: event["encodedDataLength"]}))
    line.send("Network.enable")
    line.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": LATENCY_MS,
            "downloadThroughput": BYTES_A_SECOND,
            "uploadThroughput": BYTES_A_SECOND,
        },
    )
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    answer = page.goto(url, wait_until="load", timeout=120_000)
    if (
        answer is None
        or answer.status != 200
        or urllib.parse.urlsplit(page.url).path != urllib.parse.urlsplit(url).path
    ):
        raise SystemExit(f"{url} led to {page.url} ({answer.status if answer else 'nothing'})")
    page.wait_for_timeout(1000)
    seconds = float(page.evaluate(_ANSWERS)) / 1000
    page.close()
    weight = sum(size for request, size in came.items() if request in asked)
    return Visit(weight / 1000, len(asked), seconds)


def _note(event: dict[str, object], asked: set[str]) -> None:
    response = event["response"]
    assert isinstance(response, dict)
    if not response.get("fromDiskCache") and not response["url"].startswith("data:"):
        asked.add(str(event["requestId"]))


# --- the table --------------------------------------------------------------------------------------------------


def written(found: dict[str, tuple[Visit, Visit]]) -> str:
    """Return the table as Markdown."""
    head = (
        f"{datetime.now(SHANGHAI):%Y-%m-%d %H:%M}, commit {_commit()}, a demonstration; processor slowed "
        f"{SLOWER} ×, {BYTES_A_SECOND * 8 // 1000} kbit/s, {LATENCY_MS} ms; system load {os.getloadavg()[0]:.1f}.\n\n"
    )
    names = ("page", "first kB", "requests", "answers s", "again kB", "requests", "answers s", "aim kB")
    lines = ["| " + " | ".join(names) + " |", "| --- |" + " ---: |" * (len(names) - 1)]
    for name, (first, again) in found.items():
        aim = AIMS.get(name)
        met = aim and ("met" if first.kilobytes < aim[0] and again.kilobytes < aim[1] else "missed")
        told = f"< {aim[0]}, < {aim[1]}: {met}" if aim else "–"
        row = [name]
        for visit in (first, again):
            row += [f"{visit.kilobytes:.0f}", str(visit.requests), f"{visit.seconds:.1f}"]
        lines.append("| " + " | ".join((*row, told)) + " |")
    return head + "\n".join(lines)


def keep(told: str, document: Path = DOCUMENT) -> None:
    """Put the table into the document, between its marks; where there are none yet, at its end."""
    text = document.read_text(encoding="utf-8")
    if BEGIN not in text:
        text = f"{text.rstrip()}\n\n## How heavy the pages are\n\n`python -m bench pages` writes this table.\n\n{BEGIN}{END}\n"
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    document.write_text(f"{before}{BEGIN}\n\n{told}\n\n{END}{after}", encoding="utf-8")


def _commit() -> str:
    command = ["git", "rev-parse", "--short", "HEAD"]
    answer = subprocess.run(command, cwd=BASE_DIR, capture_output=True, text=True, check=False)
    return answer.stdout.strip() or "unknown"


# --- the portal that is looked at -------------------------------------------------------------------------------


@contextmanager
def _portal() -> Iterator[str]:
    """A demonstration of its own, served as `make run` does, without worker and clock."""
    with tempfile.TemporaryDirectory(prefix="portal-pages-") as folder:
        port = free_port()
        mine = {"DATABASE_URL", "REDIS_URL", "PORTAL_ENV", "STATIC_ROOT", "PORTAL_VAR", "PORT", "LOG_LEVEL"}
        surroundings = {
            **{name: value for name, value in os.environ.items() if name not in mine},
            "PORTAL_ENV": "demo",
            "PORTAL_ENV_FILE": os.devnull,
            "PORTAL_VAR": folder,
            "STATIC_ROOT": f"{folder}/static",
            "PORT": str(port),
            "BIND": "127.0.0.1",
            "DEMO_CASES": str(CASES),
            "DEMO_PASSWORD": PASSWORD,
            "HTTPS_ONLY": "0",
        }
        for command in (("migrate", "-v", "0"), ("collectstatic", "--noinput", "-v", "0"), ("make_demo",)):
            asked = [sys.executable, "manage.py", *command]
            subprocess.run(asked, cwd=BASE_DIR, env=surroundings, check=True, stdout=subprocess.DEVNULL)
        server = subprocess.Popen([sys.executable, "manage.py", "serve_web"], cwd=BASE_DIR, env=surroundings)
        try:
            address = f"http://127.0.0.1:{port}"
            _await(address)
            yield address
        finally:
            server.terminate()
            server.wait(20)


def _await(address: str) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the web server does not answer")


def _session(address: str, who: str) -> str:
    """Log in and return the session's cookie."""
    jar = CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    form = browser.open(f"{address}/login/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    assert token is not None
    body = urllib.parse.urlencode({"csrfmiddlewaretoken": token[1], "username": who, "password": PASSWORD}).encode()
    browser.open(urllib.request.Request(f"{address}/login/", body, {"Referer": f"{address}/login/"}))
    return next(str(cookie.value) for cookie in jar if cookie.name == "sessionid")


def _open_case(address: str) -> str:
    """The number of a case that the window's people see in their list."""
    jar = CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    browser.addheaders = [("Cookie", f"sessionid={_session(address, 'clerk')}")]
    page = browser.open(f"{address}/cases/").read().decode()
    number = re.search(r"/cases/(\d{14})/", page)
    if number is None:
        raise SystemExit("the list of the demonstration shows no case")
    return number[1]


def _chromium() -> str | None:
    return next((path for path in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if Path(path).exists()), None)
