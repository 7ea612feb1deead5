"""The gateway's mail side: as much SMTP as a client needs to hand a mail over."""

from __future__ import annotations

import json
import socketserver
from email import message_from_bytes, policy
from typing import Any

from tests.gateway.store import Store

REPLIES = {"RSET": "250 ok", "NOOP": "250 ok", "MAIL": "250 ok", "RCPT": "250 ok"}


class _Session(socketserver.StreamRequestHandler):
    server: MailServer
    timeout = 30

    def handle(self) -> None:
        self._say("220 gateway ESMTP")
        while line := self.rfile.readline(2000):
            verb = line[:4].decode("ascii", "replace").upper()
            if verb in ("EHLO", "HELO"):
                self._say("250 gateway")
            elif verb == "DATA":
                self._say("354 go on")
                self._keep(self._data())
                self._say("250 kept")
            elif verb == "QUIT":
                return self._say("221 bye")
            else:
                self._say(REPLIES.get(verb, "502 not here"))

    def _say(self, words: str) -> None:
        self.wfile.write(words.encode() + b"\r\n")

    def _data(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        return b"".join(lines)

    def _keep(self, raw: bytes) -> None:
        mail = message_from_bytes(raw, policy=policy.default)
        text = mail.get_body(("plain",)) if hasattr(mail, "get_body") else None
        told = {
            "to": str(mail["To"]),
            "subject": str(mail["Subject"]),
            "text": "\n".join(text.get_content().splitlines()) if text else "",
        }
        self.server.store.keep("mail", str(mail["Message-ID"]), json.dumps(told, ensure_ascii=False))


class MailServer(socketserver.ThreadingTCPServer):
    """SMTP on a port of its own; a mail's key is its Message-ID."""

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True

    def __init__(self, port: int, store: Store) -> None:
        super().__init__(("127.0.0.1", port), _Session)
        self.store = store

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A sender that went away half-way has sent nothing."""
