"""What makes the phone's pages an app: `/sw.js` (the service worker with its list) and `/manifest.webmanifest`.

The worker's program is `static/js/phone/worker.js`; before it stands the list of this deploy. Its version is a hash over all
that the list names (files by their hashed names, or by content where names carry no hash, and the templates of the shell),
so that a new deploy has new bytes, which is what makes a browser install it.
"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import get_template
from django.templatetags.static import static
from django.views.decorators.http import require_safe

#: Kept pages go after so many days, drafts and what could not be sent after so many.
DAYS_OF_PAGES, DAYS_OF_DRAFTS = 3, 7
#: Where the worker answers: the phone's pages and what they load; no other page of the portal ever passes through it.
SCOPE = "/m/"
PROGRAM = "js/phone/worker.js"
FILES = (
    *("css/portal.css", "css/components.css", "css/phone.css", "css/phone_outbox.css", "css/patrols.css"),
    *("js/portal.js", "js/photos.js", "js/phone/keeping.js", "js/phone/sending.js", "js/phone/outbox.js"),
    *("js/phone/report.js", "js/phone/queue.js", "js/picker.js", "img/icons.svg", "img/favicon.svg"),
)
SHELL = ("/m/report/", "/m/outbox/", "/m/offline/")
#: Opened without a network even if they were never looked at; who may not see one has none.
FETCHED = ("/m/", "/m/cases/")
TEMPLATES = ("phone/base.html", "phone/report.html", "phone/outbox.html", "phone/offline.html")
ICONS = (
    ("img/phone-192.png", "192x192", "any"),
    ("img/phone-512.png", "512x512", "any"),
    ("img/phone-maskable.png", "512x512", "maskable"),
)
COLOUR, GROUND = "#14457b", "#f7f8fa"


def _bytes_of(name: str) -> bytes:
    found = finders.find(name)
    return Path(found).read_bytes() if isinstance(found, str) else b""


def _listed() -> dict[str, Any]:
    """Return the list that stands before the program: `{version, scope, files, pages, fetched, offline, days}`."""
    files = [static(name) for name in FILES]
    parts = [*(url.encode() for url in files), *(_bytes_of(name) for name in (*FILES, PROGRAM))]
    parts += [get_template(name).template.source.encode() for name in TEMPLATES]  # type: ignore[attr-defined]
    version = hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]
    return {
        "version": version,
        "scope": SCOPE,
        "files": files,
        "pages": SHELL,
        "fetched": FETCHED,
        "offline": SHELL[2],
        "days": DAYS_OF_PAGES,
    }


def written() -> str:
    """Return the whole script."""
    return f"const SHELL = {json.dumps(_listed())};\n{_bytes_of(PROGRAM).decode()}"


@lru_cache(maxsize=1)
def _written_once() -> str:
    return written()


@require_safe
def script(request: HttpRequest) -> HttpResponse:
    """`/sw.js`: asked for anew at each visit; says nothing about anybody."""
    text = written() if settings.DEBUG else _written_once()
    response = HttpResponse(text, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    response["Service-Worker-Allowed"] = SCOPE
    return response


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """`/manifest.webmanifest`: the name on the home screen, where it opens, its icons."""
    told = {
        "id": SCOPE,
        "name": f"{settings.CENTRE_NAME} · 综治网格",
        "short_name": "综治网格",
        "lang": "zh-CN",
        "start_url": SCOPE,
        "scope": "/",
        "display": "standalone",
        "orientation": "portrait",
        "theme_color": COLOUR,
        "background_color": GROUND,
        "icons": [
            {"src": static(name), "sizes": size, "type": "image/png", "purpose": use} for name, size, use in ICONS
        ],
    }
    response = JsonResponse(told, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "public, max-age=3600"
    return response
