"""The gateway's HTTP side, threads of the standard library; `Gateway` starts and stops it (and the mail side)."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.gateway.mail import MailServer
from tests.gateway.signing import SECRET, dingtalk_sign, feishu_sign, standard_objection
from tests.gateway.store import Store

MODES = ("ok", "error500", "slow", "drop", "reject")
ROBOTS = ("/robot/wecom", "/robot/dingtalk", "/robot/feishu")
#: The far side of a line (docs/exchange.md): letters, signed as Standard Webhooks, known by `webhook-id`.
LETTERS = "/line/letters"
PATHS = ("/sms", *ROBOTS, "/hook", LETTERS)
MAX_BODY = 1 << 20


class Objection(Exception):
    """A message that is not taken: the status and why."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason


@dataclass
class Behaviour:
    """How the next answers go; `times` None is for ever, `path` empty is everywhere."""

    mode: str = "ok"
    path: str = ""
    times: int | None = None
    seconds: float = 8.0
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def become(self, asked: dict[str, Any]) -> None:
        """Take a new mode; raises ``Objection`` for one that is not known."""
        mode = asked.get("mode")
        if mode not in MODES:
            raise Objection(400, f"mode is one of {', '.join(MODES)}")
        with self.lock:
            self.mode, self.path = mode, str(asked.get("path", ""))
            self.times, self.seconds = asked.get("times"), float(asked.get("seconds", 8.0))

    def now_for(self, path: str) -> str:
        """The mode that holds for this answer; counts it."""
        with self.lock:
            if self.path not in ("", path):
                return "ok"
            mode = self.mode
            if self.times is not None:
                self.times -= 1
                if self.times <= 0:
                    self.mode, self.times = "ok", None
            return mode


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        if urlsplit(self.path).path == "/received":
            self._answer(200, self.server.store.received())
        else:
            self._answer(404, {"error": "no such path"})

    def do_DELETE(self) -> None:
        self.server.store.forget()
        self._answer(200, {})

    def do_POST(self) -> None:
        path = urlsplit(self.path).path.rstrip("/")
        body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), MAX_BODY))
        key = self.headers.get("Idempotency-Key", "") or self.headers.get("webhook-id", "")
        try:
            if path == "/behave":
                self.server.behaviour.become(json.loads(body))
                return self._answer(200, {"mode": self.server.behaviour.mode})
            self._take(path, key, body)
        except Objection as objection:
            self.server.store.refuse(path, key, objection.reason)
            self._refuse(path, objection)

    def _take(self, path: str, key: str, body: bytes) -> None:
        if path not in PATHS:
            raise Objection(404, "no such path")
        mode = self.server.behaviour.now_for(path)
        if mode == "error500":
            raise Objection(500, "told to fail")
        if mode == "reject":
            raise Objection(422, "told to refuse")
        if not key:
            raise Objection(400, "no Idempotency-Key")
        self._check(path, body)
        number, repeat = self.server.store.keep(path, key, body.decode())
        if mode == "drop":
            self.close_connection = True
            return
        if mode == "slow":
            time.sleep(self.server.behaviour.seconds)
        receipt = {"receipt": f"R{number}"} if path == LETTERS else {}
        self._answer(200, {**_robot_words(path, 0, "ok"), "id": number, "repeat": repeat, **receipt})

    def _check(self, path: str, body: bytes) -> None:
        try:
            told = json.loads(body)
        except ValueError:
            raise Objection(400, "not JSON") from None
        if not isinstance(told, dict):
            raise Objection(400, "not an object")
        if path == "/sms" and not (told.get("to") and told.get("text")):
            raise Objection(400, "to and text are needed")
        if path in ROBOTS:
            self._check_robot(path, told)
        if path in ("/hook", LETTERS):
            stamp, signed = self.headers.get("webhook-timestamp", ""), self.headers.get("webhook-signature", "")
            key, now, far = self.headers.get("webhook-id", ""), time.time(), self.server.tolerance
            if why := standard_objection(self.server.secret, key, stamp, signed, body, now, far):
                raise Objection(401, why)

    def _check_robot(self, path: str, told: dict[str, Any]) -> None:
        if path == "/robot/feishu":
            words = told.get("content", {}).get("text") if told.get("msg_type") == "text" else None
            if "sign" in told and told["sign"] != feishu_sign(self.server.secret, str(told.get("timestamp"))):
                raise Objection(19021, "sign match fail or timestamp is not within one hour from current time")
        else:
            kind = told.get("msgtype")
            words = told.get(kind, {}).get("content" if kind == "text" else "text") if kind else None
            words = words or (told.get("markdown", {}).get("content") if kind == "markdown" else None)
            query = parse_qs(urlsplit(self.path).query)
            if "sign" in query and query["sign"][0] != dingtalk_sign(self.server.secret, query["timestamp"][0]):
                raise Objection(310000, "sign not match")
        if not words:
            raise Objection(40008, "invalid message type")

    def _refuse(self, path: str, objection: Objection) -> None:
        if path in ROBOTS and objection.status not in (404, 500):  # a robot says no with a 200
            code = objection.status if objection.status > 999 else 93000
            self._answer(200, _robot_words(path, code, objection.reason))
        else:
            self._answer(objection.status, {"error": objection.reason})

    def _answer(self, status: int, told: dict[str, Any]) -> None:
        body = json.dumps(told, ensure_ascii=False).encode()
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:  # whoever asked has gone
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: what came is in the store."""


def _robot_words(path: str, code: int, words: str) -> dict[str, Any]:
    if path == "/robot/feishu":
        return {"code": code, "msg": "success" if code == 0 else words, "data": {}}
    return {"errcode": code, "errmsg": words} if path in ROBOTS else {}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, port: int, store: Store, secret: str, tolerance: float) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.store, self.secret, self.tolerance, self.behaviour = store, secret, tolerance, Behaviour()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that was killed half-way is what this gateway is for."""


class Gateway:
    """The gateway in this process: `url`, `mail_port`, `received()`, `behave()`; port 0 takes a free one.

    `tolerance`: by how many seconds the timestamp of a signed hook may be away from this machine's clock.
    """

    def __init__(
        self,
        store: Path | str = ":memory:",
        port: int = 0,
        mail_port: int = 0,
        secret: str = SECRET,
        tolerance: float = 300.0,
    ) -> None:
        self.store = Store(store)
        self.secret = secret
        self._http = _Server(port, self.store, secret, tolerance)
        self._mail = MailServer(mail_port, self.store)
        self.port: int = self._http.server_address[1]
        self.mail_port: int = self._mail.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def start(self) -> Gateway:
        """Serve in threads."""
        for server in (self._http, self._mail):
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def stop(self) -> None:
        """Stop serving and close the store."""
        for server in (self._http, self._mail):
            server.shutdown()
            server.server_close()
        self.store.close()

    def behave(self, mode: str, **more: Any) -> None:
        """As POST /behave: `path`, `times`, `seconds` may be given."""
        self._http.behaviour.become({"mode": mode, **more})

    def received(self, path: str = "") -> list[dict[str, Any]]:
        """The messages stored, in order; of one path when it is given ("mail" for SMTP)."""
        return [message for message in self.store.received()["messages"] if path in ("", message["path"])]
