"""What the bench runs on: its own database beside the others, the settings of a real centre, folders of its own."""

from __future__ import annotations

import os
import shutil
import socket
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from governance_portal.environment import BASE_DIR

#: The server; its user must be allowed to make a database. Only an address of this very machine is taken.
SERVER = os.environ.get("BENCH_POSTGRES") or os.environ.get(
    "PORTAL_TEST_POSTGRES", "postgres://postgres@127.0.0.1:5432/postgres"
)
NAME = os.environ.get("BENCH_DATABASE", "bench_portal")
FOLDER = Path(os.environ.get("BENCH_VAR", BASE_DIR / "var" / "bench"))
LOOPBACK = ("127.0.0.1", "localhost", "::1")
WORKERS, THREADS = 2, 4


def free_port() -> int:
    """Return a port of this machine that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


#: A broker of the bench's own, so that no other worker is nudged; 0 where there is no Redis to start.
REDIS_PORT = free_port() if shutil.which("redis-server") else 0


def database_url() -> str:
    """Return the address of the bench's own database."""
    parts = urlsplit(SERVER)
    if parts.hostname not in LOOPBACK:
        raise SystemExit("the bench talks to a database server on this machine only (BENCH_POSTGRES)")
    return urlunsplit(parts._replace(path=f"/{NAME}"))


def variables() -> dict[str, str]:
    """Return the settings of the portal while it is measured: those of production, less HTTPS."""
    return {
        "DJANGO_SETTINGS_MODULE": "governance_portal.settings",
        "PORTAL_ENV": "production",
        "PORTAL_ENV_FILE": os.devnull,
        "PORTAL_VAR": str(FOLDER),
        # `bench.search` measures SQLite too, in a file of its own.
        "DATABASE_URL": "" if os.environ.get("BENCH_ENGINE") == "sqlite" else database_url(),
        "REDIS_URL": f"redis://127.0.0.1:{REDIS_PORT}/0" if REDIS_PORT else "",
        "STATIC_ROOT": str(FOLDER / "static"),
        "SECRET_KEY": "bench-only-" + "0123456789" * 5,
        "PORTAL_FIELD_KEYS": "",
        "ALLOWED_HOSTS": "127.0.0.1",
        "TRUSTED_PROXIES": "127.0.0.1",  # each look-up comes from an address of its own, else the limit answers
        "HTTPS_ONLY": "0",
        "DEBUG": "0",
        "LOG_LEVEL": "WARNING",
        "WEB_WORKERS": str(WORKERS),
        "WEB_THREADS": str(THREADS),
        "PASSWORD_MAX_AGE_DAYS": "0",
        "TWO_STEP_ROLES": "system_admin",
    }
