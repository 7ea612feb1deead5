"""The other side, twice: behind an interface and behind a folder. Both do what docs/exchange.md asks of them."""

from __future__ import annotations

import json
import os
import threading
import time
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings

from governance_portal.lib import webhooks
from hotlines.links.adapters.folder import make_rooms, place_of
from hotlines.models import Line
from tests.hotlines.links.scenes import SECRET, line


class Far(Protocol):
    """What a test asks of the other side."""

    line: Line

    def received(self) -> list[dict[str, Any]]: ...
    def put(self, name: str, document: Any) -> None: ...
    def put_half(self, name: str) -> None: ...
    def lies_ready(self) -> list[str]: ...
    def refused(self) -> dict[str, str]: ...
    def refuse_letters(self, letter_id: str) -> None: ...
    def go(self, away: bool) -> None: ...
    def stop(self) -> None: ...


class FarFolder:
    """The other side of a folder: takes letters out of out/, puts files into in/."""

    def __init__(self, root: Path) -> None:
        settings.LINKS_FOLDER = root
        self.line = line(adapter="file", address="court-sftp")
        make_rooms(self.line)
        self._place, self._aside = place_of(self.line), root / "aside"
        self._taken: dict[str, dict[str, Any]] = {}

    def received(self) -> list[dict[str, Any]]:
        for path in sorted((self._place / "out").glob("*.json"), key=lambda found: found.stat().st_mtime_ns):
            letter = json.loads(path.read_text(encoding="utf-8"))
            self._taken.setdefault(letter["id"], letter)
            path.unlink()
        return list(self._taken.values())

    def put(self, name: str, document: Any) -> None:
        path = self._place / "in" / f"{name}.json"
        path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
        old = time.time() - 3600
        os.utime(path, (old, old))

    def put_half(self, name: str) -> None:
        (self._place / "in" / f"{name}.json").write_text('{"type": "transfer", "numb', encoding="utf-8")

    def finish(self, name: str) -> None:
        """Nobody writes at the half file any more."""
        old = time.time() - 3600
        os.utime(self._place / "in" / f"{name}.json", (old, old))

    def lies_ready(self) -> list[str]:
        return sorted(path.stem for path in (self._place / "in").iterdir())

    def refused(self) -> dict[str, str]:
        notes = (self._place / "refused").glob("*.说明.txt")
        return {note.name.removesuffix(".json.说明.txt"): note.read_text(encoding="utf-8") for note in notes}

    def refuse_letters(self, letter_id: str) -> None:
        self.received()
        said = {"type": "refused", "id": f"no-{letter_id}", "about": letter_id, "at": "2026-11-23T09:30:00+08:00"}
        self.put(f"no-{letter_id}", said)

    def go(self, away: bool) -> None:
        here, there = (self._place, self._aside) if away else (self._aside, self._place)
        here.rename(there)

    def stop(self) -> None:
        """Nothing runs."""


class FarHttp:
    """The other side of an interface: a server of its own."""

    def __init__(self) -> None:
        self.letters: dict[str, dict[str, Any]] = {}
        self.ready: dict[str, Any] = {}
        self.no: dict[str, str] = {}
        self.refusing = self.away = False
        self.objections: list[str] = []
        far = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                try:
                    webhooks.verify([SECRET], dict(self.headers.items()), body, datetime.now(UTC))
                except webhooks.NotSigned as refused:
                    far.objections.append(str(refused))
                    self._answer(401, {})
                    return
                if far.away:
                    self._answer(503, {})
                else:
                    self._answer(*far.take(self.path.rsplit("/", 1)[1], json.loads(body)))

            def _answer(self, status: int, told: dict[str, Any]) -> None:
                raw = json.dumps(told).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        host = f"http://127.0.0.1:{self._server.server_port}"
        settings.OUTBOUND_HOSTS, settings.OUTBOUND_NETWORKS = [host], ["127.0.0.0/8"]
        self.line = line(adapter="http", address=f"{host}/exchange/")
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def take(self, path: str, told: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Answer one call."""
        if path == "letters":
            if self.refusing:
                return 422, {}
            self.letters.setdefault(told["id"], told)
            return 200, {"receipt": f"收{list(self.letters).index(told['id']) + 1}"}
        if path == "fetch":
            rows = [row if isinstance(row, dict) else {"said": row} for row in self.ready.values()]
            return 200, {"items": [{"id": name, **row} for name, row in zip(self.ready, rows, strict=True)]}
        self.ready.pop(told["id"], None)
        if told["refused"]:
            self.no[told["id"]] = told["refused"]
        return 200, {}

    def received(self) -> list[dict[str, Any]]:
        return list(self.letters.values())

    def put(self, name: str, document: Any) -> None:
        self.ready[name] = document

    def put_half(self, name: str) -> None:
        self.ready[name] = {"type": "transfer"}

    def lies_ready(self) -> list[str]:
        return sorted(self.ready)

    def refused(self) -> dict[str, str]:
        return self.no

    def refuse_letters(self, letter_id: str) -> None:
        self.refusing = True

    def go(self, away: bool) -> None:
        self.away = away

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
