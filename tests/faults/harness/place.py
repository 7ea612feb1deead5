"""Where a run lives: a temporary folder, free ports, the clocks that can be moved, the processes' surroundings."""

from __future__ import annotations

import os
import socket
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SECRET = "faults-only-0123456789-0123456789-0123456789-0123456789"
#: What the machine or the tests may have set and the portal must not see.
NOT_OURS = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "LOG_LEVEL", "EMAIL_URL", "STATIC_ROOT", "LONG")
#: CPython sleeps by clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME), which libfaketime 0.9.10 turns into EINVAL when it
#: leaves the monotonic clock alone, as a real change of the clock does. The rest of Python's waiting is not concerned.
SITECUSTOMIZE = """\
import select, time

def sleep(seconds):
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    select.select([], [], [], seconds)

time.sleep = sleep
"""


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def faketime() -> Path | None:
    """The library that moves a process's clock, or None (Debian: `apt-get install faketime`)."""
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
    return found[0] if found else None


class MovableClock:
    """The clock of one kind of process: a file that libfaketime reads again each second."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name, self.file = name, folder / f"clock.{name}"
        self.move(0)

    def move(self, days: int) -> None:
        """Set it so many days ahead (+) or back (-); 0 is right."""
        part = self.file.with_suffix(".part")
        part.write_text(f"{days:+d}d\n", encoding="ascii")
        part.chmod(0o644)
        os.replace(part, self.file)

    def surroundings(self, shims: Path) -> dict[str, str]:
        """What a process needs in its environment to live by this clock; nothing where there is no libfaketime."""
        library = faketime()
        if library is None:
            return {}
        return {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_CACHE_DURATION": "1",
            # A clock that is set does not move the monotonic one, nor the dates of files.
            **{f"{prefix}DONT_FAKE_MONOTONIC": "1" for prefix in ("", "FAKETIME_")},
            **{f"{prefix}NO_FAKE_STAT": "1" for prefix in ("", "FAKETIME_")},
            "PYTHONPATH": str(shims),
        }


@dataclass
class Place:
    """One run's folder and ports."""

    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="portal-faults-")))
    ports: dict[str, int] = field(
        default_factory=lambda: {name: free_port() for name in ("postgres", "redis", "proxy", "web", "gateway")}
    )

    def __post_init__(self) -> None:
        self.folder.chmod(0o755)  # PostgreSQL runs as another user
        shims = self.folder / "shims"
        shims.mkdir()
        (shims / "sitecustomize.py").write_text(SITECUSTOMIZE, encoding="ascii")
        self.clocks = {name: MovableClock(name, self.folder) for name in ("worker", "beat", "postgres")}

    @property
    def database_url(self) -> str:
        """Where the run's PostgreSQL listens."""
        return f"postgres://postgres@127.0.0.1:{self.ports['postgres']}/portal"

    @property
    def gateway_url(self) -> str:
        """Where the test gateway listens."""
        return f"http://127.0.0.1:{self.ports['gateway']}"

    def surroundings(self, clock: str = "") -> dict[str, str]:
        """The environment of one of the portal's processes, living by a movable clock if one is named."""
        kept = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
        kept = {name: value for name, value in kept.items() if not name.startswith("PYTEST_")}
        return {
            **kept,
            "DJANGO_SETTINGS_MODULE": "tests.faults.harness.portal_settings",
            "PORTAL_ENV_FILE": os.devnull,
            "PORTAL_ENV": "production",
            "SECRET_KEY": SECRET,
            "ALLOWED_HOSTS": "127.0.0.1",
            "HTTPS_ONLY": "0",
            "LOG_LEVEL": "INFO",
            "PORT": str(self.ports["web"]),
            "WEB_WORKERS": "2",
            "PORTAL_VAR": str(self.folder / "var"),
            "DATABASE_URL": self.database_url,
            "REDIS_URL": f"redis://127.0.0.1:{self.ports['proxy']}/0",
            "SMS_URL": f"{self.gateway_url}/sms",
            "OUTBOUND_HOSTS": self.gateway_url,
            "OUTBOUND_NETWORKS": "127.0.0.0/8",
            **(self.clocks[clock].surroundings(self.folder / "shims") if clock else {}),
        }

    def apply(self) -> None:
        """Make this process one of the portal's own, for loading and judging."""
        for name in NOT_OURS:
            os.environ.pop(name, None)
        os.environ.update(self.surroundings())


def log_of(place: Place, name: str) -> Path:
    """The file a process writes to."""
    return place.folder / f"{name}.log"


def python() -> str:
    """The interpreter the portal runs on."""
    return sys.executable
