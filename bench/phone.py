"""How heavy the grid worker's phone is: bytes, requests, seconds until a page can be worked with, beside its budget.

`python -m bench phone` serves a small demonstration as `python -m bench pages` does, behind a line of "3G slow" of our own
(400 kbit/s, 400 ms there and back: bench.line), and opens /m/, /m/report/ and /m/cases/ at a phone's size (390 × 844) with the
processor slowed to a quarter. First: nothing on the phone. Again: the service worker has its shell, as on any later day. Bytes
and requests are all that passed the line until the page had loaded; what the service worker fetched afterwards, for use without
a network, stands apart ("then"). "Answers" is as in `bench.pages`.
"""

from __future__ import annotations

import os
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from bench import demonstration, written_down
from bench.line import Line, slow
from bench.pages import ANSWERS, BYTES_A_SECOND, LATENCY_MS, LONG_TASKS, SLOWER
from bench.written_down import DOCUMENT
from governance_portal.lib.working_days import SHANGHAI

BEGIN, END = "<!-- phone: what follows is written by `python -m bench phone` -->", "<!-- phone: end -->"
WHO = "grid_worker"
PAGES = ("/m/", "/m/report/", "/m/cases/")
SIZE = {"width": 390, "height": 844}
#: Budgets: kB and requests first and again, seconds first and again (a page of 150 kB takes 3 s on this line by itself).
FIRST_KB, AGAIN_KB, FIRST_REQUESTS, AGAIN_REQUESTS, FIRST_S, AGAIN_S = 150, 15, 16, 3, 8.0, 3.0
_KEPT = """async () => {
  const wanted = JSON.parse(document.body.dataset.keep || "[]");
  for (let n = 0; n < 1200; n += 1) {
    const name = (await caches.keys()).find(one => one.startsWith("phone-pages-"));
    const kept = name ? (await (await caches.open(name)).keys()).map(one => new URL(one.url).pathname) : [];
    if (kept.length >= 3 && wanted.every(path => kept.includes(path))) return true;
    await new Promise(done => setTimeout(done, 100));
  }
  return false;
}"""


@dataclass(frozen=True)
class Visit:
    """One look at a page: what passed the line for it, when it answered, and what was fetched after that (kB)."""

    kilobytes: float
    requests: int
    seconds: float
    then: float


@dataclass(frozen=True)
class Found:
    """A page, first and again."""

    first: Visit
    again: Visit


def measure(running: str = "") -> dict[str, Found]:
    """Return what was found by address; of the demonstration that runs at an address, or of one of its own."""
    with (
        nullcontext(running) if running else demonstration.served() as address,
        slow(address, BYTES_A_SECOND, LATENCY_MS) as line,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=demonstration.chromium())
        session = demonstration.session(address, WHO)
        try:
            return {where: _found(browser, line, where, session) for where in PAGES}
        finally:
            browser.close()


def _found(browser: Browser, line: Line, where: str, session: str) -> Found:
    context = browser.new_context(locale="zh-CN", viewport=SIZE, has_touch=True, is_mobile=True)  # type: ignore[arg-type]
    context.add_cookies([{"name": "sessionid", "value": session, "url": line.address}])
    try:
        return Found(_look(context, line, where), _look(context, line, where))
    finally:
        context.close()


def _look(context: BrowserContext, line: Line, where: str) -> Visit:
    page = context.new_page()
    page.add_init_script(LONG_TASKS)
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    line.reset()
    answer = page.goto(line.address + where, wait_until="load", timeout=120_000)
    if answer is None or answer.status != 200:
        raise SystemExit(f"{where}: {answer.status if answer else 'nothing'}")
    heavy, asked = line.down, line.requests
    page.wait_for_timeout(1000)
    seconds = float(page.evaluate(ANSWERS)) / 1000
    if not page.evaluate(_KEPT):
        raise SystemExit("the service worker kept no pages")
    page.wait_for_timeout(1000)
    page.close()
    return Visit(heavy / 1000, asked, seconds, (line.down - heavy) / 1000)


# --- the table --------------------------------------------------------------------------------------------------


def written(found: dict[str, Found]) -> str:
    """Return the table as Markdown: each figure, its budget, and the ratio of the two (1 is the budget)."""
    head = (
        f"{datetime.now(SHANGHAI):%Y-%m-%d %H:%M}, commit {written_down.commit()}, a demonstration; processor slowed "
        f"{SLOWER} ×, {BYTES_A_SECOND * 8 // 1000} kbit/s, {LATENCY_MS} ms; system load {os.getloadavg()[0]:.1f}.\n\n"
    )
    names = ("page", "visit", "kB", "budget", "×", "requests", "budget", "×", "answers s", "budget", "×", "then kB")
    lines = ["| " + " | ".join(names) + " |", "| --- | --- |" + " ---: |" * (len(names) - 2)]
    for where, one in found.items():
        for visit, name, budgets in (
            (one.first, "first", (FIRST_KB, FIRST_REQUESTS, FIRST_S)),
            (one.again, "again", (AGAIN_KB, AGAIN_REQUESTS, AGAIN_S)),
        ):
            row = [where, name]
            for value, budget in zip((visit.kilobytes, visit.requests, visit.seconds), budgets, strict=True):
                row += [f"{value:.1f}", f"{budget:g}", f"{value / budget:.2f}"]
            lines.append("| " + " | ".join((*row, f"{visit.then:.0f}")) + " |")
    return head + "\n".join(lines)


def missed(found: dict[str, Found]) -> list[str]:
    """Return in words which budgets were missed."""
    return [
        f"{where} {name}: {value:.1f} {unit} (budget {budget:g})"
        for where, one in found.items()
        for visit, name, budgets in (
            (one.first, "first", (FIRST_KB, FIRST_REQUESTS, FIRST_S)),
            (one.again, "again", (AGAIN_KB, AGAIN_REQUESTS, AGAIN_S)),
        )
        for value, budget, unit in zip(
            (visit.kilobytes, visit.requests, visit.seconds), budgets, ("kB", "requests", "s"), strict=True
        )
        if value > budget
    ]


def keep(told: str, document: Path = DOCUMENT) -> None:
    """Put the table into the document, between its marks; where there are none yet, at its end."""
    written_down.keep(told, BEGIN, END, "How heavy the phone is", "python -m bench phone", document)
