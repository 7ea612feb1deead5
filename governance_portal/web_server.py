"""The one way the web server is started, by ``run_portal`` and in a container."""

import sys

from governance_portal import environment as env

ACCESS_LOG = "%(m)s %(U)s %(s)s %(M)sms [%({x-request-id}o)s]"  # no query string, no address: both may name a person


def command() -> list[str]:
    """Return gunicorn's command line as the environment asks (BIND, PORT, WEB_WORKERS, WEB_THREADS)."""
    return [
        *(sys.executable, "-m", "gunicorn", "governance_portal.wsgi"),
        *("--bind", f"{env.text('BIND')}:{env.number('PORT')}"),
        *("--workers", env.text("WEB_WORKERS"), "--threads", env.text("WEB_THREADS"), "--worker-class", "gthread"),
        *_access_log(),
        *("--log-level", "warning"),
        "--preload",
        *("--graceful-timeout", "8", "--timeout", "60", "--keep-alive", "75"),
    ]


def _access_log() -> tuple[str, ...]:
    """A line per request; in a demonstration only when a LOG_LEVEL is asked for: its terminal tells of the filling."""
    if env.is_calm():
        return ()
    return ("--access-logfile", "-", "--access-logformat", ACCESS_LOG)
