"""The demonstration that pages are looked at in: served as `make run` does, without worker and clock, and who is logged in."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path

from bench.environment import free_port
from governance_portal.environment import BASE_DIR

CASES, PASSWORD = 260, "Demo-2026-pinglu"


@contextmanager
def served(prepare: Callable[[dict[str, str]], None] | None = None) -> Iterator[str]:
    """A demonstration of its own, served as `make run` does, without worker and clock.

    `prepare` is called with its surroundings before anybody is served: for what a bench adds to it.
    """
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
        if prepare is not None:
            prepare(surroundings)
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


def session(address: str, who: str) -> str:
    """Log in and return the session's cookie."""
    jar = CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    form = browser.open(f"{address}/login/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    assert token is not None
    body = urllib.parse.urlencode({"csrfmiddlewaretoken": token[1], "username": who, "password": PASSWORD}).encode()
    browser.open(urllib.request.Request(f"{address}/login/", body, {"Referer": f"{address}/login/"}))
    return next(str(cookie.value) for cookie in jar if cookie.name == "sessionid")


def open_case(address: str) -> str:
    """The number of a case that the window's people see in their list."""
    jar = CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    browser.addheaders = [("Cookie", f"sessionid={session(address, 'clerk')}")]
    page = browser.open(f"{address}/cases/").read().decode()
    number = re.search(r"/cases/(\d{14})/", page)
    if number is None:
        raise SystemExit("the list of the demonstration shows no case")
    return number[1]


def chromium() -> str | None:
    """The path of the system's Chromium, None where Playwright's own has to do."""
    return next((path for path in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if Path(path).exists()), None)
