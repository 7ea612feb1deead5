"""``python -m tests.gateway --port 8900 --store FILE [--mail-port N] [--tolerance SECONDS]``: until Ctrl-C."""

from __future__ import annotations

import argparse
import signal

from tests.gateway.server import Gateway
from tests.gateway.signing import SECRET

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.gateway")
    parser.add_argument("--port", type=int, default=8900)
    parser.add_argument("--mail-port", type=int, default=0)
    parser.add_argument("--store", default=":memory:")
    parser.add_argument("--secret", default=SECRET)
    parser.add_argument("--tolerance", type=float, default=300.0)
    asked = parser.parse_args()
    gateway = Gateway(asked.store, asked.port, asked.mail_port, asked.secret, asked.tolerance).start()
    print(f"{gateway.url} smtp {gateway.mail_port}", flush=True)
    signal.sigwait({signal.SIGINT, signal.SIGTERM})
    gateway.stop()
