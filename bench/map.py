"""The map with 506 grids and 18,407 matters (facts §8 rows 0.26, 0.27: under two seconds): `python -m bench map`.

Makes a small demonstration as `bench pages` does (SQLite, gunicorn, WhiteNoise), fills it to 18,407 matters and opens the
map in Chromium twice: on a line and a processor as they are, and with the processor slowed to a quarter on "3G slow".
Bytes are what came over the line, headers included. "First paint" is the browser's first-contentful-paint, "drawn" when
all grids are coloured; "pan" the longest frame while the map is dragged; "drill" from the click to the street drawn anew.
Beside the questions stand their floors: the same sums in plain SQL, the same tree of shapes without names and datums.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from bench import demonstration, written_down
from bench.pages import BYTES_A_SECOND, LATENCY_MS, SLOWER
from bench.report import _markdown
from bench.written_down import DOCUMENT
from governance_portal.environment import BASE_DIR
from governance_portal.lib.working_days import SHANGHAI

BEGIN, END = "<!-- map: what follows is written by `python -m bench map` -->", "<!-- map: end -->"
AIM_SECONDS = 2.0
_DRAWN = """() => {
  const board = document.getElementById("map-canvas");
  return board && board.dataset.drawn ? performance.now() : 0;
}"""
_FRAMES = """() => {
  window.__frames = [];
  let last = performance.now();
  const step = now => { window.__frames.push(now - last); last = now; window.__asked = requestAnimationFrame(step); };
  window.__asked = requestAnimationFrame(step);
}"""


@dataclass(frozen=True)
class Look:
    """One visit: seconds and kilobytes."""

    first_paint: float
    drawn: float
    painted_in: float
    kilobytes: float
    requests: int
    pan: float
    drill: float
    drill_kilobytes: float


def measure() -> dict[str, Any]:
    """Return `{inside: {…}, looks: {name: Look}}`."""
    inside: dict[str, Any] = {}

    def prepare(surroundings: dict[str, str]) -> None:
        code = "import runpy; runpy.run_path('bench/map_inside.py', run_name='__main__')"
        asked = [sys.executable, "manage.py", "shell", "-v", "0", "-c", code]
        answer = subprocess.run(asked, cwd=BASE_DIR, env=surroundings, check=True, capture_output=True, text=True)
        inside.update(json.loads(answer.stdout.strip().splitlines()[-1]))

    with demonstration.served(prepare) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=demonstration.chromium())
        try:
            session = demonstration.session(address, "leader")
            _look(browser, address, session, slow=False)  # what a process computes once is not what a visit costs
            looks = {
                "as it is": _look(browser, address, session, slow=False),
                f"processor {SLOWER} × slower, {BYTES_A_SECOND * 8 // 1000} kbit/s, {LATENCY_MS} ms": _look(
                    browser, address, session, slow=True
                ),
            }
        finally:
            browser.close()
    return {"inside": inside, "looks": looks}


def _look(browser: Browser, address: str, session: str, *, slow: bool) -> Look:
    context = browser.new_context(locale="zh-CN", viewport={"width": 1366, "height": 768})
    context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
    page = context.new_page()
    page.set_default_timeout(120_000)
    line = context.new_cdp_session(page)
    came: list[float] = []
    asked: list[str] = []
    line.on("Network.loadingFinished", lambda event: came.append(event["encodedDataLength"]))
    line.on("Network.requestWillBeSent", lambda event: asked.append(event["request"]["url"]))
    line.send("Network.enable")
    if slow:
        speed = {"downloadThroughput": BYTES_A_SECOND, "uploadThroughput": BYTES_A_SECOND}
        line.send("Network.emulateNetworkConditions", {"offline": False, "latency": LATENCY_MS, **speed})
        line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(f"{address}/map/")
    drawn = float(page.wait_for_function(_DRAWN).json_value()) / 1000
    page.wait_for_load_state("networkidle")
    first = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime || 0") / 1000
    painted = float(page.get_attribute("#map-canvas", "data-took") or 0) / 1000
    weight, requests = sum(came) / 1000, len([url for url in asked if not url.startswith("data:")])
    pan = _pan(page)
    before = sum(came)
    drill = _drill(page)
    page.wait_for_load_state("networkidle")
    look = Look(first, drawn, painted, weight, requests, pan, drill, (sum(came) - before) / 1000)
    context.close()
    return look


def _pan(page: Page) -> float:
    box = page.locator("#map-canvas").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.evaluate(_FRAMES)
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(30):
        page.mouse.move(x + 6 * step, y + 3 * step)
    page.mouse.up()
    page.wait_for_timeout(300)
    return float(page.evaluate("cancelAnimationFrame(window.__asked), Math.max(...window.__frames)")) / 1000


def _drill(page: Page) -> float:
    before = page.get_attribute("#map-canvas", "data-drawn")
    box = page.locator("#map-canvas").bounding_box()
    assert box is not None
    began = page.evaluate("performance.now()")
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    done = page.wait_for_function(
        "before => document.getElementById('map-canvas').dataset.drawn !== before && performance.now()", arg=before
    ).json_value()
    return (float(done) - float(began)) / 1000


def written(found: dict[str, Any]) -> str:
    """Return the tables as Markdown."""
    inside, looks = found["inside"], found["looks"]
    head = (
        f"{datetime.now(SHANGHAI):%Y-%m-%d %H:%M}, commit {written_down.commit()}: {inside['grids']} grids, "
        f"{inside['cases']:,} matters ({inside['open']} open), SQLite, Chromium 1366 × 768; system load "
        f"{inside['load']:.1f} before, {os.getloadavg()[0]:.1f} after, {os.cpu_count()} cores.\n\n"
    )
    names = ("", "first paint s", "all grids drawn s", "of it painting s", "kB", "requests", "pan: longest frame s",
             "drill s", "drill kB", "aim")  # fmt: skip
    rows = []
    for name, look in looks.items():
        aim = f"< {AIM_SECONDS:.0f} s: {'met' if look.drawn < AIM_SECONDS else 'missed'}" if name == "as it is" else "–"
        rows.append(
            [name, f"{look.first_paint:.2f}", f"{look.drawn:.2f}", f"{look.painted_in:.3f}", f"{look.kilobytes:.0f}",
             str(look.requests), f"{look.pan:.3f}", f"{look.drill:.2f}", f"{look.drill_kilobytes:.1f}", aim]
        )  # fmt: skip
    asked = [
        ["figures of every area and grid (ms)", f"{inside['figures_floor']:.1f}", f"{inside['figures']:.1f}",
         f"{inside['figures'] / inside['figures_floor']:.1f} ×"],
        ["`locate` a point by itself (µs)", f"{inside['locate_floor']:.1f}", f"{inside['locate']:.1f}",
         f"{inside['locate'] / inside['locate_floor']:.1f} ×"],
        ["`locate` within one web request (µs)", f"{inside['locate_floor']:.1f}", f"{inside['locate_inside']:.1f}",
         f"{inside['locate_inside'] / inside['locate_floor']:.1f} ×"],
        ["shapes, bytes (floor: GeoJSON)", f"{inside['geojson']:,}",
         f"{inside['shapes']:,} ({inside['shapes_zipped']:,} gzipped, once)", f"{inside['shapes_zipped'] / inside['geojson']:.2f} ×"],
    ]  # fmt: skip
    tail = f"Packing the shapes takes {inside['packing']:.0f} ms, once for each process and change of a line."
    return (
        f"{head}{_markdown(names, rows)}\n\n{_markdown(('', 'floor', 'ours', 'ratio'), asked)}\n\n{tail} "
        "By itself `locate` asks the territory's stamp at each point, within a web request once."
    )


def keep(told: str, document: Path = DOCUMENT) -> None:
    """Put the tables into the document, between their marks; where there are none yet, at its end."""
    written_down.keep(told, BEGIN, END, "The map", "python -m bench map", document)
