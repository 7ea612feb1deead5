"""Whether PostgreSQL and Redis answer: ``python -m tests.services`` exits 0 when both do, or when they are demanded."""

import os
import socket
import sys
from urllib.parse import urlsplit

POSTGRES_URL = os.environ.get("PORTAL_TEST_POSTGRES", "postgres://postgres@127.0.0.1:5432/postgres")
REDIS_URL = os.environ.get("PORTAL_TEST_REDIS", "redis://127.0.0.1:6379/0")


def demanded() -> bool:
    """Tell whether this run must have them (CI)."""
    return os.environ.get("PORTAL_REQUIRE_SERVICES") == "1"


def is_reachable(url: str) -> bool:
    """Tell whether something listens where the address points."""
    parts = urlsplit(url)
    try:
        with socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 0), timeout=1):
            return True
    except OSError:
        return False


def are_there() -> bool:
    """Tell whether both answer."""
    return is_reachable(POSTGRES_URL) and is_reachable(REDIS_URL)


if __name__ == "__main__":
    sys.exit(0 if demanded() or are_there() else 1)
