"""How heavy each page is for a desk with an old computer and a bad line: bytes, requests, seconds until it answers.

`python -m bench pages` makes a small demonstration (SQLite, gunicorn, WhiteNoise: as `make run` serves it), opens each
page in Chromium twice, first with an empty cache and then again, with the processor slowed to a quarter and the line of
"3G slow" (400 kbit/s, 400 ms there and back), prints a table and keeps it in docs/performance.md between its own marks.
Bytes are what came over the line, headers included. "Answers" is when the page can be worked with: the later of
DOMContentLoaded and the end of the last task that held the main thread for more than 50 ms, up to a second after load.
"""

from __future__ import annotations

import os
import urllib.parse
import urllib.request
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from bench import demonstration, written_down
from bench.written_down import DOCUMENT
from governance_portal.lib.working_days import SHANGHAI

BEGIN, END = "<!-- pages: what follows is written by `python -m bench pages` -->", "<!-- pages: end -->"
SLOWER, BYTES_A_SECOND, LATENCY_MS = 4, 400_000 // 8, 400
#: Aims in kB, first and second visit (issue 3, "Pages are light").
AIMS = {"list": (250, 60), "case": (250, 60)}
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
LONG_TASKS = """
  window.__last = 0;
  new PerformanceObserver(list => list.getEntries().forEach(task => {
    window.__last = Math.max(window.__last, task.startTime + task.duration);
  })).observe({type: "longtask", buffered: true});
"""
ANSWERS = """() => {
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
    with nullcontext(running) if running else demonstration.served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=demonstration.chromium())
        number = demonstration.open_case(address)
        sessions = {who: demonstration.session(address, who) for who in {who for _name, who, _at in PAGES} if who}
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
    page.add_init_script(LONG_TASKS)
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
    seconds = float(page.evaluate(ANSWERS)) / 1000
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
        f"{datetime.now(SHANGHAI):%Y-%m-%d %H:%M}, commit {written_down.commit()}, a demonstration; processor slowed "
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
    written_down.keep(told, BEGIN, END, "How heavy the pages are", "python -m bench pages", document)
