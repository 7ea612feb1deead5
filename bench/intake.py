"""How long the window takes for each of ten walk-ins, by keyboard alone, as the keystroke-level model counts it.

`python -m bench intake` serves a demonstration as `make run` does, registers the ten of bench.walk_ins in Chromium at
1366 px, and adds up keys (0.28 s each), decisions (1.35 s each) and the waits it measured; the story itself is not
counted. The table is printed and kept in docs/performance.md between its own marks.
"""

from __future__ import annotations

import os
import statistics
from datetime import datetime
from pathlib import Path

from playwright.sync_api import sync_playwright

from bench import demonstration, written_down
from bench.walk_ins import DECISION_SECONDS, KEY_SECONDS, Clerk, Ground, Tally, serve
from bench.written_down import DOCUMENT
from governance_portal.lib.working_days import SHANGHAI

BEGIN, END = "<!-- intake: what follows is written by `python -m bench intake` -->", "<!-- intake: end -->"
#: The issue's aim: the median of ten, the story not counted.
AIM_SECONDS = 60
#: A community of the demonstration that has grids, and the initials of two of its units.
GROUND = Ground(community="古城社区", heating="jzgr", housing="zfhc")


def measure() -> list[Tally]:
    """Serve the ten."""
    with demonstration.served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=demonstration.chromium())
        context = browser.new_context(
            base_url=address, viewport={"width": 1366, "height": 768}, locale="zh-CN", timezone_id="Asia/Shanghai"
        )
        context.add_cookies([{"name": "sessionid", "value": demonstration.session(address, "clerk"), "url": address}])
        page = context.new_page()
        page.set_default_timeout(30_000)
        try:
            page.goto("/")  # what every page loads is there already: nobody's first walk-in is the day's first page
            return serve(Clerk(page, GROUND))
        finally:
            browser.close()


def written(found: list[Tally]) -> str:
    """Return the table as Markdown."""
    middle = statistics.median(tally.seconds for tally in found)
    head = (
        f"{datetime.now(SHANGHAI):%Y-%m-%d %H:%M}, commit {written_down.commit()}, a demonstration on SQLite, one browser; system "
        f"load {os.getloadavg()[0]:.1f}. {KEY_SECONDS} s a key, {DECISION_SECONDS} s a decision, waits as measured, the "
        f"story not counted. Median {middle:.0f} s (aim < {AIM_SECONDS} s: "
        f"{'met' if middle < AIM_SECONDS else 'missed'}); longest {max(tally.seconds for tally in found):.0f} s.\n\n"
    )
    rows = [
        "| walk-in | keys | decisions | waits s | model s |",
        "| --- | ---: | ---: | ---: | ---: |",
        *(
            f"| {tally.name} | {tally.keys} | {tally.decisions} | {tally.waits:.1f} | {tally.seconds:.0f} |"
            for tally in found
        ),
    ]
    return head + "\n".join(rows)


def keep(told: str, document: Path = DOCUMENT) -> None:
    """Put the table into the document, between its marks; where there are none yet, at its end."""
    written_down.keep(told, BEGIN, END, "A minute at the window", "python -m bench intake", document)
